"""A witness and a monitor watch a log from outside, from its published files alone."""

import json

import pytest
from django.core.management import CommandError, call_command

from audit import checkpoint, log, merkle
from audit.checkpoint import Ed25519Signer, NoteError, TreeHead, Verifier
from audit.following import InFolder, LogAlarm, Unreachable, published_at
from audit.models import Cosignature
from audit.monitor import Mirror
from audit.witness import Witness, new_secret_key, read_secret_key
from tests.audit.published import MOMENT, SIGNER, PublishedLog

SECRET = new_secret_key("clerk.example/witness")
WITNESS = read_secret_key(SECRET, MOMENT).verifier
EDITED = merkle.leaf_hash(b"edited")


@pytest.fixture
def published(tmp_path):
    return PublishedLog(tmp_path / "log", 300)


@pytest.fixture
def look(published, tmp_path):
    """Let the witness look at the log; returns what it cosigned and whether the log grew."""
    witness = Witness([SIGNER.verifier], SECRET, tmp_path / "kept" / "checkpoint")
    return lambda: witness.look(InFolder(published.folder), MOMENT)


@pytest.fixture
def follow(published, tmp_path):
    """Let the monitor look at the log; returns what is new."""
    mirror = Mirror(tmp_path / "mirror", [SIGNER.verifier])
    return lambda: mirror.follow(InFolder(published.folder), MOMENT)


class TestAWitness:
    def test_it_cosigns_what_it_sees_first_and_all_that_goes_on_from_there(self, published, look):
        for entries, grew in ((0, True), (0, False), (1, True), (255, True), (700, True)):
            published.grow(entries)
            seen, did_grow = look()
            assert did_grow == grew
            opened = checkpoint.open_note(seen.note, [SIGNER.verifier, WITNESS])
            assert opened.signed_by == {SIGNER.verifier: None, WITNESS: MOMENT}
            assert TreeHead.parse(opened.text).size == len(published.leaves)

    def test_it_keeps_the_last_checkpoint_and_nothing_else(self, published, look, tmp_path):
        look()
        published.grow(5)
        seen, _ = look()
        assert (tmp_path / "kept" / "checkpoint").read_text() == seen.note
        assert {path.name for path in (tmp_path / "kept").iterdir()} == {"checkpoint", "checkpoint.lock"}

    @pytest.mark.parametrize(
        ("lie", "code"),
        [
            (lambda log: (log.leaves.pop(),), "shrank"),
            (lambda log: (log.leaves.__setitem__(7, EDITED),), "forked"),
            (lambda log: (log.leaves.__setitem__(7, EDITED), log.grow(400)), "forked"),
            (lambda log: (log.leaves.insert(250, EDITED),), "forked"),
        ],
        ids=["an entry gone", "one edited", "one edited and many added", "one slipped in"],
    )
    def test_it_signs_nothing_that_contradicts_what_it_saw_and_keeps_the_proof(
        self, published, look, tmp_path, lie, code
    ):
        before, _ = look()
        lie(published)
        published.publish()
        with pytest.raises(LogAlarm) as alarm:
            look()
        assert alarm.value.code == code
        assert (tmp_path / "kept" / "checkpoint").read_text() == before.note
        assert (tmp_path / "kept" / f"checkpoint.{code}").read_text() == (published.folder / "checkpoint").read_text()

    def test_it_signs_nothing_that_another_key_signed(self, published, look):
        published.publish(Ed25519Signer(SIGNER.name, bytes(32)))
        with pytest.raises(LogAlarm, match="not signed by the log"):
            look()

    def test_tiles_that_cannot_be_had_are_no_proof_of_a_lie(self, published, look):
        look()
        published.grow(5)
        for path in published.folder.glob("tile/0/*"):
            path.unlink() if path.is_file() else [part.unlink() for part in path.iterdir()]
        with pytest.raises(Unreachable, match="cannot be read"):
            look()

    @pytest.mark.parametrize(
        "text",
        ["", "hello", SIGNER.verifier.text, SECRET.replace("+", "+0", 3), SECRET[:-5]],
        ids=["empty", "no key", "public", "longer", "cut off"],
    )
    def test_a_mistyped_secret_key_is_refused(self, text):
        with pytest.raises(NoteError):
            read_secret_key(text, MOMENT)


class TestAMonitor:
    def test_it_mirrors_a_log_that_a_witness_can_then_read(self, published, follow, tmp_path):
        news = []
        for entries in (0, 1, 211, 0, 400):
            published.grow(entries)
            news.append(follow().new_entries)
        assert news == [300, 1, 211, 0, 400]
        mirror = tmp_path / "mirror"
        files = {str(path.relative_to(mirror)) for path in (mirror / "tile").rglob("*") if path.is_file()}
        assert files == {"tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/144", "tile/1/000.p/3"}
        assert all((mirror / name).read_bytes() == (published.folder / name).read_bytes() for name in files)
        seen, _ = Witness([SIGNER.verifier], SECRET, tmp_path / "kept").look(InFolder(mirror), MOMENT)
        assert seen.head.size == 912

    def test_it_reads_every_hash_and_not_only_a_path_of_them(self, published, follow):
        follow()
        published.grow(300)
        tile = published.folder / "tile/0/001"
        tile.write_bytes(tile.read_bytes()[:-32] + EDITED)
        with pytest.raises(LogAlarm, match="a root for 600 entries that its hashes do not give"):
            follow()

    def test_it_raises_the_alarm_at_a_fork_keeps_the_proof_and_stays_as_it_was(self, published, follow, tmp_path):
        honest = list(published.leaves)
        follow()
        published.leaves[3] = EDITED
        published.grow(300)
        for _ in range(2):
            with pytest.raises(LogAlarm) as alarm:
                follow()
            assert alarm.value.code == "forked"
        (kept,) = (tmp_path / "mirror" / "alarms").iterdir()
        assert kept.read_text() == (published.folder / "checkpoint").read_text()
        published.leaves = honest
        published.grow(300)
        assert follow().new_entries == 300

    def test_it_goes_on_after_an_interruption_and_does_not_trust_what_was_left_of_it(self, published, follow, tmp_path):
        follow()
        published.grow(800)
        left = tmp_path / "mirror/tile/0/002"
        left.write_bytes(EDITED * 256)
        assert follow().size == 1100
        assert left.read_bytes() == b"".join(published.leaves[512:768])

    def test_an_unfinished_tile_is_no_alarm(self, published, follow):
        tile = published.folder / "tile/0/000"
        tile.write_bytes(tile.read_bytes()[:100])
        with pytest.raises(Unreachable, match="too short"):
            follow()


@pytest.fixture
def run(capsys):
    """Run a command; return what it prints, and its exit code."""

    def run(*arguments):
        code = 0
        try:
            call_command(*map(str, arguments))
        except CommandError as error:
            code = error.returncode
        return capsys.readouterr().out, code

    return run


class TestTheCommands:
    @pytest.mark.parametrize("command", ["follow", "witness"])
    def test_they_say_by_their_exit_code_what_they_found(self, run, published, tmp_path, command):
        (tmp_path / "secret").write_text(SECRET)
        arguments = {
            "follow": ["follow_log", published.folder, tmp_path / "mirror", "--once", "--json"],
            "witness": [
                "witness_checkpoint", published.folder, "--secret", tmp_path / "secret", "--kept", tmp_path / "kept/c",
                "--json",
            ],
        }[command]  # fmt: skip
        out, code = run(*arguments)
        assert (json.loads(out)["ok"], json.loads(out)["size"], code) == (True, 300, 0)
        published.leaves.pop()
        published.publish()
        out, code = run(*arguments)
        assert (json.loads(out)["ok"], json.loads(out)["code"], code) == (False, "shrank", 1)
        (published.folder / "checkpoint").unlink()
        out, code = run(*arguments)
        assert (json.loads(out)["ok"], code) == (None, 2)

    def test_a_key_of_another_log_is_refused_and_the_one_kept_stays(self, run, published, tmp_path):
        follow = ["follow_log", published.folder, tmp_path / "mirror", "--once"]
        assert run(*follow)[1] == 0
        (tmp_path / "other").write_text(WITNESS.text)
        assert run(*follow, "--key", tmp_path / "other")[1] == 1
        assert (tmp_path / "mirror/key").read_text() == f"{SIGNER.verifier.text}\n"

    def test_a_new_key_is_made_once_and_is_for_its_owner_alone(self, run, tmp_path):
        out, code = run("witness_checkpoint", "--secret", tmp_path / "secret", "--new-key", "paper.example/witness")
        assert (Verifier.parse(out).name, code) == ("paper.example/witness", 0)
        assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
        assert run("witness_checkpoint", "--secret", tmp_path / "secret", "--new-key", "paper")[1] == 1


@pytest.mark.django_db(transaction=True)
def test_over_the_web_a_log_is_mirrored_witnessed_and_shows_the_cosignature(
    live_server, run, record, settings, tmp_path
):
    (tmp_path / "secret").write_text(SECRET)
    address = f"{live_server.url}/log"
    witness = [
        "witness_checkpoint", address, "--secret", tmp_path / "secret", "--kept", tmp_path / "kept/checkpoint",
        "--return",
    ]  # fmt: skip
    record()
    log.integrate()
    assert run(*witness)[1] == 2
    settings.AUDIT_WITNESSES = [WITNESS.text]
    for entries in (1, 3):
        for _ in range(entries):
            record()
        newest = log.integrate()
        note, code = run(*witness)
        assert code == 0
        assert published_at(address).read("checkpoint", most=10_000).decode() == note
        assert note.startswith(newest.note)
        out, code = run("follow_log", address, tmp_path / "mirror", "--once", "--json")
        assert (json.loads(out)["size"], json.loads(out)["root"], code) == (newest.size, newest.root_hex, 0)
    assert run(*witness)[1] == 0
    assert [row.size for row in Cosignature.objects.order_by("size")] == [2, 5]
    settings.AUDIT_WITNESSES = []
    assert published_at(address).read("checkpoint", most=10_000).decode() == newest.note


@pytest.mark.django_db
class TestTakingACosignature:
    @pytest.fixture
    def note(self, record, settings):
        settings.AUDIT_WITNESSES = [WITNESS.text]
        record()
        return log.integrate().note

    def send(self, client, note):
        return client.post("/log/cosignatures", note, content_type="text/plain")

    def cosigned(self, note, secret=SECRET):
        return note + read_secret_key(secret, MOMENT).sign(note.rpartition("\n\n")[0] + "\n")

    def test_a_known_witness_is_taken_once(self, client, note):
        for _ in range(2):
            assert self.send(client, self.cosigned(note)).status_code == 200
        assert Cosignature.objects.get().witness == "clerk.example/witness"

    def test_nobody_else_is(self, client, note):
        stranger = new_secret_key("stranger.example/witness")
        namesake = new_secret_key("clerk.example/witness")
        other = note.replace("\n1\n", "\n2\n")
        for text in ("", "hello", note, self.cosigned(note, stranger), self.cosigned(note, namesake), "x" * 30_000):
            assert self.send(client, text).status_code == 400
        assert "has signed no such checkpoint" in self.send(client, self.cosigned(other)).text
        assert self.send(client, b"\xff").status_code == 400
        assert not Cosignature.objects.exists()
