"""The public pages of the log: a printed seal is compared with it, and receipts are checked without being kept."""

import tempfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from audit import cosignatures, log, proofs, receipts
from audit.checkpoint import Ed25519Signer
from audit.keys import verifiers
from audit.models import Checkpoint, Cosignature, Entry, TimeStamp
from audit.verify_receipt import FALSE, PROVED, check

pytestmark = pytest.mark.django_db
LIBRARY = Ed25519Signer("library.example/witness", b"\1" * 32, datetime.fromtimestamp(0, UTC)).verifier.text


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


class TestCheckpointsAndWitnesses:
    def test_a_checkpoint_is_listed_with_its_root_its_proof_and_who_saw_it(self, record, settings):
        paper = Ed25519Signer("paper.example/witness", bytes(32), datetime(2026, 11, 3, tzinfo=UTC))
        settings.AUDIT_WITNESSES = [paper.verifier.text, LIBRARY]
        record()
        first = log.integrate()
        cosignatures.take(first.note + paper.sign(first.note.rpartition("\n\n")[0] + "\n"))
        record()
        second = log.integrate()
        page = Client().get("/log/checkpoints/")
        assert [row["checkpoint"] for row in page.context["rows"]] == [second, first]
        assert [[one.witness for one in row["seen"]] for row in page.context["rows"]] == [[], ["paper.example/witness"]]
        assert [(one.name, one.is_known, one.newest and one.newest.size) for one in page.context["witnesses"]] == [
            ("paper.example/witness", True, 1), ("library.example/witness", True, None),
        ]  # fmt: skip
        assert page.context["witnesses"][0].newest.at == datetime(2026, 11, 3, tzinfo=UTC)
        assert f"/log/since/{first.size}.json" in page.text
        assert "No authority outside has stamped one yet." in page.text
        TimeStamp.objects.create(size=2, authority="Stamps of the County", answer=b"", stamped_at=timezone.now())
        page = Client().get("/log/checkpoints/")
        assert [row["stamp"] and row["stamp"].authority for row in page.context["rows"]] == [
            "Stamps of the County",
            None,
        ]
        assert "/log/stamp/2.tsr" in page.text
        settings.AUDIT_WITNESSES = []
        assert "No longer known here" in Client().get("/log/checkpoints/").text

    def test_a_signature_of_another_checkpoint_is_called_out(self, record):
        paper = Ed25519Signer("paper.example/witness", bytes(32), datetime(2026, 11, 3, tzinfo=UTC))
        record()
        signed = log.integrate()
        Cosignature.objects.create(size=signed.size, key=paper.verifier.text, line=paper.sign("another\n").strip())
        assert "The signature is not good" in Client().get("/log/checkpoints/").text

    def test_an_empty_log_says_so_and_the_front_leads_there_once_something_is_signed(self, record):
        assert "Nothing was signed yet." in Client().get("/log/checkpoints/").text
        record()
        log.integrate()
        assert "/log/checkpoints/" in Client().get("/log/").text

    def test_more_checkpoints_take_no_more_queries(self, record, django_assert_max_num_queries):
        for _ in range(5):
            record()
            log.integrate()
        with django_assert_max_num_queries(10):
            Client().get("/log/checkpoints/")
