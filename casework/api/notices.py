"""What the person was told of their cases."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from accounts.tokens import Scope
from casework.api.cases import ByNumber
from casework.api.entrance import person_of
from casework.models import Notice


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    """A notice: the case, the act of the log that it tells of, and how it stands."""

    case = serializers.CharField(source="case.number", read_only=True)
    action = serializers.CharField(source="entry.action", read_only=True)
    sentence = serializers.CharField(source="entry.known_action.sentence", read_only=True)
    state = serializers.CharField(read_only=True)

    class Meta:
        model = Notice
        fields = ("id", "case", "action", "sentence", "on", "queued_at", "state", "sent_at", "read_at")
        read_only_fields = fields


class Notices(ListAPIView[Notice]):
    """Your news, newest first."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}
    serializer_class = NoticeSerializer
    pagination_class = ByNumber
    queryset = Notice.objects.none()

    def get_queryset(self) -> QuerySet[Notice]:
        """Return what the person was told of cases that they may still know of."""
        return Notice.objects.news_of(person_of(self.request)).select_related("case", "entry")
