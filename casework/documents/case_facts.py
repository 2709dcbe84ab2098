"""What the record of a case says, as the facts of one of its letters, and what that letter's reader may not learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from casework.documents.disclosure import Prose, Withheld
from casework.documents.letters import (
    PUBLIC_BY_LAW,
    Acknowledgement,
    AgencyReferral,
    AllegationTold,
    Facts,
    Level,
    OfficerNotice,
    OfficerOutcome,
    Outcome,
    Person,
    PersonnelFact,
    Referral,
    Rule,
    ScreenedOut,
    TimeLimit,
)
from casework.models import Allegation, Case, CaseOfficer, Identity, Letter, Party
from casework.vocabulary import CaseRole, Channel, Clock, Confidentiality, LetterCode, PartyKind, Stage
from policy_rules.models import SectionVersion
from policy_rules.rules import authority_for, board_reviews_on, rules_on

WRITTEN_UNDER = {
    LetterCode.ACKNOWLEDGEMENT: ("clock", "acknowledge"),
    LetterCode.REFERRAL: ("move", "refer_out"),
    LetterCode.AGENCY_REFERRAL: ("move", "refer_out"),
    LetterCode.SCREENED_OUT: ("move", "screen_out"),
    LetterCode.OFFICER_NOTICE: ("act", "notify_officer"),
    LetterCode.OUTCOME: ("act", "disclose_outcome"),
    LetterCode.OFFICER_OUTCOME: ("clock", "closing_letters"),
}
"""The row of the manual's authorities that each letter rests on."""


class NotReady(ValueError):
    """The case does not yet hold what the letter must state; the message says what is missing."""


def facts_of(letter: Letter, *, signer: User) -> Facts:
    """Return what the letter states, read from the case as it is now.

    Raises `NotReady`, `disclosure.ContentBreach` where the level allows less than the case would tell, and
    `policy_rules.rules.NoAuthority` where no section empowers the letter.
    """
    return _MAKERS[LetterCode(letter.code)](letter, _common(letter, signer))


def section_of(letter: Letter) -> SectionVersion:
    """Return the section that the letter is written under, as in force on the day it was drafted."""
    kind, name = WRITTEN_UNDER[LetterCode(letter.code)]
    return authority_for(kind, name, on=letter.drafted_on)  # type: ignore[arg-type]


INSTITUTIONS = (Channel.COURT_OR_PROSECUTOR, Channel.OTHER_AGENCY, Channel.MEDIA)
"""Ways by which a complaint comes from an institution and not from a person."""


def _is_institution(letter: Letter, party: Party) -> bool:
    return party.kind == PartyKind.COMPLAINANT and letter.case.channel in INSTITUTIONS


def withheld_from(letter: Letter) -> Withheld:
    """Return what the reader of the letter may not learn of the case (CH-2.9, CH-3.9, CH-8.2)."""
    identities = Identity.objects.filter(party__case=letter.case_id)
    contacts = tuple(contact for one in identities for contact in (one.phone, one.email, one.address) if contact)
    if letter.officer_id is not None:
        complains = [one for one in identities.select_related("party") if one.name]
        whole = [one.name for one in complains if _is_institution(letter, one.party)]
        people = tuple(one.name for one in complains if one.name not in whole)
        return Withheld(names=people, institutions=tuple(whole), contacts=contacts)
    officers = list(letter.case.officers.all())
    tells_result = letter.code == LetterCode.OUTCOME
    level = Level(letter.disclosure_level) if tells_result else Level.RECEIPT
    named = {fact.officer for fact in _personnel_facts(letter.case)} if level == Level.PUBLIC_RECORD else set()
    return Withheld(
        names=(
            *(one.name for one in officers if one.name and str(one) not in named),
            *(one.name for one in identities if one.name and one.party_id != letter.party_id),
        ),
        badges=tuple(one.badge for one in officers if one.badge),
        contacts=contacts,
        findings=tells_result and level < Level.FINDINGS,
        discipline=tells_result and level < Level.PUBLIC_RECORD,
    )


def _common(letter: Letter, signer: User) -> dict[str, Any]:
    return {
        "case_number": letter.case.number,
        "received_on": letter.case.received_on,
        "reader": _reader(letter),
        "signer": _person(signer, letter.language),
        "written_under": _rule(section_of(letter), letter.language, quoted=False),
        "note": Prose(text=letter.note, language=letter.language) if letter.note else None,
    }


def _reader(letter: Letter) -> str:
    """Return the reader's name, empty for a complainant who may not be named on paper."""
    if letter.officer is not None:
        return str(letter.officer)
    if letter.party is None or letter.party.confidentiality != Confidentiality.NAMED:
        return ""
    identity = Identity.objects.filter(party=letter.party_id).first()
    return identity.name if identity else ""


def _person(user: User, language: str) -> Person:
    """Return the person with the title, in the letter's language, of the first role that they hold in the office."""
    held = user.role_codes()
    with override(language):
        return Person(name=user.name, title=next((str(role.label) for role in CaseRole if role in held), ""))


def _rule(version: SectionVersion, language: str, *, quoted: bool = True) -> Rule:
    """Return the section in the reader's language if the manual has a translation of it, else in its own."""
    translation = version.translations.filter(language=language).first()
    said = translation or version
    return Rule(
        code=version.section.code,
        version=version.version,
        title=said.title,
        text=said.text if quoted else "",
        language=language if translation else settings.LANGUAGE_CODE,
        is_translation=translation is not None,
    )


def _limit(code: str, on: date) -> TimeLimit:
    rule = rules_on(on).clock(code)
    return TimeLimit(duration=rule.duration, unit=rule.unit)


def _stated(case: Case, move: str) -> dict[str, Any]:
    """Return what was stated for a move that two people made."""
    proposal = case.proposals.filter(move=move, performed_by__isnull=False).order_by("-id").first()
    if proposal is None:
        raise NotReady(_("The case has not taken the step that this letter tells of."))
    return proposal.stated


def _ended_on(case: Case) -> date:
    if case.closed_on is None:
        raise NotReady(_("The case has not taken the step that this letter tells of."))
    return case.closed_on


def _allegations(letter: Letter) -> Iterator[Allegation]:
    """Yield the allegations that concern the reader."""
    found = letter.case.allegations.select_related("section_version__section", "officer").prefetch_related("findings")
    for one in found:
        if letter.officer_id is None or one.officer_id == letter.officer_id:
            yield one


def _told(allegation: Allegation, language: str, **more: Any) -> AllegationTold:
    if allegation.section_version is None:
        raise NotReady(_("Allegation %(number)s names no section.") % {"number": allegation.number})
    return AllegationTold(
        number=allegation.number,
        rule=_rule(allegation.section_version, language),
        alleged=Prose(text=allegation.summary, language=settings.LANGUAGE_CODE) if allegation.summary else None,
        **more,
    )


def _decision(allegation: Allegation) -> Any:
    finding = allegation.finding_at(Stage.CHIEF)
    if finding is None:
        raise NotReady(_("Allegation %(number)s has not been decided.") % {"number": allegation.number})
    return finding


def _decided_on(case: Case) -> date:
    return max(_decision(one).on for one in case.allegations.prefetch_related("findings"))


def _personnel_facts(case: Case) -> tuple[PersonnelFact, ...]:
    return tuple(
        PersonnelFact(officer=str(one.officer), outcome=one.discipline.outcome, on=one.discipline.on)
        for one in case.allegations.select_related("discipline", "officer")
        if hasattr(one, "discipline") and one.discipline.outcome in PUBLIC_BY_LAW
    )


def _acknowledgement(letter: Letter, common: dict[str, Any]) -> Acknowledgement:
    case = letter.case
    classify = case.clocks.filter(code=Clock.CLASSIFY).order_by("id").first()
    return Acknowledgement(
        **common,
        contact=common["signer"],
        confidentiality=Confidentiality(letter.party.confidentiality if letter.party else case.confidentiality),
        classify_by=classify.due_on if classify else None,
        investigation=_limit(Clock.INVESTIGATION, letter.drafted_on),
        board=_limit(Clock.BOARD, letter.drafted_on) if board_reviews_on(letter.drafted_on) else None,
        chief=_limit(Clock.CHIEF_ANSWER, letter.drafted_on),
        update=_limit(Clock.COMPLAINANT_UPDATE, letter.drafted_on),
    )


def _referral(letter: Letter, common: dict[str, Any]) -> Referral:
    return Referral(**common, **_referred(letter))


def _agency_referral(letter: Letter, common: dict[str, Any]) -> AgencyReferral:
    referred = _referred(letter)
    return AgencyReferral(**{**common, "reader": referred["agency"]}, **referred)


def _referred(letter: Letter) -> dict[str, Any]:
    stated = _stated(letter.case, "refer_out")
    return {"agency": stated["agency"], "referred_on": _ended_on(letter.case), "was_named": False}


def _screened_out(letter: Letter, common: dict[str, Any]) -> ScreenedOut:
    stated = _stated(letter.case, "screen_out")
    looked_at = (line.strip() for line in stated["evidence_reviewed"].splitlines())
    return ScreenedOut(
        **common,
        closed_on=_ended_on(letter.case),
        reason=letter.case.closure_code,
        explanation=Prose(text=stated["reason"], language=letter.language),
        looked_at=tuple(Prose(text=line, language=letter.language) for line in looked_at if line),
        answer=_limit("reconsideration", letter.drafted_on),
    )


def _outcome(letter: Letter, common: dict[str, Any]) -> Outcome:
    case, level = letter.case, Level(letter.disclosure_level)
    answer = _limit("reconsideration", letter.drafted_on)
    if level == Level.RECEIPT:
        return Outcome(**common, level=level, answer=answer)
    tells_findings = level >= Level.FINDINGS
    return Outcome(
        **common,
        level=level,
        decided_on=_decided_on(case),
        board_voted=any(one.finding_at(Stage.BOARD) for one in _allegations(letter)),
        allegations=tuple(
            _told(one, letter.language, finding=_decision(one).code if tells_findings else "")
            for one in _allegations(letter)
        ),
        personnel_facts=_personnel_facts(case) if level == Level.PUBLIC_RECORD else (),
        answer=answer,
    )


def _officer_notice(letter: Letter, common: dict[str, Any]) -> OfficerNotice:
    case = letter.case
    assigned = case.assignments.filter(role=CaseRole.INVESTIGATOR, until=None).select_related("user").first()
    if assigned is None:
        raise NotReady(_("Assign an investigator, whom this letter must name."))
    allegations = list(_allegations(letter))
    return OfficerNotice(
        **common,
        badge=_officer(letter).badge,
        incident_on=min(one.incident_on for one in allegations if one.incident_on),
        place=Prose(text=case.place, language=case.language) if case.place else None,
        investigator=_person(assigned.user, letter.language),
        allegations=tuple(_told(one, letter.language) for one in allegations),
        interview_notice=_limit("interview_notice", letter.drafted_on),
    )


def _officer_outcome(letter: Letter, common: dict[str, Any]) -> OfficerOutcome:
    def told(one: Allegation) -> AllegationTold:
        discipline = getattr(one, "discipline", None)
        return _told(
            one,
            letter.language,
            finding=_decision(one).code,
            discipline=discipline.outcome if discipline else "",
            days=discipline.days if discipline else None,
        )

    return OfficerOutcome(
        **common,
        badge=_officer(letter).badge,
        decided_on=_decided_on(letter.case),
        allegations=tuple(told(one) for one in _allegations(letter)),
        answer=_limit("reconsideration", letter.drafted_on),
    )


def _officer(letter: Letter) -> CaseOfficer:
    if letter.officer is None:
        raise NotReady(_("Say which officer the letter is for."))
    return letter.officer


_MAKERS: dict[LetterCode, Callable[[Letter, dict[str, Any]], Facts]] = {
    LetterCode.ACKNOWLEDGEMENT: _acknowledgement,
    LetterCode.REFERRAL: _referral,
    LetterCode.AGENCY_REFERRAL: _agency_referral,
    LetterCode.SCREENED_OUT: _screened_out,
    LetterCode.OUTCOME: _outcome,
    LetterCode.OFFICER_NOTICE: _officer_notice,
    LetterCode.OFFICER_OUTCOME: _officer_outcome,
}
