"""The letters of the office: the facts each one states, the words it uses, and what its reader may not learn.

A letter is made from facts alone: its template gives one text, and the file, the page and the plain text are that text
in three forms. `compose` refuses a letter that would tell its reader more than the disclosure level allows (CH-8.2).
No letter bears a complainant's address, telephone number or e-mail address: its bytes are kept as long as the case,
and the way to reach a person is sealed elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from casework.documents.disclosure import ContentBreach, Prose, Withheld, breaches
from casework.documents.mark import Mark
from casework.documents.office import office
from casework.documents.plain_text import plain_text
from casework.documents.render import render_pdf
from casework.vocabulary import FINDING_LABELS, FINDING_MEANINGS, OUTCOME_LABELS, Confidentiality, LetterCode
from policy_rules.labels import time_limit


class Level(StrEnum):
    """How much of a result a complainant is told (CH-8.2)."""

    RECEIPT = "L0"
    DECIDED = "L1"
    FINDINGS = "L2"
    PUBLIC_RECORD = "L3"


PUBLIC_BY_LAW = frozenset({"days_without_pay", "demotion", "dismissal"})
"""Discipline whose kind and date a personnel law makes public, as N.C.G.S. 160A-168(b) does for suspension, demotion
and dismissal."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A section of the manual as it stood, in the language in which it is quoted."""

    code: str
    version: str
    title: str
    text: str = ""
    language: str = "en"
    is_translation: bool = False
    """Whether the quotation informs and the text in the manual's own language decides."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone of the office: who signs, who answers the telephone, who investigates."""

    name: str
    title: str | Promise


@dataclass(frozen=True, kw_only=True)
class TimeLimit:
    """A duration from the rules in force, such as 90 days or 3 business days."""

    duration: int
    unit: str

    def __str__(self) -> str:
        return time_limit(self.duration, self.unit)


@dataclass(frozen=True, kw_only=True)
class AllegationTold:
    """An allegation as a letter tells of it; `finding` and `discipline` are codes, empty where they are not told."""

    number: int
    rule: Rule
    alleged: Prose | None = None
    finding: str = ""
    discipline: str = ""
    days: int | None = None

    @property
    def result(self) -> str | Promise:
        """The finding's name."""
        return FINDING_LABELS[self.finding]

    @property
    def meaning(self) -> str | Promise:
        """What the finding means, in one sentence."""
        return FINDING_MEANINGS[self.finding]

    @property
    def consequence(self) -> str | Promise:
        """The discipline's name."""
        return OUTCOME_LABELS[self.discipline]


@dataclass(frozen=True, kw_only=True)
class PersonnelFact:
    """One act of discipline that the law makes public, and the officer it concerns."""

    officer: str
    outcome: str
    on: date

    def __post_init__(self) -> None:
        if self.outcome not in PUBLIC_BY_LAW:
            raise ContentBreach([gettext("The law does not make this outcome public: %s.") % self.outcome])


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What every letter states. `reader` is empty where the reader's name must not stand on paper."""

    code: ClassVar[LetterCode]
    template: ClassVar[str]

    case_number: str
    received_on: date
    reader: str
    signer: Person
    written_under: Rule
    note: Prose | None = None
    """What the person who drafted the letter adds for this reader."""

    @property
    def quotes_translation(self) -> bool:
        """Whether any section is quoted from a translation."""
        told: tuple[AllegationTold, ...] = getattr(self, "allegations", ())
        return self.written_under.is_translation or any(one.rule.is_translation for one in told)

    @property
    def subject(self) -> str | Promise:
        """The heading of the letter and the title of its file. It names nobody."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Acknowledgement(Facts):
    """That the complaint is here, who has it, what comes next and by when, and the writer's rights (CH-2.7)."""

    code = LetterCode.ACKNOWLEDGEMENT
    template = "documents/letter_acknowledgement.html"

    contact: Person
    confidentiality: Confidentiality
    classify_by: date | None
    investigation: TimeLimit
    board: TimeLimit | None
    chief: TimeLimit
    update: TimeLimit

    @property
    def subject(self) -> str | Promise:
        return _("We have your complaint")


@dataclass(frozen=True, kw_only=True)
class Referral(Facts):
    """That the complaint went to the agency it belongs to, with a copy of our letter to that agency (CH-3.7).

    `was_named` tells whether the agency was given the complainant's name, which needs consent.
    """

    code = LetterCode.REFERRAL
    template = "documents/letter_referral.html"

    agency: str
    referred_on: date
    was_named: bool

    @property
    def subject(self) -> str | Promise:
        return _("We sent your complaint to another agency")


@dataclass(frozen=True, kw_only=True)
class AgencyReferral(Referral):
    """The letter to that agency, which asks it to confirm that it has the complaint (CH-3.7)."""

    code = LetterCode.AGENCY_REFERRAL
    template = "documents/letter_agency_referral.html"

    @property
    def subject(self) -> str | Promise:
        return _("A complaint that belongs to your agency")


@dataclass(frozen=True, kw_only=True)
class ScreenedOut(Facts):
    """That the complaint was closed without an investigation, why, and how to ask for another look (CH-3.6).

    `reason` is a class that may be closed in this way, such as ``duplicate``, or ``withdrawn``.
    """

    code = LetterCode.SCREENED_OUT
    template = "documents/letter_screened_out.html"

    closed_on: date
    reason: str
    explanation: Prose | None = None
    looked_at: tuple[Prose, ...] = ()
    answer: TimeLimit

    @property
    def subject(self) -> str | Promise:
        return _("We closed your complaint without an investigation")


@dataclass(frozen=True, kw_only=True)
class Outcome(Facts):
    """The result of the complaint, as far as the disclosure level goes (CH-8.2).

    The level decides which facts may be given at all: level 0 takes no decision and no allegation, level 1 no finding,
    level 2 no personnel fact, and none takes discipline tied to an allegation. More raises `ContentBreach`, whatever
    the template would print.
    """

    code = LetterCode.OUTCOME
    template = "documents/letter_outcome.html"

    level: Level
    decided_on: date | None = None
    board_voted: bool = False
    allegations: tuple[AllegationTold, ...] = ()
    personnel_facts: tuple[PersonnelFact, ...] = ()
    answer: TimeLimit

    def __post_init__(self) -> None:
        too_much = [
            sentence
            for sentence, is_told in (
                (
                    gettext("A letter at level 0 may not say that the complaint was decided."),
                    self.level < Level.DECIDED and (self.decided_on or self.board_voted or self.allegations),
                ),
                (
                    gettext("A letter below level 2 may not tell a finding."),
                    self.level < Level.FINDINGS and any(one.finding for one in self.allegations),
                ),
                (
                    gettext("A letter below level 3 may not tell personnel facts."),
                    self.level < Level.PUBLIC_RECORD and self.personnel_facts,
                ),
                (
                    gettext("A letter to a complainant may not tie discipline to an allegation."),
                    any(one.discipline for one in self.allegations),
                ),
            )
            if is_told
        ]
        if too_much:
            raise ContentBreach(too_much)

    @property
    def subject(self) -> str | Promise:
        if self.level == Level.RECEIPT:
            return _("About your complaint")
        if self.level == Level.DECIDED:
            return _("Your complaint has been decided")
        return _("The result of your complaint")


@dataclass(frozen=True, kw_only=True)
class OfficerNotice(Facts):
    """That an investigation concerns the officer: the allegations, the rights and the duties (CH-3.9)."""

    code = LetterCode.OFFICER_NOTICE
    template = "documents/letter_officer_notice.html"

    badge: str
    incident_on: date
    place: Prose | None = None
    investigator: Person
    allegations: tuple[AllegationTold, ...]
    interview_notice: TimeLimit

    @property
    def subject(self) -> str | Promise:
        return _("Notice of an investigation")


@dataclass(frozen=True, kw_only=True)
class OfficerOutcome(Facts):
    """The findings on the allegations against the officer, the discipline, and how to ask for another look (CH-8.3)."""

    code = LetterCode.OFFICER_OUTCOME
    template = "documents/letter_officer_outcome.html"

    badge: str
    decided_on: date
    allegations: tuple[AllegationTold, ...]
    answer: TimeLimit

    @property
    def subject(self) -> str | Promise:
        return _("The decision in an investigation")


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What a letter bears of the day it is sent; `review_until` is the last day to ask for another look."""

    dated: date
    checkpoint: Mark | None
    review_until: date | None = None


@dataclass(frozen=True, kw_only=True)
class ComposedLetter:
    """One letter in its three forms, all of the same words."""

    title: str
    language: str
    case_number: str
    checkpoint: Mark | None
    article: SafeString

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return as_text(self.article, self.language)

    def pdf(self) -> bytes:
        """Return the letter as a PDF/UA-1 file; raises `render.PdfUnavailable` where Pango is missing."""
        return render_pdf("documents/letter_sheet.html", self._sheet(), language=self.language, title=self.title)

    def html(self) -> str:
        """Return the letter as a page that stands alone, which is sent and kept where no PDF can be made."""
        with override(self.language):
            return render_to_string(
                "documents/letter_alone.html", {**self._sheet(), "language": self.language, "title": self.title}
            )

    def _sheet(self) -> dict[str, object]:
        return {
            "article": self.article,
            "office": office(self.language),
            "case_number": self.case_number,
            "checkpoint": self.checkpoint,
        }


def compose(facts: Facts, *, language: str, envelope: Envelope, withheld: Withheld) -> ComposedLetter:
    """Return the letter that tells these facts in that language.

    Raises `disclosure.ContentBreach` with a sentence for each thing that its reader may not learn.
    """
    with override(language):
        article = mark_safe(  # noqa: S308 - a template's output, escaped there
            render_to_string(
                facts.template,
                {
                    "facts": facts,
                    "envelope": envelope,
                    "language": language,
                    "office": office(language),
                    "tracking_page": tracking_page(language),
                    "qr": envelope.checkpoint.qr if envelope.checkpoint else None,
                },
            )
        )
        letter = ComposedLetter(
            title=str(facts.subject),
            language=language,
            case_number=facts.case_number,
            checkpoint=envelope.checkpoint,
            article=article,
        )
    if found := breaches(letter.text, facts, withheld):
        raise ContentBreach(found)
    return letter


def as_text(article: SafeString, language: str) -> str:
    """Return the article of a letter in that language as plain text, under the name of the office."""
    head = "{city} {name}\n{address} · {phone}\n\n".format_map(office(language))
    return head + plain_text(article)


def as_sent(article: str) -> SafeString:
    """Return the article of a letter that was kept as part of a page.

    Raises `plain_text.UnknownElement` where it holds an element that no letter uses: then it is not ours.
    """
    plain_text(article)
    return mark_safe(article)  # noqa: S308 - composed from escaped text, and read through above


def tracking_page(language: str) -> str:
    """Return the address of the page on which a complainant reads letters."""
    return f"{settings.SITE_URL}/{language}/track/"


def facts_digest(facts: Facts, *, language: str) -> str:
    """Return the SHA-256 of what a letter states, without the day it is sent: what a second person approves."""
    with override(language):
        stated = json.dumps(
            {"code": facts.code, "language": language, "facts": asdict(facts)},
            default=str,
            sort_keys=True,
            ensure_ascii=False,
        )
    return hashlib.sha256(stated.encode()).hexdigest()
