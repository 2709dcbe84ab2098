"""Statistics: exact with the scope, suppressed for everyone else."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import RefusedSerializer
from accounts.api.permissions import has_scope
from accounts.models import ApiToken
from accounts.tokens import Scope
from casework.clocks import today
from casework.exceptions import Invalid
from casework.reporting.measures import ALLEGATIONS, COMPLAINTS, COUNT, KEYS, MEASURES, Cell, Query, Subject, compute
from casework.reporting.suppression import Published, publish
from policy_rules.rules import NoRulesInForce, rules_on

LEAST_THRESHOLD = 5
"""Where no rules are in force, cells below this are withheld."""


class QuestionSerializer(serializers.Serializer[Any]):
    """The parameters of a question."""

    group_by = serializers.CharField(required=False, default="", help_text=", ".join(KEYS))
    measure = serializers.ChoiceField(required=False, choices=MEASURES, default=COUNT)
    source = serializers.CharField(required=False, default="", allow_blank=True)  # type: ignore[assignment]  # a parameter
    has_finding = serializers.CharField(required=False, default="", allow_blank=True)
    received_from = serializers.DateField(required=False, default=None)
    received_to = serializers.DateField(required=False, default=None)


class AnswerSerializer(serializers.Serializer[Any]):
    """An answer: rows carry a value for each grouping, and a count or that it is suppressed."""

    group_by = serializers.ListField(child=serializers.CharField())
    measure = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a key of the answer
    total = serializers.IntegerField(allow_null=True)
    rows = serializers.ListField(child=serializers.DictField())
    note = serializers.CharField(required=False)


def _question(request: Request, subject: Subject) -> Query:
    given = QuestionSerializer(data=request.query_params)
    given.is_valid(raise_exception=True)
    data = dict(given.validated_data)
    keys = tuple(
        key.strip() for part in request.query_params.getlist("group_by") for key in part.split(",") if key.strip()
    )
    data["group_by"] = keys
    return Query(subject, **data)


def _whole_months(query: Query) -> None:
    """Refuse ranges that cut a month: the public could subtract one range from another, day by day."""
    first, last = query.received_from, query.received_to
    if first and first.day != 1:
        raise Invalid(_("Begin with the first day of a month."), field="received_from")
    if last and last.day != calendar.monthrange(last.year, last.month)[1]:
        raise Invalid(_("End with the last day of a month."), field="received_to")


def threshold_on(day: date) -> int:
    """Return the number from which on a cell is published, by the rules in force (CH-12.2)."""
    try:
        return rules_on(day).statistics.small_cell_threshold
    except NoRulesInForce:
        return LEAST_THRESHOLD


def _remainder_is_small(query: Query, total: int, threshold: int) -> bool:
    """Say whether what the range of days leaves out is so little that subtraction would publish it."""
    if not (query.received_from or query.received_to):
        return False
    everything = Query(query.subject, (), query.measure, query.source, query.has_finding)
    return 0 < compute(everything).total - total < threshold


def _row(query: Query, cell: Cell, *, suppressed: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict(zip(query.group_by, cell.key, strict=True))
    if suppressed:
        return {**row, "count": None, "suppressed": True}
    row["count"] = cell.count
    if query.measure != COUNT:
        row[query.measure] = None if cell.value is None else round(cell.value, 1)
    return row


def answer(query: Query, *, exact: bool) -> dict[str, Any]:
    """Return the answer as it is sent; raises Invalid, naming the parameter."""
    if not exact:
        _whole_months(query)
    figures = compute(query)
    if exact:
        shown = Published(figures.cells, frozenset(), figures.total)
    else:
        threshold = threshold_on(today())
        shown = publish(figures, threshold)
        if _remainder_is_small(query, figures.total, threshold):
            shown = Published(shown.cells, frozenset(range(len(shown.cells))), None, shown.note)
    body = {
        "group_by": list(query.group_by),
        "measure": query.measure,
        "source": query.source,
        "total": shown.total,
        "rows": [_row(query, cell, suppressed=index in shown.withheld) for index, cell in enumerate(shown.cells)],
    }
    return {**body, "note": shown.note} if shown.note else body


PARAMETERS = [
    OpenApiParameter("group_by", str, description=f"One or more of {', '.join(KEYS)}, with commas between."),
    OpenApiParameter("measure", str, enum=MEASURES, description="What is measured; count when left out."),
    OpenApiParameter("source", str, description="The name of an import; empty for complaints filed here."),
    OpenApiParameter("has_finding", str, description="Only complaints with an allegation that has this finding."),
    OpenApiParameter("received_from", date, description="First day of receipt; the public asks for whole months."),
    OpenApiParameter("received_to", date, description="Last day of receipt; the public asks for whole months."),
]


ANSWERS = {200: AnswerSerializer, 400: RefusedSerializer}


class StatisticsView(APIView):
    """What both statistics have in common."""

    permission_classes = (AllowAny,)
    subject: ClassVar[Subject]

    def get(self, request: Request) -> Response:
        """Answer a question."""
        exact = isinstance(request.auth, ApiToken) and has_scope(request, Scope.STATISTICS_READ)
        try:
            return Response(answer(_question(request, self.subject), exact=exact))
        except Invalid as error:
            raise serializers.ValidationError({error.field: [str(error)]}) from error


@extend_schema_view(get=extend_schema(parameters=PARAMETERS, responses=ANSWERS, operation_id="complaints"))
class ComplaintStatistics(StatisticsView):
    """How many complaints, or how many days they took to close."""

    subject = COMPLAINTS


@extend_schema_view(get=extend_schema(parameters=PARAMETERS, responses=ANSWERS, operation_id="allegations"))
class AllegationStatistics(StatisticsView):
    """How many allegations."""

    subject = ALLEGATIONS
