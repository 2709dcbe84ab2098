"""The policy manual to read by program: public, GET only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, pagination
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import RefusedSerializer
from moves.api import read_query
from policy_rules import register
from policy_rules.api.serializers import (
    ChapterSerializer,
    DayFilter,
    FileFilter,
    ManualFilter,
    ManualSerializer,
    RulesSerializer,
    SearchFilter,
    SearchResultsSerializer,
    SectionFilter,
    SectionSerializer,
    SectionTextSerializer,
    SectionVersionSerializer,
    SpanFilter,
)
from policy_rules.exporters.files import as_json, as_yaml, translation_as
from policy_rules.models import Chapter, ChapterVersion, Manual, RuleSet, Section, SectionVersion
from policy_rules.searching import search
from policy_rules.states import UNPUBLISHED

LONGEST_CHAPTER = 1_000_000


class InOrder(pagination.CursorPagination):
    """Pages in the order of the manual."""

    page_size = 100
    ordering = "place"


class Public(APIView):
    """What anyone may read without signing in."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes = (AllowAny,)


class Manuals(Public, generics.ListAPIView):
    """The manuals that are kept here: the one that governs, and those kept for reference."""

    serializer_class = ManualSerializer
    pagination_class = None
    queryset = Manual.objects.order_by("-governs", "title")


OF_MANUAL = [ManualFilter]
PUBLISHED = ChapterVersion.objects.exclude(state__in=UNPUBLISHED).select_related("chapter__manual")


@extend_schema_view(
    get=extend_schema(parameters=OF_MANUAL, responses={200: ChapterSerializer(many=True), 400: RefusedSerializer})
)
class Chapters(Public, generics.ListAPIView):
    """The chapters of the manual, with every published version of each."""

    serializer_class = ChapterSerializer
    pagination_class = None

    def get_queryset(self) -> QuerySet[Chapter]:
        rows = manual_of(read_query(self.request, ManualFilter)).chapters.all()
        return rows.prefetch_related(Prefetch("versions", PUBLISHED.all()))

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the chapters; the days of all their reviews are told by one edition of the rules."""
        with register.held():
            return super().list(request, *args, **kwargs)


@extend_schema_view(
    get=extend_schema(
        parameters=[SectionFilter], responses={200: SectionTextSerializer(many=True), 400: RefusedSerializer}
    )
)
class Sections(Public, generics.ListAPIView):
    """The texts in force on a day, in the order of the manual."""

    serializer_class = SectionTextSerializer
    pagination_class = InOrder

    def get_queryset(self) -> QuerySet[SectionVersion]:
        asked = read_query(self.request, SectionFilter)
        day = asked.get("on") or timezone.localdate()
        texts = SectionVersion.objects.on(day).filter(section__manual=manual_of(asked))
        if "chapter" in asked:
            texts = texts.filter(section__chapter__code=asked["chapter"])
        if "kind" in asked:
            texts = texts.filter(kind=asked["kind"])
        if asked["allegable"] is not None:
            texts = texts.filter(allegable=asked["allegable"])
        place = F("section__chapter__order") * LONGEST_CHAPTER + F("section__order")
        return texts.select_related("section__chapter").annotate(place=place)


@extend_schema_view(
    get=extend_schema(parameters=[SpanFilter], responses={200: SectionSerializer, 400: RefusedSerializer})
)
class OneSection(Public, generics.RetrieveAPIView):
    """A section by its permanent code, with its lineage and every version that it has had.

    With `first` and `last` only the versions in force on some day between them: where there are several, or where the
    section was not in force throughout, which of them applies is chosen by a person who says why.
    """

    serializer_class = SectionSerializer
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Section]:
        asked = read_query(self.request, SpanFilter)
        first, last = asked.get("first"), asked.get("last")
        versions = SectionVersion.objects.select_related("section__chapter").order_by("effective")
        if first or last:
            versions = versions.filter(effective__overlap=DateRange(first, last, "[]"))
        rows = Section.objects.filter(manual=manual_of(asked))
        return rows.select_related("chapter").prefetch_related(Prefetch("versions", versions))


@extend_schema_view(
    get=extend_schema(parameters=OF_MANUAL, responses={200: SectionVersionSerializer, 400: RefusedSerializer})
)
class OneVersion(Public, generics.RetrieveAPIView):
    """What a section says in one version of its chapter, with elements, exceptions and translations."""

    serializer_class = SectionVersionSerializer

    def get_object(self) -> SectionVersion:
        return _version(self.request, **self.kwargs)


class Canonical(Public):
    """The bytes that the digest of a text is made of: its SHA-256 is the `text_digest` of the version."""

    @extend_schema(
        parameters=OF_MANUAL, responses={(200, "application/json"): OpenApiTypes.OBJECT, 400: RefusedSerializer}
    )
    def get(self, request: Request, code: str, version: str) -> HttpResponse:
        """Give the canonical text, byte for byte."""
        return HttpResponse(_version(request, code, version).canonical(), content_type="application/json")


class WholeManual(Public):
    """The whole manual with every version, in the format that `import_policy` reads."""

    @extend_schema(
        parameters=[FileFilter], responses={(200, "application/json"): OpenApiTypes.OBJECT, 400: RefusedSerializer}
    )
    def get(self, request: Request) -> HttpResponse:
        """Give the manual as JSON."""
        manual, language = _asked_file(request)
        return HttpResponse(_file(manual, "json", language), content_type="application/json")


class ManualFile(Public):
    """The whole manual as the file that `import_policy` reads; importing and exporting it gives the same bytes."""

    @extend_schema(
        parameters=[FileFilter], responses={(200, "application/yaml"): OpenApiTypes.OBJECT, 400: RefusedSerializer}
    )
    def get(self, request: Request) -> HttpResponse:
        """Give the manual as YAML."""
        manual, language = _asked_file(request)
        name = f'attachment; filename="{".".join(filter(None, (manual.code, language)))}.yaml"'
        content = _file(manual, "yaml", language)
        return HttpResponse(content, content_type="application/yaml", headers={"Content-Disposition": name})


class Search(Public):
    """The sections in force on a day that hold some words, best first."""

    @extend_schema(parameters=[SearchFilter], responses={200: SearchResultsSerializer, 400: RefusedSerializer})
    def get(self, request: Request) -> Response:
        """Find words in English or Spanish."""
        asked = read_query(request, SearchFilter)
        day = asked.get("on") or timezone.localdate()
        results = search(manual_of(asked), asked["q"], on=day, language=asked["language"])
        return Response(SearchResultsSerializer(results).data)


def manual_of(asked: Mapping[str, Any]) -> Manual:
    """Return the manual that a query names, the governing one where it names none; answer that there is none."""
    code = asked.get("manual")
    return get_object_or_404(Manual, **({"code": code} if code else {"governs": True}))


def _asked_file(request: Request) -> tuple[Manual, str]:
    """Return the manual and the language that the query names; no language where it is the manual's own."""
    asked = read_query(request, FileFilter)
    manual = manual_of(asked)
    language = asked.get("language", manual.language)
    return manual, "" if language == manual.language else language


def _file(manual: Manual, form: str, language: str) -> bytes:
    """Return a file of a manual; that of the governing one is made once for each edition."""
    if language:
        content = translation_as(form, manual, language)
        if content is None:
            raise Http404
        return content
    write = {"json": as_json, "yaml": as_yaml}[form]
    return register.current().file(manual, write) if manual.governs else write(manual)


@extend_schema_view(get=extend_schema(parameters=[DayFilter], responses={200: RulesSerializer, 400: RefusedSerializer}))
class RulesInForce(Public, generics.RetrieveAPIView):
    """The rules kept as data that apply on a day: time limits, codes, discipline matrix, authority for each act."""

    serializer_class = RulesSerializer

    def get_object(self) -> RuleSet:
        day = read_query(self.request, DayFilter).get("on") or timezone.localdate()
        rules = RuleSet.objects.filter(manual__governs=True, effective__contains=day).first()
        if rules is None:
            raise Http404
        return rules


def _version(request: Request, code: str, version: str) -> SectionVersion:
    manual = manual_of(read_query(request, ManualFilter))
    rows = SectionVersion.objects.select_related("section__chapter")
    texts = rows.prefetch_related("elements", "paragraphs", "annotations")
    return get_object_or_404(texts, section__manual=manual, section__code=code, chapter_version__version=version)
