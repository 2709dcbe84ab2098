import hashlib
import json

import pytest
import rfc8785
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit import log, merkle
from audit.actions import UnknownAction
from audit.canonical import NotCanonicalError
from audit.log import Basis
from audit.models import Checkpoint, Entry, Leaf, Pending
from tests.audit.test_merkle import naive_root

TEXT_DIGEST = hashlib.sha256(b"The text of a section.").hexdigest()


@pytest.mark.django_db
class TestRecord:
    def test_the_leaf_says_what_happened_in_canonical_json(self, record):
        entry = record(
            objects=["allegation:7"],
            basis=[Basis("HBPD-MANUAL/CH-3.8@2.1", TEXT_DIGEST)],
            facts={"to": "investigation", "from": "preliminary_inquiry", "count": 2, "urgent": False},
        )
        entry = Entry.objects.get(pk=entry.pk)
        leaf = json.loads(entry.leaf)
        assert entry.leaf.encode() == rfc8785.dumps(leaf)
        assert leaf.pop("r").isalnum()
        assert leaf == {
            "v": 1,
            "action": "case.moved",
            "actor": "user:17",
            "role": "investigator",
            "subject": "case:2026-000042",
            "at": entry.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "n": 1,
            "prev": None,
            "objects": ["allegation:7"],
            "basis": [{"section": "HBPD-MANUAL/CH-3.8@2.1", "sha256": TEXT_DIGEST}],
            "facts": {"to": "investigation", "from": "preliminary_inquiry", "count": 2, "urgent": False},
            "commitment": None,
        }

    def test_the_columns_repeat_the_leaf_and_match_the_entry_returned(self, record):
        returned = record(objects=["allegation:7"], basis=[Basis("HBPD-MANUAL/CH-3.8@2.1", TEXT_DIGEST)])
        stored = Entry.objects.get()
        for field in Entry._meta.concrete_fields:
            assert getattr(returned, field.attname) == getattr(stored, field.attname)
        assert stored.basis == ["HBPD-MANUAL/CH-3.8@2.1"]
        assert stored.object_references == ["allegation:7"]

    def test_it_takes_one_round_trip(self, record, django_assert_num_queries):
        with transaction.atomic(), django_assert_num_queries(1):
            log.record(
                "case.moved", actor="user:17", role="chief", subject="case:1", detail={"reason": "It took too long."}
            )

    def test_two_acts_alike_have_different_leaf_hashes(self, record):
        first, second = record("case:1"), record("case:2")
        assert json.loads(first.leaf)["r"] != json.loads(second.leaf)["r"]

    def test_the_entries_of_a_subject_are_numbered_and_chained(self, record):
        first = record("case:1")
        record("case:2")
        second = record("case:1")
        assert (first.n, second.n) == (1, 2)
        assert second.data["prev"] == first.leaf_hash.hex()

    def test_the_detail_stays_out_of_the_leaf_which_holds_a_salted_digest_of_it(self, record):
        entry = record(detail={"reason": "Señora Ríos called twice."})
        assert "Ríos" not in entry.leaf
        assert entry.detail.data == {"reason": "Señora Ríos called twice."}
        bound = bytes(entry.detail.salt) + entry.detail.value.encode()
        assert entry.commitment == hashlib.sha256(bound).hexdigest()

    def test_it_refuses_an_action_that_nobody_registered(self):
        with pytest.raises(UnknownAction, match=r"case\.teleported"):
            log.record("case.teleported", actor="user:17", role="chief", subject="case:1")

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({"facts": {"note": "She was rude."}}, "Prose and personal values belong in `detail`"),
            ({"facts": {"ages": [41, {"name": "José"}]}}, r"facts\['ages'\]\[1\]\['name'\]"),
            ({"subject": "the case of Mr Smith"}, "subject is 'the case of Mr Smith'"),
            ({"actor": ""}, "actor is ''"),
            ({"objects": ['a"b']}, "objects"),
            ({"basis": [Basis("CH-3.8@2.1", "unknown")]}, "64 hexadecimal digits"),
        ],
    )
    def test_it_refuses_what_a_leaf_must_not_hold(self, record, given, complaint):
        with pytest.raises(ValueError, match=complaint):
            record(**given)

    @pytest.mark.parametrize("value", [1.5, 2**53, {"é": 1}, b"bytes", {1: 2}])
    def test_it_refuses_facts_without_a_canonical_form(self, record, value):
        with pytest.raises(NotCanonicalError, match=r"facts|value"):
            record(facts={"odd": value})

    def test_it_refuses_a_leaf_too_large_for_a_bundle_and_says_what_to_do(self, record):
        record(facts={"digests": ["a" * 64] * 950})
        with pytest.raises(ValueError, match="record the digest of a file"):
            record(facts={"digests": ["a" * 64] * 1000})

    def test_it_is_undone_with_the_act_that_failed(self, record):
        def act():
            record()
            raise RuntimeError("the letter could not be written")

        with pytest.raises(RuntimeError, match="the letter"):
            transaction.atomic(act)()
        assert not Entry.objects.exists()
        assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_refuses_to_record_outside_the_transaction_of_the_act():
    with pytest.raises(log.OutsideTransactionError, match="inside the transaction"):
        log.record("case.moved", actor="user:17", role="chief", subject="case:1")


@pytest.mark.django_db
class TestIntegrate:
    def test_an_empty_log_has_no_checkpoint(self):
        assert log.integrate() is None
        assert log.newest_checkpoint() is None

    def test_entries_are_pending_until_they_have_a_position(self, record):
        first, second = record("case:1"), record("case:2")
        assert first.position is None
        assert Pending.objects.count() == 2
        log.integrate()
        assert [Entry.objects.get(pk=e.pk).position for e in (first, second)] == [0, 1]
        assert not Pending.objects.exists()

    def test_the_checkpoint_states_the_root_over_the_leaves(self, record):
        entries = [record(f"case:{number}") for number in range(3)]
        newest = log.integrate()
        one, two, three = (entry.leaf_hash for entry in entries)
        assert newest.size == 3
        assert bytes(newest.root) == merkle.node_hash(merkle.node_hash(one, two), three)
        assert newest.root_hex[:8] in newest.short
        assert log.newest_checkpoint() == newest

    def test_nothing_pending_signs_nothing_new(self, record):
        record()
        assert log.integrate() == log.integrate()
        assert Checkpoint.objects.count() == 1

    def test_a_limit_leaves_the_rest_pending(self, record):
        for _ in range(5):
            record()
        assert log.integrate(limit=2).size == 2
        assert log.integrate(limit=2).size == 4
        assert log.integrate(limit=2).size == 5
        assert list(Leaf.objects.order_by("position").values_list("position", flat=True)) == [0, 1, 2, 3, 4]

    def test_the_positions_come_along_with_the_entries(self, record, django_assert_num_queries):
        for _ in range(3):
            record("case:1")
        log.integrate(2)
        with django_assert_num_queries(1):
            assert [entry.position for entry in Entry.objects.about("case:1").with_positions()] == [0, 1, None]


class TestBatches(TestCase):
    @settings(max_examples=15)
    @given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 90)), max_size=6))
    def test_whatever_the_batches_the_root_is_that_of_all_entries_in_order(self, batches):
        leaves = []
        for entries, limit in batches:
            for _ in range(entries):
                entry = log.record("case.moved", actor="user:17", role="chief", subject="case:1")
                leaves.append(entry.leaf_hash)
            newest = log.integrate(limit)
            if newest:
                assert bytes(newest.root) == naive_root(leaves[: newest.size])
        newest = log.integrate()
        assert (newest.size if newest else 0) == len(leaves)
        assert bytes(newest.root if newest else merkle.EMPTY_ROOT) == naive_root(leaves)
