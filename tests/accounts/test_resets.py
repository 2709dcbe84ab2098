"""A lost second step: two administrators take it away, and neither alone."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import resets, second_factor
from accounts.models import SecondStepReset
from accounts.people import RefusedError
from accounts.tasks import tell_of_reset
from audit.models import Entry
from tests.signing_in import PASSWORD

REASON = "Came in person with a city badge."


@pytest.fixture
def ana(person):
    return person("ana", "investigator", second_step=True, email="ana@example.org")


@pytest.fixture
def two(person):
    return person("keiko", "system_administrator"), person("omar", "system_administrator")


def entries(ana):
    return list(Entry.objects.filter(subject=ana.reference).values_list("action", flat=True))


def test_two_administrators_take_a_second_step_away_with_its_recovery_codes(ana, two):
    keiko, omar = two
    reset = resets.propose(by=keiko, person=ana, reason=REASON)
    assert second_factor.is_set_up(ana)
    resets.agree(by=omar, reset=reset)
    assert not Authenticator.objects.filter(user=ana).exists()
    assert entries(ana)[-2:] == ["second_step.reset_proposed", "second_step.reset"]
    proposed = Entry.objects.get(action="second_step.reset_proposed")
    assert "badge" not in proposed.leaf
    assert Entry.objects.get(action="second_step.reset").facts["proposed_by"] == keiko.reference


def test_nobody_agrees_to_their_own_proposal(ana, two):
    reset = resets.propose(by=two[0], person=ana, reason=REASON)
    with pytest.raises(RefusedError, match="same_person"):
        resets.agree(by=two[0], reset=reset)
    assert second_factor.is_set_up(ana)
    with pytest.raises(IntegrityError, match="takes_two"):
        SecondStepReset.objects.filter(pk=reset.pk).update(agreed=True, answered_by=two[0])


def test_nobody_takes_part_in_their_own_reset(two, person):
    keiko, omar = two
    lost = person("lena", "system_administrator", second_step=True)
    with pytest.raises(PermissionDenied):
        resets.propose(by=lost, person=lost, reason=REASON)
    reset = resets.propose(by=keiko, person=lost, reason=REASON)
    with pytest.raises(PermissionDenied):
        resets.agree(by=lost, reset=reset)
    resets.agree(by=omar, reset=reset)


def test_whoever_manages_nobody_proposes_nothing(ana, person):
    with pytest.raises(PermissionDenied):
        resets.propose(by=person("ivo", "supervising_investigator"), person=ana, reason=REASON)


@pytest.mark.parametrize(("reason", "code"), [(" ", "no_reason"), (REASON, "proposed_already")])
def test_a_proposal_needs_a_reason_and_stands_alone(ana, two, reason, code):
    resets.propose(by=two[0], person=ana, reason=REASON)
    with pytest.raises(RefusedError, match=code):
        resets.propose(by=two[1], person=ana, reason=reason)


def test_a_proposal_that_is_put_aside_or_too_old_takes_nothing_away(ana, two):
    keiko, omar = two
    aside = resets.decline(by=keiko, reset=resets.propose(by=keiko, person=ana, reason=REASON))
    old = resets.propose(by=keiko, person=ana, reason=REASON)
    SecondStepReset.objects.filter(pk=old.pk).update(proposed_at=timezone.now() - SecondStepReset.STANDS)
    for reset in (aside, old):
        with pytest.raises(RefusedError, match="not_open"):
            resets.agree(by=omar, reset=reset)
    assert second_factor.is_set_up(ana)


def test_open_sessions_end_and_the_person_is_told_once(ana, two, sign_in, second_step, is_signed_in):
    sign_in("ana")
    second_step()
    assert is_signed_in()
    reset = resets.agree(by=two[1], reset=resets.propose(by=two[0], person=ana, reason=REASON))
    job = ProcrastinateJob.objects.get(task_name=resets.TELL)
    assert job.args == {"reset": reset.pk}
    tell_of_reset(reset.pk)
    tell_of_reset(reset.pk)
    [sent] = mail.outbox
    assert sent.to == ["ana@example.org"]
    assert "call" in sent.body
    assert not is_signed_in()
    signed_in = Client().post(reverse("account_login"), {"login": "ana", "password": PASSWORD})
    assert signed_in.url == reverse("begin")


def browser_of(login):
    client = Client()
    client.post(reverse("account_login"), {"login": login, "password": PASSWORD})
    return client


def test_the_pages_lead_from_the_person_to_the_answer(ana, two):
    first, second = browser_of("keiko"), browser_of("omar")
    assert "Propose a reset" in first.get(reverse("account_person", args=[ana.pk])).text
    first.post(reverse("account_reset_propose", args=[ana.pk]), {"reason": REASON})
    answer = reverse("account_reset_answer", args=[ana.pk, SecondStepReset.objects.get().pk])
    assert "You proposed this" in first.get(answer).text
    assert answer in second.get(reverse("account_person", args=[ana.pk])).text
    assert REASON in second.get(answer).text
    second.post(answer, {"answer": "agree"})
    assert not second_factor.is_set_up(ana)
