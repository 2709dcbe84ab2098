"""How long the figures of a section take with 1,000,000 allegations, beside the plain aggregate of the same rows.

Run with `script/bench section_figures [ALLEGATIONS]`. It fills a fresh embedded PostgreSQL: one allegation a complaint
over ten years, on the sections of the shipped manual that can be alleged, each with findings of two stages.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.policies import DEMO_MANUAL, ROOT, manage

TIMES = 9
FILL = """
WITH texts AS (
    SELECT v.id, v.text_digest, row_number() OVER (ORDER BY v.id) - 1 AS place, count(*) OVER () AS many
    FROM policy_rules_sectionversion v WHERE v.allegable AND upper_inf(v.effective)
), cases AS (
    INSERT INTO casework_case
        (number, narrative, state, channel, language, confidentiality, received_on, last_act_on, {columns})
    SELECT 'B-' || n, 'Made up.', 'received', 'web_form', 'en', 'anonymous', day, day, {values}
    FROM (SELECT n, date '2016-01-01' + (n::bigint * 7919 %% 3650)::int AS day FROM generate_series(1, %(size)s) n) made
    RETURNING id, received_on
), officers AS (
    INSERT INTO casework_caseofficer (case_id, {officer_columns}) SELECT id, {officer_values} FROM cases
    RETURNING id, case_id
)
INSERT INTO casework_allegation (case_id, number, officer_id, section_version_id, text_digest, incident_on, {a_columns},
    finding_code)
SELECT o.case_id, 1, o.id, t.id, t.text_digest, date '2026-01-01', {a_values},
    (ARRAY['sustained', 'not_sustained', 'exonerated', 'policy_failure', ''])[1 + o.case_id %% 5]
FROM officers o JOIN texts t ON t.place = o.case_id %% t.many
"""
FINDINGS = """
INSERT INTO casework_finding (allegation_id, stage, code, implied, reason, standard_of_proof, round, "on", at)
SELECT a.id, stage, a.finding_code, '', '', 'preponderance', 1, date '2026-01-01', now()
FROM casework_allegation a, unnest(ARRAY['investigator', 'chief']) AS stage WHERE a.finding_code <> ''
"""


def median_of(work: Callable[[], object], times: int = TIMES) -> float:
    """Return the median time of the work, in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def _defaults(model: type, but: set[str]) -> tuple[str, str]:
    """Return columns and literals that fill what a row must have and the benchmark does not care about."""
    from django.db.models import NOT_PROVIDED

    columns = {}
    for field in model._meta.concrete_fields:
        if field.column in but or field.primary_key or field.null or getattr(field, "generated", False):
            continue
        default = field.get_default() if field.default is not NOT_PROVIDED else ""
        kind = type(field).__name__
        number = "now()" if "Date" in kind else "'{}'" if kind in {"JSONField", "ArrayField"} else "''"
        columns[field.column] = str(default) if isinstance(default, bool | int) else number
    return ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())


def fill(size: int) -> None:
    from django.db import connection

    from casework.models import Allegation, Case, CaseOfficer

    case = _defaults(
        Case, {"number", "narrative", "state", "channel", "language", "confidentiality", "received_on", "last_act_on"}
    )
    officer = _defaults(CaseOfficer, {"case_id"})
    allegation = _defaults(
        Allegation,
        {"case_id", "number", "officer_id", "section_version_id", "text_digest", "incident_on", "finding_code"},
    )
    sql = FILL.format(
        columns=case[0], values=case[1], officer_columns=officer[0], officer_values=officer[1],
        a_columns=allegation[0], a_values=allegation[1],
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(sql, {"size": size})
        cursor.execute(FINDINGS)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("ANALYZE")


def ask(size: int) -> None:
    """Measure in a process with the database that the environment names."""
    import django

    from config import embedded_postgres

    embedded_postgres.start_if_needed()
    django.setup()
    from django.db.models import Count
    from django.test import Client

    from casework.models import Allegation, Finding
    from casework.reporting import tallies
    from casework.reporting.section_figures import figures_of
    from policy_rules.models import Section

    fill(size)
    began = time.perf_counter()
    cells = tallies.rebuild()
    print(f"{Allegation.objects.count():,} allegations, {Finding.objects.count():,} findings", flush=True)
    print(f"Counting anew: {time.perf_counter() - began:.1f} s, {cells:,} counts", flush=True)
    section = Section.objects.select_related("chapter__manual").get(code="DE-4.1")
    client = Client(SERVER_NAME="localhost")

    def plain() -> None:
        rows = Finding.objects.filter(allegation__section_version__section=section)
        list(rows.order_by().values("stage", "code").annotate(n=Count("pk")))

    def page() -> None:
        assert client.get("/en/policies/DE-4.1/figures/").status_code == 200

    bare = median_of(plain)
    print(f"Plain aggregate of the findings of one section: {bare:.0f} ms")
    for name, work in (
        ("Exact figures of one section", lambda: figures_of([section], exact=True)),
        ("Figures as everyone sees them, of all sections", lambda: figures_of([section], exact=False)),
        ("The public page", page),
    ):
        work()
        taken = median_of(work)
        print(f"{name}: {taken:.0f} ms; {taken / bare:.2f} times the plain aggregate", flush=True)


def main(size: str = "1000000") -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "REDRESS_POSTGRES": str(Path(folder) / "postgres"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        manage("migrate", "--verbosity=0", environment=environment)
        manage("import_policy", str(DEMO_MANUAL), environment=environment)
        asking = [sys.executable, "-m", "benchmarks.section_figures", "ask", size]
        subprocess.run(asking, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    ask(int(sys.argv[2])) if sys.argv[1:2] == ["ask"] else main(*sys.argv[1:])
