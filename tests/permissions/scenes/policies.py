from datetime import timedelta

from django.utils import timezone

from accounts.models import RoleHolding, User
from casework.actions import what_if
from casework.models import ReviewPack, SectionTally
from policy_rules.actions import drafts, lifecycle, rules
from policy_rules.exporters.plain import plain_of
from policy_rules.importers.yaml_format import document_of
from policy_rules.models import Chapter, ChapterVersion, Section
from policy_rules.publishing import publish
from tests import manual, walk
from tests.law import LAW
from tests.permissions.visitors import Scene, scene


def _analyst() -> User:
    analyst, is_new = User.objects.get_or_create(login="draws-up-policy", defaults={"name": "Noor Halvaney"})
    if is_new:
        RoleHolding.objects.create(user=analyst, role_id="policy_analyst", since=timezone.now())
    return analyst


@scene
def policy_manual_chapter() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE"})


@scene
def policy_changed_of_late() -> Scene:
    """Chapter 410 has a version that came into force a month ago."""
    plain = plain_of(manual.put_in_place())
    today = timezone.localdate()
    first = today - timedelta(days=30)
    chapter = next(row for row in plain["chapters"] if row["code"] == "UF")
    chapter["versions"][-1] |= {"effective_to": first - timedelta(days=1), "status": "superseded"}
    chapter["versions"].append({
        "version": "3.1", "status": "in_force", "adopted": first, "adopted_by": "Chief of Police",
        "effective_from": first, "change_note": "UF-4.1 names the time within which aid is given.",
    })  # fmt: skip
    section = next(row for row in chapter["sections"] if row["id"] == "UF-4.1")
    section["history"] = [{"versions": ["2.0", "3.0"], "text": section["text"]}]
    section["text"] += " Aid is given within two minutes."
    publish(document_of(plain, "manual"), actor="system", role="system")
    return Scene()


@scene
def policy_draft() -> Scene:
    """Version 1.2 of the de-escalation chapter, being drafted, with one section that changes."""
    analyst = _analyst()
    chapter = Chapter.objects.get(manual=manual.put_in_place(), code="DE")
    draft = lifecycle.begin(chapter, by=analyst, version="1.2", trigger="The annual review proposed it.")
    row = draft.draft_sections.get(code="DE-4.1")
    drafts.change_section(
        draft, "DE-4.1", by=analyst, number=row.number, title=row.title, reason="Said more plainly.",
        text="A member shall slow every contact down where that is feasible.", source="Annual review 2025",
    )  # fmt: skip
    return Scene(
        {"code": "DE", "version": "1.2", "section": "DE-4.1", "language": "es"}
        | dict.fromkeys(("move", "name"), "send_to_legal_review")
    )


@scene
def rules_draft() -> Scene:
    """Version 2.2 of the chapter on complaints, being drafted, with a quorum and a time limit that change."""
    analyst = _analyst()
    chapter = Chapter.objects.get(manual=manual.put_in_place(), code="CH")
    draft = lifecycle.begin(chapter, by=analyst, version="2.2", trigger="Cases wait too long for the board.")
    panel = {"section": "CH-5.5", "size": 7, "substitutes": 2, "quorum": 4} | {
        "majority": "of_members_present_and_voting", "tie": "full_board",
    }  # fmt: skip
    rules.change_rule(
        draft, "rules.panel", by=analyst, value=panel, reason="Panels of five were seldom complete.",
        source="Annual review 2025",
    )  # fmt: skip
    board = {"section": "CH-5.11", "duration": 60, "unit": "days"}
    rules.change_rule(draft, "authorities.clocks.board", by=analyst, value=board, reason="Hearings take longer.")
    return Scene({"code": "CH", "version": "2.2", "path": "rules.panel"})


@scene
def what_if_run() -> Scene:
    """A draft with a shorter limit was run over a case that is in its intake review."""
    found = rules_draft()
    case = walk.file()
    analyst, draft = _analyst(), ChapterVersion.objects.get(chapter__code="CH", version="2.2")
    shorter = {"section": "CH-3.3", "duration": 1, "unit": "business_days"}
    rules.change_rule(draft, "authorities.clocks.intake_review", by=analyst, value=shorter, reason="It is enough.")
    what_if.carry_out(what_if.ask(version=draft, by=analyst))
    return Scene(found.parameters | {"number": case.number})


@scene
def new_rule() -> Scene:
    rules_draft()
    return Scene({"code": "CH", "version": "2.2", "path": "authorities.clocks.second_hearing"})


@scene
def adopted_policy() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE", "version": "1.1", "move": "rescind"})


@scene
def policy_manual() -> Scene:
    manual.put_in_place()
    return Scene()


@scene
def other_manual() -> Scene:
    """A title of law that does not govern, beside the manual that does."""
    manual.put_in_place()
    publish(document_of(LAW, "law"), actor="system", role="system")
    return Scene({"manual_code": "LAW-5", "code": "5.1", "version": "1.0"})


@scene
def other_section() -> Scene:
    other_manual()
    return Scene({"manual_code": "LAW-5", "code": "5-101.01", "version": "1.0"})


@scene
def policy_chapter() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE", "version": "1.0"})


@scene
def policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-4.1", "version": "1.1"})


@scene
def earlier_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-4.2", "version": "1.0"})


@scene
def ended_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "CH-2.5", "version": "1.1"})


@scene
def policy_exception() -> Scene:
    manual.put_in_place()
    return Scene({"code": "DE-6.1", "version": "1.1"})


@scene
def untranslated_policy_section() -> Scene:
    manual.put_in_place()
    return Scene({"code": "UF-2.4", "version": "3.0"})


@scene
def counted_section() -> Scene:
    """Complaints about DE-4.1 in three years, enough of them to be listed; one figure is withheld."""
    section = Section.objects.get(manual=manual.put_in_place(), code="DE-4.1")
    today = timezone.localdate()
    counts = {"complaints": 14, "allegations": 17, "investigator.sustained": 9, "chief.sustained": 8}
    counts |= {"standing.sustained": 8, "standing.policy_failure": 2, "exceptions.raised": 6}
    for years in (0, 1, 2):
        for measure, number in counts.items():
            month = today.replace(year=today.year - years, day=1)
            SectionTally.objects.create(section=section, month=month, measure=measure, count=number - 5 * (years == 2))
    return Scene({"code": "DE-4.1"})


@scene
def review_file() -> Scene:
    """A file of figures that was made, beside one that is being made."""
    chapter = Chapter.objects.get(manual=manual.put_in_place(), code="DE")
    made = ReviewPack.objects.create(
        chapter=chapter,
        language="en",
        asked_by=_analyst(),
        finished_at=timezone.now(),
        pdf=b"%PDF-1.7",
        sha256="0" * 64,
    )
    ReviewPack.objects.create(chapter=chapter, language="en", asked_by=_analyst())
    return Scene({"code": "DE", "pack": made.pk})


@scene
def review_file_of_a_due_review() -> Scene:
    """A file that was made because a review was due, which everyone reads."""
    chapter = Chapter.objects.get(manual=manual.put_in_place(), code="DE")
    for code, number in (("DE-4.1", 9), ("DE-4.2", 7), ("DE-4.8", 12)):
        for measure in ("complaints", "allegations", "board.sustained"):
            section = Section.objects.get(code=code, chapter=chapter)
            SectionTally.objects.create(section=section, month="2026-03-01", measure=measure, count=number)
    made = ReviewPack.objects.create(
        chapter=chapter, language="es", due_on=timezone.localdate(), pdf=b"%PDF-1.7", sha256="0" * 64
    )
    return Scene({"code": "DE", "pack": made.pk})
