"""Who visits, and the scenes they visit."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from accounts.models import RoleHolding, User
from accounts.tokens import Scope, issue

ROLES = (
    "intake_specialist", "investigator", "supervising_investigator", "board_member", "board_chair", "chief", "auditor",
    "policy_analyst", "records_officer", "training_coordinator", "report_client", "system_administrator", "commander",
    "unit_supervisor", "officer", "representative", "counsel", "city_manager",
)  # fmt: skip
FRESH = 5 * 60
"""Seconds for which an open browser is used again; far fewer than a session or a confirmation lasts."""


@dataclass(frozen=True)
class Visitor:
    """Someone who asks: a person with an open session, a program with a token, or (neither) a member of the public.

    `session` is what the site remembers of the visitor besides.
    """

    user: User | None = None
    token: str = ""
    session: dict[str, object] = field(default_factory=dict)

    def client(self) -> Client:
        """Return a browser of this visitor, who has just confirmed who they are."""
        client = Client(headers={"authorization": f"Bearer {self.token}"} if self.token else None)
        if self.user or self.session:
            session = _session_of(self.user) if self.user else SessionStore()
            session.update(self.session)
            session.create()
            client.cookies["sessionid"] = session.session_key
        return client


def _session_of(user: User) -> SessionStore:
    session = SessionStore()
    session.update({
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "account_authentication_methods": [{"method": "password", "at": time.time(), "reauthenticated": True}],
        "account_authentication_methods_user": str(user.pk),
    })  # fmt: skip
    return session


def standard_visitors() -> dict[str, Visitor]:
    """Save and return those who visit every route."""
    people = User.objects.bulk_create(
        User(login=f"visitor-{name}", name=name, is_superuser=name == "superuser")
        for name in ("no_role", *ROLES, "superuser")
    )
    RoleHolding.objects.bulk_create(RoleHolding(user=user, role_id=user.name) for user in people if user.name in ROLES)
    return {"anonymous": Visitor()} | {user.name: Visitor(user) for user in people}


def programs() -> dict[str, Visitor]:
    """Save and return one program for each scope, whose token has that scope alone. They visit the API."""
    writers = {Scope.CASES_WRITE: "supervising_investigator", Scope.POLICIES_WRITE: "policy_analyst"}
    visitors = {}
    for scope in Scope:
        role = writers.get(scope, "auditor")
        owner = User.objects.create_user(f"owner-{scope}", name=f"Owner of {scope}")
        RoleHolding.objects.create(user=owner, role_id=role)
        _token, secret = issue(by=owner, label=scope, scopes=[scope], lasts=timedelta(days=1))
        visitors[f"token[{scope}]"] = Visitor(token=secret)
    return visitors


@dataclass(frozen=True)
class Scene:
    """The thing that a route is about.

    `parameters` fill the address, `visitors` stand in a relation to the thing, and `data` is the body that is posted.
    """

    parameters: dict[str, object] = field(default_factory=dict)
    visitors: dict[str, Visitor] = field(default_factory=dict)
    data: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Stage:
    """A scene that stands, and those who come to every route."""

    scene: Scene
    people: dict[str, Visitor]
    programs: dict[str, Visitor]
    _opened: dict[str, tuple[float, Client, SimpleCookie]] = field(default_factory=dict)

    def standard(self, address: str) -> dict[str, Visitor]:
        """Return who visits this address whatever it is about; programs come to the API alone."""
        return self.people | (self.programs if address.startswith("/api/") else {})

    def client(self, name: str) -> Client:
        """Return the browser of a visitor as it was when it was opened, a few minutes ago at most.

        For visits whose traces are rolled back: what a visit would do to the session must not reach the next one.
        """
        if name not in self._opened or time.monotonic() - self._opened[name][0] > FRESH:
            client = (self.people | self.programs | self.scene.visitors)[name].client()
            self._opened[name] = time.monotonic(), client, client.cookies
        _opened, client, cookies = self._opened[name]
        client.cookies = SimpleCookie(cookies)
        return client


SCENES: dict[str, Callable[[], Scene]] = {"": Scene}


def scene(function: Callable[[], Scene]) -> Callable[[], Scene]:
    """Make the function's name one that rows may use."""
    SCENES[function.__name__] = function
    return function
