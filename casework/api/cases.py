"""Cases over the API: what the person may see, the moves open to them, and the moves themselves."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from accounts.tokens import Scope
from audit.models import Entry
from casework.actions.allegations import frame
from casework.actions.moves import PROCESS, open_moves, perform, propose
from casework.api.entrance import CaseView, person_of
from casework.exceptions import Invalid
from casework.models import Allegation, Case, Finding
from casework.permissions import access_case
from casework.vocabulary import Perm
from moves.api import MoveSerializer, described, read_body, statements_of
from moves.exceptions import UnknownMove

LISTED = (
    "number", "state", "phase", "title", "received_on", "closed_on", "channel", "relation", "confidentiality",
    "language", "classification", "district", "incident_from", "incident_to", "legal_limit_on", "late",
)  # fmt: skip


class CaseSerializer(serializers.ModelSerializer[Case]):
    """A case as a list shows it: no narrative and nobody's name."""

    phase = serializers.CharField(read_only=True)
    late = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields: tuple[str, ...] = LISTED
        read_only_fields: tuple[str, ...] = LISTED

    def get_late(self, case: Case) -> list[str]:
        """Return the codes of the clocks whose due date has passed."""
        from casework.clocks import today

        return [clock.code for clock in case.clocks.all() if clock.stopped_on is None and clock.due_on < today()]


class CaseDetailSerializer(CaseSerializer):
    """One case with its narrative and clocks."""

    clocks = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = (*LISTED, "narrative", "desired_outcome", "place", "clocks")
        read_only_fields = fields

    def get_clocks(self, case: Case) -> list[dict[str, Any]]:
        """Return the clocks with their due dates and the section each rests on."""
        return [
            {
                "code": clock.code,
                "started_on": clock.started_on,
                "due_on": clock.due_on,
                "stopped_on": clock.stopped_on,
                "authority": clock.authority,
            }
            for clock in case.clocks.all()
        ]


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """A finding of one stage."""

    class Meta:
        model = Finding
        fields = ("stage", "code", "implied", "reason", "standard_of_proof", "on")
        read_only_fields = fields


class AllegationSerializer(serializers.ModelSerializer[Allegation]):
    """An allegation: section version, officer by label, and the finding of each stage."""

    code = serializers.CharField(read_only=True)
    section = serializers.CharField(source="section_version.reference", allow_null=True, read_only=True)
    officer = serializers.CharField(source="officer.label", allow_null=True, read_only=True)
    findings = FindingSerializer(many=True, read_only=True)

    class Meta:
        model = Allegation
        fields = (
            "code", "section", "text_digest", "officer", "incident_on", "summary", "category", "source_category",
            "source_finding", "finding_code", "findings",
        )  # fmt: skip
        read_only_fields = fields


class EntrySerializer(serializers.ModelSerializer[Entry]):
    """An entry of the case's log, without its sealed detail."""

    position = serializers.IntegerField(allow_null=True, read_only=True)
    sentence = serializers.CharField(source="known_action.sentence", read_only=True)
    facts = serializers.DictField(read_only=True)

    class Meta:
        model = Entry
        fields: tuple[str, ...] = (
            "id", "position", "occurred_at", "actor", "actor_role", "action", "sentence", "n", "basis", "facts",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class NewestFirst(CursorPagination):
    """Pages by the day of receipt, newest first."""

    ordering = ("-received_on", "-id")
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100


class CaseList(ListAPIView[Case]):
    """The cases that you may see, newest first."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}
    serializer_class = CaseSerializer
    pagination_class = NewestFirst
    filter_backends = (DjangoFilterBackend,)
    filterset_fields = ("state", "classification", "channel", "district", "language")
    queryset = Case.objects.none()

    def get_queryset(self) -> QuerySet[Case]:
        """Return what the person holds an assignment on."""
        return Case.objects.visible_to(person_of(self.request)).prefetch_related("clocks")


class CaseDetail(CaseView):
    """One case."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}

    @extend_schema(responses=CaseDetailSerializer, operation_id="case")
    def get(self, request: Request, number: str) -> Response:
        """Return the case with its narrative and clocks."""
        return Response(CaseDetailSerializer(access_case(person_of(request), number, Perm.VIEW_FILE)).data)


class FramedSerializer(serializers.Serializer[Any]):
    """An allegation to be framed: one section against one officer of the case."""

    section = serializers.CharField(
        max_length=150,
        help_text="Code of a section; with its version, as `DE-4.1@1.0`, where the rule changed during the event.",
    )
    officer = serializers.CharField(max_length=60, help_text="Label of the officer in the case.")
    summary = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)
    incident_on = serializers.DateField(required=False, allow_null=True, default=None)
    version_reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=500, help_text="Why this day or this version is taken."
    )
    on = serializers.DateField(required=False, allow_null=True, default=None)


class CaseAllegations(CaseView):
    """The allegations of a case."""

    scopes: ClassVar = {"GET": Scope.CASES_READ, "POST": Scope.CASES_WRITE}

    @extend_schema(responses=AllegationSerializer(many=True), operation_id="case_allegations")
    def get(self, request: Request, number: str) -> Response:
        """Return each allegation with the findings of each stage."""
        case = access_case(person_of(request), number, Perm.VIEW_FILE)
        rows = case.allegations.select_related("section_version", "officer").prefetch_related("findings")
        return Response(AllegationSerializer(rows, many=True).data)

    @extend_schema(
        request=FramedSerializer,
        responses={201: AllegationSerializer, 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="case_frame_allegation",
    )
    def post(self, request: Request, number: str) -> Response:
        """Frame an allegation; where the rule changed during the event, a version is chosen with a reason."""
        person = person_of(request)
        case = access_case(person, number, Perm.FRAME_ALLEGATION)
        stated = read_body(request, FramedSerializer)
        officer = case.officers.filter(label=stated.pop("officer")).first()
        if officer is None:
            raise Invalid(_("Choose an officer of this case."), field="officer")
        framed = frame(case=case, officer=officer, by=person, **stated)
        return Response(AllegationSerializer(framed).data, status=status.HTTP_201_CREATED)


class CaseMoves(CaseView):
    """The moves open in a case."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}

    @extend_schema(responses=MoveSerializer(many=True), operation_id="case_moves")
    def get(self, request: Request, number: str) -> Response:
        """Return the moves that your permissions reach now, each with every reason against it."""
        person = person_of(request)
        case = access_case(person, number, Perm.VIEW)
        table = PROCESS.table()
        return Response([described(table[name], found) for name, found in open_moves(case, by=person).items()])


class StatedSerializer(serializers.Serializer[Any]):
    """What is stated, by name, and the proposal that is agreed to where the move takes two people."""

    stated = serializers.DictField(required=False, default=dict)
    on = serializers.DateField(required=False, allow_null=True, default=None)
    proposal = serializers.IntegerField(required=False, allow_null=True, default=None)


class MovedSerializer(serializers.Serializer[Any]):
    """Where the case stands now, or the proposal that waits for a second person."""

    state = serializers.CharField()
    proposal = serializers.IntegerField(allow_null=True)


class CaseMove(CaseView):
    """Make a move."""

    scopes: ClassVar = {"POST": Scope.CASES_WRITE}

    @extend_schema(
        request=StatedSerializer,
        responses={200: MovedSerializer, 202: MovedSerializer, 409: RefusedSerializer},
        operation_id="case_move",
    )
    def post(self, request: Request, number: str, name: str) -> Response:
        """Make the move, or propose it where it takes two people and no proposal is named; 409 lists every reason."""
        person = person_of(request)
        case = access_case(person, number, Perm.VIEW)
        data = read_body(request, StatedSerializer)
        try:
            row = PROCESS.table()[name]
        except (KeyError, UnknownMove) as error:
            raise Http404 from error
        stated = statements_of(row, data["stated"])
        if row.second_person and data["proposal"] is None:
            proposal = propose(name, case=case, by=person, on=data["on"], **stated)
            return Response({"state": case.state, "proposal": proposal.pk}, status=status.HTTP_202_ACCEPTED)
        proposed = case.proposals.filter(pk=data["proposal"]).first() if data["proposal"] is not None else None
        moved = perform(name, case=case, by=person, on=data["on"], proposal=proposed, **stated)
        return Response({"state": moved.state, "proposal": data["proposal"]})


class ByNumber(CursorPagination):
    """Pages of entries, newest first."""

    ordering = "-id"
    page_size = 50


class CaseEntries(CaseView, ListAPIView[Entry]):
    """The log of a case, newest first, for those who may read it."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}
    serializer_class = EntrySerializer
    pagination_class = ByNumber
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        """Return the entries about the case; they hold codes and references, never names or prose."""
        case = access_case(person_of(self.request), self.kwargs["number"], Perm.VIEW_AUDIT)
        return Entry.objects.filter(subject=case.reference).with_positions()
