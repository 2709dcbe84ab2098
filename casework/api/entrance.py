"""The entrance of the API: who asks, and how what casework raises is answered."""

from __future__ import annotations

from django.http import Http404
from django_fsm import ConcurrentTransition
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from casework.exceptions import CaseNotFound, Invalid, NotPermitted, Refused
from moves.forms import changed_meanwhile
from moves.refusals import Refusal


class MoveRefused(APIException):
    """The move was refused; the detail lists every reason with its code."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "refused"


class CaseView(APIView):
    """A view over cases: what casework raises is answered in the API's one shape of errors."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer as the framework does, once the error is one that it knows."""
        return super().handle_exception(_known(exc))


def person_of(request: Request) -> User:
    """Return the person who asks; the scopes let no one else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _known(error: Exception) -> Exception:
    match error:
        case CaseNotFound():
            return Http404()
        case NotPermitted():
            return PermissionDenied(str(error))
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
