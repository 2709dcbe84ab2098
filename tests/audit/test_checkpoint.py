import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checkpoint import ED25519, Ed25519Signer, NoteError, TreeHead, Verifier, open_note, sign_note
from tests.shared_data import shared

SEED = bytes(range(32))
ROOT = bytes(range(100, 132))
HEAD = TreeHead("oversight.example/log", 42, ROOT)
MOMENT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PLAIN = Ed25519Signer("oversight.example/log", SEED)
TIMED = Ed25519Signer("oversight.example/log", SEED, MOMENT)
NOTE = sign_note(HEAD.text, [PLAIN, TIMED])


class TestTreeHead:
    def test_it_is_three_lines(self):
        assert HEAD.text == "oversight.example/log\n42\nZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=\n"
        assert TreeHead.parse(HEAD.text) == HEAD

    def test_extension_lines_are_passed_over(self):
        assert TreeHead.parse(HEAD.text + "something else\n") == HEAD

    @pytest.mark.parametrize(
        "text",
        [
            "", "log\n42\n", "log\n42\n\n", HEAD.text[:-1], "log\n042\n" + HEAD.text.split("\n")[2] + "\n",
            "log\n-1\nAAAA\n", "log\n1\nAAAA\n", "log\n1\n!!\n", "\n1\n" + HEAD.text.split("\n")[2] + "\n",
        ],
    )  # fmt: skip
    def test_it_refuses_anything_else(self, text):
        with pytest.raises(NoteError):
            TreeHead.parse(text)

    def test_it_reads_the_checkpoints_of_a_reference_log(self):
        note = (shared("vectors/tessera-log") / "testdata/log/checkpoint.15").read_text()
        head = TreeHead.parse(note.split("\n\n")[0] + "\n")
        assert (head.origin, head.size) == ("example.com/log/testdata", 15)


class TestNotes:
    def test_a_signed_note_opens_with_its_keys(self):
        opened = open_note(NOTE, [PLAIN.verifier, TIMED.verifier])
        assert TreeHead.parse(opened.text) == HEAD
        assert opened.signed_by == {PLAIN.verifier: None, TIMED.verifier: MOMENT}

    def test_a_reader_who_knows_one_key_passes_over_the_other_line(self):
        assert open_note(NOTE, [PLAIN.verifier]).signed_by == {PLAIN.verifier: None}

    def test_a_note_nobody_known_signed_does_not_open(self):
        stranger = Ed25519Signer("elsewhere.example/log", bytes(32)).verifier
        with pytest.raises(NoteError, match="No key known here"):
            open_note(NOTE, [stranger])

    @given(st.integers(0, len(NOTE) - 1), st.characters(max_codepoint=126, min_codepoint=32))
    def test_no_character_can_be_changed(self, place, character):
        changed = NOTE[:place] + character + NOTE[place + 1 :]
        try:
            opened = open_note(changed, [PLAIN.verifier, TIMED.verifier])
        except NoteError:
            return
        assert changed == NOTE or len(opened.signed_by) < 2

    def test_not_even_the_bits_that_base64_leaves_over(self):
        assert NOTE.endswith("=\n")
        last = NOTE[-4] if NOTE.endswith("==\n") else NOTE[-3]
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        other = alphabet[alphabet.index(last) + 1]
        changed = other.join(NOTE.rsplit(last, 1))
        with pytest.raises(NoteError, match="unusual form"):
            open_note(changed, [PLAIN.verifier, TIMED.verifier])

    def test_the_signed_time_cannot_be_changed(self):
        line = NOTE.split("\n")[-2]
        value = bytearray(base64.b64decode(line.split(" ")[2]))
        value[11] ^= 1
        changed = NOTE.replace(line.split(" ")[2], base64.b64encode(value).decode())
        with pytest.raises(NoteError, match="not good for this text"):
            open_note(changed, [TIMED.verifier])

    def test_the_published_notes_open_or_are_refused_as_they_should(self):
        vectors = json.loads(shared("vectors/golang-sumdb/note_vectors.json").read_text())["vectors"]
        wrong = []
        for vector in vectors:
            try:
                opened = open_note(vector["note"], [Verifier.parse(text) for text in vector["vkeys"]])
                outcome = bool(opened.signed_by)
            except NoteError:
                outcome = False
            if outcome != vector["ok"]:
                wrong.append(vector["name"])
        assert len(vectors) == 12
        assert wrong == []


class TestKeys:
    def test_a_key_is_one_line_that_reads_back(self):
        for signer in (PLAIN, TIMED):
            assert Verifier.parse(signer.verifier.text) == signer.verifier

    def test_the_published_private_key_signs_as_published(self):
        data = json.loads(shared("vectors/golang-sumdb/note_vectors.json").read_text())
        *_, name, key_id, encoded = data["signing_key"].split("+", 4)
        signer = Ed25519Signer(name, base64.b64decode(encoded)[1:])
        assert signer.verifier.key_id.hex() == key_id
        note = next(vector["note"] for vector in data["vectors"] if vector["name"] == "one of two")
        text = note.rpartition("\n\n")[0] + "\n"
        assert sign_note(text, [signer]).rstrip("\n") in note

    @pytest.mark.parametrize(
        "text",
        ["", "name", "name+00000000+AAAA", "na me" + PLAIN.verifier.text, PLAIN.verifier.text.replace("+", "+0", 1)],
    )
    def test_a_mistyped_key_is_refused(self, text):
        with pytest.raises(NoteError):
            Verifier.parse(text)

    def test_wycheproof_signatures_over_texts(self):
        groups = json.loads(shared("vectors/wycheproof/testvectors_v1/ed25519_test.json").read_text())["testGroups"]
        tried, wrong = 0, []
        for group in groups:
            verifier = Verifier("name", ED25519, bytes.fromhex(group["publicKey"]["pk"]))
            for case in group["tests"]:
                try:
                    text = bytes.fromhex(case["msg"]).decode()
                except UnicodeDecodeError:
                    continue
                tried += 1
                try:
                    verifier.check(text, bytes.fromhex(case["sig"]))
                    outcome = "valid"
                except NoteError:
                    outcome = "invalid"
                if outcome != case["result"]:
                    wrong.append(case["tcId"])
        assert tried > 50
        assert wrong == []
