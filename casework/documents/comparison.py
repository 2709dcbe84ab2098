"""What changed between two versions of a chapter, as one text on paper: PDF/UA that tells what came and went."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from casework.documents.mark import newest_mark
from casework.documents.render import DocumentTooLarge, render_pdf
from policy_rules.changes import compared, in_words, rules_between
from policy_rules.comparing import SectionChange
from policy_rules.models import ChapterVersion

TEMPLATE = "documents/policy_comparison.html"
LARGEST = 150_000
"""Characters of changed sections that are set while someone waits: about 50 pages."""


def comparison_pdf(before: ChapterVersion, after: ChapterVersion, *, language: str) -> bytes:
    """Return the sections that differ as PDF/UA-1, with the words removed and added marked in one text.

    Raises `PdfUnavailable`, and `DocumentTooLarge` for more than `LARGEST` characters.
    """
    found = compared(before, after)
    if sum(map(_length, found.changes)) > LARGEST:
        raise DocumentTooLarge(f"{before} and {after} differ in sections of more than {LARGEST:,} characters.")
    with override(language):
        told = {"chapter": after.chapter, "before": before.version, "after": after.version}
        title = _("What changed in chapter %(chapter)s from version %(before)s to %(after)s") % told
        context = {
            "chapter": after.chapter,
            "before": before,
            "after": after,
            "is_coming": after.effective_from is not None and after.effective_from > timezone.localdate(),
            "summary": in_words(found.tally),
            "changes": found.changes,
            "rule_changes": rules_between(before, after, [section.code for section in found.sections]),
            "checkpoint": newest_mark(),
        }
        return render_pdf(TEMPLATE, context, language=language, title=title)


def _length(change: SectionChange) -> int:
    return sum(len(run.words) for passage in change.passages for run in passage.runs)
