from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import people, signals, tokens
from accounts.models import ApiToken, Role, RoleHolding, User
from tests.signing_in import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def keiko(person):
    return person("keiko", "system_administrator")


@pytest.fixture
def administrator(client, keiko, sign_in):
    sign_in("keiko")
    return client


@pytest.fixture
def heard():
    names = ("person_added", "role_granted", "role_ended", "account_closed", "account_reopened", "password_link_issued")
    acts = []
    for name in (*names, "token_revoked"):
        getattr(signals, name).connect(lambda name=name, **sent: acts.append(name), weak=False, dispatch_uid="test")
    yield acts
    for name in (*names, "token_revoked"):
        getattr(signals, name).disconnect(dispatch_uid="test")


def role(code: str) -> Role:
    return Role.objects.get(code=code)


def link_in(page) -> str:
    return page.text.split('id="password-link">')[1].split("<")[0].removeprefix("http://testserver")


def test_a_new_person_gets_a_link_sets_a_password_and_signs_in(administrator, heard):
    form = {"login": "r.okafor", "name": "R. Okafor", "language": "es", "email": "", "badge": ""}
    page = administrator.post(reverse("account_person_new"), form)
    made = User.objects.get(login="r.okafor")
    assert page.url == reverse("account_person", args=[made.pk])
    link = link_in(administrator.post(reverse("account_password_link", args=[made.pk])))
    newcomer = Client()
    form_page = newcomer.get(link).url
    answer = newcomer.post(form_page, {"new_password1": "nine green bicycles", "new_password2": "nine green bicycles"})
    assert answer.url == reverse("account_login")
    newcomer.post(answer.url, {"login": "r.okafor", "password": "nine green bicycles"})
    assert newcomer.get(reverse("account_home")).status_code == 200
    assert heard == ["person_added", "password_link_issued"]


def test_a_password_link_works_once(client, administrator, person):
    ana = person("ana")
    link = link_in(administrator.post(reverse("account_password_link", args=[ana.pk])))
    new = {"new_password1": "nine green bicycles", "new_password2": "nine green bicycles"}
    Client().post(link, new)
    first, second = Client(), Client()
    first.post(first.get(link).url, new)
    answer = second.get(link)
    assert answer.status_code == 410
    assert "This link works no more" in answer.text


def test_a_password_link_lives_three_days(person, keiko):
    link = people.password_link(by=keiko, person=person("ana"))
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert Client().get(link).status_code == 410


def test_a_password_link_leaves_the_second_step_in_place(person, keiko):
    client, link = Client(), people.password_link(by=keiko, person=person("ana", second_step=True))
    new = {"new_password1": "nine green bicycles", "new_password2": "nine green bicycles"}
    client.post(client.get(link).url, new)
    answer = client.post(reverse("account_login"), {"login": "ana", "password": "nine green bicycles"})
    assert answer.url == reverse("mfa_authenticate")


def test_a_sign_in_name_is_taken_whatever_its_case(administrator, person):
    person("ana")
    page = administrator.post(reverse("account_person_new"), {"login": "Ana", "name": "Ana", "language": "en"})
    assert "Use small letters" in page.text
    page = administrator.post(reverse("account_person_new"), {"login": "ana", "name": "Ana", "language": "en"})
    assert "Somebody has this sign-in name already." in page.text
    assert page.text.count("Somebody has this sign-in name already.") == 2, "in the summary and beside the field"


def test_a_role_is_granted_and_opens_at_once(administrator, person, heard):
    ana = person("ana")
    administrator.post(reverse("account_role_grant", args=[ana.pk]), {"role": "investigator"})
    assert ana.role_codes() == {"investigator"}
    assert heard == ["role_granted"]


def test_a_role_runs_from_its_first_day_to_the_end_of_its_last(administrator, person):
    ana, zone = person("ana"), ZoneInfo("America/New_York")
    today = timezone.localdate()
    first, last = today + timedelta(days=10), today + timedelta(days=20)
    administrator.post(
        reverse("account_role_grant", args=[ana.pk]), {"role": "board_member", "since": first, "until": last}
    )

    def held_on(day, hour):
        with time_machine.travel(datetime(day.year, day.month, day.day, hour, 30, tzinfo=zone)):
            return ana.role_codes() == {"board_member"}

    assert not held_on(first - timedelta(days=1), 23)
    assert held_on(first, 0)
    assert held_on(last, 23)
    assert not held_on(last + timedelta(days=1), 0)


def test_a_role_ends_and_closes_at_once(administrator, person, heard):
    ana = person("ana", "investigator")
    holding = ana.role_holdings.get()
    administrator.post(reverse("account_role_end", args=[ana.pk, holding.pk]))
    assert ana.role_codes() == frozenset()
    assert heard == ["role_ended"]


def test_a_role_that_never_began_can_be_taken_back(keiko, person):
    ana = person("ana")
    later = timezone.now() + timedelta(days=5)
    holding = people.grant_role(by=keiko, person=ana, role=role("chief"), since=later)
    people.end_role(by=keiko, holding=holding)
    with time_machine.travel(later + timedelta(days=1)):
        assert ana.role_codes() == frozenset()


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (timedelta(days=-2), None, "in_the_past"),
        (timedelta(days=2), timedelta(days=1), "ends_before_it_begins"),
        (None, None, "already_held"),
        (timedelta(days=400), None, "already_held"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_with_its_reason(keiko, person, since, until, code):
    now, ana = timezone.now(), person("ana", "investigator")
    begins, ends = (now + delta if delta else None for delta in (since, until))
    with pytest.raises(people.RefusedError) as refused:
        people.grant_role(by=keiko, person=ana, role=role("investigator"), since=begins, until=ends)
    assert refused.value.code == code


def test_the_page_says_why_a_grant_is_refused_and_keeps_what_was_typed(administrator, person):
    ana = person("ana", "investigator")
    page = administrator.post(
        reverse("account_role_grant", args=[ana.pk]), {"role": "investigator", "until": "2099-01-01"}
    )
    assert "This person holds that role already in that time." in page.text
    assert 'value="2099-01-01"' in page.text


@pytest.mark.parametrize("first", ["system_administrator", "investigator"])
def test_a_system_administrator_holds_no_role_that_sees_cases(keiko, person, first):
    second = {"system_administrator", "investigator"} - {first}
    ana = person("ana", first)
    with pytest.raises(people.RefusedError) as refused:
        people.grant_role(by=keiko, person=ana, role=role(second.pop()))
    assert refused.value.code == "not_together"


def test_nobody_changes_their_own_roles(keiko):
    with pytest.raises(PermissionDenied):
        people.grant_role(by=keiko, person=keiko, role=role("auditor"))
    with pytest.raises(PermissionDenied):
        people.end_role(by=keiko, holding=keiko.role_holdings.get())
    with pytest.raises(PermissionDenied):
        people.close_account(by=keiko, person=keiko)


def test_the_page_of_ones_own_account_offers_no_change(administrator, keiko):
    page = administrator.get(reverse("account_person", args=[keiko.pk]))
    assert "Nobody changes their own roles or account here." in page.text
    assert reverse("account_role_grant", args=[keiko.pk]) not in page.text


@pytest.mark.parametrize("code", ["chief", "supervising_investigator", "auditor"])
def test_no_other_role_adds_people_or_grants_roles(person, code):
    by, ana = person("by", code), person("ana")
    with pytest.raises(PermissionDenied):
        people.add_person(by=by, login="eve", name="Eve")
    with pytest.raises(PermissionDenied):
        people.grant_role(by=by, person=ana, role=role("investigator"))


def test_a_grant_that_cannot_be_recorded_does_not_happen(keiko, person):
    def fail(**sent):
        raise RuntimeError("the record cannot be written")

    ana = person("ana")
    signals.role_granted.connect(fail, dispatch_uid="test")
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            people.grant_role(by=keiko, person=ana, role=role("investigator"))
    finally:
        signals.role_granted.disconnect(dispatch_uid="test")
    assert ana.role_codes() == frozenset()


def test_closing_an_account_ends_all_that_it_opened(administrator, person, heard):
    ana = person("ana", "investigator", "records_officer")
    tokens.issue(by=ana, label="Report", scopes=["cases:read"], lasts=timedelta(days=30))
    elsewhere = Client()
    elsewhere.post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    administrator.post(reverse("account_close", args=[ana.pk]))
    assert elsewhere.get(reverse("account_home")).status_code == 302
    assert ana.role_codes() == frozenset()
    assert not ApiToken.objects.exists()
    assert not UserSession.objects.filter(user=ana).exists()
    assert heard == ["role_ended", "role_ended", "token_revoked", "account_closed"]


def test_a_reopened_account_has_no_roles(administrator, person, heard):
    ana = person("ana", is_active=False)
    administrator.post(reverse("account_reopen", args=[ana.pk]))
    assert Client().post(reverse("account_login"), {"login": "ana", "password": PASSWORD}).url == reverse("begin")
    assert ana.role_codes() == frozenset()
    assert heard == ["account_reopened"]


def test_a_closed_account_is_granted_nothing(keiko, person):
    ana = person("ana", is_active=False)
    for act in (
        lambda: people.grant_role(by=keiko, person=ana, role=role("chief")),
        lambda: people.password_link(by=keiko, person=ana),
    ):
        with pytest.raises(people.RefusedError) as refused:
            act()
        assert refused.value.code == "account_closed"


def test_the_database_refuses_a_role_that_ends_before_it_begins(person):
    now = timezone.now()
    with pytest.raises(IntegrityError, match="accounts_holding_ends_after_it_begins"):
        RoleHolding.objects.create(user=person("ana"), role=role("chief"), since=now, until=now - timedelta(seconds=1))


def test_the_list_asks_the_same_however_long_it_is(administrator, person, django_assert_num_queries):
    def queries():
        with django_assert_num_queries(10, exact=False) as asked:
            administrator.get(reverse("account_people"))
        return len(asked)

    person("ana", "investigator")
    few = queries()
    for number in range(10):
        person(f"p{number}", "investigator", "records_officer", second_step=True)
    assert queries() == few


def test_a_superuser_makes_the_first_administrator(person):
    root, ana = person("root", is_superuser=True), person("ana")
    people.grant_role(by=root, person=ana, role=role("system_administrator"))
    assert people.may_manage_people(ana)
