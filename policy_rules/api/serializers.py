"""The policy manual as the API gives it. Everything here is public and only read."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from policy_rules.addresses import address
from policy_rules.models import (
    Annotation,
    Chapter,
    ChapterVersion,
    Kind,
    Lineage,
    Manual,
    Paragraph,
    RuleSet,
    Section,
    SectionTranslation,
    SectionVersion,
)
from policy_rules.reading import closest_to
from policy_rules.reviews import review_of


class ManualFilter(serializers.Serializer):
    """The manual that is asked about."""

    manual = serializers.CharField(required=False, help_text="Code of a manual; the one that governs if not given.")


class FileFilter(ManualFilter):
    """The manual whose file is wanted, and the language."""

    language = serializers.CharField(
        required=False, max_length=8, help_text="Give the translation into this language, in place of the manual."
    )


class SectionFilter(ManualFilter):
    """What the list of sections can be narrowed to."""

    on = serializers.DateField(required=False, help_text="Give the texts in force on this day; today if not given.")
    chapter = serializers.CharField(required=False, help_text="Code of a chapter.")
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    allegable = serializers.BooleanField(required=False, allow_null=True, default=None)


class SpanFilter(ManualFilter):
    """The days between which something happened."""

    first = serializers.DateField(required=False, help_text="Keep the versions in force on this day or later.")
    last = serializers.DateField(required=False, help_text="Keep the versions in force on this day or earlier.")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        if "first" in given and "last" in given and given["last"] < given["first"]:
            raise serializers.ValidationError({"last": [_("The last day lies before the first.")]})
        return given


class DayFilter(serializers.Serializer):
    """The day that is asked about."""

    on = serializers.DateField(required=False, help_text="The day; today if not given.")


class SearchFilter(ManualFilter, DayFilter):
    """What is looked for."""

    q = serializers.CharField(
        max_length=200, help_text="Words; quotation marks keep a phrase, a hyphen leaves one out."
    )
    language = serializers.ChoiceField(choices=["en", "es"], default="en", help_text="Language of the words.")


class FoundSerializer(serializers.Serializer):
    """A section in which the words were found; they are marked by `<mark>` and the rest is escaped for HTML."""

    section = serializers.CharField(source="text.section.code")
    version = serializers.CharField(source="text.version")
    number = serializers.CharField(source="text.number")
    language = serializers.CharField()
    title = serializers.CharField()
    excerpt = serializers.CharField()


class SearchResultsSerializer(serializers.Serializer):
    """What was found: the best fifty, and how many there are; at least so many where `is_more`."""

    count = serializers.IntegerField()
    is_more = serializers.BooleanField()
    found = FoundSerializer(many=True)


class ElementSerializer(serializers.Serializer):
    """One of the facts that must be proved."""

    code = serializers.CharField()
    text = serializers.CharField()


class SectionTextSerializer(serializers.ModelSerializer):
    """What a section says in one version."""

    section = serializers.CharField(source="section.code")
    chapter = serializers.CharField(source="section.chapter.code")
    version = serializers.CharField()
    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)

    class Meta:
        model = SectionVersion
        fields = (
            "reference", "section", "version", "chapter", "number", "title", "kind", "allegable", "discipline_class",
            "standard_of_proof", "text", "effective_from", "effective_to", "text_digest", "wording_digest",
        )  # fmt: skip


class TranslationSerializer(serializers.ModelSerializer):
    """The text in another language, which informs and does not decide."""

    elements = serializers.SerializerMethodField()
    translation_of = serializers.CharField(source="version.version", help_text="The version that was translated.")
    is_stale = serializers.SerializerMethodField(help_text="Whether it translates other words than those asked for.")

    class Meta:
        model = SectionTranslation
        fields = ("language", "title", "text", "elements", "translation_of", "is_stale")

    def get_is_stale(self, translation: SectionTranslation) -> bool:
        return bool(translation.version.wording_digest != self.context["wording_digest"])

    @extend_schema_field(ElementSerializer(many=True))
    def get_elements(self, translation: SectionTranslation) -> list[dict[str, str]]:
        return [{"code": row.element.code, "text": row.text} for row in translation.elements.all()]


class ParagraphSerializer(serializers.ModelSerializer):
    """A labelled part of a text; its words stand in the text too."""

    class Meta:
        model = Paragraph
        fields = ("label", "heading", "text", "depth")


class AnnotationSerializer(serializers.ModelSerializer):
    """What is told beside a text of law, with its date where it has one; it binds nobody."""

    class Meta:
        model = Annotation
        fields = ("kind", "text", "document", "date", "is_note")


class SectionVersionSerializer(SectionTextSerializer):
    """What a section says in one version, with all that it names."""

    elements = ElementSerializer(many=True)
    exceptions = serializers.ListField(
        child=serializers.CharField(), source="stated.exceptions", help_text="Sections that may excuse this rule."
    )
    applies_to = serializers.ListField(
        child=serializers.CharField(), source="stated.applies_to", help_text="Rules that this exception may excuse."
    )
    deadlines = serializers.DictField(child=serializers.IntegerField())
    details = serializers.DictField(child=serializers.IntegerField())
    paragraphs = ParagraphSerializer(many=True)
    annotations = AnnotationSerializer(many=True)
    translations = serializers.SerializerMethodField(
        help_text="In each language the translation of these words, or else of the newest earlier ones."
    )

    @extend_schema_field(TranslationSerializer(many=True))
    def get_translations(self, text: SectionVersion) -> Any:
        told = TranslationSerializer(closest_to(text), many=True, context={"wording_digest": text.wording_digest})
        return told.data

    class Meta:
        model = SectionVersion
        fields = (
            *SectionTextSerializer.Meta.fields,
            "elements", "exceptions", "applies_to", "deadlines", "details", "evidence_hints", "paragraphs",
            "annotations", "translations",
        )  # fmt: skip


class LineageSerializer(serializers.ModelSerializer):
    """Where the text of sections came from or went in a version of their chapter."""

    version = serializers.CharField(source="chapter_version.version")
    earlier: serializers.SlugRelatedField[Section] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )
    later: serializers.SlugRelatedField[Section] = serializers.SlugRelatedField(
        slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = Lineage
        fields = ("how", "version", "earlier", "later", "from_number", "to_number", "note")


class SectionSerializer(serializers.ModelSerializer):
    """A section with every version that it has had, and where its text came from and went."""

    chapter = serializers.CharField(source="chapter.code")
    versions = SectionTextSerializer(many=True)
    lineage = LineageSerializer(many=True)

    class Meta:
        model = Section
        fields = ("code", "chapter", "versions", "lineage")


class ManualSerializer(serializers.ModelSerializer):
    """A body of rules; only one that governs empowers the acts of this office."""

    page = serializers.SerializerMethodField(help_text="Address of its contents, for people.")

    class Meta:
        model = Manual
        fields = ("code", "title", "agency", "jurisdiction", "language", "governs", "page")

    def get_page(self, manual: Manual) -> str:
        return address(manual, "contents")


class ChapterVersionSerializer(serializers.ModelSerializer):
    """A chapter as drafted or adopted."""

    state = serializers.CharField(help_text="Where the version stands in its life.")

    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)

    class Meta:
        model = ChapterVersion
        fields = (
            "reference", "version", "state", "published_on", "adopted_on", "adopted_by", "effective_from",
            "effective_to", "docket", "change_note",
        )  # fmt: skip


class ChapterSerializer(serializers.ModelSerializer):
    """A chapter with its versions."""

    versions = ChapterVersionSerializer(many=True)
    last_review = serializers.SerializerMethodField()
    next_review_due = serializers.SerializerMethodField()
    review_overdue = serializers.SerializerMethodField()

    class Meta:
        model = Chapter
        fields = ("code", "number", "title", "versions", "last_review", "next_review_due", "review_overdue")

    def get_last_review(self, chapter: Chapter) -> datetime.date | None:
        """Return the day on which the last review ended."""
        return review_of(chapter, timezone.localdate()).last

    def get_next_review_due(self, chapter: Chapter) -> datetime.date | None:
        """Return the day by which the next review is due."""
        return review_of(chapter, timezone.localdate()).due

    def get_review_overdue(self, chapter: Chapter) -> bool:
        """Say whether that day has passed."""
        return review_of(chapter, timezone.localdate()).is_overdue


class RulesSerializer(serializers.ModelSerializer):
    """The rules kept as data that apply on a day."""

    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    rules = serializers.JSONField(source="data", help_text="As the manual states them.")

    class Meta:
        model = RuleSet
        fields = ("reference", "effective_from", "effective_to", "data_digest", "rules")
