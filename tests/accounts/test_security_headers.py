import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["/en/", "/accounts/login/", "/en/no-such-page/"])
def test_every_page_says_what_browsers_must_not_do_with_it(client, page):
    headers = client.get(page).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_forms_need_the_page_they_came_from(person):
    person("ana")
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ana", "password": "x"})
    assert answer.status_code == 403


def test_outside_a_trial_cookies_travel_only_encrypted_and_a_second_step_is_required():
    names = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECOND_FACTOR_REQUIRED", "SECURE_HSTS_SECONDS"]
    asked = f"from config import settings; print(*[getattr(settings, name) for name in {names}])"
    environment = {**os.environ, "TRIAL": "false"}
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.split() == ["True", "True", "True", str(365 * 24 * 60 * 60)]
