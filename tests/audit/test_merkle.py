import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import merkle
from audit.merkle import Frontier, ProofError, node_hash
from tests.shared_data import shared

LEAVES = [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(3000)]


def naive_root(leaves):
    """The definition in RFC 6962, section 2.1, word for word."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else merkle.EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def naive_parts(parts):
    return [naive_root(LEAVES[start:end]) for start, end in parts]


def decoded(values):
    return [base64.b64decode(value) for value in values or []]


class TestFrontier:
    @given(st.integers(0, 600))
    def test_its_root_is_that_of_the_definition(self, size):
        frontier = Frontier()
        for leaf in LEAVES[:size]:
            frontier.append(leaf)
        assert frontier.root() == naive_root(LEAVES[:size])
        assert frontier.size == size

    @settings(max_examples=40)
    @given(st.integers(0, 1500), st.integers(0, 1500))
    def test_it_goes_on_from_what_was_kept_of_it(self, kept, more):
        first = Frontier()
        for leaf in LEAVES[:kept]:
            first.append(leaf)
        second = Frontier([bytes(partial) for partial in first.partials])
        for leaf in LEAVES[kept : kept + more]:
            second.append(leaf)
        assert second.size == kept + more
        assert second.root() == naive_root(LEAVES[: kept + more])

    def test_it_gives_each_tile_when_it_is_full(self):
        frontier = Frontier()
        tiles = [tile for leaf in LEAVES[:600] for tile in frontier.append(leaf)]
        assert [(tile.level, tile.index) for tile in tiles] == [(0, 0), (0, 1)]
        assert tiles[1].hashes == b"".join(LEAVES[256:512])
        assert tiles[1].root == naive_root(LEAVES[256:512])

    def test_tiles_of_tiles_follow_the_tiles_below(self):
        frontier = Frontier()
        tiles = [tile for number in range(256 * 256) for tile in frontier.append(LEAVES[number % 256])]
        assert len(tiles) == 257
        assert (tiles[-1].level, tiles[-1].index) == (1, 0)
        assert tiles[-1].hashes == naive_root(LEAVES[:256]) * 256
        assert tiles[-1].root == frontier.root()


class TestInclusion:
    @given(st.data())
    def test_every_leaf_of_every_tree_is_proved(self, data):
        size = data.draw(st.integers(1, 300))
        position = data.draw(st.integers(0, size - 1))
        merkle.verify_inclusion(
            leaf=LEAVES[position],
            position=position,
            size=size,
            proof=naive_parts(merkle.inclusion_parts(position, size)),
            root=naive_root(LEAVES[:size]),
        )

    @given(st.data())
    def test_a_proof_shows_nothing_else(self, data):
        size = data.draw(st.integers(2, 300))
        position, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
        proof = naive_parts(merkle.inclusion_parts(position, size))
        root = naive_root(LEAVES[:size])
        with pytest.raises(ProofError):
            merkle.verify_inclusion(leaf=LEAVES[position], position=other, size=size, proof=proof, root=root)
        with pytest.raises(ProofError):
            merkle.verify_inclusion(leaf=LEAVES[other], position=position, size=size, proof=proof, root=root)

    def test_there_is_no_proof_of_a_position_outside_the_tree(self):
        with pytest.raises(ProofError, match="no position 5 in a tree of 5 leaves"):
            merkle.inclusion_parts(5, 5)


class TestConsistency:
    @given(st.data())
    def test_every_tree_begins_with_each_smaller_one(self, data):
        new = data.draw(st.integers(1, 300))
        old = data.draw(st.integers(1, new))
        merkle.verify_consistency(
            old=old,
            old_root=naive_root(LEAVES[:old]),
            new=new,
            new_root=naive_root(LEAVES[:new]),
            proof=naive_parts(merkle.consistency_parts(old, new)),
        )

    @given(st.data())
    def test_a_tree_that_was_edited_is_not_the_beginning(self, data):
        new = data.draw(st.integers(2, 300))
        old = data.draw(st.integers(1, new - 1))
        edited = LEAVES[:old]
        edited[data.draw(st.integers(0, old - 1))] = LEAVES[-1]
        with pytest.raises(ProofError):
            merkle.verify_consistency(
                old=old,
                old_root=naive_root(edited),
                new=new,
                new_root=naive_root(LEAVES[:new]),
                proof=naive_parts(merkle.consistency_parts(old, new)),
            )

    @pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 5), (6, 5)])
    def test_an_empty_or_later_tree_proves_nothing(self, old, new):
        root = naive_root(LEAVES[:new])
        with pytest.raises(ProofError, match="Nothing can be shown"):
            merkle.verify_consistency(old=old, old_root=root, new=new, new_root=root, proof=[])


DIFFERING = "sizes-are-equal-one-and-proof-is-empty.json"
"""The one reference vector that asks for success on roots that are no SHA-256 hashes."""
OF_NOTHING = {
    "subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-proof-is-empty.json",
    "subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json",
}
"""Reference vectors that ask for success on an empty tree, of which nothing can be shown."""


def vectors(kind):
    return sorted(shared("vectors/transparency-dev-merkle").glob(f"testdata/{kind}/**/*.json"))


class TestReferenceVectors:
    """Of the reference implementation of RFC 6962, mutations and the cases textbook verifiers accept included."""

    def test_inclusion(self):
        found = vectors("inclusion")
        wrong = [path.name for path in found if not self.agrees(path, self.inclusion)]
        assert len(found) > 90
        assert wrong == []

    def test_consistency(self):
        found = vectors("consistency")
        wrong = [path.name for path in found if not self.agrees(path, self.consistency)]
        assert len(found) > 90
        assert wrong == [DIFFERING]

    def test_inclusion_in_a_subtree(self):
        found = vectors("subtreeinclusion")
        wrong = [path.name for path in found if not self.agrees(path, self.inclusion_in_subtree)]
        assert len(found) > 200
        assert wrong == []

    def test_consistency_with_a_subtree(self):
        """Those that do not begin at the first leaf are another kind of proof, which nothing here makes or takes."""
        found = [path for path in vectors("subtreeconsistency") if not json.loads(path.read_text())["start"]]
        wrong = {path.name for path in found if not self.agrees(path, self.consistency_with_subtree)}
        assert len(found) > 100
        assert wrong == {DIFFERING, *OF_NOTHING}

    @classmethod
    def inclusion_in_subtree(cls, vector):
        start = vector["start"]
        cls.inclusion(vector | {"leafIdx": vector["leafIdx"] - start, "treeSize": vector["end"] - start})

    @classmethod
    def consistency_with_subtree(cls, vector):
        cls.consistency(vector | {"size1": vector["end"], "size2": vector["size"]})

    @staticmethod
    def agrees(path, check):
        vector = json.loads(path.read_text())
        try:
            check(vector)
        except ProofError:
            return vector["wantErr"]
        return not vector["wantErr"]

    @staticmethod
    def inclusion(vector):
        leaf, root = decoded([vector["leafHash"] or "", vector["root"] or ""])
        proof = decoded(vector["proof"])
        merkle.verify_inclusion(leaf=leaf, position=vector["leafIdx"], size=vector["treeSize"], proof=proof, root=root)

    @staticmethod
    def consistency(vector):
        old_root, new_root = decoded([vector["root1"] or "", vector["root2"] or ""])
        merkle.verify_consistency(
            old=vector["size1"],
            old_root=old_root,
            new=vector["size2"],
            new_root=new_root,
            proof=decoded(vector["proof"]),
        )


class TestReferenceLog:
    """A small log in the C2SP tlog-tiles layout, with a signed checkpoint after each entry."""

    @staticmethod
    def checkpoints():
        folder = shared("vectors/tessera-log") / "testdata" / "log"
        for path in folder.glob("checkpoint.*"):
            _, size, root = path.read_text().split("\n")[:3]
            yield folder, int(size), base64.b64decode(root)

    def test_each_root_comes_out_of_the_entries(self):
        seen = 0
        for folder, size, root in self.checkpoints():
            frontier = Frontier()
            for entry in self.entries(folder, size):
                frontier.append(merkle.leaf_hash(entry))
            assert frontier.root() == root
            seen += 1
        assert seen == 16

    def test_each_partial_tile_is_that_of_the_frontier(self):
        for folder, size, _ in self.checkpoints():
            if size:
                tile = (folder / f"tile/0/000.p/{size}").read_bytes()
                leaves = [merkle.leaf_hash(entry) for entry in self.entries(folder, size)]
                assert tile == b"".join(leaves)

    @staticmethod
    def entries(folder, size):
        if not size:
            return
        bundle = (folder / f"tile/entries/000.p/{size}").read_bytes()
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            yield bundle[2 : 2 + length]
            bundle = bundle[2 + length :]
