"""The public pages of the log: a printed seal is compared with it, and receipts are checked without being kept."""

import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from audit import log, proofs, receipts
from audit.keys import verifiers
from audit.models import Checkpoint, Entry
from audit.verify_receipt import FALSE, PROVED, check

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    return "".join(f"{verifier.text}\n" for verifier in verifiers())


@pytest.fixture
def made(record) -> str:
    for _ in range(3):
        record()
    entry = record(detail={"narrative": "Me gritaron en la parada."})
    log.integrate()
    return receipts.as_json(receipts.receipt(Entry.objects.with_positions().get(pk=entry.pk), with_detail=True))


def file(text: str | bytes, name: str = "receipt-1.json") -> BytesIO:
    sent = BytesIO(text.encode() if isinstance(text, str) else text)
    sent.name = name
    return sent


def verify(language: str = "en", **given):
    return Client(headers={"accept-language": language}).post("/log/verify/", given)


def outcome(page):
    return [(result["kind"], " ".join(result["lines"])) for result in page.context["results"]]


def test_a_receipt_with_the_key_is_proved_in_the_language_of_the_reader(made, key):
    ((kind, said),) = outcome(verify(receipts=file(made), key=key))
    assert (kind, "the log localhost/log signed its root" in said) == ("good", True)
    ((_kind, said),) = outcome(verify("es", receipts=file(made), key_file=file(key, "log.key")))
    assert "Probado: el texto de este comprobante" in said


def test_without_a_key_it_says_what_is_not_proved(made):
    ((kind, said),) = outcome(verify(receipts=file(made)))
    assert (kind, "Not proved: who signed the root." in said) == ("warn", True)


def test_what_is_pasted_is_checked_like_a_file_whatever_line_ends_a_browser_sends(made, key):
    ((kind, _said),) = outcome(verify(text=made.replace("\n", "\r\n").rstrip(), key=key.replace("\n", "\r\n")))
    assert kind == "good"


def test_several_files_are_each_answered_and_a_changed_one_is_false(made, key):
    page = verify(receipts=[file(made), file(made.replace("gritaron", "hablaron"), "other.json")], key=key)
    assert [kind for kind, _said in outcome(page)] == ["good", "bad"]
    assert "FALSE: the text is not the one that the entry was made with." in page.text


@pytest.mark.parametrize(
    "wrong", [b"\xff\xfe\x00", b"", b"{}", b"[" * 90_000, b"\x00", b"9" * 9_000, b'{"format": []}']
)
def test_what_is_no_receipt_gets_a_clear_answer(wrong, key):
    page = verify(receipts=file(wrong), key=key)
    assert page.status_code == 200
    assert "This cannot be read" in page.text or "Choose a file" in page.text


def test_a_key_that_is_none_is_named(made):
    assert "the key is not that of a log" in outcome(verify(receipts=file(made), key="hello"))[0][1]
    assert "not text in UTF-8" in outcome(verify(receipts=file(made), key_file=file(b"\xff", "log.key")))[0][1]


def test_nothing_to_check_and_too_much_are_said_and_nothing_is_lost(made, key):
    page = verify(key=key)
    assert "Choose a file, or paste a receipt below." in page.text
    assert key.split("+")[1] in page.text
    assert "Give at most 10 files at once." in verify(receipts=[file(made) for _ in range(11)]).text
    page = verify(receipts=file(b"x" * 2_100_000))
    assert (page.status_code, "Together the files may have 2 MB" in page.text) == (413, True)


def test_nothing_that_is_sent_is_kept(made, key, tmp_path, monkeypatch, settings):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    tables = [model for model in apps.get_models() if model._meta.managed]
    before = [model._base_manager.count() for model in tables]
    answer = verify(receipts=file(made), key=key)
    verify(receipts=file(b"x" * 2_100_000))
    assert [model._base_manager.count() for model in tables] == before
    assert list(Path(tmp_path).iterdir()) == []
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_proof_between_two_checkpoints_shows_that_the_log_only_grew(made, key, record):
    old = Checkpoint.objects.get()
    for _ in range(9):
        record()
    log.integrate()
    pair = Client().get(f"/log/since/{old.size}.json").text
    code, said = check(pair, key, old.note)
    assert code == PROVED
    assert "Proved: the log of 13 entries begins with the log of 4 entries" in said[0]
    assert "says the same of the log at that size" in said[1]
    assert check(pair.replace('"new"', '"old"', 1), key)[0] != PROVED
    assert check(receipts.as_json({**receipts.growth_since(old), "proof": []}), key)[0] == FALSE
    assert Client().get("/log/since/3.json").status_code == 404
    assert Client().get(f"/log/since/{10**30}.json").status_code == 404


def test_a_printed_seal_is_compared_with_the_log(made, record):
    old = Checkpoint.objects.get()
    record()
    log.integrate()

    def verdict(**query):
        return Client().get("/log/", query).context["compared"]

    assert verdict(size="4", root=old.root_hex)["verdict"] == "agrees"
    assert verdict(size="1,004", root=old.root_hex)["size"] == 1004
    assert verdict(size="4", root=f"{old.root_hex[:8]} {old.root_hex[8:16].upper()}")["verdict"] == "agrees"
    assert verdict(size="3", root=old.root_hex)["verdict"] == "differs"
    assert verdict(size="99", root=old.root_hex)["verdict"] == "too_new"
    assert verdict(size="3", root=old.root_hex)["root"] == proofs.root_at(3).hex()
    leaf = Entry.objects.with_positions().get(placement__position=2).leaf_hash.hex()
    assert verdict(size="4", root=old.root_hex, index="2", leaf=leaf)["entry"] == "there"
    assert verdict(size="4", root=old.root_hex, index="1", leaf=leaf)["entry"] == "not_there"


def test_a_seal_that_cannot_be_read_is_named():
    page = Client().get("/log/?size=some&root=xyz")
    assert "Enter a whole number." in page.text
    assert "Write only the digits 0 to 9" in page.text
    assert "Write at least 16 digits." in Client().get("/log/?size=4&root=abcd").text
    assert Client().get("/log/").status_code == 200
