"""The tables of the log. All of them grow only: triggers refuse every change, in each session and for each role.

The exceptions are `Pending`, whose rows go when their entries have a position, and `Detail`, whose rows can be erased
by an entry that says by what authority. Foreign keys to `Entry` are not enforced by the database inside this package:
entries cannot be deleted, the check would lock and rewrite the entry's row each time, and `audit.verify` looks at it.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import lookups

from audit import actions, canonical, merkle

LARGEST_LEAF = 65_536
"""Bytes that a leaf must stay below, so that its length fits the entry bundles of C2SP tlog-tiles."""


class EntryQuerySet(models.QuerySet["Entry"]):
    def with_positions(self) -> EntryQuerySet:
        """Fetch each entry's position along with it."""
        return self.select_related("placement")

    def about(self, subject: str) -> EntryQuerySet:
        """Keep the entries of one subject, for example ``case:2026-000042``, in their order."""
        return self.filter(subject=subject).order_by("n")


class Entry(models.Model):
    """An act that took place. `leaf` is what is sealed; the other columns repeat it for search.

    Made by `audit.log.record` alone.
    """

    leaf = models.TextField()
    occurred_at = models.DateTimeField()
    actor = models.TextField()
    actor_role = models.TextField()
    action = models.TextField()
    subject = models.TextField()
    n = models.PositiveIntegerField()
    object_references = ArrayField(models.TextField(), db_column="objects")
    basis = ArrayField(models.TextField())
    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["subject", "n"], name="audit_entry_order_in_subject"),
            models.CheckConstraint(
                condition=lookups.LessThan(
                    models.Func("leaf", function="octet_length", output_field=models.IntegerField()), LARGEST_LEAF
                ),
                name="audit_entry_leaf_fits_a_bundle",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            BrinIndex(fields=["occurred_at"], name="audit_entry_occurred_at"),
            models.Index(
                fields=["subject"], name="audit_entry_erasures", condition=models.Q(action="log.detail_erased")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @cached_property
    def data(self) -> dict[str, Any]:
        """What the leaf says. Raises canonical.NotCanonicalError when the stored text was tampered with."""
        return canonical.parse(self.leaf)

    @property
    def facts(self) -> dict[str, Any]:
        """The codes, references, digests and numbers that belong to the act."""
        return self.data["facts"]

    @property
    def took_place_on(self) -> date | None:
        """The day of the act, where its entry was made on a later one and says so."""
        stated = self.facts.get("on")
        return date.fromisoformat(stated) if stated else None

    @property
    def commitment(self) -> str | None:
        """The hexadecimal digest that binds the entry to its detail, None where it has none."""
        return self.data["commitment"]

    @property
    def leaf_hash(self) -> bytes:
        """The RFC 6962 hash of the leaf."""
        return merkle.leaf_hash(self.leaf.encode())

    @property
    def position(self) -> int | None:
        """The entry's place in the log, None while it is pending."""
        placement: Leaf | None = getattr(self, "placement", None)
        return placement.position if placement else None

    @property
    def known_action(self) -> actions.Action:
        """The action with its sentences. Raises actions.UnknownAction if the app that had it is gone."""
        return actions.get(self.action)


class Pending(models.Model):
    """That an entry has no position yet. A trigger makes the row with the entry; `audit.log.integrate` removes it."""

    entry = models.OneToOneField(
        Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="pending"
    )

    def __str__(self) -> str:
        return f"entry {self.entry_id} is pending"


class Leaf(models.Model):
    """The place of an entry in the log: 0, 1, 2 and so on without gaps."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.DO_NOTHING, db_constraint=False, related_name="placement")
    leaf_hash = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.position}: entry {self.entry_id}"


class Tile(models.Model):
    """A full tile of 256 hashes (C2SP tlog-tiles). `root` is the hash over them, and one hash of the next level."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.index}"


class Checkpoint(models.Model):
    """The log's signed statement of its size and root. `previous` is the size of the checkpoint before, 0 at first."""

    size = models.BigIntegerField(primary_key=True)
    previous = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    note = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(size__gt=models.F("previous"), previous__gte=0), name="audit_checkpoint_grows"
            )
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def root_hex(self) -> str:
        """The root in hexadecimal."""
        return bytes(self.root).hex()

    @property
    def short(self) -> str:
        """The size and the first 128 bits of the root, for the foot of a printed page."""
        groups = (self.root_hex[start : start + 8] for start in range(0, 32, 8))
        return f"{self.size} {' '.join(groups)}"


class Cosignature(models.Model):
    """That a witness cosigned a checkpoint. `key` is its public key in one line, `line` the signature."""

    pk = models.CompositePrimaryKey("size", "key")
    size = models.BigIntegerField()
    key = models.TextField()
    line = models.TextField()

    def __str__(self) -> str:
        return f"{self.size}: {self.witness}"

    @property
    def witness(self) -> str:
        """The name of the witness."""
        return self.key.partition("+")[0]


class TimeStamp(models.Model):
    """That an authority outside saw a checkpoint's note at a time of its own clock (RFC 3161).

    `answer` is its whole answer in DER, and `authority` the name on its certificate.
    """

    size = models.BigIntegerField(primary_key=True)
    authority = models.TextField()
    answer = models.BinaryField()
    stamped_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.size}: {self.authority}"


class Detail(models.Model):
    """The prose and personal values behind an entry, with the salt that binds them to it. The one erasable table.

    The leaf holds SHA-256(salt || value), so an erased detail leaves the log whole, and the salt keeps anyone from
    guessing what was erased.
    """

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="detail")
    salt = models.BinaryField()
    value = models.TextField()

    def __str__(self) -> str:
        return f"detail of entry {self.entry_id}"

    @property
    def data(self) -> dict[str, Any]:
        """The details by name."""
        return canonical.parse(self.value)
