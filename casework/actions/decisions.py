"""The chief's written answer: a decision on each allegation, and one coded outcome for each violation."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from casework.actions.acts import acting
from casework.actions.allegations import add_finding, finding_facts
from casework.exceptions import Invalid
from casework.models import Allegation, Case, Discipline, Finding
from casework.models.decisions import earlier_violations, matrix_for
from casework.permissions import Actor, user
from casework.states import State
from casework.vocabulary import Perm, Stage
from policy_rules.outcomes import violation
from policy_rules.rule_data import DAYS_WITHOUT_PAY, PenaltyRange
from policy_rules.rules import rules_on


def findings_open(allegation: Allegation, on: date) -> tuple[str, ...]:
    """Return the findings that the chief can decide: what the board found alone, where that binds under the rules."""
    rules = rules_on(on)
    found = allegation.finding_at(Stage.BOARD)
    return (found.code,) if found and rules.profile.board_finding_binds else rules.finding_codes.decided


def decide(*, allegation: Allegation, code: str, reason: str = "", by: Actor, on: date | None = None) -> Finding:
    """Decide one allegation (CH-7.1). A departure from the stage before, board or investigator, must state reasons.

    There is none from a board whose findings bind. Raises Invalid.
    An outcome for the officer that stood on an earlier decision goes with it where the new one is no violation.
    """
    with acting("decide_allegation", case=allegation.case, by=by, perm=Perm.DECIDE_ALLEGATION, on=on) as act:
        if allegation.case_id != act.case.pk:
            raise Invalid(_("This allegation belongs to another case."), field="allegation")
        rules = rules_on(act.on)
        if code not in rules.finding_codes.decided:
            raise Invalid(_("Choose one of the findings of the rules in force."), field="code")
        if code not in findings_open(allegation, act.on):
            raise Invalid(_("Under the rules in force what the board found is final. Decide the same."), field="code")
        before = allegation.finding_at(Stage.BOARD) or allegation.finding_at(Stage.INVESTIGATOR)
        departs = before is not None and before.code != code
        if departs and not reason.strip():
            raise Invalid(_("Say why you depart from the recommendation."), field="reason")
        finding = add_finding(
            allegation,
            Stage.CHIEF,
            code,
            by=user(by),
            on=act.on,
            implied=before.implied if before else "",
            reason=reason,
        )
        lifted = 0
        if code != violation(rules):
            lifted, _rows = Discipline.objects.filter(allegation=allegation).delete()
        act.record(
            "finding.decided",
            sections=allegation.alleged,
            objects=[allegation.reference],
            facts={**finding_facts(finding), "departs": departs, "lifts_outcome": bool(lifted)},
            detail={"reason": reason},
        )
        return finding


def prior_sustained(allegation: Allegation, on: date) -> int:
    """Count the officer's violations of the same class by incident date inside the look-back of the matrix (CH-7.5)."""
    version = allegation.section_version
    if version is None:
        return 0
    years = matrix_for(allegation, on).classes[version.discipline_class].look_back_years
    return earlier_violations(allegation, code=violation(rules_on(on)), years=years)


def range_for(allegation: Allegation, on: date) -> PenaltyRange:
    """Return the range of the matrix for the class of the section and the officer's record; raises Invalid."""
    version = allegation.section_version
    matrix = matrix_for(allegation, on)
    if version is None or version.discipline_class not in matrix.classes:
        raise Invalid(_("The section has no class in the discipline matrix."), field="outcome")
    return matrix.range(version.discipline_class, prior_sustained(allegation, on) + 1)


def discipline(
    *,
    allegation: Allegation,
    outcome: str,
    days: int | None = None,
    reason: str = "",
    by: Actor,
    on: date | None = None,
) -> Discipline:
    """Record the outcome for the officer on one violation (CH-7.5): inside the range of the matrix, else with a reason.

    The matrix is that of the day of the event. `outcome` is a code of its scale; for days without pay `days` says how
    many.
    """
    with acting("calculate_discipline", case=allegation.case, by=by, perm=Perm.DECIDE_ALLEGATION, on=on) as act:
        rules = rules_on(act.on)
        matrix = matrix_for(allegation, act.on)
        decided = allegation.finding_at(Stage.CHIEF)
        if allegation.case_id != act.case.pk or decided is None or decided.code != violation(rules):
            raise Invalid(_("Only an allegation that you decided as a violation has an outcome."), field="allegation")
        if outcome not in matrix.scale:
            raise Invalid(_("Choose one of the outcomes of the matrix."), field="outcome")
        if (outcome == DAYS_WITHOUT_PAY) != bool(days):
            raise Invalid(_("Give the number of days without pay, and for no other outcome."), field="days")
        span = range_for(allegation, act.on)
        prior = prior_sustained(allegation, act.on)
        departs = not matrix.allows(allegation.cited[0].discipline_class, prior + 1, days or outcome)
        if departs and not reason.strip():
            raise Invalid(
                _("The matrix gives %(low)s to %(high)s. Say why you go outside it.")
                % {"low": span.low, "high": span.high},
                field="reason",
            )
        row, _created = Discipline.objects.update_or_create(
            allegation=allegation,
            defaults={
                "discipline_class": allegation.cited[0].discipline_class,
                "prior_in_look_back": prior,
                "range_from": str(span.low),
                "range_to": str(span.high),
                "outcome": outcome,
                "days": days,
                "is_departure": departs,
                "reason": reason,
                "by": user(by),
                "on": act.on,
            },
        )
        act.record(
            "discipline.imposed",
            sections=allegation.alleged,
            objects=[allegation.reference],
            facts={
                "allegation": allegation.code,
                "class": row.discipline_class,
                "prior": row.prior_in_look_back,
                "range": [str(span.low), str(span.high)],
                "outcome": outcome,
                "days": days or 0,
                "departs": departs,
            },
            detail={"reason": reason},
        )
        return row


def tell_board(*, case: Case | str, by: Actor, on: date | None = None) -> None:
    """Tell the board what was decided (CH-8.3)."""
    with acting("tell_board", case=case, by=by, perm=Perm.SEND_LETTER, on=on) as act:
        if act.case.state != State.DISPOSITION_ISSUED:
            raise Invalid(_("The board is told once the disposition is issued."), field="case")
        act.case.board_told_on = act.on
        act.case.save(update_fields=["board_told_on"])
        act.record("board.told")
