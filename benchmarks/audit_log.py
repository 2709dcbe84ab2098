"""How fast the audit log records, integrates and verifies, beside a plain event table written through the ORM.

Run with `script/bench audit_log [--seconds 3] [--entries 100000] [--only append]`. It makes a database of its own on
the configured server (the embedded one where none is named) and drops it at the end.
"""

import argparse
import multiprocessing
import os
import platform
import statistics
import tempfile
import time
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from unittest.mock import patch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config import embedded_postgres

embedded_postgres.start_if_needed()

import django

django.setup()

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from audit import actions, log, merkle, proofs, receipts
from audit import verify as verify_module
from audit.models import Checkpoint, Entry, Leaf, Tile

CASES = 1000
NAME = settings.DATABASES["default"]["NAME"]
FACTS = {"from": "preliminary_inquiry", "to": "investigation", "on": "2026-11-22"}


class BenchmarkCase(models.Model):
    """The business row that a transaction changes."""

    state = models.TextField(default="received")
    moves = models.IntegerField(default=0)

    class Meta:
        app_label = "audit"


class PlainEvent(models.Model):
    """What most programs keep: one row for each act, without any proof."""

    occurred_at = models.DateTimeField(default=timezone.now)
    actor = models.TextField()
    actor_role = models.TextField()
    action = models.TextField()
    subject = models.TextField(db_index=True)
    objects_touched = models.JSONField()
    facts = models.JSONField()
    detail = models.JSONField()

    class Meta:
        app_label = "audit"


def plain_event(case):
    PlainEvent.objects.create(
        actor="user:17", actor_role="investigator", action="case.moved", subject=f"case:{case}",
        objects_touched=[f"allegation:{case}"], facts=FACTS, detail={"reason": "The complaint states a violation."},
    )  # fmt: skip


def sealed_entry(case):
    log.record(
        "case.moved", actor="user:17", role="investigator", subject=f"case:{case}", objects=[f"allegation:{case}"],
        facts=FACTS, detail={"reason": "The complaint states a violation."},
    )  # fmt: skip


def entry_without_detail(case):
    log.record(
        "case.moved", actor="user:17", role="investigator", subject=f"case:{case}", objects=[f"allegation:{case}"],
        facts=FACTS,
    )  # fmt: skip


VARIANTS = {
    "business row alone": lambda case: None,
    "plain event row": plain_event,
    "audit entry with detail": sealed_entry,
    "audit entry without detail": entry_without_detail,
}


def transact(tell, case):
    """Run one business transaction: lock a case, change it, tell of it, commit."""
    with transaction.atomic():
        row = BenchmarkCase.objects.select_for_update().get(pk=case + 1)
        row.moves += 1
        row.save(update_fields=["moves"])
        tell(case)


def write(variant, writer, writers, seconds, out):
    tell, done, case = VARIANTS[variant], 0, writer
    connection.ensure_connection()
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        case = (case + writers) % CASES
        transact(tell, case)
        done += 1
    connection.close()
    out.put(done)


def throughput(variant, writers, seconds):
    connection.close()
    out = multiprocessing.Queue()
    processes = [
        multiprocessing.Process(target=write, args=(variant, writer, writers, seconds, out))
        for writer in range(writers)
    ]
    for process in processes:
        process.start()
    done = sum(out.get(timeout=seconds + 60) for _ in processes)
    for process in processes:
        process.join()
    return done / seconds


def processor_time(transactions=1500, rounds=5):
    """Print the processor time of a transaction, the program's and its backend's: what other load disturbs least."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return
    found = {variant: [] for variant in VARIANTS}
    for _ in range(rounds):
        for variant, tell in VARIANTS.items():
            before = ticks(stat), time.process_time()
            for number in range(transactions):
                transact(tell, number % CASES)
            found[variant].append((ticks(stat) - before[0], time.process_time() - before[1]))
    print("\n| what a transaction writes | program, µs | backend, µs | ratio of the sum to the plain event |")
    print("|---|---|---|---|")
    least = {
        variant: [1e6 * min(times) / transactions for times in zip(*runs, strict=True)]
        for variant, runs in found.items()
    }
    for variant, (backend, program) in least.items():
        ratio = sum(least["plain event row"]) / (backend + program)
        print(f"| {variant} | {program:.0f} | {backend:.0f} | {ratio:.2f} |")


def ticks(stat):
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def appends(seconds, rounds):
    print("\n| writers | what a transaction writes | transactions/s (median, range) | ratio to the plain event |")
    print("|---|---|---|---|")
    for writers in (1, 8):
        rates = {variant: [] for variant in VARIANTS}
        for _ in range(rounds):
            for variant, found in rates.items():
                found.append(throughput(variant, writers, seconds))
        plain = rates["plain event row"]
        for variant, found in rates.items():
            ratio = statistics.median(a / b for a, b in zip(found, plain, strict=True))
            spread = f"{min(found):,.0f} to {max(found):,.0f}"
            print(f"| {writers} | {variant} | {statistics.median(found):,.0f} ({spread}) | {ratio:.2f} |")
    print(f"\nRows: {PlainEvent.objects.count():,} plain events, {Entry.objects.count():,} entries.")


def fill(entries):
    """Record entries as fast as the database makes them; what is measured comes after."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(audit_append('case.moved', 'user:17', 'investigator', 'case:' || n %% 20000,"
            " ARRAY['allegation:' || n], ARRAY['HBPD-MANUAL/CH-3.8@2.1'], %s, %s, NULL,"
            " md5(n::text), '', '')) FROM generate_series(1, %s) AS s (n)",
            [f'[{{"section":"HBPD-MANUAL/CH-3.8@2.1","sha256":"{"ab" * 32}"}}]', '{"to":"investigation"}', entries],
        )


def timed(work):
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def integration(entries):
    _, seconds = timed(lambda: fill(entries))
    print(f"\nRecorded inside the database: {entries / seconds:,.0f} entries/s")
    waiting = Entry.objects.filter(pending__isnull=False).count()
    start = time.perf_counter()
    while Entry.objects.filter(pending__isnull=False).exists():
        log.integrate(limit=10_000)
    seconds = time.perf_counter() - start
    print(f"Integrated {waiting:,} entries in batches of 10,000: {waiting / seconds:,.0f} entries/s")
    for batch in (1, 10, 100, 1000):
        found = []
        for _ in range(5):
            fill(batch)
            found.append(timed(log.integrate)[1])
        print(f"Integrated a batch of {batch:,}: {1000 * statistics.median(found):.1f} ms")


def proving():
    size = Checkpoint.objects.latest("size").size
    found = []
    for number in range(300):
        position = number * (size // 300)
        proof, seconds = timed(lambda position=position: proofs.inclusion_proof(position, size))
        leaf = bytes(Leaf.objects.get(position=position).leaf_hash)
        root = bytes(Checkpoint.objects.get(size=size).root)
        merkle.verify_inclusion(leaf=leaf, position=position, size=size, proof=proof, root=root)
        found.append(1000 * seconds)
    found.sort()
    print(f"Inclusion proof at {size:,} entries: median {found[150]:.2f} ms, 99th of 100 {found[297]:.2f} ms")
    found = [timed(lambda old=old: proofs.consistency_proof(old, size))[1] for old in range(1, size, size // 300)]
    found = sorted(1000 * seconds for seconds in found)
    print(f"Consistency proof: median {found[len(found) // 2]:.2f} ms")
    entries = list(Entry.objects.with_positions().filter(placement__position__in=range(0, size, size // 300)))
    found = [timed(lambda entry=entry: receipts.receipt(entry, with_detail=True))[1] for entry in entries]
    tell_beside_the_aim("Receipt", found, 5)


def tell_beside_the_aim(what, seconds, aim):
    """Print the median, the 99th of 100, and the ratio of the median to the aim, which is in milliseconds."""
    found = sorted(1000 * one for one in seconds)
    median, slow = found[len(found) // 2], found[len(found) * 99 // 100]
    print(f"{what}: median {median:.2f} ms, 99th of 100 {slow:.2f} ms, {median / aim:.2f} of {aim} ms")


def proving_in_a_large_log(size):
    """Prove entries of a log too large to record here: random hashes, written straight to the table of tiles."""
    frontier, start = merkle.Frontier(), time.perf_counter()
    for _ in range(size // merkle.TILE_WIDTH // 500 + 1):
        tiles = []
        for _ in range(min(500, (size - frontier.size) // merkle.TILE_WIDTH)):
            tiles += frontier.append_tile(os.urandom(merkle.TILE_WIDTH * merkle.HASH_LENGTH))
        Tile.objects.bulk_create([Tile(**asdict(tile)) for tile in tiles])
    rest = [os.urandom(merkle.HASH_LENGTH) for _ in range(size - frontier.size)]
    places = range(frontier.size, size)
    Leaf.objects.bulk_create(
        Leaf(position=place, entry_id=place + 1, leaf_hash=leaf) for place, leaf in zip(places, rest, strict=True)
    )
    for leaf in rest:
        frontier.append(leaf)
    root = frontier.root()
    print(f"\nMade {Tile.objects.count():,} tiles of {size:,} random hashes in {time.perf_counter() - start:.0f} s")
    found = []
    for number in range(300):
        position = number * (size // 300)
        proof, seconds = timed(lambda position=position: proofs.inclusion_proof(position, size))
        leaf = proofs.tile(0, position // 256, 1 + position % 256, size)[-1]
        merkle.verify_inclusion(leaf=leaf, position=position, size=size, proof=proof, root=root)
        found.append(seconds)
    tell_beside_the_aim(f"Inclusion proof at {size:,} entries", found, 2)
    one_row = [timed(lambda index=index: Tile.objects.get(level=0, index=index))[1] for index in range(300)]
    ratio = statistics.median(found) / statistics.median(one_row)
    print(f"That is {ratio:.1f} times what reading one tile through the ORM takes.")


def root_of_the_texts():
    """Rebuild the root from the texts alone, as one process does it that compares them with nothing."""
    frontier, hashes = merkle.Frontier(), []
    texts = Leaf.objects.order_by("position").values_list("entry__leaf", flat=True)
    for text in texts.iterator(chunk_size=10_000):
        hashes.append(merkle.leaf_hash(text.encode()))
        if len(hashes) == merkle.TILE_WIDTH:
            frontier.append_tile(b"".join(hashes))
            hashes.clear()
    for leaf in hashes:
        frontier.append(leaf)
    return frontier


def verification():
    """Verify the log by itself: the entries tell of cases and sections that the tables of other apps do not hold."""
    verify_module._checks.clear()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    frontier, seconds = timed(root_of_the_texts)
    plain = frontier.size / seconds
    print(f"Root of {frontier.size:,} texts, which are compared with nothing: {plain:,.0f} entries/s ({seconds:.1f} s)")
    for processes in sorted({1, os.cpu_count()}):
        with patch("os.cpu_count", return_value=processes):
            report, seconds = timed(verify_module.verify)
        assert report.ok, report.faults[:3]
        rate = report.size / seconds
        print(
            f"Verified {report.size:,} entries, {Tile.objects.count():,} tiles and {Checkpoint.objects.count():,} "
            f"checkpoints with {processes} of {os.cpu_count()} cores: {rate:,.0f} entries/s ({seconds:.1f} s), "
            f"{rate / plain:.2f} of that"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3, help="length of each run of the append benchmark")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each variant, taken in turn")
    parser.add_argument("--entries", type=int, default=100_000, help="entries to integrate and verify")
    parser.add_argument("--only", choices=["append", "log", "large"], help="leave the other parts out")
    parser.add_argument(
        "--large", type=int, default=10_000_000, help="entries of the large log that proofs are made in"
    )
    chosen = parser.parse_args()
    settings.DEBUG = False
    settings.AUDIT_CHECKPOINT_STORE["OPTIONS"]["folder"] = tempfile.mkdtemp()
    if chosen.only != "large":
        with own_database():
            actions.register("case.moved", "Moved the case")
            with connection.schema_editor() as editor:
                editor.create_model(BenchmarkCase)
                editor.create_model(PlainEvent)
            BenchmarkCase.objects.bulk_create(BenchmarkCase() for _ in range(CASES))
            if chosen.only != "log":
                appends(chosen.seconds, chosen.rounds)
                processor_time()
            if chosen.only != "append":
                integration(chosen.entries)
                proving()
                verification()
    if chosen.only in {None, "large"}:
        with own_database():
            proving_in_a_large_log(chosen.large)


@contextmanager
def own_database():
    """Make a database, say what it runs on and beside how much other work, and drop it at the end."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT version()")
            version = cursor.fetchone()[0].split(" on ")[0]
        print(f"{version}, Django {django.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores")
        print(f"Load in the minute before: {os.getloadavg()[0]:.1f}")
        yield
    finally:
        connection.creation.destroy_test_db(NAME, verbosity=0)


if __name__ == "__main__":
    main()
