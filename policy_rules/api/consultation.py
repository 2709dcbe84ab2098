"""Consultations to read by program: dockets, comments with their answers, and listening sessions. Public, GET only."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, pagination, serializers

from accounts.api.errors import RefusedSerializer
from policy_rules.api.views import Public
from policy_rules.models import Comment, CommentGroup, Docket, ListeningSession


class DocketSerializer(serializers.ModelSerializer):
    """A draft before the public: until when it is open, and what is asked."""

    version = serializers.CharField(source="version.reference")
    state = serializers.CharField(source="version.state", help_text="Where the version stands in its life.")
    is_open = serializers.BooleanField(help_text="Whether anyone may comment now.")

    class Meta:
        model = Docket
        fields = (
            "code", "version", "state", "is_open", "opened_at", "closes_at", "title", "title_es", "summary",
            "summary_es", "was_carried_over",
        )  # fmt: skip


class CommentAnswerSerializer(serializers.ModelSerializer):
    """How comments that say the same were answered."""

    class Meta:
        model = CommentGroup
        fields = ("number", "answer", "rationale", "rationale_es", "change", "answered_on")


class CommentFilter(serializers.Serializer):
    """What the comments can be narrowed to."""

    section = serializers.CharField(required=False, help_text="Code of a section.")
    answered = serializers.BooleanField(required=False, allow_null=True, default=None)


class CommentSerializer(serializers.ModelSerializer):
    """A comment as it is published; of one that is withheld the reason stands in place of the words."""

    text = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    quote = serializers.SerializerMethodField(help_text="The words of the draft that it is about.")
    answer = CommentAnswerSerializer(allow_null=True)
    session = serializers.IntegerField(source="session.number", allow_null=True, default=None)

    class Meta:
        model = Comment
        fields = (
            "receipt", "received_on", "channel", "session", "language", "section", "section_digest", "starts", "ends",
            "quote", "text", "withheld", "signatures", "capacity", "district", "name", "answer",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_text(self, comment: Comment) -> str:
        return str(comment.published()["text"])

    @extend_schema_field(serializers.CharField())
    def get_name(self, comment: Comment) -> str:
        return str(comment.published()["name"])

    @extend_schema_field(serializers.CharField())
    def get_quote(self, comment: Comment) -> str:
        return str(comment.published()["quote"])


class SessionSerializer(serializers.ModelSerializer):
    """A listening session, announced or held."""

    ends_at = serializers.DateTimeField()

    class Meta:
        model = ListeningSession
        fields = (
            "number", "starts_at", "ends_at", "place", "district", "languages", "interpreters", "accessibility",
            "attendance", "notes", "recording", "cancelled_because",
        )  # fmt: skip


class Newest(pagination.CursorPagination):
    """Pages from the newest docket on."""

    page_size = 50
    ordering = ("-opened_at", "-id")


class ByNumber(pagination.CursorPagination):
    """Pages in the order of the numbers."""

    page_size = 100
    ordering = "number"


class Dockets(Public, generics.ListAPIView):
    """The drafts that were or are before the public."""

    serializer_class = DocketSerializer
    pagination_class = Newest

    def get_queryset(self) -> QuerySet[Docket]:
        return Docket.objects.select_related("version__chapter__manual")


class OneDocket(Public, generics.RetrieveAPIView):
    """A draft before the public, by the name of its docket."""

    serializer_class = DocketSerializer
    lookup_field = "code"
    lookup_url_kwarg = "docket"

    def get_queryset(self) -> QuerySet[Docket]:
        return Docket.objects.select_related("version__chapter__manual")


@extend_schema_view(
    get=extend_schema(parameters=[CommentFilter], responses={200: CommentSerializer(many=True), 400: RefusedSerializer})
)
class Comments(Public, generics.ListAPIView):
    """What was said of a draft, with every answer that has been given."""

    serializer_class = CommentSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Comment]:
        asked = CommentFilter(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        rows = _docket(self.kwargs).comments.select_related("docket", "group", "session")
        if "section" in asked.validated_data:
            rows = rows.filter(section=asked.validated_data["section"])
        answered = asked.validated_data["answered"]
        if answered is not None:
            rows = rows.filter(group__answer__gt="") if answered else rows.unanswered()
        return rows


class Sessions(Public, generics.ListAPIView):
    """The listening sessions on a draft."""

    serializer_class = SessionSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[ListeningSession]:
        return _docket(self.kwargs).sessions.all()


def _docket(names: dict[str, Any]) -> Docket:
    return get_object_or_404(Docket, code=names.get("docket", ""))
