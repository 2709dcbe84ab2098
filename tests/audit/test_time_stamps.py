"""An authority outside stamps the newest checkpoint, and anyone can check that without us."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from audit import log, time_stamps
from audit.models import Checkpoint, TimeStamp
from audit.tasks import stamp_checkpoint
from audit.verify import verify
from tests.audit.stamping import Authority
from tests.processes import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("authority"))
    with made.serving() as made.address:
        yield made


@pytest.fixture
def trusted(authority, settings):
    settings.AUDIT_TIME_STAMP_URL = authority.address
    settings.AUDIT_TIME_STAMP_ROOTS = str(authority.roots)
    return authority


@pytest.fixture
def sealed(record):
    record()
    return log.integrate()


def test_by_default_nothing_is_asked_of_anyone(sealed):
    assert time_stamps.stamp_newest() is None
    assert not TimeStamp.objects.exists()


def test_the_newest_checkpoint_is_stamped_once(trusted, sealed, record):
    made = time_stamps.stamp_newest()
    assert (made.size, made.authority) == (1, "CN=County Clerk")
    assert abs(made.stamped_at - datetime.now(UTC)) < timedelta(hours=1)
    assert time_stamps.stamp_newest() is None
    record()
    log.integrate()
    stamp_checkpoint(0)
    assert list(TimeStamp.objects.order_by("size").values_list("size", flat=True)) == [1, 2]
    assert verify().ok


def test_openssl_alone_checks_what_the_site_hands_out(trusted, sealed, tmp_path):
    time_stamps.stamp_newest()
    page = Client().get("/log/")
    assert "CN=County Clerk" in page.text
    for name, address in (("stamp.tsr", "/log/stamp/1.tsr"), ("note.txt", "/log/checkpoint/1")):
        assert f'href="{address}"' in page.text
        (tmp_path / name).write_bytes(Client().get(address).content)
    command = ["openssl", "ts", "-verify", "-data", "note.txt", "-in", "stamp.tsr", "-CAfile", str(trusted.roots)]
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "note.txt").write_text(sealed.note.replace("\n1\n", "\n2\n"))
    assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode != 0


def test_what_was_never_signed_or_stamped_is_not_found(client, sealed):
    for address in ("/log/checkpoint/2", f"/log/checkpoint/{10**30}", "/log/stamp/1.tsr", f"/log/stamp/{10**30}.tsr"):
        assert client.get(address).status_code == 404


def test_an_authority_that_is_down_delays_nothing_and_is_asked_again(trusted, sealed, settings, record, caplog):
    settings.AUDIT_TIME_STAMP_URL = f"http://127.0.0.1:{free_port()}/"
    stamp_checkpoint(0)
    assert not TimeStamp.objects.exists()
    record()
    assert log.integrate().size == 2
    settings.AUDIT_TIME_STAMP_URL = trusted.address
    stamp_checkpoint(0)
    assert TimeStamp.objects.get().size == 2


@pytest.mark.parametrize("roots", ["", "missing.pem"])
def test_without_certificates_that_vouch_for_it_no_stamp_is_taken(trusted, sealed, settings, roots):
    settings.AUDIT_TIME_STAMP_ROOTS = roots
    with pytest.raises(time_stamps.NotStamped, match="AUDIT_TIME_STAMP_ROOTS"):
        time_stamps.stamp_newest()


def test_the_stamp_of_a_stranger_is_not_taken(trusted, sealed, settings, tmp_path):
    settings.AUDIT_TIME_STAMP_ROOTS = str(Authority(tmp_path).roots)
    with pytest.raises(time_stamps.NotStamped, match="not good"):
        time_stamps.stamp_newest()
    assert not TimeStamp.objects.exists()


def test_an_answer_to_another_question_is_not_taken(trusted, sealed, monkeypatch):
    """One that somebody kept from before, for instance: it would be of the right text."""
    time_stamps.stamp_newest()
    old = bytes(TimeStamp.objects.get().answer)
    monkeypatch.setattr(TimeStamp.objects, "filter", lambda **_: TimeStamp.objects.none())
    monkeypatch.setattr(time_stamps, "_ask", lambda *_: old)
    with pytest.raises(time_stamps.NotStamped, match="Nonce mismatch"):
        time_stamps.stamp_newest()


@pytest.mark.parametrize(
    ("answer", "words"), [(b"", "not good"), (b"<html>", "not good"), (b"\x30\x03\x02\x01\x02", "not good")]
)
def test_what_is_no_stamp_is_not_taken(trusted, sealed, monkeypatch, answer, words):
    monkeypatch.setattr(time_stamps, "_ask", lambda *_: answer)
    with pytest.raises(time_stamps.NotStamped, match=words):
        time_stamps.stamp_newest()


def test_no_byte_of_a_stamp_can_be_changed(trusted, sealed):
    time_stamps.stamp_newest()
    answer, note = bytes(TimeStamp.objects.get().answer), Checkpoint.objects.get().note.encode()
    roots = time_stamps.trusted_roots()
    said = time_stamps.read_stamp(answer, note, roots)
    believed = []
    for place in range(0, len(answer), 7):
        changed = bytes([*answer[:place], answer[place] ^ 1, *answer[place + 1 :]])
        try:
            if time_stamps.read_stamp(changed, note, roots) != said:
                believed.append(place)
        except time_stamps.NotStamped:
            continue
    assert believed == []
