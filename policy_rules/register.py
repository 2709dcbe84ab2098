"""What was read of the register, kept in memory for as long as nothing is published (ADR 0042)."""

from __future__ import annotations

import datetime
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from policy_rules.exceptions import UnknownSection
from policy_rules.models import Kind, Manual, Revision, RuleSet, Section, SectionVersion
from policy_rules.rule_data import Rules
from policy_rules.rule_reading import parse_rules

SECTIONS_KEPT = 4_096
REGISTERS_KEPT = 4


class Register:
    """The manuals as they stand under one revision. Only what was asked for is read, and each thing once."""

    def __init__(self) -> None:
        self._rules: list[tuple[RuleSet, Rules]] | None = None
        self._sections: OrderedDict[tuple[str, str], list[SectionVersion]] = OrderedDict()
        self._definitions: dict[int, list[int]] = {}
        self._files: dict[Callable[[Manual], bytes], bytes] = {}

    def rules_on(self, day: datetime.date) -> Rules | None:
        """Return the rules of the governing manual that apply on the day."""
        if self._rules is None:
            self._rules = [(row, _typed(row)) for row in RuleSet.objects.filter(manual__governs=True)]
        return next((rules for row, rules in self._rules if row.in_force_on(day)), None)

    def definitions(self, manual: int) -> list[int]:
        """Return the sections of a manual that define a word in some version; the manual is given by its key."""
        if manual not in self._definitions:
            rows = SectionVersion.objects.filter(section__manual=manual, kind=Kind.DEFINITION).order_by()
            self._definitions[manual] = list(rows.values_list("section", flat=True).distinct())
        return self._definitions[manual]

    def file(self, manual: Manual, write: Callable[[Manual], bytes]) -> bytes:
        """Return the file that `write` makes of the governing manual, made once."""
        if write not in self._files:
            self._files[write] = write(manual)
        return self._files[write]

    def versions(self, code: str) -> list[SectionVersion]:
        """Return every version of a section, oldest first.

        The code is that of a section of the governing manual, or ``MANUAL/CODE``. Raises `UnknownSection`.
        """
        manual, slash, section = code.rpartition("/")
        key = (manual, section)
        if key in self._sections:
            self._sections.move_to_end(key)
            return self._sections[key]
        found = Section.objects.filter(code=section)
        found = found.filter(manual__code=manual) if slash else found.filter(manual__governs=True)
        row = found.first()
        if row is None:
            raise UnknownSection(f"there is no section {code}")
        versions = list(
            row.versions.select_related("section__manual", "section__chapter", "chapter_version").order_by("effective")
        )
        self._sections[key] = versions
        while len(self._sections) > SECTIONS_KEPT:
            self._sections.popitem(last=False)
        return versions


def _typed(row: RuleSet) -> Rules:
    rules, faults = parse_rules(row.data)
    if rules is None:
        raise ValueError(f"{row.reference} does not hold together: {faults}")
    return replace(rules, reference=row.reference, effective_from=row.effective_from, effective_to=row.effective_to)


_registers: OrderedDict[uuid.UUID | None, Register] = OrderedDict()


_held: ContextVar[Register | None] = ContextVar("held_register", default=None)


@contextmanager
def held() -> Iterator[Register]:
    """Within, keep to the register as it is now: for an act of many parts that are to rest on one edition."""
    register = current()
    reset = _held.set(register)
    try:
        yield register
    finally:
        _held.reset(reset)


def current() -> Register:
    """Return the register as this transaction sees it: one query tells whether what is in memory still holds."""
    if (register := _held.get()) is not None:
        return register
    token = Revision.objects.values_list("token", flat=True).first()
    if token is None:
        return Register()
    if token not in _registers:
        _registers[token] = Register()
        while len(_registers) > REGISTERS_KEPT:
            _registers.popitem(last=False)
    return _registers[token]
