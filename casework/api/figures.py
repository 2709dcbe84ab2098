"""The figures of each section: exact with the scope, without small ones for everyone else."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.permissions import has_scope
from accounts.models import ApiToken
from accounts.tokens import Scope
from casework.reporting.failing import failing_sections
from casework.reporting.section_figures import as_answer, figures_of
from policy_rules.models import Section


class FigureSerializer(serializers.Serializer[Any]):
    """One figure; without a count where it is withheld or not known."""

    measure = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    suppressed = serializers.BooleanField()


class YearSerializer(serializers.Serializer[Any]):
    """The complaints received in a year."""

    year = serializers.IntegerField()
    count = serializers.IntegerField(allow_null=True)
    suppressed = serializers.BooleanField()


class SectionFiguresSerializer(serializers.Serializer[Any]):
    """The figures of a section, and how it stands with the reviews of its chapter."""

    section = serializers.CharField()
    exact = serializers.BooleanField()
    figures = FigureSerializer(many=True)
    complaints_by_year = YearSerializer(many=True)
    last_review = serializers.DateField(allow_null=True)
    next_review_due = serializers.DateField(allow_null=True)
    review_overdue = serializers.BooleanField()


class ListedForSerializer(serializers.Serializer[Any]):
    """Why a section is listed: the finding, the number that lists it, and how many there are."""

    code = serializers.CharField()
    least = serializers.IntegerField()
    count = serializers.IntegerField(allow_null=True)


class FailingSerializer(serializers.Serializer[Any]):
    """A section that keeps failing."""

    section = serializers.CharField()
    reasons = ListedForSerializer(many=True)


class FailingListSerializer(serializers.Serializer[Any]):
    """The sections that keep failing among complaints received since a day; no day where no rule lists any."""

    since = serializers.DateField(allow_null=True)
    sections = FailingSerializer(many=True, source="rows")


def _is_exact(request: Request) -> bool:
    return isinstance(request.auth, ApiToken) and has_scope(request, Scope.STATISTICS_READ)


class FiguresOfSection(APIView):
    """What was complained about under a section of the manual, and what was found."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: SectionFiguresSerializer}, operation_id="section_figures")
    def get(self, request: Request, code: str) -> Response:
        """Return the figures."""
        section = Section.objects.filter(manual__governs=True, code=code).select_related("chapter__manual").first()
        if section is None:
            raise Http404
        answer = as_answer(figures_of([section], exact=_is_exact(request))[0])
        return Response(SectionFiguresSerializer(answer).data)


class FailingSections(APIView):
    """The sections of the manual that keep failing, by its own rule, with every reason."""

    permission_classes = (AllowAny,)

    @extend_schema(responses={200: FailingListSerializer}, operation_id="failing_sections")
    def get(self, request: Request) -> Response:
        """Return the list."""
        return Response(FailingListSerializer(failing_sections(exact=_is_exact(request))).data)
