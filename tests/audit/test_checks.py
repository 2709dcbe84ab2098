"""Settings of the log that cannot work are named when the program starts, before anyone meets an error page."""

import pytest
from django.core.checks import run_checks

from audit.checkpoint import Ed25519Signer
from audit.keys import verifiers

PLAIN = Ed25519Signer("paper.example/witness", bytes(32)).verifier.text


def named():
    return {message.id for message in run_checks() if str(message.id).startswith("audit.")}


def test_the_settings_of_a_trial_are_in_order(settings):
    assert named() == set()


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("AUDIT_ORIGIN", "our log", "audit.E001"),
        ("AUDIT_SIGNING_KEY", "short", "audit.E002"),
        ("AUDIT_BEAT_SECONDS", 0, "audit.E003"),
        ("AUDIT_CHECKPOINT_STORE", {"BACKEND": "audit.store.Drawer"}, "audit.E007"),
        ("AUDIT_WITNESSES", ["paper.example/witness"], "audit.E004"),
        ("AUDIT_WITNESSES", [PLAIN], "audit.E004"),
        ("AUDIT_TIME_STAMP_URL", "ftp://stamps.example", "audit.E005"),
        ("AUDIT_TIME_STAMP_URL", "https://stamps.example", "audit.W001"),
    ],
)
def test_what_cannot_work_is_named(settings, name, value, code):
    setattr(settings, name, value)
    assert code in named()


def test_certificates_that_cannot_be_read_are_named(settings, tmp_path):
    settings.AUDIT_TIME_STAMP_URL = "https://stamps.example"
    settings.AUDIT_TIME_STAMP_ROOTS = str(tmp_path / "none.pem")
    assert named() == {"audit.E006"}


def test_a_witness_that_is_known_is_no_fault(settings):
    _plain, timed = verifiers("paper.example/witness")
    settings.AUDIT_WITNESSES = [timed.text]
    assert named() == set()
