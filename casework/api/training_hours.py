"""The hours and costs of training of a period, as a grant asks for them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import RefusedSerializer
from accounts.models import User
from accounts.tokens import Scope
from casework.permissions import training_permissions
from casework.reporting.grant_hours import hours
from casework.reporting.grant_outcomes import Asked
from casework.training_vocabulary import TrainingPerm
from moves.api import read_query


class HoursQuery(serializers.Serializer[Any]):
    """Which sessions are counted."""

    first = serializers.DateField(help_text="First day of the period.")
    last = serializers.DateField(help_text="Last day of the period.")
    award = serializers.CharField(max_length=60, required=False, default="", help_text="Number of the grant.")
    course = serializers.CharField(max_length=40, required=False, default="", help_text="Code of a course.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the days to their order."""
        if attrs["last"] < attrs["first"]:
            raise serializers.ValidationError({"last": [_("The last day lies before the first.")]})
        return attrs


class SessionHoursSerializer(serializers.Serializer[Any]):
    """One session: members who completed it, hours delivered to all together, and its cost."""

    session = serializers.CharField(source="session.code")
    held_on = serializers.DateField(source="session.held_on")
    course = serializers.CharField(source="session.curriculum.course.code")
    version = serializers.CharField(source="session.curriculum.version")
    award = serializers.CharField(source="session.award")
    completed = serializers.IntegerField()
    hours = serializers.FloatField()
    cost = serializers.SerializerMethodField()

    def get_cost(self, line: Any) -> float:
        """Return the cost in the currency's whole unit."""
        return float(line.cents / 100)


class PairSerializer(serializers.Serializer[Any]):
    """A figure of the period and of as many days before; null where it is withheld."""

    now = serializers.IntegerField(allow_null=True)
    before = serializers.IntegerField(allow_null=True)


class SectionHoursSerializer(serializers.Serializer[Any]):
    """Allegations of a section taught, by the day of the event."""

    section = serializers.CharField(source="code")
    alleged = PairSerializer()
    sustained = PairSerializer()


class HoursSerializer(serializers.Serializer[Any]):
    """Members, hours, trainers, costs, listening sessions with residents, and allegations of what was taught."""

    officers = serializers.IntegerField()
    hours = serializers.FloatField()
    trainers = serializers.IntegerField()
    cost = serializers.FloatField(source="price")
    costs = serializers.SerializerMethodField()
    sessions = SessionHoursSerializer(many=True)
    policies = serializers.SerializerMethodField()
    listening_sessions = serializers.SerializerMethodField()
    residents = serializers.IntegerField()
    sections = SectionHoursSerializer(many=True)

    def get_listening_sessions(self, figures: Any) -> int:
        """Return how many were held in the period."""
        return len(figures.heard)

    def get_costs(self, figures: Any) -> dict[str, float]:
        """Return the costs by category, in the currency's whole unit."""
        return {category.value: cents / 100 for category, cents in figures.costs}

    def get_policies(self, figures: Any) -> list[str]:
        """Return the versions of chapters that were adopted in the period."""
        return [version.reference for version in figures.policies]


class TrainingHours(APIView):
    """The hours and costs of a period, for those who report them."""

    scopes: ClassVar = {"GET": Scope.STATISTICS_READ}

    @extend_schema(
        parameters=[HoursQuery],
        responses={200: HoursSerializer, 400: RefusedSerializer},
        operation_id="training_hours",
    )
    def get(self, request: Request) -> Response:
        """Count them from the records as they are now."""
        person = request.user
        if not isinstance(person, User) or TrainingPerm.REPORT_HOURS not in training_permissions(person):
            raise PermissionDenied
        return Response(HoursSerializer(hours(Asked(**read_query(request, HoursQuery)))).data)
