"""Citing the policy: what goes into an entry of the log, and the rows by which a section's entries are found."""

from __future__ import annotations

from audit.log import Basis
from audit.models import Entry
from policy_rules.models import Citation, SectionVersion


def basis(*section_versions: SectionVersion) -> tuple[Basis, ...]:
    """Return what `audit.log.record` takes as the basis of an act: each text once, by reference and digest."""
    return tuple(Basis(text.reference, text.text_digest) for text in dict.fromkeys(section_versions))


def cite(entry: Entry, *section_versions: SectionVersion) -> None:
    """Note which texts an entry rests on: those given to `record` by `basis`, in the same transaction."""
    Citation.objects.bulk_create(
        Citation(entry=entry, section_version=text) for text in dict.fromkeys(section_versions)
    )
