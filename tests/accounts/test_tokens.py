from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import tokens
from accounts.api.permissions import has_scope
from accounts.models import ApiToken
from accounts.tokens import Scope

pytestmark = pytest.mark.django_db


class Cases(APIView):
    """Stands for a view of the API, with the settings' defaults."""

    scopes = {"GET": Scope.CASES_READ, "POST": Scope.CASES_WRITE}

    def get(self, request):
        return Response({"who": request.user.login})

    post = put = get


class Statistics(APIView):
    permission_classes = [AllowAny]

    def get(self, request):
        return Response({"exact": has_scope(request, Scope.STATISTICS_READ)})


def ask(token: str = "", method: str = "get", view: type[APIView] = Cases, scheme: str = "Bearer"):
    headers = {"authorization": f"{scheme} {token}"} if token else {}
    return view.as_view()(getattr(APIRequestFactory(), method)("/", headers=headers))


@pytest.fixture
def ana(person):
    return person("ana", "investigator")


def issue(user, *scopes: str, days: int = 30) -> tuple[ApiToken, str]:
    return tokens.issue(by=user, label="Report", scopes=scopes, lasts=timedelta(days=days))


def test_a_token_opens_what_its_scope_says(ana):
    _token, secret = issue(ana, "cases:read")
    assert ask(secret).data == {"who": "ana"}


def test_a_token_without_the_scope_is_refused(ana):
    _token, secret = issue(ana, "cases:read")
    assert ask(secret, "post").status_code == 403


def test_a_method_for_which_no_scope_is_named_is_refused(ana):
    _token, secret = issue(ana, *tokens.scopes_open_to(ana))
    assert ask(secret, "put").status_code == 403


@pytest.mark.parametrize("secret", ["", "redress_0000", "\xff\xfe", "redress_" + "0" * 64])
def test_what_is_no_token_is_refused_as_such(secret):
    answer = ask(secret)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_database_holds_no_token_only_its_hash(ana):
    _token, secret = issue(ana, "cases:read")
    with connection.cursor() as cursor:
        cursor.execute("SELECT accounts_apitoken::text FROM accounts_apitoken")
        (row,) = cursor.fetchone()
    assert secret not in row
    assert secret[20:] not in row


def test_an_expired_token_is_refused_and_stays_in_the_list(client, ana):
    token, secret = issue(ana, "cases:read", days=30)
    with time_machine.travel(timezone.now() + timedelta(days=30, seconds=1)):
        assert ask(secret).status_code == 401
        client.force_login(ana)
        assert "Ended" in client.get(reverse("account_tokens")).text
    assert ApiToken.objects.contains(token)


def test_a_revoked_token_is_refused(client, ana):
    token, secret = issue(ana, "cases:read")
    client.force_login(ana)
    client.post(reverse("account_token_revoke", args=[token.uid]))
    assert ask(secret).status_code == 401


def test_the_token_of_a_closed_account_is_refused(ana):
    _token, secret = issue(ana, "cases:read")
    ana.is_active = False
    ana.save()
    assert ask(secret).status_code == 401


def test_a_token_loses_its_scopes_with_the_role_that_gave_them(ana):
    _token, secret = issue(ana, "cases:read")
    ana.role_holdings.update(until=timezone.now())
    assert ask(secret).status_code == 403


def test_the_last_use_is_noted(ana):
    token, secret = issue(ana, "cases:read")
    assert token.last_used_at is None
    ask(secret)
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_report_client_gets_statistics_and_nothing_else(person):
    program = person("program", "report_client")
    _token, secret = issue(program, "statistics:read")
    assert ask(secret, view=Statistics).data == {"exact": True}
    with pytest.raises(PermissionDenied):
        issue(program, "statistics:read", "cases:read")


def test_the_public_asks_for_statistics_without_a_token():
    assert ask(view=Statistics).data == {"exact": False}


def test_a_token_of_another_scope_sees_no_more_statistics_than_the_public(ana):
    _token, secret = issue(ana, "policies:read")
    assert ask(secret, view=Statistics).data == {"exact": False}


@pytest.mark.parametrize("role", ["system_administrator", "officer", "representative"])
def test_some_roles_give_no_scope_at_all(person, role):
    assert tokens.scopes_open_to(person("ana", role)) == frozenset()


def test_a_token_of_no_scope_is_not_made(ana):
    with pytest.raises(PermissionDenied):
        issue(ana)


def test_a_person_in_the_browser_uses_the_api_without_a_token(client, ana, settings):
    request = APIRequestFactory().get("/")
    request.user = ana
    request._dont_enforce_csrf_checks = True
    assert Cases.as_view()(request).data == {"who": "ana"}
    settings.SECOND_FACTOR_REQUIRED = True
    assert Cases.as_view()(request).status_code == 403


class TestThePages:
    @pytest.fixture(autouse=True)
    def _signed_in(self, ana, sign_in):
        sign_in("ana")

    def test_a_token_is_shown_once_and_works(self, client):
        page = client.post(
            reverse("account_token_new"), {"label": "Monthly report", "scopes": ["cases:read"], "lasts": "90"}
        )
        secret = page.context["secret"]
        assert ask(secret).data == {"who": "ana"}
        assert "no-store" in page.headers["Cache-Control"]
        listed = client.get(reverse("account_tokens")).text
        assert "Monthly report" in listed
        assert secret not in listed

    def test_only_the_scopes_of_ones_roles_are_offered(self, client):
        page = client.get(reverse("account_token_new")).text
        assert "See the cases that you may see" in page
        assert "Read the audit log" not in page

    def test_a_scope_that_was_not_offered_is_refused(self, client):
        client.post(reverse("account_token_new"), {"label": "x", "scopes": ["audit:read"], "lasts": "90"})
        assert not ApiToken.objects.exists()

    def test_a_token_of_another_person_does_not_exist_for_me(self, client, person):
        token, _secret = issue(person("ben", "investigator"), "cases:read")
        assert client.post(reverse("account_token_revoke", args=[token.uid])).status_code == 404
        assert ApiToken.objects.contains(token)
