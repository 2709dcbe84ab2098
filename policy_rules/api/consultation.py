"""Consultations to read by program: dockets, comments with their answers, and listening sessions. Public."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, pagination, status
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from moves.api import read_query
from policy_rules.api.docket_acts import DocketAct, TypedCommentSerializer, type_in
from policy_rules.api.docket_serializers import (
    CommentFilter,
    CommentSerializer,
    DocketSerializer,
    GroupSerializer,
    HeardTextSerializer,
    SessionSerializer,
)
from policy_rules.api.views import Public
from policy_rules.models import Comment, CommentGroup, Docket, HeardText, ListeningSession


class Newest(pagination.CursorPagination):
    """Pages from the newest docket on."""

    page_size = 50
    ordering = ("-opened_at", "-id")


class ByNumber(pagination.CursorPagination):
    """Pages in the order of the numbers."""

    page_size = 100
    ordering = "number"


class InEntry(pagination.CursorPagination):
    """Pages in the order in which the rows were made."""

    page_size = 100
    ordering = "pk"


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
class Comments(DocketAct, generics.ListAPIView):
    """What was said of a draft, with every answer that has been given."""

    serializer_class = CommentSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[Comment]:
        asked = read_query(self.request, CommentFilter)
        rows = _docket(self.kwargs).comments.select_related("docket", "group", "session")
        if "section" in asked:
            rows = rows.filter(section=asked["section"])
        answered = asked["answered"]
        if answered is not None:
            rows = rows.filter(group__answer__gt="") if answered else rows.unanswered()
        return rows

    def get_permissions(self) -> Any:
        """Anyone reads; comments that came by other ways are typed in by those who keep the docket."""
        return [AllowAny()] if self.request.method in SAFE_METHODS else super().get_permissions()

    @extend_schema(
        request=TypedCommentSerializer,
        responses={201: CommentSerializer, 400: RefusedSerializer, 409: RefusedSerializer},
        operation_id="policy_comment_type_in",
    )
    def post(self, request: Request, docket: str) -> Response:
        """Type in a comment that came by letter, by telephone or at a session."""
        return Response(CommentSerializer(type_in(request, docket)).data, status=status.HTTP_201_CREATED)


COUNTED = Comment.objects.only("group", "number", "signatures")
"""What is told of the comments of a group; their words, of which there may be many, are not read."""


class Answers(Public, generics.ListAPIView):
    """Each answer once, with the number of people whom it answers."""

    serializer_class = GroupSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[CommentGroup]:
        return _docket(self.kwargs).groups.filter(answer__gt="").prefetch_related(Prefetch("comments", COUNTED.all()))


class Texts(Public, generics.ListAPIView):
    """The draft as it was put before the public, section by section, in each language in which it was."""

    serializer_class = HeardTextSerializer
    pagination_class = InEntry

    def get_queryset(self) -> QuerySet[HeardText]:
        return _docket(self.kwargs).texts.all()


class Sessions(Public, generics.ListAPIView):
    """The listening sessions on a draft."""

    serializer_class = SessionSerializer
    pagination_class = ByNumber

    def get_queryset(self) -> QuerySet[ListeningSession]:
        return _docket(self.kwargs).sessions.all()


def _docket(names: dict[str, Any]) -> Docket:
    return get_object_or_404(Docket, code=names.get("docket", ""))
