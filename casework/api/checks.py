"""The checks of the log over the API: programs that watch the office see how each ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from accounts.tokens import Scope
from casework.actions.log import fault_reader, require_checker
from casework.api.cases import ByNumber
from casework.api.entrance import CaseView, person_of
from casework.models import LogVerification


class FaultSerializer(serializers.Serializer[Any]):
    """What was wrong, and where: at a position of the log, about a subject (for auditors), or neither."""

    code = serializers.CharField()
    message = serializers.CharField()
    position = serializers.IntegerField(allow_null=True)
    subject = serializers.CharField(allow_blank=True)


class CheckSerializer(serializers.ModelSerializer[LogVerification]):
    """A check: when, how far it read, and what it found; `ok` is null while it is under way."""

    ok = serializers.SerializerMethodField()
    faults = serializers.SerializerMethodField()

    class Meta:
        model = LogVerification
        fields = (
            "id", "asked_at", "started_at", "finished_at", "incremental", "read_from", "entries", "size", "root",
            "pending", "ok", "error", "faults",
        )  # fmt: skip
        read_only_fields = fields

    def get_ok(self, check: LogVerification) -> bool | None:
        """Return whether it found nothing wrong, null before its end."""
        return check.found_nothing if check.finished_at else None

    @extend_schema_field(FaultSerializer(many=True))
    def get_faults(self, check: LogVerification) -> list[dict[str, Any]]:
        """Return what was wrong; what it is about stands there for auditors alone."""
        told: list[dict[str, Any]] = self.context["view"].faults_of(check)
        return told


class Checks(CaseView, ListAPIView[LogVerification]):
    """The checks of the log, newest first."""

    scopes: ClassVar = {"GET": Scope.AUDIT_READ}
    serializer_class = CheckSerializer
    pagination_class = ByNumber
    queryset = LogVerification.objects.none()

    @cached_property
    def faults_of(self) -> Callable[[LogVerification], list[dict[str, Any]]]:
        """What gives the faults of each check of a page to the person."""
        return fault_reader(person_of(self.request))

    def get_queryset(self) -> QuerySet[LogVerification]:
        """Return every check, for those who look after the log."""
        require_checker(person_of(self.request))
        return LogVerification.objects.order_by("-pk")
