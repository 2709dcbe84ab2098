"""The log over the API: the newest checkpoint for everyone, entries for auditors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import RefusedSerializer
from accounts.tokens import Scope
from audit import log
from audit.models import Entry
from casework.api.cases import ByNumber, EntrySerializer
from casework.api.entrance import CaseView, person_of
from casework.permissions import readable_entries
from moves.api import read_query


class CheckpointSerializer(serializers.Serializer[Any]):
    """A signed statement of the log's size and root."""

    size = serializers.IntegerField()
    root = serializers.CharField(source="root_hex")  # type: ignore[assignment]  # a key of the answer
    note = serializers.CharField()
    created_at = serializers.DateTimeField()


class CheckpointView(APIView):
    """The newest checkpoint."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=CheckpointSerializer, operation_id="checkpoint")
    def get(self, _request: Request) -> Response:
        """Return the newest checkpoint with its signed note; 404 while the log is empty."""
        newest = log.newest_checkpoint()
        if newest is None:
            raise Http404
        return Response(CheckpointSerializer(newest).data)


class EntryFilter(serializers.Serializer[Any]):
    """What the list of entries is narrowed by."""

    subject = serializers.CharField(required=False, help_text="Only entries about this, such as `case:2026-000042`.")
    actor = serializers.CharField(required=False, help_text="Only acts of this actor, such as `user:17`.")
    action = serializers.CharField(required=False, help_text="Only entries of this act.")
    section = serializers.CharField(required=False, help_text="Only entries that cite this version of a section.")
    since = serializers.DateTimeField(
        required=False, source="occurred_at__gte", help_text="Only entries recorded at this time or later."
    )
    until = serializers.DateTimeField(
        required=False, source="occurred_at__lt", help_text="Only entries recorded before this time."
    )


class LogEntrySerializer(EntrySerializer):
    """An entry of any subject, with the text that is hashed; what is sealed behind it is not here."""

    class Meta(EntrySerializer.Meta):
        fields = (*EntrySerializer.Meta.fields, "subject", "object_references", "leaf")
        read_only_fields = fields


@extend_schema_view(
    get=extend_schema(
        parameters=[EntryFilter],
        responses={200: LogEntrySerializer(many=True), 400: RefusedSerializer},
    )
)
class Entries(CaseView, ListAPIView[Entry]):
    """The entries of the log that the person may read, newest first."""

    scopes: ClassVar = {"GET": Scope.AUDIT_READ}
    serializer_class = LogEntrySerializer
    pagination_class = ByNumber
    queryset = Entry.objects.none()

    def get_queryset(self) -> QuerySet[Entry]:
        """Return the entries that fit, without those of cases that the person is kept out of."""
        entries = readable_entries(person_of(self.request)).with_positions()
        asked = read_query(self.request, EntryFilter)
        if "section" in asked:
            asked["basis__contains"] = [asked.pop("section")]
        return entries.filter(**asked)
