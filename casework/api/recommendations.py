"""Recommendations for change, as everyone reads them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, pagination, serializers
from rest_framework.permissions import AllowAny

from accounts.api.errors import RefusedSerializer
from casework.clocks import today
from casework.models import Recommendation
from casework.recommending import PUBLIC_STATES
from moves.api import read_query
from policy_rules.models import Section


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """A recommendation: what is asked of whom, and what came of it. Cases and votes behind it are not told.

    `comments` are the numbers of the public comments that gave rise to it.
    """

    sections: serializers.SlugRelatedField[Section] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )
    state = serializers.CharField(read_only=True)
    overdue = serializers.SerializerMethodField(help_text="Whether an answer, or what was promised, is late today.")

    class Meta:
        model = Recommendation
        fields = (
            "number", "title", "text", "language", "body", "addressed_to", "sections", "comments", "state",
            "overdue", "proposed_on", "sent_on",
            "answer_due_on", "answered_on", "answer", "promised_for", "done_on", "evidence", "verified_on",
            "verification",
        )  # fmt: skip
        read_only_fields = fields

    def get_overdue(self, row: Recommendation) -> bool:
        """Say whether the next step is late today."""
        return row.is_overdue(today())


class RecommendationFilter(serializers.Serializer[Any]):
    """What the list is narrowed by."""

    state = serializers.ChoiceField(
        choices=[(state.value, state.label) for state in PUBLIC_STATES], required=False, help_text="Where it stands."
    )
    section = serializers.CharField(max_length=60, required=False, help_text="Code of a section of the manual.")
    overdue = serializers.BooleanField(
        allow_null=True, default=None, help_text="Those whose next step is late today, or those where it is not."
    )


class Newest(pagination.CursorPagination):
    """Pages from the newest on."""

    page_size = 50
    ordering = ("-proposed_on", "-number")


@extend_schema_view(
    get=extend_schema(
        parameters=[RecommendationFilter],
        responses={200: RecommendationSerializer(many=True), 400: RefusedSerializer},
    )
)
class Recommendations(generics.ListAPIView[Recommendation]):
    """The recommendations that were sent, the newest first."""

    permission_classes = (AllowAny,)
    serializer_class = RecommendationSerializer
    pagination_class = Newest

    def get_queryset(self) -> QuerySet[Recommendation]:
        """Return what fits the query."""
        given = read_query(self.request, RecommendationFilter)
        rows = Recommendation.objects.public().prefetch_related("sections")
        if "state" in given:
            rows = rows.filter(state=given["state"])
        if "section" in given:
            rows = rows.filter(sections__code=given["section"]).distinct()
        if given["overdue"] is not None:
            late = Recommendation.objects.overdue(today()).values("pk")
            rows = rows.filter(pk__in=late) if given["overdue"] else rows.exclude(pk__in=late)
        return rows


class OneRecommendation(generics.RetrieveAPIView[Recommendation]):
    """One recommendation by its number."""

    permission_classes = (AllowAny,)
    serializer_class = RecommendationSerializer
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Recommendation]:
        """Return what everyone reads."""
        return Recommendation.objects.public()
