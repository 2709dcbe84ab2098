"""The holds on the record of a case over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from casework.actions import holds
from casework.api.entrance import CaseView, person_of
from casework.models import Hold
from casework.permissions import access_case
from casework.vocabulary import HoldGround, Perm
from moves.api import read_body


class HoldSerializer(serializers.ModelSerializer[Hold]):
    """A hold: for what, who set it, and who lifted it and why; `lifted_on` is null while it stands."""

    set_by = serializers.CharField(source="set_by.reference", read_only=True)
    lifted_by = serializers.CharField(source="lifted_by.reference", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Hold
        fields = ("id", "ground", "matter", "set_by", "set_on", "lifted_by", "lifted_on", "lifted_because")
        read_only_fields = fields


class NewHoldSerializer(serializers.Serializer[Any]):
    """What is stated when a record is held."""

    ground = serializers.ChoiceField(HoldGround.choices)
    matter = serializers.CharField(max_length=200, help_text="Which lawsuit, audit, appeal or request.")
    on = serializers.DateField(required=False, allow_null=True, default=None)


class LiftSerializer(serializers.Serializer[Any]):
    """What is stated when a hold is lifted."""

    reason = serializers.CharField(max_length=300)
    on = serializers.DateField(required=False, allow_null=True, default=None)


class CaseHolds(CaseView):
    """The holds on the record of a case (CH-11.2)."""

    scopes: ClassVar = {"GET": Scope.CASES_READ, "POST": Scope.CASES_WRITE}

    @extend_schema(responses=HoldSerializer(many=True), operation_id="case_holds")
    def get(self, request: Request, number: str) -> Response:
        """Return each hold, also those that were lifted."""
        case = access_case(person_of(request), number, Perm.VIEW_FILE)
        return Response(HoldSerializer(case.holds.select_related("set_by", "lifted_by"), many=True).data)

    @extend_schema(request=NewHoldSerializer, responses={201: HoldSerializer}, operation_id="case_hold_set")
    def post(self, request: Request, number: str) -> Response:
        """Hold the record; nothing of it is erased until the hold is lifted."""
        person = person_of(request)
        case = access_case(person, number, Perm.HOLD)
        hold = holds.set_hold(case=case, by=person, **read_body(request, NewHoldSerializer))
        return Response(HoldSerializer(hold).data, status=status.HTTP_201_CREATED)


class LiftHold(CaseView):
    """Lift a hold."""

    scopes: ClassVar = {"POST": Scope.CASES_WRITE}

    @extend_schema(request=LiftSerializer, responses=HoldSerializer, operation_id="case_hold_lift")
    def post(self, request: Request, number: str, hold: int) -> Response:
        """Lift the hold for the reason given."""
        person = person_of(request)
        found = get_object_or_404(access_case(person, number, Perm.HOLD).holds, pk=hold)
        lifted = holds.lift_hold(hold=found, by=person, **read_body(request, LiftSerializer))
        return Response(HoldSerializer(lifted).data)
