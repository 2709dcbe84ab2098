"""The entrance of the API to cases: how what casework raises is answered."""

from __future__ import annotations

from django.http import Http404
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from casework.actions.acts import turn_away
from casework.exceptions import CaseNotFound, NotPermitted
from moves.api import ActView, person_of

__all__ = ["CaseView", "person_of"]


class CaseView(ActView):
    """A view over cases: a case that may not be seen does not exist, and what may not be done is forbidden."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer as other acts do, once the error is not one of access."""
        match exc:
            case CaseNotFound():
                turn_away(str(exc), person_of(self.request))
                return super().handle_exception(Http404())
            case NotPermitted():
                return super().handle_exception(PermissionDenied(str(exc)))
            case _:
                return super().handle_exception(exc)
