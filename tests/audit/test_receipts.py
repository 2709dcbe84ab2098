"""Receipts, and the program that checks them: alone, offline, on a Python without any package."""

import ast
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.test import Client

from audit import cosignatures, log, receipts, verify_receipt
from audit.checkpoint import Ed25519Signer
from audit.keys import verifiers
from audit.models import Entry
from audit.verify_receipt import FALSE, IN_PART, PROVED, UNREADABLE, check

pytestmark = pytest.mark.django_db
GAP = "\n\n"
WORDS = {"narrative": "Me gritaron en la parada.", "place": "Laurel Street"}


@pytest.fixture
def key() -> str:
    return "".join(f"{verifier.text}\n" for verifier in verifiers())


@pytest.fixture
def made(record) -> str:
    for _ in range(5):
        record()
    entry = record(detail=WORDS)
    record()
    log.integrate()
    return receipts.as_json(receipts.receipt(Entry.objects.with_positions().get(pk=entry.pk), with_detail=True))


def test_a_receipt_proves_place_signature_and_words(made, key):
    code, said = check(made, key)
    assert code == PROVED
    assert [line.split(":")[0] for line in said[1:4]] == ["Proved"] * 3
    assert json.loads(json.loads(made)["detail"]["text"]) == WORDS


def test_without_the_key_it_says_that_the_signature_is_not_proved(made):
    code, said = check(made)
    assert code == IN_PART
    assert any(line.startswith("Not proved: who signed") for line in said)


def test_it_speaks_spanish(made, key):
    assert "Probado: el asiento está en el lugar 5 de un registro de 7" in check(made, key, language="es")[1][1]


def test_a_receipt_outlives_the_erasure_of_its_detail_and_the_growth_of_the_log(made, key, record):
    for _ in range(300):
        record()
    log.integrate()
    assert check(made, key)[0] == PROVED


def signed(key, signature, message):
    """Check as the program does, a hundred times faster; the vectors below show that the two agree."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_every_single_bit_counts(made, key, monkeypatch):
    """Each bit of the file turned over, one after the other: none is accepted, and none makes the program stumble."""
    monkeypatch.setattr(verify_receipt, "signature_is_good", signed)
    data = made.encode()
    assert check(made, key)[0] == PROVED
    for place in range(len(data)):
        for bit in range(8):
            changed = bytes([*data[:place], data[place] ^ 1 << bit, *data[place + 1 :]])
            try:
                text = changed.decode()
            except UnicodeDecodeError:
                continue
            assert check(text, key)[0] in {FALSE, UNREADABLE}, (place, bit)


def test_the_program_itself_refuses_bits_of_each_signature(made, key):
    note = json.loads(made)["checkpoint"]
    for line in (line for line in note.split("\n") if line.startswith("—")):
        place = made.index(line[-40:-3])
        for at in (place, place + 11, place + 29):
            changed = made[:at] + ("A" if made[at] != "A" else "B") + made[at + 1 :]
            assert check(changed, key)[0] == FALSE


@pytest.mark.parametrize(
    "change",
    [
        {"index": 4}, {"index": True}, {"index": -1}, {"index": 2**70}, {"proof": []}, {"proof": ["AAAA"]},
        {"detail": {"salt": "00" * 32, "text": "{}"}}, {"detail": {}}, {"format": "redress-receipt/2"}, {"leaf": "{}"},
        {"checkpoint": ""}, {"more": 1},
    ],
)  # fmt: skip
def test_a_receipt_whose_fields_were_exchanged_is_refused(made, key, change):
    assert check(receipts.as_json(json.loads(made) | change), key)[0] in {FALSE, UNREADABLE}


def test_another_key_is_no_proof(made):
    other = "localhost/log+03f7dbcc+AeLmI/LMAIr8QpJyWOoydiD7IGw47ZJQS6T53VbZdxa3"
    assert check(made, other)[0] in {FALSE, UNREADABLE}


def test_a_checkpoint_kept_elsewhere_is_compared(made, key):
    note = json.loads(made)["checkpoint"]
    assert "Proved: the checkpoint that you kept says the same of the log at that size." in check(made, key, note)[1]
    root = note.splitlines()[2]
    forged = note.replace(root, "A" * 43 + "=", 1)
    assert check(made, "", forged)[0] == FALSE
    assert check(made, key, forged)[0] == FALSE


def test_what_could_not_be_compared_is_not_called_proved(made, key, record):
    """A log that grew meanwhile: the proof from each of the two checkpoints ties them together, not one alone."""
    size = json.loads(made)["checkpoint"].splitlines()[1]
    record()
    log.integrate()
    newer = log.newest_checkpoint().note
    code, said = check(made, key, newer)
    assert code == IN_PART
    there = next(line for line in said if line.startswith("Not compared"))
    assert f"/log/since/{size}.json" in there
    assert f"/log/since/{newer.splitlines()[1]}.json" in there
    code, said = check(newer, key, sent="0" * 64)
    assert code == IN_PART
    assert "Not compared: the entry names no file." in said


def test_the_proof_alone_is_named_and_the_receipt_asked_for(made, key):
    proof = f"c2sp.org/tlog-proof@v1\nindex 0\n\n{json.loads(made)['checkpoint']}"
    for language, words in (("en", "this is the proof alone"), ("es", "esto es solo la prueba")):
        code, (said,) = check(proof, key, language=language)
        assert code == UNREADABLE
        assert words in said


def verify_alone(program, receipt, keys, *more):
    command = [sys.executable, "-I", program, receipt, "--key", keys, "--language", "en", *more]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_the_program_runs_alone_as_the_site_hands_it_out(made, key, tmp_path: Path):
    program, receipt, keys = tmp_path / "verify_receipt.py", tmp_path / "receipt.json", tmp_path / "log.key"
    program.write_bytes(Client().get("/log/verify_receipt.py").content)
    receipt.write_text(made)
    keys.write_text(key)
    run = verify_alone(program, receipt, keys)
    assert (run.returncode, run.stderr) == (PROVED, "")
    receipt.write_text(made.replace("gritaron", "hablaron"))
    run = verify_alone(program, receipt, keys)
    assert run.returncode == FALSE
    assert run.stdout.startswith("FALSE: ")


def test_a_checkpoint_that_witnesses_have_signed_is_compared_with_the_key_of_the_log_alone(
    made, key, tmp_path: Path, settings
):
    """What /log/checkpoint hands out bears lines of keys that the reader may not know; the log's own still counts."""
    witness = Ed25519Signer("clerk.example/witness", bytes(range(32)), datetime(2026, 11, 22, tzinfo=UTC))
    settings.AUDIT_WITNESSES = [witness.verifier.text]
    note = json.loads(made)["checkpoint"]
    cosignatures.take(note + witness.sign(f"{note.rpartition(GAP)[0]}\n"))
    seen = Client().get("/log/checkpoint").content.decode()
    assert seen.count("\n— ") == 3
    receipt, keys, kept = tmp_path / "receipt.json", tmp_path / "log.key", tmp_path / "kept.txt"
    receipt.write_text(made)
    keys.write_text(key)
    kept.write_text(seen)
    run = verify_alone(verify_receipt.__file__, receipt, keys, "--checkpoint", kept)
    assert (run.returncode, run.stderr) == (PROVED, "")
    assert "Proved: the checkpoint that you kept says the same of the log at that size." in run.stdout
    run = verify_alone(verify_receipt.__file__, kept, keys)
    assert run.returncode == PROVED
    assert "witness" not in run.stdout
    own_line = seen.split("\n")[4]
    for changed in (
        seen.replace(f"{own_line}\n", ""),
        seen.replace(own_line[-20:], own_line[-20:].swapcase()),
        seen.replace("\n7\n", "\n8\n"),
    ):
        assert check(made, key, changed)[0] in {FALSE, UNREADABLE}
        assert check(changed, key)[0] in {FALSE, UNREADABLE}


def test_the_program_keeps_to_what_python_39_reads():
    assert ast.parse(Path(verify_receipt.__file__).read_text(), feature_version=(3, 9))


def test_a_pending_entry_has_no_receipt_yet(record):
    with pytest.raises(receipts.NotSealedYet):
        receipts.receipt(record())


def test_the_proof_alone_is_a_tlog_proof(made):
    lines = receipts.as_tlog_proof(json.loads(made)).split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 5"]
    assert lines[lines.index("") + 1] == json.loads(made)["checkpoint"].split("\n")[0]


def test_signatures_agree_with_the_vectors(pytestconfig):
    path = Path(pytestconfig.rootpath).parent / "shared/vectors/wycheproof/testvectors_v1/ed25519_test.json"
    if not path.exists():
        pytest.skip("needs ../shared")
    for group in json.loads(path.read_text())["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for row in group["tests"]:
            good = verify_receipt.signature_is_good(public, bytes.fromhex(row["sig"]), bytes.fromhex(row["msg"]))
            assert good == (row["result"] == "valid"), row["comment"]
