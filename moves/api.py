"""What every entrance for programs shares: who asks, how a move is described, and how what is raised is answered."""

from __future__ import annotations

from typing import Any

from django_fsm import ConcurrentTransition
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from moves.exceptions import Invalid, Refused
from moves.forms import changed_meanwhile
from moves.refusals import Refusal
from moves.statements import unknown_statement
from moves.table import Move


class MoveRefused(APIException):
    """The act was refused; the detail lists every reason with its code."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "refused"


class MoveSerializer(serializers.Serializer[Any]):
    """A move that the person's permissions reach, what it asks to be stated, and why it is refused now."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a key of the answer
    possible = serializers.BooleanField()
    second_person = serializers.BooleanField()
    states = serializers.ListField(child=serializers.DictField())
    refusals = serializers.ListField(child=serializers.DictField())


class ActView(APIView):
    """A view over acts: what they raise is answered in the API's one shape of errors."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer as the framework does, once the error is one that it knows."""
        return super().handle_exception(_known(exc))


def person_of(request: Request) -> User:
    """Return the person who asks; the scopes let no one else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def read_body(request: Request, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return what was sent, as the form reads it; raises ValidationError with what is wrong by its field."""
    return _read(form(data=request.data))


def read_query(request: Request, form: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """Return what the address asks for, as the form reads it; raises ValidationError with what is wrong by its name."""
    return _read(form(data=request.query_params))


def described(row: Move, refusals: list[Refusal]) -> dict[str, Any]:
    """Return a move as `MoveSerializer` gives it."""
    return {
        "name": row.name,
        "label": str(row.label),
        "possible": not refusals,
        "second_person": row.second_person,
        "states": [
            {
                "name": item.name,
                "label": str(item.label),
                "required": item.required,
                "kind": type(item).__name__.lower(),
            }
            for item in row.states
        ],
        "refusals": [
            {"code": found.code, "sentence": str(found.sentence), "items": list(found.items)} for found in refusals
        ],
    }


def statements_of(row: Move, given: dict[str, Any]) -> dict[str, Any]:
    """Return what was stated for a move; raises Refused for names that it does not take, whatever they are."""
    unknown = given.keys() - {item.name for item in row.states}
    if unknown:
        raise Refused([unknown_statement(name) for name in sorted(unknown)])
    return given


def _read(given: serializers.Serializer[Any]) -> dict[str, Any]:
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _known(error: Exception) -> Exception:
    """Return an error as the framework knows it: what is wrong by its field, a refusal with every reason."""
    match error:
        case Invalid():
            return serializers.ValidationError({error.field or "non_field_errors": [str(error)]})
        case Refused():
            return MoveRefused({refusal.code: [_sentence(refusal)] for refusal in error.refusals})
        case ConcurrentTransition():
            return MoveRefused({(changed := changed_meanwhile()).code: [str(changed.sentence)]})
        case _:
            return error


def _sentence(refusal: Refusal) -> str:
    return " ".join([str(refusal.sentence), *refusal.items])
