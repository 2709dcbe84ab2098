"""The public log: an outsider follows it with checkpoint, tiles and key alone."""

import pytest
from django.test import Client

from accounts.models import User
from audit import checkpoint, log, merkle
from audit.tiles import tile_place

pytestmark = pytest.mark.django_db


def get(address):
    return Client().get(f"/log/{address}")


def read_log():
    """Return the newest statement, checked with the published keys, and the leaf hashes of the tiles it covers."""
    keys = [checkpoint.Verifier.parse(line) for line in get("key").text.splitlines()]
    head = checkpoint.TreeHead.parse(checkpoint.open_note(get("checkpoint").text, keys).text)
    hashes = []
    for index in range(-(-head.size // 256)):
        width = min(head.size - 256 * index, 256)
        answer = get(f"tile/0/{tile_place(index, width)}")
        assert answer.status_code == 200
        hashes += merkle.split_hashes(answer.content)
    return head, hashes


@pytest.fixture
def grow(record):
    def grow_by(entries):
        for _ in range(entries):
            record()
        return log.integrate()

    return grow_by


def test_an_outsider_recomputes_the_signed_root_from_tiles_alone(grow):
    for entries in (1, 254, 1, 1, 43):
        newest = grow(entries)
        head, hashes = read_log()
        frontier = merkle.Frontier()
        for leaf in hashes:
            frontier.append(leaf)
        assert (head.size, head.root) == (newest.size, bytes(newest.root)) == (len(hashes), frontier.root())
    assert get("tile/1/000.p/1").content == merkle.perfect_root(b"".join(hashes[:256]))


def test_a_tile_shows_nothing_that_the_newest_checkpoint_does_not_cover(grow, record):
    grow(3)
    record()
    assert get("tile/0/000.p/3").status_code == 200
    assert get("tile/0/000.p/4").status_code == 404
    assert get("tile/0/000").status_code == 404
    grow(0)
    assert get("tile/0/000.p/4").status_code == 200


def test_a_partial_tile_stays_when_the_log_has_outgrown_it(grow):
    grow(2)
    before = get("tile/0/000.p/2").content
    grow(5)
    assert get("tile/0/000.p/2").content == before


@pytest.mark.parametrize(
    "place",
    ["0", "00", "0000", "x000/000", "000.p/0", "000.p/256", "000.p/02", "000/", "entries/000", "001", "٠٠٠"],
)
def test_a_tile_has_one_address(grow, place):
    grow(3)
    assert get(f"tile/0/{place}").status_code == 404


def test_a_level_that_no_log_reaches_is_not_found(grow):
    grow(1)
    assert get("tile/7/000.p/1").status_code == 404
    assert get("tile/99999999999999999999/000.p/1").status_code == 404


@pytest.mark.parametrize(("index", "place"), [(0, "000"), (999, "999"), (1000, "x001/000"), (1234067, "x001/x234/067")])
def test_tiles_are_named_in_groups_of_three_digits(index, place):
    assert tile_place(index) == place


def test_what_never_changes_is_kept_for_ever_and_the_checkpoint_for_one_beat(grow):
    grow(1)
    assert "immutable" in get("tile/0/000.p/1").headers["Cache-Control"]
    assert get("checkpoint").headers["Cache-Control"] == "public, max-age=2"
    for address in ("checkpoint", "key", "tile/0/000.p/1"):
        assert get(address).headers["Access-Control-Allow-Origin"] == "*"
        assert not get(address).cookies


def test_a_cache_keeps_one_copy_for_everyone_and_hands_nobodys_cookie_on(grow):
    grow(1)
    visitor = Client(headers={"accept-language": "es"})
    visitor.force_login(User.objects.create_user("reader"))
    for address in ("checkpoint", "key", "tile/0/000.p/1", "since/1.json", "verify_receipt.py"):
        answer = visitor.get(f"/log/{address}")
        assert "public" in answer.headers["Cache-Control"]
        assert not {"Vary", "Content-Language"} & set(answer.headers)
        assert not answer.cookies
    assert "Cookie" in visitor.get("/log/").headers["Vary"]


def test_what_is_not_there_yet_is_kept_by_no_cache(grow):
    grow(1)
    for address in ("tile/0/000.p/2", "checkpoint/2", "since/2.json", "stamp/1.tsr"):
        assert "no-store" in get(address).headers["Cache-Control"]


def test_before_the_first_entry_there_is_a_key_and_no_checkpoint():
    assert get("checkpoint").status_code == 404
    assert get("tile/0/000.p/1").status_code == 404
    assert get("key").text.count("\n") == 2
