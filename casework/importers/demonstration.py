"""Loads a fictional city: its people, its register of officers and its cases, through the real actions.

No state is ever written: each story's acts are performed by the people who did them, under the days on which they took
place, in the order of those days across all cases. A story whose next move this version does not have stops at the
state it can reach, and says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import RoleHolding, User
from audit import log
from casework.actions import (
    allegations,
    assignments,
    board,
    decisions,
    evidence,
    intake,
    letters,
    messages,
    people,
    preservation,
    updates,
)
from casework.actions.moves import PROCESS, perform, propose
from casework.clocks import next_business_day, today
from casework.exceptions import CaseNotFound, Invalid, NotPermitted, Refused
from casework.importers import demo_dockets, demo_recommendations, demo_training
from casework.models import (
    Allegation,
    Assignment,
    Case,
    ConfidentialityAgreement,
    ImportedFile,
    ImportedRow,
    ImportSource,
    Letter,
    Officer,
)
from casework.models.decisions import matrix_for
from casework.permissions import SYSTEM, Complainant, permissions_of
from casework.states import State
from casework.vocabulary import (
    CaseRole,
    Clock,
    Confidentiality,
    LetterCode,
    OfficerPart,
    OpinionKind,
    Perm,
    RaisedBy,
    VoteChoice,
)
from moves.carrying import carrying_over
from policy_rules.importers.yaml_format import read_manual, read_translation
from policy_rules.manuals import DEMO_MANUAL, DEMO_TRANSLATIONS
from policy_rules.outcomes import violation
from policy_rules.publishing import publish
from policy_rules.rule_data import DAYS_WITHOUT_PAY
from policy_rules.rules import rules_on

HARROW_BEND = Path(__file__).with_name("cities") / "harrow_bend.yaml"
PASSWORD = "harrow-bend-demo"  # noqa: S105 - everyone of the made-up city has it, and nobody else
AGREEMENT_BINDS = timedelta(days=365)
KEEPS_STATE = frozenset({"toll", "lift_toll", "reclassify", "seal", "unseal", "expire"})
"""Moves of later versions that leave the state as it is: a story goes on without them."""

INFORMS_EVERY = 26
"""Days between the updates that the city's office sends; a story with `updates: none` was left without."""
WRITES_UPDATES = (CaseRole.INVESTIGATOR, CaseRole.SUPERVISOR, CaseRole.INTAKE)

ANSWERS_IN = timedelta(days=7)
"""Time that the city's office gives the holder of a recording to answer."""

Progress = Callable[[int, int], None]


@dataclass
class Story:
    """One complaint of the city on its way: what was read, the case it became, and why it went no further."""

    told: dict[str, Any]
    case: Case | None = None
    stopped: str = ""
    skipped: list[str] = field(default_factory=list)
    items: dict[str, Any] = field(default_factory=dict)
    alleged: dict[str, Allegation] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The story's name in the file."""
        return str(self.told["key"])


@dataclass(frozen=True)
class Loaded:
    """What a load gave: how many cases stand in each state, and the stories that stopped with the reason."""

    cases: int
    by_state: dict[str, int]
    stopped: dict[str, str]


def is_empty() -> bool:
    """Say whether nothing has been entered yet: no person and no case."""
    return not User.objects.exists() and not Case.objects.exists()


SHOWN = (
    "oferrant", "ivosslind", "rambersole", "wtarrow", "jpenhallis", "ecastlemayne", "vsundarell", "nhalvaney",
    "obrackhurst", "bollerby", "dpassmoor", "pnaldar", "kbrandvold",
)  # fmt: skip
"""One person of each role, for the page that says how to sign in."""


def who_signs_in() -> list[tuple[str, str]]:
    """Return login and role of some people of the city; none where the city was not loaded."""
    held = RoleHolding.objects.in_force().filter(user__login__in=SHOWN).select_related("user", "role")
    found = {item.user.login: item for item in held}
    if SHOWN[0] not in found or not found[SHOWN[0]].user.check_password(PASSWORD):
        return []
    return [(login, found[login].role.name) for login in SHOWN if login in found]


def load(path: Path = HARROW_BEND, *, progress: Progress = lambda done, total: None) -> Loaded:
    """Load a city into an empty database. Everything or nothing; raises Invalid where something has been entered."""
    if not is_empty():
        raise Invalid("The database holds people or cases already; the demonstration city needs an empty one.")
    city = yaml.safe_load(path.read_text(encoding="utf-8"))
    with transaction.atomic(), carrying_over():
        publish(
            read_manual(DEMO_MANUAL),
            [read_translation(item) for item in DEMO_TRANSLATIONS],
            actor="system",
            role="system",
        )
        _people(city)
        demo_training.load(city["training"], city["officers"])
        stories = [Story(told) for told in city["complaints"]]
        events = sorted(_events(stories), key=lambda event: event[:2])
        log.integrate()
        for done, (day, _index, story, act) in enumerate(events):
            progress(done, len(events))
            _live(story, act, day)
        found = {story.key: story.case for story in stories if story.case is not None}
        demo_dockets.load(city)
        demo_recommendations.load(city["recommendations"], found)
        log.integrate()
    cases = Counter(Case.objects.values_list("state", flat=True))
    return Loaded(sum(cases.values()), dict(cases), {story.key: story.stopped for story in stories if story.stopped})


def _people(city: dict[str, Any]) -> None:
    password = make_password(PASSWORD)
    for row in city["staff"]:
        since = timezone.now() + timedelta(days=int(row.get("since_day", -1500)))
        user = User.objects.create(
            login=row["login"],
            name=row["name"],
            badge=row.get("badge", ""),
            language=(row.get("languages") or ["en"])[0],
            password=password,
            date_joined=since,
        )
        RoleHolding.objects.create(user=user, role_id=row["role"], since=since)
        for offset in row.get("agreement_days", []):
            signed = today() + timedelta(days=int(offset))
            ConfidentialityAgreement.objects.create(user=user, signed_on=signed, valid_until=signed + AGREEMENT_BINDS)
    for row in city["officers"]:
        Officer.objects.create(
            badge=row["badge"],
            name=row["name"],
            rank=row["rank"],
            unit=row["unit"],
            appointed_on=row.get("appointed"),
            is_sworn=row.get("sworn", True),
            is_active=row.get("status") != "resigned",
        )
    for row in city["officers"]:
        if row.get("supervisor"):
            Officer.objects.filter(badge=row["badge"]).update(supervisor=Officer.objects.get(badge=row["supervisor"]))


Act = Callable[[Story, date], None]
Handler = Callable[[Story, dict[str, Any], date], None]
STILL_TO_PRINT = timedelta(days=62)
"""Printed letters of the stories that are younger than this wait to be mailed, so that whoever mails them has some."""
LAST_OF_A_DAY = frozenset({"adopt_recommendation", "send_back_to_investigation"})
FIRST, EVIDENCE, MIDDLE, VOTES, LAST = range(5)


def _events(stories: list[Story]) -> Iterator[tuple[date, int, Story, Act]]:
    """Yield every act of every story with its day; on one day, what rests on another act comes after it."""
    now, index = today(), 0
    for story in stories:
        told = story.told
        acts: list[tuple[int, int, Act]] = [(int(row["day"]), _order(row), _told_act(row)) for row in told["timeline"]]
        acts += [(int(row["day"]), EVIDENCE, _evidence_act(row)) for row in told.get("evidence") or []]
        acts += [(int(row["day"]), VOTES, _votes_act(row)) for row in (told.get("board") or {}).get("votes", [])]
        if told.get("updates") != "none":
            acts += [
                (offset, FIRST, _keep_informed)
                for offset in range(INFORMS_EVERY, -int(told["received"]), INFORMS_EVERY)
            ]
        for offset, _place, act in sorted(acts, key=lambda item: item[:2]):
            day = next_business_day(now + timedelta(days=int(told["received"]) + offset))
            if day <= now:
                yield day, index, story, act
            index += 1


def _keep_informed(story: Story, day: date) -> None:
    """Send the update that is due, by whoever has the case and may write; a case that has ended gets none."""
    case = story.case
    if case is None or not case.clocks.running().filter(code=Clock.COMPLAINANT_UPDATE).exists():
        return
    held = Assignment.objects.current().filter(case=case, role__in=WRITES_UPDATES).select_related("user")
    writers = sorted((item for item in held), key=lambda item: (WRITES_UPDATES.index(item.role), item.pk))
    by = next((item.user for item in writers if Perm.MESSAGE in permissions_of(item.user, case)), None)
    if by is not None:
        updates.send_update(case=case, by=by, on=day)


def _order(row: dict[str, Any]) -> int:
    name = row.get("move")
    return FIRST if name in {"receive", "import_record"} else LAST if name in LAST_OF_A_DAY else MIDDLE


def _live(story: Story, act: Act, planned: date) -> None:
    """Perform one act of a story; a refusal stops the story where it stands, and its updates go on."""
    if story.stopped and act is not _keep_informed:
        return
    if story.case is not None:
        story.case = Case.objects.get(pk=story.case.pk)
    day = max(planned, story.case.last_act_on) if story.case else planned
    try:
        with transaction.atomic():
            act(story, day)
    except (CaseNotFound, Refused, Invalid, NotPermitted) as error:
        story.stopped = f"{day.isoformat()}: {error}"


def _person(login: str) -> User:
    return User.objects.get(login=login)


def _case(story: Story) -> Case:
    if story.case is None:
        raise Invalid("the story has not begun")
    return story.case


def _told_act(row: dict[str, Any]) -> Act:
    def act(story: Story, day: date) -> None:
        name = row.get("move") or row.get("act")
        known = MOVES.get(str(name)) if row.get("move") else ACTS.get(str(name))
        if known is not None and row.get("move"):
            known(story, row, day)
        elif known is not None:
            _unless_barred(known, story, row, day)
        elif row.get("move") and name not in KEEPS_STATE:
            story.stopped = f"{day.isoformat()}: this version has no move {name}"
        else:
            story.skipped.append(str(name))

    return act


def _unless_barred(act: Handler, story: Story, row: dict[str, Any], day: date) -> None:
    """Perform an act that is no move; one that this version lets nobody do at this stage is left out."""
    try:
        with transaction.atomic():
            act(story, row, day)
    except (CaseNotFound, NotPermitted):
        story.skipped.append(str(row["act"]))


def _receive(story: Story, row: dict[str, Any], day: date) -> None:
    told = story.told
    incident, complainant = told["incident"], told["complainant"]
    first, last = _incident_days(incident, day)
    named = told["confidentiality"] != Confidentiality.ANONYMOUS
    given = named and told["relation"] != "agency"
    identity = {key: complainant.get(key, "") for key in ("name", "safe_contact")} if given else {}
    by = None if told["channel"] in {"web_form", "walk_in_kiosk"} else _person(row["by"])
    story.case = intake.receive(
        intake.Filing(
            narrative=_prose(told["narrative"]),
            channel=told["channel"],
            relation=told["relation"] if told["relation"] in RELATIONS else "unknown",
            confidentiality=told["confidentiality"],
            language=told["language"],
            desired_outcome=complainant.get("desired_outcome", ""),
            title=str(incident.get("place", ""))[:120],
            incident_from=first,
            incident_to=last,
            incident_time=str(incident.get("time", "")),
            place=str(incident.get("place", "")),
            district=str(incident.get("district", "")),
            needs=str(complainant.get("accommodation", "")),
            identity=identity,
        ),
        by=by,
        on=day,
    ).case


RELATIONS = frozenset({
    "person_affected", "parent_or_guardian", "relative", "legal_representative", "witness", "third_party", "employee",
    "agency",
})  # fmt: skip


def _prose(text: str) -> str:
    """Return a text of the file with its paragraphs whole: within one, a line end is only where the file wraps."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _incident_days(incident: dict[str, Any], received: date) -> tuple[date | None, date | None]:
    if "date" in incident:
        return incident["date"], incident["date"]
    if "from" in incident:
        return incident["from"], incident["to"]
    if "days_before" in incident:
        day = received - timedelta(days=int(incident["days_before"]))
        return day, day
    return None, None


def _import_record(story: Story, row: dict[str, Any], day: date) -> None:
    imported = story.told["imported"]
    source, _created = ImportSource.objects.get_or_create(
        name="paper-register", defaults={"title": "Paper register of Professional Standards"}
    )
    reference = str(imported["original_number"])
    received = imported.get("original_received") or day
    case = Case(
        number=f"{source.name}-{reference}",
        received_on=received,
        last_act_on=day,
        closed_on=imported.get("original_closed"),
        channel="unknown",
        source=source,
        source_reference=reference,
        narrative=story.told["narrative"],
    )
    entry = story.told["narrative"].encode()
    digest = sha256(entry).hexdigest()
    story.case = perform("import_record", case=case, by=SYSTEM, on=day, is_closed=True, rows=[digest])
    register, _created = ImportedFile.objects.get_or_create(
        source=source,
        name=source.title,
        defaults={"digest": digest, "encoding": "utf-8", "delimiter": ",", "header": ["entry"]},
    )
    line = register.rows.count() + 1
    ImportedRow.objects.create(file=register, line=line, case=story.case, raw=entry, digest=digest)


def _begin_intake_review(story: Story, row: dict[str, Any], day: date) -> None:
    by, case = _person(row["by"]), _case(story)
    assignments.declare_conflict(case=case, by=by, has_conflict=False, on=day)
    perform("begin_intake_review", case=case, by=by, on=day)


def _begin_preliminary_inquiry(story: Story, row: dict[str, Any], day: date) -> None:
    by, case = _person(row["by"]), _case(story)
    note = str(row.get("contact_log", ""))
    anonymous = story.told["confidentiality"] == Confidentiality.ANONYMOUS
    messages.log_contact(
        case=case, method="portal" if anonymous else "phone", was_reached=not anonymous, note=note, by=by, on=day
    )
    perform("begin_preliminary_inquiry", case=case, by=by, on=day)


def _two_people(name: str) -> Callable[[Story, dict[str, Any], date], None]:
    def act(story: Story, row: dict[str, Any], day: date) -> None:
        stated = _stated(name, story, row)
        proposal = propose(name, case=_case(story), by=_person(row["by"]), on=day, **stated)
        perform(name, case=_case(story), by=_person(row["second"]), on=day, proposal=proposal)

    return act


def _stated(name: str, story: Story, row: dict[str, Any]) -> dict[str, Any]:
    reviewed = row.get("evidence_reviewed") or []
    given = {
        "ground": row.get("class"),
        "reason": row.get("reason") or (story.told.get("referral") or {}).get("reason") or "It belongs to them.",
        "evidence_reviewed": ", ".join(reviewed) if isinstance(reviewed, list) else str(reviewed),
        "agency": row.get("agency"),
        "tasks": " ".join(row.get("tasks") or []),
        "questions": _questions(story),
    }
    wanted = {statement.name for statement in PROCESS.table()[name].states}
    return {key: value for key, value in given.items() if key in wanted and value}


def _questions(story: Story) -> str:
    asked = ((story.told.get("board") or {}).get("remand") or {}).get("questions") or ["Who else saw it?"]
    return "\n\n".join(str(item) for item in asked) if isinstance(asked, list) else str(asked)


def _plain(name: str) -> Callable[[Story, dict[str, Any], date], None]:
    def act(story: Story, row: dict[str, Any], day: date) -> None:
        perform(name, case=_case(story), by=_person(row["by"]), on=day, **_stated(name, story, row))

    return act


def _withdraw(story: Story, row: dict[str, Any], day: date) -> None:
    if row.get("voluntary") is False:
        story.skipped.append("withdraw")
        return
    by = _person(row["by"]) if row.get("by") else Complainant(_case(story))
    perform("withdraw", case=_case(story), by=by, on=day, free_choice=True, wish=str(row.get("reason", "")))


def _open_investigation(story: Story, row: dict[str, Any], day: date) -> None:
    case, by = _case(story), _person(row["by"])
    _officers(story, by, day)
    for told in story.told.get("allegations") or []:
        officer = case.officers.filter(badge=told["officer"]).first() or case.officers.filter(officer=None).first()
        if officer is None:
            raise Invalid("no officer to allege it of")
        choice = story.told.get("version_choice") or {}
        chosen = choice.get("day") or (case.incident_from if case.incident_on is None else None)
        story.alleged[told["id"]] = allegations.frame(
            case=case,
            section=told["section"],
            officer=officer,
            summary=told["summary"],
            incident_on=chosen,
            version_reason=str(choice.get("reason", "")) if chosen else "",
            by=by,
            on=day,
        )
    perform("open_investigation", case=case, by=by, on=day)


def _officers(story: Story, by: User, day: date) -> None:
    case = _case(story)
    for told in story.told.get("officers") or []:
        badge, description = told.get("badge", ""), told.get("description", "")
        if badge and case.officers.filter(badge=badge).exists():
            continue
        part = OfficerPart.SUBJECT if told["role"] == "subject" else OfficerPart.WITNESS
        people.add_officer(case=case, badge=badge, description=description, part=part, by=by, on=day)


def _submit(story: Story, row: dict[str, Any], day: date) -> None:
    case, by = _case(story), _person(row["by"])
    for key, told in (story.told.get("conclusions") or {}).items():
        allegation = story.alleged.get(key)
        if allegation is None or allegation.findings.exists():
            continue
        _conclude(story, allegation, told, by, day)
    text = "The evidence and what it shows is set out element by element in the worksheet of each allegation."
    allegations.write_report(case=case, text=text, by=by, on=day)
    perform("submit_for_quality_review", case=case, by=by, on=day)


def _conclude(story: Story, allegation: Allegation, told: dict[str, Any], by: User, day: date) -> None:
    elements = {element.code: element for element in allegation.cited[0].elements.all()}
    for code, said in (told.get("elements") or {}).items():
        allegations.conclude_element(
            allegation=allegation,
            element=elements[code],
            code=said["c"],
            sentence=str(said["why"]),
            cites=_cites(story, said),
            by=by,
            on=day,
        )
    for section, raised in (told.get("exceptions") or {}).items():
        raised_by = raised.get("raised_by", "nobody")
        who = raised_by if raised_by in RaisedBy.values else RaisedBy.INVESTIGATOR
        made = allegations.raise_exception(allegation=allegation, section=section, raised_by=who, by=by, on=day)
        parts = {element.code: element for element in made.section_version.elements.all()}
        for code, said in (raised.get("elements") or {}).items():
            allegations.conclude_element(
                allegation=allegation,
                element=parts[code],
                code=said["c"],
                sentence=str(said["why"]),
                cites=_cites(story, said),
                by=by,
                on=day,
            )
        allegations.raise_exception(
            allegation=allegation, section=section, raised_by=who, result=raised["result"], by=by, on=day
        )
    finding = next(item for item in told["findings"] if item["stage"] == "investigator")
    allegations.recommend(
        allegation=allegation, code=finding["finding"], reason=str(finding.get("reason", "")), by=by, on=day
    )


def _cites(story: Story, said: dict[str, Any]) -> list[allegations.Cited]:
    cited = []
    for text in said.get("cites") or []:
        name, _space, place = str(text).partition(" ")
        if name in story.items:
            cited.append(allegations.Cited(story.items[name], place))
    return cited or [allegations.Cited(next(iter(story.items.values())))]


def _evidence_act(row: dict[str, Any]) -> Act:
    def act(story: Story, day: date) -> None:
        case = _case(story)
        by: Any = _person(row["by"]) if row["by"] != "complainant" else Complainant(case)
        collected = row.get("collected", True)
        item = evidence.add_evidence(
            case=case,
            kind=row["kind"],
            title=row["title"],
            locator=row.get("locator", ""),
            is_compelled=bool(row.get("compelled")),
            is_collected=collected,
            not_collected_reason="" if collected else str(row.get("reason", "")),
            by=by,
            on=day,
        )
        if collected:
            story.items[row["id"]] = item

    def when_permitted(story: Story, day: date) -> None:
        try:
            with transaction.atomic():
                act(story, day)
        except (CaseNotFound, NotPermitted):
            story.skipped.append(f"evidence {row['id']}")

    return when_permitted


def _classify(story: Story, row: dict[str, Any], day: date) -> None:
    allegations.classify(case=_case(story), code=row["class"], by=_person(row["by"]), on=day)


def _assign(story: Story, row: dict[str, Any], day: date) -> None:
    case, user = _case(story), _person(row["to"])
    if "investigator" not in user.role_codes():
        story.skipped.append("assign")
        return
    assignments.assign(case=case, user=user, by=_person(row["by"]), on=day)
    has_conflict = row.get("conflict", "none") != "none"
    assignments.declare_conflict(case=case, by=user, has_conflict=has_conflict, ground="work", on=day)


def _message(story: Story, row: dict[str, Any], day: date) -> None:
    by: Any = Complainant(_case(story)) if row["from"] == "complainant" else _person(row["from"])
    with suppress(CaseNotFound, NotPermitted):
        messages.send_message(case=_case(story), text=row["text"], language=story.told["language"], by=by, on=day)


def _preserve_recordings(story: Story, row: dict[str, Any], day: date) -> None:
    case = _case(story)
    by = _person(row["by"]) if row["by"] != "system" else _supervisors(case)[0]
    for holder in row["holders"]:
        name = str(holder).replace("_", " ").capitalize()
        what = f"Everything that shows the event: {case.place or 'place not known'}"
        preservation.preserve_recordings(case=case, holder=name, what=what, due_on=day + ANSWERS_IN, by=by, on=day)


LETTERS = frozenset(LetterCode.values)


def _supervisors(case: Case) -> list[User]:
    held = Assignment.objects.current().filter(case=case, role=CaseRole.SUPERVISOR)
    return [item.user for item in held.select_related("user").order_by("pk")]


def _who_may(perm: Perm, case: Case, login: str) -> User:
    """Return the person of the story, or a supervisor where this version does not let that person do it."""
    told = _person(login)
    return told if {perm, Perm.SEND_LETTER} <= permissions_of(told, case) else _supervisors(case)[0]


def _send_letter(story: Story, row: dict[str, Any], day: date) -> None:
    """Send the letter that the move drafted; codes of later versions are left out."""
    case = _case(story)
    drafts = Letter.objects.filter(case=case, code=row["code"], sent_on=None).order_by("id")
    if row.get("to"):
        drafts = drafts.filter(officer__badge=row["to"])
    letter = drafts.first()
    if row["code"] not in LETTERS or letter is None:
        story.skipped.append(f"letter {row['code']}")
        return
    by, checker = (_who_may(Perm.DRAFT_LETTER, case, row["by"]), _person(row["checked_by"]))
    if Perm.APPROVE_LETTER not in permissions_of(checker, case):
        checker = next(person for person in _supervisors(case) if person != by)
    basis = "City ordinance 18-204 (fictional): written determination on file"
    letters.prepare_letter(letter=letter, by=by, legal_basis=basis if row["code"] == LetterCode.OUTCOME else "", on=day)
    letters.approve_letter(letter=letter, by=checker, on=day)
    sent = letters.send_letter(letter=letter, by=by, on=day)
    if sent.is_on_paper and day < today() - STILL_TO_PRINT:
        letters.record_posting(dispatch=sent, by=by, on=day)


def _build_packet(story: Story, row: dict[str, Any], day: date) -> None:
    evidence.build_packet(case=_case(story), by=_person(row["by"]), on=day)
    evidence.check_packet(case=_case(story), by=_person(row["second"]), on=day)


def _draw_panel(story: Story, row: dict[str, Any], day: date) -> None:
    log.integrate()
    board.draw_panel(case=_case(story), by=_person(row["by"]), on=day)


def _seat_panel(story: Story, row: dict[str, Any], day: date) -> None:
    case = _case(story)
    for seat in board.seated(case):
        if seat.declared_on is None:
            assignments.declare_conflict(case=case, by=seat.user, has_conflict=False, on=day)
    perform("seat_panel", case=case, by=_person(row["by"]), on=day)


def _recuse(story: Story, row: dict[str, Any], day: date) -> None:
    case, user = _case(story), _person(row["by"])
    if user.pk in {seat.user_id for seat in board.seated(case)}:
        assignments.declare_conflict(case=case, by=user, has_conflict=True, ground="friend", on=day)


def _send_back(story: Story, row: dict[str, Any], day: date) -> None:
    case = _case(story)
    for seat in board.seated(case):
        board.vote(
            case=case, allegation=None, choice=VoteChoice.SEND_BACK, note=_questions(story), by=seat.user, on=day
        )
    _plain("send_back_to_investigation")(story, row, day)


def _votes_act(row: dict[str, Any]) -> Act:
    """Let the seated members vote as those of the story did, seat by seat, and state the reasons.

    They vote again after a remand; a tie goes no further, and what sends the case back is voted with that move.
    """

    def act(story: Story, day: date) -> None:
        case, about = _case(story), story.told["board"]
        again = int(row.get("round", 1)) > 1 and not about.get("remand")
        if case.state != State.BOARD_REVIEW or again or row["result"] == VoteChoice.SEND_BACK:
            story.skipped.append("vote")
            return
        allegation = story.alleged[row["allegation"]]
        codes = rules_on(day).finding_codes.decided
        told = [
            code if code in codes else VoteChoice.ABSTAIN
            for code, members in row.items()
            if isinstance(members, list)
            for _member in members
        ]
        seats = board.seated(case)
        for seat, choice in zip(seats, told + [told[0]] * len(seats), strict=False):
            board.vote(case=case, allegation=allegation, choice=choice, by=seat.user, on=day)
        reasons = str((about.get("reasons") or {}).get(row["allegation"], "The record bears it out."))
        members = [seat.user for seat in seats]
        if not allegation.opinions.filter(kind=OpinionKind.MAJORITY, round=case.returns + 1).exists():
            board.give_opinion(
                case=case, allegation=allegation, kind=OpinionKind.MAJORITY, text=reasons, by=members[0], on=day
            )
        for dissent in about.get("dissents") or []:
            if dissent["allegation"] == row["allegation"]:
                board.give_opinion(
                    case=case,
                    allegation=allegation,
                    kind=OpinionKind.DISSENT,
                    text=dissent["text"],
                    by=members[-1],
                    on=day,
                )

    return act


def _issue_disposition(story: Story, row: dict[str, Any], day: date) -> None:
    case, by = _case(story), _person(row["by"])
    imposed = {key: item for item in story.told.get("discipline") or [] for key in item["allegations"]}
    broken = violation(rules_on(day))
    for key, told in (story.told.get("conclusions") or {}).items():
        allegation = story.alleged[key]
        final = next((item for item in told["findings"] if item["stage"] == "chief"), told["findings"][-1])
        reason = str(final.get("reason") or "The file as a whole leads me to another view than the one before me.")
        decisions.decide(allegation=allegation, code=final["finding"], reason=reason, by=by, on=day)
        if final["finding"] == broken:
            _discipline(allegation, imposed.get(key), by, day)
    perform("issue_disposition", case=case, by=by, on=day)


def _discipline(allegation: Allegation, told: dict[str, Any] | None, by: User, day: date) -> None:
    scale = matrix_for(allegation, day).scale
    outcome = (told or {}).get("imposed")
    if not isinstance(outcome, int) and outcome not in scale:
        outcome = decisions.range_for(allegation, day).low
    named: dict[str, Any] = (
        {"outcome": DAYS_WITHOUT_PAY, "days": outcome} if isinstance(outcome, int) else {"outcome": outcome}
    )
    reason = str((told or {}).get("departs_from_board") or "Stated in the decision memorandum.")
    decisions.discipline(allegation=allegation, reason=reason, by=by, on=day, **named)


def _tell_board(story: Story, row: dict[str, Any], day: date) -> None:
    decisions.tell_board(case=_case(story), by=_person(row["by"]), on=day)


MOVES: dict[str, Handler] = {
    "receive": _receive,
    "import_record": _import_record,
    "begin_intake_review": _begin_intake_review,
    "begin_preliminary_inquiry": _begin_preliminary_inquiry,
    "refer_out": _two_people("refer_out"),
    "screen_out": _two_people("screen_out"),
    "open_investigation": _open_investigation,
    "submit_for_quality_review": _submit,
    "return_to_investigator": _plain("return_to_investigator"),
    "refer_to_board": _two_people("refer_to_board"),
    "send_to_chief": _plain("send_to_chief"),
    "seat_panel": _seat_panel,
    "send_back_to_investigation": _send_back,
    "adopt_recommendation": _plain("adopt_recommendation"),
    "issue_disposition": _issue_disposition,
    "close": _plain("close"),
    "withdraw": _withdraw,
}
ACTS: dict[str, Handler] = {
    "assign": _assign,
    "build_packet": _build_packet,
    "classify": _classify,
    "draw_panel": _draw_panel,
    "message": _message,
    "preserve_recordings": _preserve_recordings,
    "recuse": _recuse,
    "send_letter": _send_letter,
    "tell_board": _tell_board,
}
