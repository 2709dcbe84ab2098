"""What the records say of an officer's training, put into a case as an item of evidence that conclusions can cite."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from casework.actions.evidence import add_evidence
from casework.clocks import today
from casework.exceptions import Invalid
from casework.models import Allegation, Evidence
from casework.permissions import Actor
from casework.reporting.trained import UNIDENTIFIED, trained_before
from casework.vocabulary import EvidenceKind


def add_training_record(*, allegation: Allegation, by: Actor, on: date | None = None) -> Evidence:
    """Add the answer of the records, as they are now, as a text whose digest is kept; they may change later.

    Raises Invalid where the officer is not identified.
    """
    version, day = allegation.cited
    answer = trained_before(allegation.officer, version.section, day)
    if answer.code == UNIDENTIFIED or allegation.officer is None:
        raise Invalid(answer.sentence)
    told = {"officer": allegation.officer.label, "section": version.section.code, "day": day.isoformat()}
    lines = [
        _("Training of %(officer)s on %(section)s before %(day)s") % told,
        _("As the records stood on %(day)s.") % {"day": (on or today()).isoformat()},
        answer.sentence,
        *answer.sources,
    ]
    return add_evidence(
        case=allegation.case,
        kind=EvidenceKind.TRAINING_RECORD,
        title=lines[0],
        source=_("Training records"),
        chunks=["\n".join(lines).encode()],
        filename=f"training-{version.section.code}.txt",
        by=by,
        on=on,
    )
