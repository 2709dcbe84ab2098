"""What it costs to keep a history: the audit log beside the four packages that projects commonly choose.

Run with `script/bench histories [--seconds 2] [--rounds 3]`. It installs the packages into `var/benchmarks`, makes a
database of its own and drops it at the end. Each transaction locks a row, changes it, tells of it and commits.
"""

import argparse
import os
import statistics
import subprocess
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / "var" / "benchmarks" / "bin" / "python"
OURS = Path(__file__).with_name("requirements.txt")
PACKAGES = ("django-auditlog", "django-pghistory", "django-reversion", "django-simple-history")
APPS = ["auditlog", "pgtrigger", "pghistory", "reversion", "simple_history"]


def install():
    """Make the environment of the packages, and become this benchmark in it."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PYTHON.parents[1]], check=True)
    pip = [PYTHON, "-m", "pip", "install", "-q", "--require-hashes"]
    for requirements in (ROOT / "requirements.txt", OURS):
        subprocess.run([*pip, "-r", requirements], check=True)
    os.execv(PYTHON, [PYTHON, "-m", "benchmarks.histories", *sys.argv[1:], "--installed"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="length of each run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each variant, taken in turn")
    parser.add_argument("--installed", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if not chosen.installed:
        install()
    compare(chosen.seconds, chosen.rounds)


def compare(seconds, rounds):
    from config import embedded_postgres, settings

    embedded_postgres.start_if_needed()
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, *APPS]

    ours = import_module("benchmarks.audit_log")  # sets Django up, which the packages ask for
    import auditlog.registry
    import pghistory
    import reversion
    import simple_history.models
    from auditlog.models import LogEntry
    from django.db import connection, models

    def changed(name, **members):
        fields = {"state": models.TextField(default="received"), "moves": models.IntegerField(default=0)}
        meta = type("Meta", (), {"app_label": "audit"})
        return type(name, (models.Model,), {**fields, **members, "Meta": meta, "__module__": __name__})

    logged = changed("LoggedCase")
    versioned = changed("VersionedCase")
    recorded = changed("RecordedCase", history=simple_history.models.HistoricalRecords(app="audit"))
    tracked = pghistory.track(pghistory.UpdateEvent())(changed("TrackedCase"))
    auditlog.registry.auditlog.register(logged)
    reversion.register(versioned)
    events = tracked.pgh_event_model if hasattr(tracked, "pgh_event_model") else tracked.events.rel.related_model

    ours.settings.DEBUG = False
    ours.settings.AUDIT_CHECKPOINT_STORE["OPTIONS"]["folder"] = ours.tempfile.mkdtemp()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        ours.actions.register("case.moved", "Moved the case")
        changing = [ours.BenchmarkCase, logged, versioned, recorded, tracked]
        tables = [*changing, ours.PlainEvent, recorded.history.model, events]
        with connection.schema_editor() as editor:
            for table in tables:
                if table._meta.db_table not in connection.introspection.table_names():
                    editor.create_model(table)
        for table in changing:
            table.objects.bulk_create(table() for _ in range(ours.CASES))
        install_triggers(tracked)
        variants = {
            "plain event row": lambda case: ours.transact(ours.plain_event, case),
            "audit log of Redress": lambda case: ours.transact(ours.sealed_entry, case),
            "django-auditlog": lambda case: change(logged, case),
            "django-simple-history": lambda case: change(recorded, case),
            "django-reversion": lambda case: revise(reversion, versioned, case),
            "django-pghistory": lambda case: change(tracked, case),
        }
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            print(cursor.fetchone()[0].split(" on ")[0], *(f"{name} {version(name)}" for name in PACKAGES), sep=", ")
        measure(ours, variants, seconds, rounds)
        kept = {
            "entries": ours.Entry, "auditlog": LogEntry, "simple-history": recorded.history.model,
            "reversion": reversion.models.Version, "pghistory": events,
        }  # fmt: skip
        print("\nRows:", ", ".join(f"{table.objects.count():,} {name}" for name, table in kept.items()))
    finally:
        connection.creation.destroy_test_db(ours.settings.DATABASES["default"]["NAME"], verbosity=0)


def install_triggers(tracked):
    for trigger in tracked._meta.triggers:
        trigger.install(tracked)


def change(model, case):
    from django.db import transaction

    with transaction.atomic():
        row = model.objects.select_for_update().get(pk=case + 1)
        row.moves += 1
        row.save(update_fields=["moves"])


def revise(reversion, model, case):
    with reversion.create_revision():
        change(model, case)


def write(run, writer, writers, seconds, cases, out):
    import time

    from django.db import connection

    done, case, end = 0, writer, time.perf_counter() + seconds
    while time.perf_counter() < end:
        case = (case + writers) % cases
        run(case)
        done += 1
    connection.close()
    out.put(done)


def measure(ours, variants, seconds, rounds):
    context = ours.multiprocessing.get_context("fork")
    print("\n| writers | what keeps the history | transactions/s (median, range) | ratio to the plain event |")
    print("|---|---|---|---|")
    for writers in (1, 8):
        rates = {name: [] for name in variants}
        for _ in range(rounds):
            for name, run in variants.items():
                ours.connection.close()
                out = context.Queue()
                arguments = [(run, writer, writers, seconds, ours.CASES, out) for writer in range(writers)]
                processes = [context.Process(target=write, args=given) for given in arguments]
                for process in processes:
                    process.start()
                rates[name].append(sum(out.get(timeout=seconds + 60) for _ in processes) / seconds)
                for process in processes:
                    process.join()
        plain = rates["plain event row"]
        for name, found in rates.items():
            ratio = statistics.median(a / b for a, b in zip(found, plain, strict=True))
            spread = f"{min(found):,.0f} to {max(found):,.0f}"
            print(f"| {writers} | {name} | {statistics.median(found):,.0f} ({spread}) | {ratio:.2f} |")


if __name__ == "__main__":
    main()
