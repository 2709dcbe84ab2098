"""How long search, section pages and comparing take on a manual of 100,000 sections.

Run with `script/bench policies [SECTIONS]`. It fills a fresh embedded PostgreSQL: the shipped manual, and chapters of
500 made-up sections beside its own, the first of them in two versions.
"""

import difflib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO_MANUAL = ROOT / "policy_rules" / "manuals" / "demo_manual.yaml"
CHAPTER = 500
WORDS = [
    f"{a}{b}{c}" for a in ("ver", "san", "col", "mar", "ten") for b in ("a", "i", "o", "u") for c in "bcdfglmnprst"
]
RARE = "zanquet"
ROUNDS = 9


def manage(*arguments: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, check=True)


def prose(chance: random.Random, changed: int = 0) -> str:
    """Return a text of 90 words; one of every few is rare, and one version differs from the other in ten."""
    words = chance.choices(WORDS, k=90)
    if chance.random() < 0.001:
        words[7] = RARE
    for place in range(changed):
        words[(place * 9) % 90] = "changed"
    return "The member shall report " + " ".join(words)


def fill(sections: int) -> None:
    import datetime

    from policy_rules.canonical import SectionText, digest
    from policy_rules.models import Chapter, ChapterVersion, Manual, Section, SectionVersion
    from policy_rules.models.dates import date_range

    manual = Manual.objects.get(governs=True)
    begin, split = datetime.date(2020, 1, 1), datetime.date(2024, 1, 1)
    for number in range(sections // CHAPTER):
        code = f"B{number:03d}"
        chapter = Chapter.objects.create(manual=manual, code=code, number=f"9{number}", title=code, order=100 + number)
        spans = [("1.0", begin, split - datetime.timedelta(days=1)), ("1.1", split, None)] if number == 0 else []
        rows = Section.objects.bulk_create(
            Section(manual=manual, chapter=chapter, code=f"{code}-{place}", order=place) for place in range(CHAPTER)
        )
        for version, first, last in spans or [("1.0", begin, None)]:
            held = ChapterVersion.objects.create(
                chapter=chapter, version=version, effective=date_range(first, last), adopted_on=begin, state="in_force"
            )
            chance = random.Random(number)
            texts = []
            for row in rows:
                words = prose(chance, changed=10 if version == "1.1" else 0)
                stated = SectionText(
                    f"9{number}.{row.order // 20}.{row.order % 20}",
                    row.code,
                    "administrative",
                    allegable=False,
                    text=words,
                )
                own = digest(stated.canonical(manual=manual.code, section=row.code, version=version))
                texts.append(
                    SectionVersion(
                        section=row, chapter_version=held, effective=held.effective, kind="administrative", text=words,
                        reference=f"{manual.code}/{row.code}@{version}", number=stated.number, title=row.code,
                        allegable=False, text_digest=own, wording_digest=own,
                    )
                )  # fmt: skip
            SectionVersion.objects.bulk_create(texts, batch_size=2_000)


def plain_pages() -> None:
    """Compare by `difflib` alone: the words of each text matched, and a page of each pair as it makes one."""
    from policy_rules.models import SectionVersion

    rows = SectionVersion.objects.filter(section__chapter__code="B000").order_by("section", "effective")
    texts: dict[int, list[str]] = {}
    for section, text in rows.values_list("section", "text"):
        texts.setdefault(section, []).append(text)

    def match() -> None:
        for one, other in texts.values():
            difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).get_opcodes()

    def tables() -> None:
        made = difflib.HtmlDiff(wrapcolumn=72)
        for one, other in texts.values():
            made.make_table([one], [other])

    timed("Matching the same words by difflib alone", match)
    timed("Tables of the same texts by difflib.HtmlDiff", tables)


def timed(name: str, work) -> None:
    work()
    seconds = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    print(f"{name}: median {statistics.median(seconds) * 1000:.0f} ms, slowest {max(seconds) * 1000:.0f} ms")


def measure(sections: int) -> None:
    import django

    from config import embedded_postgres

    embedded_postgres.start_if_needed()
    django.setup()
    from django.db import connection
    from django.test import Client

    began = time.perf_counter()
    fill(sections)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"{sections:,} sections entered in {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}")
    client = Client(headers={"host": "localhost"})

    def get(path: str):
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    timed("Search for a word that stands in one text of a thousand", lambda: get(f"/en/policies/search/?q={RARE}"))
    timed("Search for two words", lambda: get("/en/policies/search/?q=avoidable+jeopardy"))
    timed("Search for a word that stands in every text", lambda: get("/en/policies/search/?q=report"))
    timed("Search in Spanish", lambda: get("/es/policies/search/?q=agente"))
    timed("Search for the code of a section", lambda: get("/en/policies/search/?q=B001-250"))
    timed("Contents", lambda: get("/en/policies/"))
    timed("Section page, chapter of 500 sections in parts of 20", lambda: get("/en/policies/B001-250/"))
    timed("Section page of the shipped manual", lambda: get("/en/policies/DE-4.1/"))
    timed(
        "Compare two versions of 500 sections, all changed",
        lambda: get("/en/policies/chapter/B000/compare/?before=1.0&after=1.1"),
    )
    plain_pages()


def main(sections: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "REDRESS_POSTGRES": str(Path(folder) / "postgres"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        manage("migrate", "--verbosity=0", environment=environment)
        manage("import_policy", str(DEMO_MANUAL), environment=environment)
        command = [sys.executable, "-m", "benchmarks.policies", "--measure", str(sections)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
