"""Recommendations for change, as everyone reads them."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import generics, pagination, serializers
from rest_framework.permissions import AllowAny

from casework.clocks import today
from casework.models import Recommendation
from policy_rules.models import Section


class RecommendationSerializer(serializers.ModelSerializer[Recommendation]):
    """A recommendation: what is asked of whom, and what came of it. Cases and votes behind it are not told."""

    sections: serializers.SlugRelatedField[Section] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )
    state = serializers.CharField(read_only=True)
    overdue = serializers.SerializerMethodField(help_text="Whether an answer, or what was promised, is late today.")

    class Meta:
        model = Recommendation
        fields = (
            "number", "title", "text", "body", "addressed_to", "sections", "state", "overdue", "proposed_on", "sent_on",
            "answer_due_on", "answered_on", "answer", "promised_for", "done_on", "evidence", "verified_on",
            "verification",
        )  # fmt: skip
        read_only_fields = fields

    def get_overdue(self, row: Recommendation) -> bool:
        """Say whether the next step is late today."""
        return row.is_overdue(today())


class Newest(pagination.CursorPagination):
    """Pages from the newest on."""

    page_size = 50
    ordering = ("-proposed_on", "-number")


class Recommendations(generics.ListAPIView[Recommendation]):
    """The recommendations that were sent, the newest first."""

    permission_classes = (AllowAny,)
    serializer_class = RecommendationSerializer
    pagination_class = Newest
    queryset = Recommendation.objects.public().prefetch_related("sections")


class OneRecommendation(generics.RetrieveAPIView[Recommendation]):
    """One recommendation by its number."""

    permission_classes = (AllowAny,)
    serializer_class = RecommendationSerializer
    lookup_field = "number"

    def get_queryset(self) -> QuerySet[Recommendation]:
        """Return what everyone reads."""
        return Recommendation.objects.public()
