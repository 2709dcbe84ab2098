"""Training over the API: courses and totals for everyone; standings and records for those who may read them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import ListAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.errors import RefusedSerializer
from accounts.models import User
from accounts.tokens import Scope
from casework.models import Attendance, Officer
from casework.permissions import members_read_by, own_entry, training_permissions
from casework.reporting.compliance import published_counts, published_reading
from casework.reporting.office_training import lines_read_by
from casework.reporting.trained import trained
from casework.training_vocabulary import TrainingPerm
from moves.api import read_query
from policy_rules.models import Course, Curriculum, PanelRecommendation, Section


class CurriculumSerializer(serializers.ModelSerializer[Curriculum]):
    """One version of what a course teaches."""

    effective_from = serializers.DateField()
    effective_to = serializers.DateField(allow_null=True)
    sections = serializers.ListField(child=serializers.CharField(), source="section_codes")

    class Meta:
        model = Curriculum
        fields = (
            "version", "effective_from", "effective_to", "minutes", "outline", "sections", "required_of",
            "within_days", "renewed_after_years", "certifies_trainers", "text_digest",
        )  # fmt: skip


class PanelRecommendationSerializer(serializers.ModelSerializer[PanelRecommendation]):
    """What the curriculum panel recommended, and the answer."""

    made_by = serializers.CharField(source="member.name")
    from_outside = serializers.BooleanField(source="member.is_outside")
    led_to = serializers.CharField(source="led_to.version", default=None)

    class Meta:
        model = PanelRecommendation
        fields = (
            "number", "made_by", "from_outside", "text", "made_on", "answer_due_on", "answer", "rationale",
            "led_to", "answered_on",
        )  # fmt: skip


class CourseSerializer(serializers.ModelSerializer[Course]):
    """A course with every version, every recommendation, and how many members completed it (null: withheld)."""

    curricula = CurriculumSerializer(many=True)
    recommendations = PanelRecommendationSerializer(many=True)
    completed = serializers.SerializerMethodField()

    class Meta:
        model = Course
        fields = ("code", "title", "completed", "curricula", "recommendations")

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_completed(self, course: Course) -> int | None:
        """Return the number of members, None where it is withheld."""
        return self.context["counts"].get(course.pk, 0)


class Courses(ListAPIView[Course]):
    """Every course that is kept: public."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    serializer_class = CourseSerializer
    pagination_class = None
    queryset = Course.objects.filter(manual__governs=True).prefetch_related(
        "curricula__taught__section", "recommendations__member", "recommendations__led_to"
    )

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the number of members who completed each course."""
        return {**super().get_serializer_context(), "counts": published_counts()}


class ReadingSerializer(serializers.Serializer[Any]):
    """How many serving members have confirmed having read a version (null: withheld)."""

    version = serializers.CharField(source="version.reference")
    members = serializers.IntegerField()
    read = serializers.IntegerField(allow_null=True)


class ReadingCounts(APIView):
    """How many members have read the policy: public."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(responses=ReadingSerializer(many=True), operation_id="training_reading")
    def get(self, request: Request) -> Response:
        """Return one line for each version that members are to read."""
        return Response(ReadingSerializer(published_reading(), many=True).data)


class LineSerializer(serializers.Serializer[Any]):
    """How many members of a unit stand where with a course; `handlers` and `board` are those of the office."""

    unit = serializers.CharField()
    course = serializers.CharField(source="course.code")
    required = serializers.IntegerField()  # type: ignore[assignment]  # a key of the answer
    completed = serializers.IntegerField()
    excused = serializers.IntegerField(source="waived")
    due = serializers.IntegerField()
    overdue = serializers.IntegerField()


def _reader(request: Request) -> User:
    """Return who reads records; raises PermissionDenied for those who read nobody's, and not even their own."""
    person = request.user
    reads = {TrainingPerm.READ_RECORDS, TrainingPerm.READ_UNIT}
    if not isinstance(person, User) or (training_permissions(person).isdisjoint(reads) and own_entry(person) is None):
        raise PermissionDenied
    return person


class Compliance(APIView):
    """How the units stand today, as far as the person reads the records of their members."""

    scopes: ClassVar = {"GET": Scope.STATISTICS_READ}

    @extend_schema(responses=LineSerializer(many=True), operation_id="training_compliance")
    def get(self, request: Request) -> Response:
        """Return one line for each unit and course."""
        lines = lines_read_by(_reader(request))
        return Response(LineSerializer(lines, many=True).data)


class AttendanceSerializer(serializers.ModelSerializer[Attendance]):
    """How one member took part in one session."""

    badge = serializers.CharField(source="officer.badge")
    session = serializers.CharField(source="session.code")
    course = serializers.CharField(source="session.curriculum.course.code")
    version = serializers.CharField(source="session.curriculum.version")
    held_on = serializers.DateField(source="session.held_on")

    class Meta:
        model = Attendance
        fields = ("badge", "session", "course", "version", "held_on", "result", "minutes", "score")


class RecordsQuery(serializers.Serializer[Any]):
    """Whose records are asked for."""

    badge = serializers.CharField(max_length=20, help_text="Badge of the member.")


class QuestionQuery(RecordsQuery):
    """Who was taught what, and before which day."""

    section = serializers.CharField(max_length=60, help_text="Permanent code of a section of the manual.")
    before = serializers.DateField(help_text="Day of the event; training counts when completed on an earlier day.")


class TrainedSerializer(serializers.Serializer[Any]):
    """What the records say."""

    code = serializers.CharField(help_text="`trained`, `earlier_text`, `not_trained` or `no_course`.")
    is_trained = serializers.BooleanField()
    sentence = serializers.CharField()
    sources = serializers.ListField(child=serializers.CharField())


def _member(request: Request, badge: str) -> Officer:
    officer = members_read_by(_reader(request)).filter(badge=badge).first()
    if officer is None:
        raise Http404
    return officer


class Records(APIView):
    """The sessions that one member attended; a member whose record the person may not read does not exist."""

    scopes: ClassVar = {"GET": Scope.STATISTICS_READ}

    @extend_schema(
        parameters=[RecordsQuery],
        responses={200: AttendanceSerializer(many=True), 400: RefusedSerializer},
        operation_id="training_records",
    )
    def get(self, request: Request) -> Response:
        """Return every session of the member, the earliest first."""
        _reader(request)
        officer = _member(request, read_query(request, RecordsQuery)["badge"])
        rows = officer.training.select_related("officer", "session__curriculum__course")
        return Response(AttendanceSerializer(rows, many=True).data)


class TrainedBefore(APIView):
    """Whether a member was trained on a section before a day."""

    scopes: ClassVar = {"GET": Scope.STATISTICS_READ}

    @extend_schema(
        parameters=[QuestionQuery],
        responses={200: TrainedSerializer, 400: RefusedSerializer},
        operation_id="trained_before",
    )
    def get(self, request: Request) -> Response:
        """Answer from the records as they are now."""
        _reader(request)
        given = read_query(request, QuestionQuery)
        officer = _member(request, given["badge"])
        section = Section.objects.filter(manual__governs=True, code=given["section"]).first()
        if section is None:
            raise serializers.ValidationError({"section": ["The manual has no such section."]})
        return Response(TrainedSerializer(trained(officer, section, before=given["before"])).data)
