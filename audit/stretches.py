"""Comparing one stretch of the log with the columns of its entries, many rows in each step.

The database writes what each row's columns and detail give of its text; here that is held to the texts themselves,
their hashes and their form. What agrees here agrees too when `audit.entries` reads it row by row, and what does not is
left to it. Knows psycopg but no Django, so that a process that does nothing else begins at once: run as a program, it
reads the address of a database and the name of a snapshot from its first line, and then answers each line that names
two positions.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import repeat
from operator import add, le, sub
from struct import Struct, pack
from typing import IO

import orjson
import psycopg
from psycopg import sql

from audit.canonical import NotCanonicalError, parse
from audit.merkle import HASH_LENGTH, TILE_WIDTH, cut, perfect_root

FIRST = b"0null"
"""What the first entry of a subject states of the one before."""
_DIGEST = 64
_RANDOM = 32
_BEFORE_RANDOM = b',"r":"'
_NEARNESS = 4
"""Times its length that the keys of a stretch may span, where all between them are read."""
_KEPT_MEMORY = 30_000_000
"""Having given back so much at once, glibc keeps what is given back later, which else is fetched anew each time."""
_LENGTHS = Struct(">5Q")
_SPECIAL = bytes(range(0x20)) + b'"\\'
"""Characters that stand escaped within a string of JSON."""

_BOUNDS = """
SELECT min(entry_id), max(entry_id), count(*)
  FROM (SELECT entry_id FROM audit_leaf WHERE position >= %(start)s AND position < %(until)s OFFSET 0) AS stretch
"""
_PIECES = r"""
SELECT string_agg(int8send(l.position), ''), string_agg(l.leaf_hash, ''),
       '\x00'::bytea || string_agg(textsend(coalesce(e.leaf, E'\n')), '\x0a00'),
       textsend(string_agg(coalesce('{"action":"' || e.action || '","actor":"' || e.actor || '","at":"' ||
           CASE WHEN e.occurred_at > '1970-01-01'
                THEN to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END || '","basis":['
           || CASE WHEN cardinality(e.basis) = 1 THEN '{"section":"' || e.basis[1] || '","sha256":"'
                   WHEN e.basis IS NOT NULL THEN '' END, E'\n'), E'\n')),
       string_agg(CASE cardinality(e.basis) WHEN 0 THEN '\x01'::bytea WHEN 1 THEN '\x41' ELSE '\x00' END, ''),
       coalesce(string_agg(CASE WHEN cardinality(e.basis) > 1 THEN array_to_json(e.basis)::text END, E'\n'), ''),
       textsend(string_agg(CASE cardinality(e.basis) WHEN 1 THEN '"}' ELSE '' END || '],"commitment":'
           || CASE WHEN d.salt IS NULL OR d.value IS NULL THEN 'null'
                   ELSE '"' || encode(sha256(d.salt || textsend(d.value)), 'hex') || '"' END || ',"facts":{', E'\n')),
       textsend(string_agg(coalesce('},"n":' || e.n || ',"objects":' || array_to_json(e.objects) || ',"prev":', E'\n'),
                           E'\n')),
       string_agg(CASE e.n WHEN 1 THEN '\x04'::bytea ELSE '\x42' END, ''),
       textsend(string_agg(coalesce('","role":"' || e.actor_role || '","subject":"' || e.subject || '","v":1}', E'\n'),
                           E'\n')),
       textsend(string_agg(coalesce(e.subject, E'\n'), E'\n')),
       textsend(string_agg(e.n::text, ' ')), textsend(string_agg((e.n::bigint - 1)::text, ' '))
"""
"""A row that lacks a value adds a line too many: left out, it could be made up for by a line break in another row."""
_NEAR = """
  FROM (SELECT * FROM audit_leaf WHERE position >= %(start)s AND position < %(until)s) AS l
  JOIN (SELECT * FROM audit_entry WHERE id BETWEEN %(lowest)s AND %(highest)s ORDER BY id) AS e ON e.id = l.entry_id
  LEFT JOIN (SELECT * FROM audit_detail WHERE entry_id BETWEEN %(lowest)s AND %(highest)s) AS d ON d.entry_id = e.id
"""
"""For entries that stand near one another in the order of their keys, as those integrated one after the other do."""
_FAR = """
  FROM (SELECT * FROM audit_leaf WHERE position >= %(start)s AND position < %(until)s ORDER BY position OFFSET 0) AS l
  JOIN audit_entry AS e ON e.id = l.entry_id
  LEFT JOIN audit_detail AS d ON d.entry_id = e.id
"""


@dataclass(frozen=True)
class Agreeing:
    """What is known of the entries of a stretch that agree with themselves, in their order.

    `hashes` holds 32 bytes for each, `roots` 32 for the root over each tile of them. `subjects`, `before` and `after`
    have a line for each: the subject, the number and hash that the text states of its subject's entry before, and its
    own.
    """

    hashes: bytes
    roots: bytes
    subjects: bytes
    before: bytes
    after: bytes

    def write(self, out: IO[bytes]) -> None:
        """Write this so that `read` gives it back."""
        parts = self.hashes, self.roots, self.subjects, self.before, self.after
        out.write(_LENGTHS.pack(*map(len, parts)) + b"".join(parts))

    @classmethod
    def read(cls, source: IO[bytes]) -> Agreeing | None:
        """Read what was written; None where nothing agreed, or the writer came to an end before all was there."""
        head = source.read(_LENGTHS.size)
        lengths = _LENGTHS.unpack(head) if len(head) == _LENGTHS.size else (0,)
        parts = [source.read(length) for length in lengths]
        return cls(*parts) if parts[0] and tuple(map(len, parts)) == lengths else None


def compare(connection: psycopg.Connection, start: int, until: int) -> Agreeing | None:
    """Compare the positions from `start` on, `until` left out: whole tiles. Return None where a row disagrees.

    Raises psycopg.Error for a stretch that the database cannot write in pieces.
    """
    with psycopg.Cursor(connection) as cursor:
        place = {"start": start, "until": until}
        lowest, highest, there = cursor.execute(_BOUNDS, place, binary=True).fetchone() or (None, None, 0)
        if lowest is None or there != until - start:
            return None
        positions = pack(f">{until - start}q", *range(start, until))
        near = highest - lowest < _NEARNESS * (until - start)
        for query in (_NEAR, _FAR) if near else (_FAR,):
            parameters = {**place, "lowest": lowest, "highest": highest}
            found = cursor.execute(_PIECES + query, parameters, binary=True).fetchone()
            if found and found[0] == positions:
                return None if None in found else _Texts(until - start, *found[1:]).agreeing()
    return None


@dataclass
class _Texts:
    """The texts of a stretch, each with 0x00 before it as it is hashed, and the pieces that its columns give of it.

    Between the pieces stand the digest of the one section that it cites (`digests` has one more than its length, or
    1 for none and 0 for several sections), its facts, what it states of its subject's entry before (`lengths`), and
    its random value.
    """

    rows: int
    kept: bytes
    texts: bytes
    heads: bytes
    digests: bytes
    several: str
    middles: bytes
    orders: bytes
    lengths: bytes
    tails: bytes
    subjects: bytes
    numbers: bytes
    numbers_before: bytes

    def agreeing(self) -> Agreeing | None:
        """Return what is known of the entries, None where one disagrees."""
        self.leaves = self.texts.split(b"\n")
        self.head, self.middle, self.order, self.tail, subject = (
            pieces.split(b"\n") for pieces in (self.heads, self.middles, self.orders, self.tails, self.subjects)
        )
        counts = map(len, (self.leaves, self.head, self.middle, self.order, self.tail, subject, self.digests))
        if {self.rows, len(self.kept) // HASH_LENGTH, len(self.lengths)} != {*counts} or not self._are_plain():
            return None
        self.basis_ends = list(map(add, map(len, self.head), self.digests))
        if self.several and not self._cite_several():
            return None
        self.facts_begin = list(map(add, self.basis_ends, map(len, self.middle)))
        self.tail_begins = list(map(sub, map(len, self.leaves), map(len, self.tail)))
        self.random_begins = list(map(sub, self.tail_begins, repeat(len(_BEFORE_RANDOM) + _RANDOM)))
        self.before_begins = list(map(sub, self.random_begins, self.lengths))
        self.facts_end = list(map(sub, self.before_begins, map(len, self.order)))
        return (
            self._known() if self._hold_the_pieces() and self._are_whole_between() and self._give_the_hashes() else None
        )

    def _are_plain(self) -> bool:
        """Tell whether the columns hold no character that JSON escapes: what is between them has so many quotes."""
        heads = 14 * self.rows + 7 * self.digests.count(_DIGEST + 1)
        for pieces, quotes in (self.heads, heads), (self.tails, 11 * self.rows):
            if len(pieces) - len(pieces.translate(None, _SPECIAL)) != quotes + pieces.count(b"\n"):
                return False
        return True

    def _cite_several(self) -> bool:
        """Tell whether the texts of entries that cite several sections name them, and note where these end."""
        places = [place for place, length in enumerate(self.digests) if not length]
        for place, sections in zip(places, self.several.split("\n"), strict=True):
            leaf, at = self.leaves[place], len(self.head[place]) + 1
            for number, section in enumerate(orjson.loads(sections)):
                named = b'%b{"section":%b,"sha256":"' % (b"," * bool(number), orjson.dumps(section))
                digest = leaf[at + len(named) : at + len(named) + _DIGEST]
                if not (leaf.startswith(named, at) and digest.isalnum()):
                    return False
                at += len(named) + _DIGEST
                if not leaf.startswith(b'"}', at):
                    return False
                at += 2
            self.basis_ends[place] = at
        return True

    def _hold_the_pieces(self) -> bool:
        return (
            all(map(le, self.facts_begin, self.facts_end))
            and all(map(bytes.startswith, self.leaves, self.head, repeat(1)))
            and all(map(bytes.startswith, self.leaves, self.middle, self.basis_ends))
            and all(map(bytes.startswith, self.leaves, self.order, self.facts_end))
            and all(map(bytes.startswith, self.leaves, repeat(_BEFORE_RANDOM), self.random_begins))
            and all(map(bytes.endswith, self.leaves, self.tail))
        )

    def _are_whole_between(self) -> bool:
        """Tell whether what no column gives can be read in one way only."""
        between = [
            *(leaf[end - _RANDOM : end] for leaf, end in zip(self.leaves, self.tail_begins, strict=True)),
            *(
                leaf[end - _DIGEST : end]
                for leaf, end, length in zip(self.leaves, self.basis_ends, self.digests, strict=True)
                if length > 1
            ),
        ]
        if not b"".join(between).isalnum():
            return False
        with suppress(NotCanonicalError):
            for facts in {
                leaf[at:end] for leaf, at, end in zip(self.leaves, self.facts_begin, self.facts_end, strict=True)
            }:
                parse(b"{" + facts + b"}")
            return True
        return False

    def _give_the_hashes(self) -> bool:
        return b"".join([sha256(leaf).digest() for leaf in self.leaves]) == self.kept

    def _known(self) -> Agreeing:
        ends = zip(self.leaves, self.before_begins, self.random_begins, strict=True)
        before = map(add, self.numbers_before.split(b" "), [leaf[at:end] for leaf, at, end in ends])
        hashes = b'"' + self.kept.hex('"', HASH_LENGTH).encode().replace(b'"', b'"\n"') + b'"'
        after = map(add, self.numbers.split(b" "), hashes.split(b"\n"))
        roots = [perfect_root(cut(self.kept, at, at + TILE_WIDTH)) for at in range(0, self.rows, TILE_WIDTH)]
        return Agreeing(self.kept, b"".join(roots), self.subjects, b"\n".join(before), b"\n".join(after))


def _answer(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Compare what is asked for, within the snapshot that the first line names."""
    address, snapshot = questions.readline().decode().rstrip("\n").rsplit("\t", 1)
    with psycopg.connect(address) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(snapshot))
        connection.execute("SET LOCAL search_path = public")
        connection.execute("SELECT octet_length(repeat('x', %s))", [_KEPT_MEMORY])
        bytes(_KEPT_MEMORY)
        for line in questions:
            start, until = map(int, line.split())
            found = None
            with suppress(psycopg.Error), connection.transaction():
                found = compare(connection, start, until)
            (found or Agreeing(b"", b"", b"", b"", b"")).write(answers)
            answers.flush()


if __name__ == "__main__":
    _answer(sys.stdin.buffer, sys.stdout.buffer)
