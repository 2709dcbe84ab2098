"""Figures of a section that lie in other parts of the program: each says here how it is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from django.db.models import Count as Number
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from policy_rules.models import Comment

Count = Callable[[Collection[str]], Mapping[str, int]]
"""Given codes of sections of the governing manual, how many each has; a section left out has none."""


@dataclass(frozen=True)
class Contributed:
    """A figure beside those of the complaints: its code, its words, and how it is counted. It counts no complaint.

    One `of_people` could show who a person is where it is small; the others count what everyone reads.
    """

    code: str
    label: str | Promise
    count: Count
    of_people: bool = False


def _comments(codes: Collection[str]) -> Mapping[str, int]:
    ours = Comment.objects.filter(section__in=codes, docket__version__chapter__manual__governs=True)
    return dict(ours.order_by().values_list("section").annotate(Number("pk")))


def _none(_codes: Collection[str]) -> Mapping[str, int]:
    return {}


_figures: dict[str, Contributed] = {
    "comments": Contributed("comments", _("Comments received on it"), _comments),
    "training_completed": Contributed("training_completed", _("Training on it completed"), _none, of_people=True),
}


def contribute(code: str, count: Count) -> None:
    """Say how one of the known figures is counted; raises KeyError for another."""
    _figures[code] = replace(_figures[code], count=count)


def contributed(codes: Collection[str]) -> dict[str, list[tuple[Contributed, int]]]:
    """Return the figures of each section, in a fixed order."""
    counted = [(figure, figure.count(codes)) for figure in _figures.values()]
    return {code: [(figure, numbers.get(code, 0)) for figure, numbers in counted] for code in codes}
