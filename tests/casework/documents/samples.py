"""Letters of the fictional city of Harrow Bend, one of each kind."""

from datetime import date

from casework.documents.disclosure import Prose, Withheld
from casework.documents.letters import (
    Acknowledgement,
    AgencyReferral,
    AllegationTold,
    Envelope,
    Level,
    Mark,
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

ROOT = "37a8eaec86c36cb1c972e8c3130bd6c4508bbf7ff6e5e70432767be8638703f4"
ENVELOPE = Envelope(dated=date(2026, 6, 11), checkpoint=Mark(size=18412, root=ROOT), review_until=date(2026, 7, 27))
OFFICER = "Dale Ormsby"
COMPLAINANT = "Marguerite Osterfeld"
CONTACTS = ("555-555-0187", "m.osterfeld@example.org", "12 Quarry Lane")
THIRTY_DAYS = TimeLimit(duration=30, unit="days")
KEEP_DISTANCE = Rule(
    code="DE-4.2",
    version="1.1",
    title="Time, distance and cover",
    text=(
        "When feasible, a member shall use distance, cover and time so that fewer decisions must be made in haste, "
        "and shall not give up cover without a reason that the member can name."
    ),
)
WARNING = Rule(
    code="UF-2.4",
    version="1.1",
    title="Warning before deadly force",
    text="When feasible, a member shall give a warning, and time to obey it, before using deadly force.",
)
ALLEGED = (
    AllegationTold(
        number=1,
        rule=KEEP_DISTANCE,
        alleged=Prose(text="The officer left cover and walked up to a man who sat on his own steps with a knife."),
    ),
    AllegationTold(number=2, rule=WARNING, alleged=Prose(text="No warning was given before two shots were fired.")),
)
FOUND = tuple(
    AllegationTold(number=one.number, rule=one.rule, alleged=one.alleged, finding=finding)
    for one, finding in zip(ALLEGED, ("sustained", "not_sustained"), strict=True)
)


def withheld(level=Level.RECEIPT):
    """What a complainant may not learn at a level; the lowest where none is meant."""
    return Withheld(
        names=() if level == Level.PUBLIC_RECORD else (OFFICER,),
        badges=("1013",),
        contacts=CONTACTS,
        findings=level < Level.FINDINGS,
        discipline=level < Level.PUBLIC_RECORD,
    )


WITHHELD_FROM_OFFICER = Withheld(names=(COMPLAINANT,), contacts=CONTACTS)


def _common(section, title, **facts):
    return {
        "case_number": "2026-000118",
        "received_on": date(2026, 6, 9),
        "reader": COMPLAINANT,
        "signer": Person(name="Ruth Ambersole", title="Supervising investigator"),
        "written_under": Rule(code=section, version="2.1", title=title),
        **facts,
    }


def acknowledgement(**changed):
    return Acknowledgement(
        **_common(
            "CH-2.7",
            "Acknowledgement",
            contact=Person(name="Odalys Ferrant", title="Intake specialist"),
            confidentiality="named",
            classify_by=date(2026, 6, 16),
            investigation=TimeLimit(duration=90, unit="days"),
            board=TimeLimit(duration=45, unit="days"),
            chief=THIRTY_DAYS,
            update=THIRTY_DAYS,
        )
        | changed
    )


def referral(**changed):
    return Referral(
        **_common(
            "CH-3.7",
            "Referral to another agency",
            agency="State Highway Patrol",
            referred_on=date(2026, 6, 11),
            was_named=False,
        )
        | changed
    )


def agency_referral(**changed):
    return AgencyReferral(
        **_common(
            "CH-3.7",
            "Referral to another agency",
            agency="State Highway Patrol",
            reader="State Highway Patrol",
            referred_on=date(2026, 6, 11),
            was_named=False,
        )
        | changed
    )


def screened_out(**changed):
    return ScreenedOut(
        **_common(
            "CH-3.6",
            "Closing without investigation",
            closed_on=date(2026, 6, 11),
            reason="no_formal_investigation",
            explanation=Prose(text="The recording is complete. It shows a conversation of two minutes and no search."),
            looked_at=(Prose(text="Body camera, 14 minutes"), Prose(text="The record of the call to 911")),
            answer=THIRTY_DAYS,
        )
        | changed
    )


def outcome(level, **changed):
    return Outcome(
        **_common(
            "CH-8.2",
            "What a complainant is told",
            level=level,
            answer=THIRTY_DAYS,
            **({} if level == Level.RECEIPT else {"decided_on": date(2026, 6, 8), "board_voted": True}),
            allegations={Level.RECEIPT: (), Level.DECIDED: ALLEGED}.get(level, FOUND),
            personnel_facts=(PersonnelFact(officer=OFFICER, outcome="days_without_pay", on=date(2026, 6, 10)),)
            if level == Level.PUBLIC_RECORD
            else (),
        )
        | changed
    )


def officer_notice(**changed):
    return OfficerNotice(
        **_common(
            "CH-3.9",
            "Notice to the member",
            reader=f"Officer {OFFICER}",
            badge="1013",
            incident_on=date(2026, 6, 7),
            place=Prose(text="Porch of a house on Quarry Lane"),
            investigator=Person(name="Imara Vosslind", title="Investigator"),
            allegations=ALLEGED,
            interview_notice=TimeLimit(duration=2, unit="business_days"),
        )
        | changed
    )


def officer_outcome(**changed):
    sustained, not_sustained = FOUND
    return OfficerOutcome(
        **_common(
            "CH-8.3",
            "Closing a case",
            reader=f"Officer {OFFICER}",
            badge="1013",
            decided_on=date(2026, 6, 8),
            allegations=(
                AllegationTold(
                    number=1,
                    rule=sustained.rule,
                    alleged=sustained.alleged,
                    finding="sustained",
                    discipline="days_without_pay",
                    days=16,
                ),
                not_sustained,
            ),
            answer=THIRTY_DAYS,
        )
        | changed
    )


LETTERS = {
    "acknowledgement": (acknowledgement(), withheld()),
    "referral": (referral(), withheld()),
    "agency_referral": (agency_referral(), WITHHELD_FROM_OFFICER),
    "screened_out": (screened_out(), withheld()),
    **{f"outcome_{level}": (outcome(level), withheld(level)) for level in Level},
    "officer_notice": (officer_notice(), WITHHELD_FROM_OFFICER),
    "officer_outcome": (officer_outcome(), WITHHELD_FROM_OFFICER),
}
"""Each letter with what its reader may not learn."""
