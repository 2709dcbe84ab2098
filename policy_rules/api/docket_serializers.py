"""Dockets, comments with their answers, sessions and heard texts as the API gives them."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policy_rules.models import Comment, CommentGroup, Docket, HeardText, ListeningSession


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


class GroupSerializer(serializers.ModelSerializer):
    """Comments that are answered together, of how many people they are, and the answer once it is given."""

    comments = serializers.SerializerMethodField(help_text="How many comments are answered together.")
    people = serializers.SerializerMethodField(help_text="How many people sent or signed them.")
    numbers = serializers.SerializerMethodField(help_text="The comments by their numbers.")

    class Meta:
        model = CommentGroup
        fields = (
            "number", "title", "comments", "people", "numbers", "answer", "rationale", "rationale_es", "change",
            "answered_on",
        )  # fmt: skip

    @extend_schema_field(serializers.IntegerField())
    def get_comments(self, group: CommentGroup) -> int:
        return len(group.comments.all())

    @extend_schema_field(serializers.IntegerField())
    def get_people(self, group: CommentGroup) -> int:
        return sum(comment.signatures for comment in group.comments.all())

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_numbers(self, group: CommentGroup) -> list[int]:
        return sorted(comment.number for comment in group.comments.all())


class HeardTextSerializer(serializers.ModelSerializer):
    """A section as it was put before the public, in the manual's own language or in a translation."""

    elements = serializers.ListField(child=serializers.CharField(), help_text="What must be proved.")
    is_retired = serializers.BooleanField(help_text="Whether the section was to end.")

    class Meta:
        model = HeardText
        fields = ("code", "language", "title", "text", "elements", "is_retired", "digest")


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
    group = serializers.IntegerField(
        source="group.number", allow_null=True, default=None, help_text="Comments of one group have one answer."
    )

    class Meta:
        model = Comment
        fields = (
            "receipt", "received_on", "channel", "session", "language", "section", "section_digest", "starts", "ends",
            "quote", "quote_language", "text", "withheld", "signatures", "capacity", "district", "name", "group",
            "answer",
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
            "facilitator", "attendance", "notes", "recording", "cancelled_because",
        )  # fmt: skip
