"""Keeping a docket over the API: what is asked, sessions, comments that came by other ways, groups and answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from accounts.tokens import Scope
from moves.api import ActView, person_of, read_body
from policy_rules.actions import comments, consultation
from policy_rules.answers import Answer
from policy_rules.api.docket_serializers import (
    CommentSerializer,
    DocketSerializer,
    GroupSerializer,
    SessionSerializer,
)
from policy_rules.models import Channel, Comment, CommentGroup, Docket, Withheld
from policy_rules.permissions import may
from policy_rules.roles import PolicyPerm

REFUSED = {400: RefusedSerializer, 409: RefusedSerializer}


class AskedSerializer(serializers.Serializer[Any]):
    """What the docket is called and what the public is asked."""

    title = serializers.CharField(max_length=200)
    title_es = serializers.CharField(max_length=200)
    summary = serializers.CharField()
    summary_es = serializers.CharField()


class LongerSerializer(serializers.Serializer[Any]):
    """More time for comments, and why."""

    closes = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class ToldSessionSerializer(serializers.Serializer[Any]):
    """A listening session: where and when it is held, and afterwards who came and what was said."""

    day = serializers.DateField()
    time = serializers.TimeField(help_text="In the agency's time zone.")
    minutes = serializers.IntegerField(min_value=1, max_value=1_440, default=120)
    place = serializers.CharField(max_length=200)
    district = serializers.CharField(max_length=100, default="", allow_blank=True)
    languages = serializers.ListField(child=serializers.CharField(max_length=20))
    interpreters = serializers.IntegerField(min_value=0, max_value=1_000, default=0)
    accessibility = serializers.CharField(max_length=300, default="", allow_blank=True)
    facilitator = serializers.CharField(max_length=200, default="", allow_blank=True)
    attendance = serializers.IntegerField(min_value=0, max_value=1_000_000, default=None, allow_null=True)
    notes = serializers.CharField(default="", allow_blank=True)
    recording = serializers.URLField(max_length=500, default="", allow_blank=True)
    cancelled_because = serializers.CharField(max_length=300, default="", allow_blank=True)


class TypedCommentSerializer(serializers.Serializer[Any]):
    """A comment that came by letter, by telephone or at a session, in the words of the person."""

    channel = serializers.ChoiceField([channel for channel in Channel.values if channel != Channel.WEB])
    session = serializers.IntegerField(required=False, help_text="Number of the session at which it was said.")
    received_on = serializers.DateField()
    language = serializers.CharField(max_length=8)
    section = serializers.CharField(max_length=60, default="", allow_blank=True)
    words = serializers.CharField(
        default="", allow_blank=True, help_text="Words of the section, in any of its languages, that it is about."
    )
    text = serializers.CharField(max_length=comments.LONGEST)
    signatures = serializers.IntegerField(min_value=1, max_value=10_000_000, default=1)
    capacity = serializers.CharField(max_length=20, default="", allow_blank=True)
    district = serializers.CharField(max_length=100, default="", allow_blank=True)
    name = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="Only where the person asked for it to be published."
    )


class ChosenSerializer(serializers.Serializer[Any]):
    """Comments by their numbers."""

    numbers = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=10_000)


class TogetherSerializer(ChosenSerializer):
    """Comments that are to have one answer."""

    title = serializers.CharField(max_length=200, default="", allow_blank=True)
    into = serializers.IntegerField(required=False, help_text="Number of a group that they join.")


class GivenAnswerSerializer(serializers.Serializer[Any]):
    """An answer with its reasons, and the section in which the change that it led to is read."""

    answer = serializers.ChoiceField(Answer.choices)
    rationale = serializers.CharField()
    rationale_es = serializers.CharField(default="", allow_blank=True)
    change = serializers.CharField(max_length=60, default="", allow_blank=True)


class WithheldSerializer(serializers.Serializer[Any]):
    """Why the words of a comment are withheld; the public reads it in their place."""

    reason = serializers.ChoiceField(Withheld.choices)


def kept_docket(request: Request, code: str) -> Docket:
    """Return a docket to someone who may read drafts; whether they may act on it, the act itself asks."""
    if not may(person_of(request), PolicyPerm.VIEW_DRAFT):
        raise PermissionDenied
    return get_object_or_404(Docket.objects.select_related("version__chapter__manual"), code=code)


def type_in(request: Request, code: str) -> Comment:
    """Take a comment that came by another way than the web form."""
    row, stated = kept_docket(request, code), read_body(request, TypedCommentSerializer)
    if (number := stated.pop("session", None)) is not None:
        stated["session"] = row.sessions.filter(number=number).first()
    return comments.receive(row, by=person_of(request), **stated)


class DocketAct(ActView):
    """An act on a docket."""

    scopes: ClassVar = dict.fromkeys(("POST", "PUT", "DELETE"), Scope.POLICIES_WRITE)


class Asked(DocketAct):
    """What the public is asked."""

    @extend_schema(
        request=AskedSerializer, responses={200: DocketSerializer, **REFUSED}, operation_id="policy_docket_describe"
    )
    def put(self, request: Request, docket: str) -> Response:
        """Say, in both languages, what the docket is about and what the public is asked."""
        row = kept_docket(request, docket)
        done = consultation.describe(row, by=person_of(request), **read_body(request, AskedSerializer))
        return Response(DocketSerializer(done).data)


class Longer(DocketAct):
    """The last day for comments."""

    @extend_schema(
        request=LongerSerializer, responses={200: DocketSerializer, **REFUSED}, operation_id="policy_docket_extend"
    )
    def post(self, request: Request, docket: str) -> Response:
        """Give the public more time."""
        row = kept_docket(request, docket)
        done = consultation.extend(row, by=person_of(request), **read_body(request, LongerSerializer))
        return Response(DocketSerializer(done).data)


class OneSession(DocketAct):
    """A listening session."""

    @extend_schema(
        request=ToldSessionSerializer,
        responses={200: SessionSerializer, 201: SessionSerializer, **REFUSED},
        operation_id="policy_docket_session",
    )
    def put(self, request: Request, docket: str, number: int) -> Response:
        """Change what is told of a session; the number after the last one announces another."""
        row, person = kept_docket(request, docket), person_of(request)
        stated = read_body(request, ToldSessionSerializer)
        if number == row.sessions.count() + 1:
            made = consultation.announce_session(row, by=person, **stated)
            return Response(SessionSerializer(made).data, status=status.HTTP_201_CREATED)
        found = get_object_or_404(row.sessions, number=number)
        return Response(SessionSerializer(consultation.change_session(found, by=person, **stated)).data)


class WithheldWords(DocketAct):
    """The words of a comment that are withheld."""

    @extend_schema(
        request=WithheldSerializer,
        responses={200: CommentSerializer, **REFUSED},
        operation_id="policy_comment_withhold",
    )
    def put(self, request: Request, docket: str, number: int) -> Response:
        """Take the words of a comment off the public pages; the reason stands in their place."""
        found = self._comment(request, docket, number)
        done = comments.withhold(found, by=person_of(request), **read_body(request, WithheldSerializer))
        return Response(CommentSerializer(done).data)

    @extend_schema(responses={200: CommentSerializer, **REFUSED}, operation_id="policy_comment_publish")
    def delete(self, request: Request, docket: str, number: int) -> Response:
        """Publish the words again."""
        done = comments.publish(self._comment(request, docket, number), by=person_of(request))
        return Response(CommentSerializer(done).data)

    @staticmethod
    def _comment(request: Request, docket: str, number: int) -> Comment:
        return get_object_or_404(kept_docket(request, docket).comments, number=number)


class Together(DocketAct):
    """Comments that are answered together."""

    @extend_schema(
        request=TogetherSerializer, responses={200: GroupSerializer, **REFUSED}, operation_id="policy_comments_group"
    )
    def post(self, request: Request, docket: str) -> Response:
        """Put comments together that say the same; groups of which one is named come whole."""
        row = kept_docket(request, docket)
        done = comments.group(row, by=person_of(request), **read_body(request, TogetherSerializer))
        return Response(GroupSerializer(done).data)


def _group(request: Request, docket: str, number: int) -> CommentGroup:
    return get_object_or_404(kept_docket(request, docket).groups, number=number)


class Apart(DocketAct):
    """Comments that do not belong to a group."""

    @extend_schema(
        request=ChosenSerializer, responses={200: GroupSerializer, **REFUSED}, operation_id="policy_comments_separate"
    )
    def post(self, request: Request, docket: str, number: int) -> Response:
        """Take comments out of a group."""
        found = _group(request, docket, number)
        done = comments.separate(found, by=person_of(request), **read_body(request, ChosenSerializer))
        return Response(GroupSerializer(done).data)


class GivenAnswer(DocketAct):
    """The answer to a group of comments."""

    @extend_schema(
        request=GivenAnswerSerializer,
        responses={200: GroupSerializer, **REFUSED},
        operation_id="policy_comments_answer",
    )
    def put(self, request: Request, docket: str, number: int) -> Response:
        """Answer the comments of a group in public, with reasons; until adoption it can be answered anew."""
        found = _group(request, docket, number)
        done = comments.answer(found, by=person_of(request), **read_body(request, GivenAnswerSerializer))
        return Response(GroupSerializer(done).data)
