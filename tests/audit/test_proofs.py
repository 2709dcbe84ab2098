import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit import log, merkle, proofs
from audit.models import Checkpoint, Entry, Leaf, Tile
from tests.audit.test_merkle import naive_root


def split(leaves):
    """Return the leaves as RFC 6962 divides them: the largest power of two below their number, and the rest."""
    size = 1
    while size * 2 < len(leaves):
        size *= 2
    return leaves[:size], leaves[size:]


def naive_path(position, leaves):
    """The audit path as RFC 6962 defines it, section 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    left, right = split(leaves)
    if position < len(left):
        return [*naive_path(position, left), naive_root(right)]
    return [*naive_path(position - len(left), right), naive_root(left)]


def naive_proof(old, leaves, *, whole=True):
    """The consistency proof as RFC 6962 defines it, section 2.1.2, word for word."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    left, right = split(leaves)
    if old <= len(left):
        return [*naive_proof(old, left, whole=whole), naive_root(right)]
    return [*naive_proof(old - len(left), right, whole=False), naive_root(left)]


@pytest.mark.django_db
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 90), min_size=1, max_size=6), st.data())
def test_random_appends_give_the_tree_that_the_definition_gives(record, batches, data):
    """Entries come and are sealed in random batches; every signed root and any proof is that of the naive tree."""
    with transaction.atomic():
        for number in range(sum(batches)):
            record(f"case:{number % 7}")
        for batch in batches:
            log.integrate(batch)
        leaves = [entry.leaf_hash for entry in Entry.objects.order_by("placement__position")]
        signed = [(kept.size, bytes(kept.root)) for kept in Checkpoint.objects.order_by("size")]
        assert signed == [(size, naive_root(leaves[:size])) for size, _ in signed]
        assert signed[-1][0] == sum(batches)
        new = data.draw(st.integers(1, len(leaves)))
        old, position = data.draw(st.integers(1, new)), data.draw(st.integers(0, new - 1))
        assert proofs.root_at(new) == naive_root(leaves[:new])
        assert proofs.inclusion_proof(position, new) == naive_path(position, leaves[:new])
        assert proofs.consistency_proof(old, new) == naive_proof(old, leaves[:new])
        transaction.set_rollback(True)


@pytest.fixture
def long_log(record):
    """A log of 700 entries sealed in batches of uneven size, so that tiles are completed inside and at the end."""
    for number in range(700):
        record(f"case:{number}")
    for batch in (1, 255, 256, 100, None):
        log.integrate(batch)
    return [bytes(leaf) for leaf in Leaf.objects.order_by("position").values_list("leaf_hash", flat=True)]


@pytest.mark.django_db
class TestFromTheStoredLog:
    def test_each_entry_is_proved_in_each_size(self, long_log):
        for size in (1, 2, 255, 256, 257, 512, 513, 700):
            root = proofs.root_at(size)
            for position in {0, size // 3, size // 2, size - 1}:
                proof = proofs.inclusion_proof(position, size)
                merkle.verify_inclusion(leaf=long_log[position], position=position, size=size, proof=proof, root=root)

    def test_each_size_is_proved_the_beginning_of_each_later_one(self, long_log):
        sizes = (1, 7, 255, 256, 257, 512, 611, 700)
        for old in sizes:
            for new in sizes:
                if old <= new:
                    merkle.verify_consistency(
                        old=old,
                        old_root=proofs.root_at(old),
                        new=new,
                        new_root=proofs.root_at(new),
                        proof=proofs.consistency_proof(old, new),
                    )

    def test_the_roots_are_those_of_one_batch(self, long_log):
        frontier = merkle.Frontier()
        for leaf in long_log:
            frontier.append(leaf)
        assert proofs.root_at(700) == frontier.root() == bytes(log.newest_checkpoint().root)

    def test_a_full_tile_is_stored_and_a_growing_one_is_not(self, long_log):
        assert sorted(Tile.objects.values_list("level", "index")) == [(0, 0), (0, 1)]
        assert bytes(Tile.objects.get(level=0, index=1).hashes) == b"".join(long_log[256:512])

    def test_the_empty_tree_has_the_root_of_nothing(self):
        assert proofs.root_at(0) == merkle.EMPTY_ROOT

    def test_a_size_beyond_the_log_is_refused(self, long_log):
        with pytest.raises(proofs.DamagedLogError, match="lacks hashes of tile 0/2"):
            proofs.inclusion_proof(0, 701)
        with pytest.raises(merkle.ProofError, match="no position 700"):
            proofs.inclusion_proof(700, 700)


@pytest.mark.django_db
def test_a_proof_in_a_long_log_asks_the_database_once(django_assert_max_num_queries):
    """The tiles of a log of 70,000 entries, made by the database without the entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_leaf (position, entry_id, leaf_hash)"
            " SELECT n, n, sha256(n::text::bytea) FROM generate_series(0, 69999) AS s (n)"
        )
    frontier = merkle.Frontier()
    leaves = Leaf.objects.order_by("position").values_list("leaf_hash", flat=True)
    tiles = [tile for leaf in leaves for tile in frontier.append(bytes(leaf))]
    Tile.objects.bulk_create(
        Tile(level=tile.level, index=tile.index, hashes=tile.hashes, root=tile.root) for tile in tiles
    )
    with django_assert_max_num_queries(1):
        proof = proofs.inclusion_proof(12_345, 70_000)
    merkle.verify_inclusion(
        leaf=bytes(Leaf.objects.get(position=12_345).leaf_hash),
        position=12_345,
        size=70_000,
        proof=proof,
        root=frontier.root(),
    )
    assert proofs.frontier(70_000).root() == frontier.root()
    assert not Entry.objects.exists()
