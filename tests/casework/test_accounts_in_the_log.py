"""Acts on accounts, and signing in, leave entries."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from accounts import people, tokens
from accounts.models import Role, RoleHolding, User
from audit import log
from audit.models import Entry
from tests.signing_in import PASSWORD, code_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def keiko(person):
    return person("keiko", "system_administrator")


def entries(about: str) -> list[tuple[str, str, str, dict]]:
    return [(entry.action, entry.actor, entry.actor_role, entry.facts) for entry in Entry.objects.about(about)]


def test_a_role_is_entered_with_who_granted_it_and_who_ended_it(person, keiko):
    ana = person("ana")
    holding = people.grant_role(by=keiko, person=ana, role=Role.objects.get(code="investigator"))
    people.end_role(by=keiko, holding=holding)
    day = holding.since.astimezone().date().isoformat()
    assert entries(ana.reference) == [
        (
            "role.granted",
            keiko.reference,
            "system_administrator",
            {"role": "investigator", "since": day, "until": "open"},
        ),
        ("role.ended", keiko.reference, "system_administrator", {"role": "investigator", "until": day}),
    ]


def test_a_role_that_cannot_be_entered_is_not_granted(person, keiko, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the log is full")

    ana = person("ana")
    monkeypatch.setattr(log, "record", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        people.grant_role(by=keiko, person=ana, role=Role.objects.get(code="investigator"))
    assert not RoleHolding.objects.filter(user=ana).exists()


def test_a_persons_account_is_told_from_beginning_to_end(keiko):
    ana = people.add_person(by=keiko, login="ana", name="Ana Okafor")
    people.password_link(by=keiko, person=ana)
    people.close_account(by=keiko, person=ana)
    people.reopen_account(by=keiko, person=ana)
    told = entries(ana.reference)
    assert [action for action, *_ in told] == [
        "person.added", "password_link.made", "account.closed", "account.reopened",
    ]  # fmt: skip
    assert "Okafor" not in "".join(Entry.objects.about(ana.reference).values_list("leaf", flat=True))


def test_signing_in_with_two_steps_and_out_is_entered(client, person, sign_in, second_step):
    ana = person("ana", second_step=True)
    sign_in("ana")
    second_step(code_at(time.time() - 90))
    second_step()
    client.post(reverse("account_logout"))
    assert [(action, actor) for action, actor, *_ in entries(ana.reference)] == [
        ("sign_in.failed", "anonymous"),
        ("sign_in.succeeded", ana.reference),
        ("sign_in.ended", ana.reference),
    ]


def test_a_wrong_password_is_entered_without_what_was_typed(person, sign_in):
    ana = person("ana")
    sign_in("ana", "my other password")
    sign_in(PASSWORD, "ana")
    assert entries(ana.reference) == [("sign_in.failed", "anonymous", "none", {"step": "password"})]
    assert entries("user:unknown") == [("sign_in.failed", "anonymous", "none", {"step": "password"})]
    assert "password" not in "".join(Entry.objects.values_list("leaf", flat=True)).replace('"step":"password"', "")


def test_a_second_step_is_entered_when_it_comes_and_goes(
    client,
    person,
    sign_in,
    django_capture_on_commit_callbacks,
):
    ana = person("ana")
    sign_in("ana")
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_at(time.time(), secret)})
    client.post(reverse("mfa_deactivate_totp"))
    told = [(action, facts.get("kind")) for action, _actor, _role, facts in entries(ana.reference)[1:]]
    assert told == [
        ("second_step.added", "totp"),
        ("second_step.added", "recovery_codes"),
        ("second_step.removed", "totp"),
        ("second_step.removed", "recovery_codes"),
    ]


def test_a_token_is_entered_without_its_secret(person):
    ana = person("ana", "investigator")
    token, secret = tokens.issue(by=ana, label="Report", scopes=["cases:read"], lasts=timedelta(days=30))
    tokens.revoke(by=ana, token=token)
    told = entries(token.reference)
    assert [(action, actor, role) for action, actor, role, _facts in told] == [
        ("token.created", ana.reference, "account_holder"),
        ("token.revoked", ana.reference, "account_holder"),
    ]
    assert told[0][3]["scopes"] == ["cases:read"]
    assert secret[8:20] not in "".join(Entry.objects.values_list("leaf", flat=True))


def test_a_password_is_entered_when_it_changes(client, person, sign_in):
    ana = person("ana")
    sign_in("ana")
    new = "nine green bicycles"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert entries(ana.reference)[-1][:2] == ("password.set", ana.reference)
    assert User.objects.get(pk=ana.pk).check_password(new)
