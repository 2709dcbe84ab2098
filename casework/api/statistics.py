"""Statistics: exact with the scope, suppressed for everyone else."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

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
from casework.exceptions import Invalid
from casework.reporting.answers import answer
from casework.reporting.measures import ALLEGATIONS, COMPLAINTS, COUNT, KEYS, MEASURES, Query, Subject
from moves.api import read_query


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
    data = read_query(request, QuestionSerializer)
    keys = tuple(
        key.strip() for part in request.query_params.getlist("group_by") for key in part.split(",") if key.strip()
    )
    data["group_by"] = keys
    return Query(subject, **data)


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
