"""What accounts itself does when someone signs in or fails to."""

import time
from typing import Any

from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts import signals
from accounts.models import User
from accounts.sessions import SIGNED_IN_AT


def note_the_time(request: HttpRequest, **sent: Any) -> None:
    """Keep when the session began, so that it can end however busy it is."""
    request.session[SIGNED_IN_AT] = int(time.time())


def announce_wrong_code(sender: type, request: HttpRequest, user: User, **sent: Any) -> None:
    """Tell that someone with the right password had no right code."""
    signals.sign_in_failed.send(sender, request=request, person=user, step="second_factor")


def connect() -> None:
    """Begin to listen."""
    user_logged_in.connect(note_the_time, dispatch_uid="accounts.note_the_time")
    authentication_failed.connect(announce_wrong_code, dispatch_uid="accounts.announce_wrong_code")
