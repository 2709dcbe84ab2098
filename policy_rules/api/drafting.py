"""The life of a version over the API: what brought it to its stage, what it changes, its steps, and writing a draft.

What is published is read by everyone. A draft that is not published yet does not exist for those who may not read it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from accounts.api.permissions import has_scope
from accounts.models import User
from accounts.tokens import Scope
from moves.api import ActView, MoveSerializer, described, person_of, read_body, read_query, statements_of
from policy_rules.actions import drafts, lifecycle, rules, translating
from policy_rules.api.serializers import ManualFilter
from policy_rules.api.version_serializers import (
    DraftedRuleSerializer,
    DraftSectionSerializer,
    DraftTranslationSerializer,
    VersionInFullSerializer,
    rules_changed,
)
from policy_rules.api.views import manual_of
from policy_rules.models import Chapter, ChapterVersion, Kind, Lineage, Manual
from policy_rules.permissions import may
from policy_rules.roles import PolicyPerm

BEGIN = "begin_drafting"
CODE_MOST, TITLE_MOST = 60, 300


class AllFilter(ManualFilter):
    """How much of a draft is given."""

    all = serializers.BooleanField(default=False, help_text="Whether sections that stay as they are come too.")


class PolicyStepSerializer(serializers.Serializer[Any]):
    """What a move asks to be stated, by name."""

    stated = serializers.DictField(required=False, default=dict)


class StageSerializer(serializers.Serializer[Any]):
    """Where the version stands now."""

    version = serializers.CharField(source="reference")
    state = serializers.CharField()


class WordingSerializer(serializers.Serializer[Any]):
    """What a section is to say, and why. Of a section that the draft does not have, also what it does and its place."""

    number = serializers.CharField(max_length=CODE_MOST)
    title = serializers.CharField(max_length=TITLE_MOST)
    text = serializers.CharField()
    elements = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="What must be proved; an element keeps its code by its place.",
    )
    reason = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # a key of the request
        required=False, allow_blank=True, max_length=TITLE_MOST
    )
    kind = serializers.ChoiceField(Kind.choices, required=False, help_text="Of a new section.")
    discipline_class = serializers.CharField(
        required=False, allow_blank=True, max_length=20, help_text="Of a new section."
    )
    after = serializers.CharField(required=False, allow_blank=True, help_text="Code of the section before a new one.")
    how = serializers.ChoiceField(
        [Lineage.How.ADDED, Lineage.How.SPLIT, Lineage.How.MERGED],
        required=False,
        help_text="Where a new section comes from.",
    )
    came_from = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Sections that a new one was split from or merged of."
    )
    links = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Exceptions to a new rule, or rules a new exception excuses.",
    )


NEW_ONLY = ("kind", "discipline_class", "after", "how", "came_from", "links")


class EndingSerializer(serializers.Serializer[Any]):
    """Why, and what it follows."""

    reason = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]  # a key of the request
        required=False, allow_blank=True, default="", max_length=TITLE_MOST
    )


class RetiredSerializer(EndingSerializer):
    """Why a section ends, and which sections of the draft take up its text."""

    into = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class TranslatedSerializer(serializers.Serializer[Any]):
    """What a drafted section says in another language."""

    title = serializers.CharField()
    text = serializers.CharField()
    elements = serializers.ListField(child=serializers.CharField(), required=False, default=list)


class RuleValueSerializer(EndingSerializer):
    """What a rule is to be; null ends it."""

    value = serializers.JSONField(allow_null=True)


def reads_drafts(request: Request) -> bool:
    """Say whether who asks may read drafts that are not published."""
    person = request.user if isinstance(request.user, User) else None
    return person is not None and has_scope(request, Scope.POLICIES_READ) and may(person, PolicyPerm.VIEW_DRAFT)


def version_of(manual: Manual, code: str, name: str) -> ChapterVersion:
    """Return a version of a chapter; answer that there is none."""
    rows = ChapterVersion.objects.select_related("chapter__manual")
    return get_object_or_404(rows, chapter__manual=manual, chapter__code=code, version=name)


def draft_of(request: Request, code: str, name: str) -> ChapterVersion:
    """Return a version of the governing manual to someone who may read drafts."""
    if not may(person_of(request), PolicyPerm.VIEW_DRAFT):
        raise PermissionDenied
    return version_of(get_object_or_404(Manual, governs=True), code, name)


class VersionInFull(ActView):
    """A version of a chapter with its life, its lineage, and while it is a draft what it changes."""

    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[AllFilter],
        responses={200: VersionInFullSerializer, 400: RefusedSerializer},
        operation_id="policy_version",
    )
    def get(self, request: Request, code: str, version: str) -> Response:
        """Return the version: its stage, each act that brought it there, its changes."""
        asked = read_query(request, AllFilter)
        row = version_of(manual_of(asked), code, version)
        named = reads_drafts(request)
        if not (row.is_published or named):
            raise Http404
        prefetch_related_objects([row], "lineage__earlier", "lineage__later")
        context = {"named": named, "all": asked["all"]}
        return Response(VersionInFullSerializer(row, context=context).data)


class VersionMoves(ActView):
    """The moves of a version."""

    scopes: ClassVar = {"GET": Scope.POLICIES_READ}

    @extend_schema(responses={200: MoveSerializer(many=True), 400: RefusedSerializer}, operation_id="policy_moves")
    def get(self, request: Request, code: str, version: str) -> Response:
        """Return the moves that your permissions reach at this stage, each with every reason against it."""
        row, table = draft_of(request, code, version), lifecycle.PROCESS.table()
        found = lifecycle.PROCESS.open_moves(row, by=person_of(request))
        return Response([described(table[name], refusals) for name, refusals in found.items()])


class VersionMove(ActView):
    """Make a move."""

    scopes: ClassVar = {"POST": Scope.POLICIES_WRITE}

    @extend_schema(
        request=PolicyStepSerializer,
        responses={200: StageSerializer, 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_move",
    )
    def post(self, request: Request, code: str, version: str, name: str) -> Response:
        """Make the move; 409 lists every reason against it. `begin_drafting` makes a new version."""
        person = person_of(request)
        sent = read_body(request, PolicyStepSerializer)
        move = lifecycle.PROCESS.table().get(name)
        if move is None:
            raise Http404
        stated = statements_of(move, sent["stated"])
        if name == BEGIN:
            if not may(person, PolicyPerm.DRAFT):
                raise PermissionDenied
            chapter = get_object_or_404(Chapter, manual__governs=True, code=code)
            row = lifecycle.begin(chapter, by=person, **({"trigger": ""} | stated | {"version": version}))
        else:
            row = lifecycle.perform(name, draft_of(request, code, version), by=person, **stated)
        return Response(StageSerializer(row).data)


class Section(ActView):
    """A section of a draft."""

    scopes: ClassVar = {"PUT": Scope.POLICIES_WRITE}

    @extend_schema(
        request=WordingSerializer,
        responses={
            200: DraftSectionSerializer,
            201: DraftSectionSerializer,
            400: RefusedSerializer,
            409: RefusedSerializer,
        },
        operation_id="policy_draft_section",
    )
    def put(self, request: Request, code: str, version: str, section: str) -> Response:
        """Say what a section is to say, and why; a code that the draft does not have adds a section."""
        row, person = draft_of(request, code, version), person_of(request)
        stated = read_body(request, WordingSerializer)
        if row.draft_sections.filter(code=section).exists():
            wrong = {name: [_("This is said of a new section only.")] for name in NEW_ONLY if name in stated}
            if wrong:
                raise serializers.ValidationError(wrong)
            changed = drafts.change_section(row, section, by=person, **stated)
            return Response(DraftSectionSerializer(changed).data)
        added = drafts.add_section(row, by=person, code=section, **({"kind": ""} | stated))
        return Response(DraftSectionSerializer(added).data, status=status.HTTP_201_CREATED)


class RetiredSection(ActView):
    """A section that ends with the draft."""

    scopes: ClassVar = {"POST": Scope.POLICIES_WRITE}

    @extend_schema(
        request=RetiredSerializer,
        responses={204: None, 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_draft_retire",
    )
    def post(self, request: Request, code: str, version: str, section: str) -> Response:
        """End a section with this version; its code is never used again."""
        row = draft_of(request, code, version)
        drafts.retire_section(row, section, by=person_of(request), **read_body(request, RetiredSerializer))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Translation(ActView):
    """A drafted section in another language."""

    scopes: ClassVar = {"PUT": Scope.POLICIES_WRITE}

    @extend_schema(
        request=TranslatedSerializer,
        responses={200: DraftTranslationSerializer, 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_draft_translation",
    )
    def put(self, request: Request, code: str, version: str, section: str, language: str) -> Response:
        """Say in another language what a section of the draft says; it translates the words as they stand now."""
        row = draft_of(request, code, version)
        stated = read_body(request, TranslatedSerializer)
        done = translating.translate_section(row, section, by=person_of(request), language=language, **stated)
        return Response(DraftTranslationSerializer(done).data)


class Rule(ActView):
    """A rule kept as data, as a draft would have it."""

    scopes: ClassVar = {"PUT": Scope.POLICIES_WRITE, "DELETE": Scope.POLICIES_WRITE}

    @extend_schema(
        request=RuleValueSerializer,
        responses={200: DraftedRuleSerializer(many=True), 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_draft_rule",
    )
    def put(self, request: Request, code: str, version: str, path: str) -> Response:
        """Say what a rule is to be from the draft's first day; the answer lists every rule that the draft changes."""
        row = draft_of(request, code, version)
        rules.change_rule(row, path, by=person_of(request), **read_body(request, RuleValueSerializer))
        return Response(rules_changed(row))

    @extend_schema(
        responses={200: DraftedRuleSerializer(many=True), 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_draft_keep_rule",
    )
    def delete(self, request: Request, code: str, version: str, path: str) -> Response:
        """Take a change of a rule back, so that it stays as it is in force."""
        row = draft_of(request, code, version)
        rules.keep_rule(row, path, by=person_of(request))
        return Response(rules_changed(row))
