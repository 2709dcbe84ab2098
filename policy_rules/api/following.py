"""What changed in the manual, for programs: two versions of a chapter side by side, and the versions of late."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from moves.api import read_query
from policy_rules import changes
from policy_rules.api.serializers import ManualFilter
from policy_rules.api.views import Public, manual_of
from policy_rules.comparing import ADDED, REMOVED, SAME, Change, Place
from policy_rules.models import Chapter, ChapterVersion
from policy_rules.setting_labels import setting_name


class CompareFilter(ManualFilter):
    """The two versions that are compared."""

    before = serializers.CharField(help_text="Number of the earlier version, for example 1.0.")
    after = serializers.CharField(help_text="Number of the later version, for example 1.1.")


class RunSerializer(serializers.Serializer):
    """Words that stand together: in both versions, only in the earlier, or only in the later."""

    what = serializers.ChoiceField(choices=[SAME, REMOVED, ADDED])
    words = serializers.CharField()


class PassageSerializer(serializers.Serializer):
    """The title, the text or one element of a section, word by word."""

    place = serializers.ChoiceField(choices=[place.value for place in Place])
    code = serializers.CharField(help_text="Permanent code of an element; empty for title and text.")
    runs = RunSerializer(many=True)


class SettingSerializer(serializers.Serializer):
    """What a section states beside its words; null in a version that does not state it."""

    name = serializers.CharField()
    in_words = serializers.SerializerMethodField(help_text="The name in words.")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)

    def get_in_words(self, setting: Any) -> str:
        return setting_name(setting.name)


class SectionChangeSerializer(serializers.Serializer):
    """A section that is not the same in both versions; the title is given where it changed."""

    section = serializers.CharField(source="code")
    what = serializers.ChoiceField(choices=[change.value for change in changes.COUNTED])
    title = serializers.CharField(source="text.title")
    number_before = serializers.CharField(source="before.number", default=None, allow_null=True)
    number_after = serializers.CharField(source="after.number", default=None, allow_null=True)
    passages = PassageSerializer(many=True)
    settings = SettingSerializer(many=True)


class RulePartSerializer(serializers.Serializer):
    """A part of a rule that is not the same; null where a version does not state it."""

    name = serializers.CharField()
    before = serializers.JSONField(source="before.value", default=None, allow_null=True)
    after = serializers.JSONField(source="after.value", default=None, allow_null=True)


class RuleChangeSerializer(serializers.Serializer):
    """A rule kept as data that comes from a section of the chapter and is not the same in both versions."""

    path = serializers.CharField(source="row.path")
    section = serializers.CharField(source="row.section")
    differences = RulePartSerializer(many=True)


class ComparisonSerializer(serializers.Serializer):
    """What changed between two versions of a chapter, in the order of the later one."""

    before = serializers.CharField(help_text="Reference of the earlier version.")
    after = serializers.CharField(help_text="Reference of the later version.")
    summary = serializers.CharField(help_text="How many sections were added, changed, moved and removed, in words.")
    tally = serializers.DictField(child=serializers.IntegerField(), help_text="The same by what became of them.")
    sections = SectionChangeSerializer(many=True)
    rules = RuleChangeSerializer(many=True)


class Comparison(Public):
    """Two adopted versions of a chapter, compared word by word."""

    @extend_schema(parameters=[CompareFilter], responses={200: ComparisonSerializer, 400: RefusedSerializer})
    def get(self, request: Request, code: str) -> Response:
        """Give the sections and the rules that differ."""
        asked = read_query(request, CompareFilter)
        manual = manual_of(asked)
        chapter = get_object_or_404(Chapter, manual=manual, code=code)
        adopted = chapter.versions.filter(effective__isnull=False).select_related("chapter__manual")
        versions = {row.version: row for row in adopted}
        before, after = (_known(versions, asked[name], name) for name in ("before", "after"))
        found = changes.compared(before, after)
        codes = [section.code for section in found.sections]
        tally = found.tally
        told = {
            "before": before.reference,
            "after": after.reference,
            "summary": changes.in_words(tally),
            "tally": {kind.value: tally[kind] for kind in Change},
            "sections": found.changes,
            "rules": changes.rules_between(before, after, codes) if manual.governs else [],
        }
        return Response(ComparisonSerializer(told).data)


def _known(versions: dict[str, ChapterVersion], asked: str, field: str) -> ChapterVersion:
    if asked not in versions:
        known = ", ".join(versions)
        raise serializers.ValidationError({field: f"No adopted version has this number. There are: {known}."})
    return versions[asked]


class TouchedSerializer(serializers.Serializer):
    """A section that a version adds, changes, moves or ends."""

    section = serializers.CharField(source="code")
    title = serializers.CharField()
    what = serializers.ChoiceField(choices=[change.value for change in changes.COUNTED])


class ChapterChangeSerializer(serializers.Serializer):
    """A version that came into force of late or will, with the version before it; null for a chapter that is new."""

    chapter = serializers.CharField(source="chapter.code")
    version = serializers.CharField(source="version.version")
    reference = serializers.CharField(source="version.reference")
    effective_from = serializers.DateField(source="version.effective_from")
    before = serializers.CharField(source="before.version", default=None, allow_null=True)
    change_note = serializers.CharField(source="version.change_note")
    sections = TouchedSerializer(many=True)


class Changes(Public):
    """The versions that came into force in the last 90 days, and those adopted for a later day; the newest first."""

    @extend_schema(
        parameters=[ManualFilter], responses={200: ChapterChangeSerializer(many=True), 400: RefusedSerializer}
    )
    def get(self, request: Request) -> Response:
        """Give each version with the sections that it touches."""
        found = changes.recent(manual_of(read_query(request, ManualFilter)), today=timezone.localdate())
        return Response(ChapterChangeSerializer(found, many=True).data)
