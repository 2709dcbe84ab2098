"""A version of a chapter as the API gives it: its life, and while it is a draft what it changes."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policy_rules.api.serializers import ChapterVersionSerializer, ElementSerializer, LineageSerializer
from policy_rules.drafted_rules import adopted_data, changes_of, drafted_data
from policy_rules.lives import acts_of
from policy_rules.models import ChapterVersion, DraftSection, DraftTranslation
from policy_rules.rule_rows import RuleChange, value_at


class ActSerializer(serializers.Serializer):
    """An act that brought a version to its stage, as the log has it; people are named to those who read drafts."""

    action = serializers.CharField()
    sentence = serializers.CharField()
    on = serializers.DateField(help_text="The day of the act.")
    role = serializers.CharField(help_text="The role in which it was done.")
    by = serializers.CharField(help_text="Who did it; empty for the public.")
    before = serializers.CharField(help_text="The stage before a move.")
    after = serializers.CharField(help_text="The stage after a move.")
    basis = serializers.ListField(child=serializers.CharField(), help_text="The sections that empower it.")
    entry = serializers.IntegerField(help_text="Number of the entry among those of the chapter.")
    position = serializers.IntegerField(allow_null=True, help_text="Place in the log; null while it waits for one.")


class DraftTranslationSerializer(serializers.ModelSerializer):
    """A drafted section in another language; stale where the section says something else by now."""

    elements = serializers.ListField(child=serializers.CharField())
    is_stale = serializers.BooleanField()

    class Meta:
        model = DraftTranslation
        fields = ("language", "title", "text", "elements", "is_stale")


class DraftSectionSerializer(serializers.ModelSerializer):
    """What a section is to say in the version being drafted; without a reason it stays as it is."""

    elements = serializers.SerializerMethodField()
    links = serializers.ListField(
        child=serializers.CharField(), help_text="Exceptions that excuse it, or rules that it excuses."
    )
    how = serializers.CharField(help_text="Whether it is `added`, `split` from others or `merged` of them.")
    came_from = serializers.ListField(
        child=serializers.CharField(), help_text="Sections it was split from or merged of."
    )
    is_retired = serializers.BooleanField(help_text="Whether it ends with this version.")
    wording_digest = serializers.CharField(help_text="The same as that of the text once it is adopted.")
    translations = DraftTranslationSerializer(many=True)

    class Meta:
        model = DraftSection
        fields = (
            "code", "number", "title", "kind", "allegable", "discipline_class", "text", "elements", "links", "how",
            "came_from", "is_retired", "reason", "source", "wording_digest", "translations",
        )  # fmt: skip

    @extend_schema_field(ElementSerializer(many=True))
    def get_elements(self, row: DraftSection) -> list[dict[str, str]]:
        return [{"code": code, "text": text} for code, text in row.elements]


class DraftedRuleSerializer(serializers.Serializer):
    """A rule kept as data that a draft changes: by its path, with its value before and after."""

    path = serializers.CharField(source="row.path")
    section = serializers.CharField(source="row.section", help_text="The section that it comes from.")
    before = serializers.SerializerMethodField(help_text="As adopted last; null for a new rule.")
    after = serializers.SerializerMethodField(help_text="As drafted; null for a rule that ends.")
    reason = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a key of the answer

    @extend_schema_field(OpenApiTypes.ANY)
    def get_before(self, change: RuleChange) -> Any:
        return value_at(self.context["adopted"], change.row.path)

    @extend_schema_field(OpenApiTypes.ANY)
    def get_after(self, change: RuleChange) -> Any:
        return value_at(self.context["drafted"], change.row.path)


def rules_changed(draft: ChapterVersion) -> Any:
    """Return every rule that a draft changes, as `DraftedRuleSerializer` gives it."""
    changes = changes_of(draft)
    sets = {"adopted": adopted_data(draft), "drafted": drafted_data(draft)} if changes else {}
    return DraftedRuleSerializer(changes, many=True, context=sets).data


class VersionInFullSerializer(ChapterVersionSerializer):
    """A version with the acts that made it, its lineage, and while it is a draft what it changes."""

    chapter = serializers.CharField(source="chapter.code")
    state_words = serializers.CharField(source="get_state_display", help_text="The same in words.")
    acts = serializers.SerializerMethodField(help_text="Oldest first; none for a version that came before the log.")
    lineage = LineageSerializer(many=True)
    sections = serializers.SerializerMethodField(
        help_text="Of a draft, the sections that change; `all=true` gives all."
    )
    rules = serializers.SerializerMethodField(help_text="Of a draft, the rules that change.")

    class Meta:
        model = ChapterVersion
        fields = (
            *ChapterVersionSerializer.Meta.fields,
            "chapter", "state_words", "comment_closes_on", "acts", "lineage", "sections", "rules",
        )  # fmt: skip

    @extend_schema_field(ActSerializer(many=True))
    def get_acts(self, version: ChapterVersion) -> Any:
        return ActSerializer(acts_of(version, named=self.context["named"]), many=True).data

    @extend_schema_field(DraftSectionSerializer(many=True))
    def get_sections(self, version: ChapterVersion) -> Any:
        rows = version.draft_sections.prefetch_related("translations__section")
        rows = rows if self.context["all"] else rows.exclude(reason="")
        return DraftSectionSerializer(rows, many=True).data

    @extend_schema_field(DraftedRuleSerializer(many=True))
    def get_rules(self, version: ChapterVersion) -> Any:
        return rules_changed(version) if version.is_draft else []
