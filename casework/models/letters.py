"""Letters: drafted from the case, checked by a second person, kept exactly as sent (CH-8.1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from casework.models.case import Case
from casework.models.people import CaseOfficer, Party
from casework.vocabulary import ON_PAPER, DeliveryProof, LetterCode, LetterWay


class Letter(models.Model):
    """One letter to one reader: a complainant, an officer, or the agency that a complaint is referred to.

    Until it is sent the letter is written from the case each time it is shown. `approved_digest` is the SHA-256 of what
    it stated when a second person checked it; `sha256` is the digest of the bytes that went out, kept under MEDIA_ROOT;
    `article` is the same letter as part of a page. `legal_basis` is recorded and never printed.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    code = models.CharField(max_length=10, choices=LetterCode.choices)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    officer = models.ForeignKey(CaseOfficer, on_delete=models.PROTECT, null=True, blank=True, related_name="letters")
    language = models.CharField(max_length=8, default="en")
    disclosure_level = models.CharField(max_length=4, blank=True)
    legal_basis = models.CharField(max_length=500, blank=True)
    note = models.TextField(blank=True)
    drafted_on = models.DateField()
    drafted_by = models.CharField(max_length=80, help_text="The actor's reference.")
    drafted_at = models.DateTimeField(default=timezone.now)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    prepared_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_on = models.DateField(null=True, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_on = models.DateField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(null=True, blank=True)
    media_type = models.CharField(max_length=40, blank=True)
    article = models.TextField(blank=True)
    checkpoint_size = models.PositiveBigIntegerField(null=True, blank=True)
    checkpoint_root = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | (Q(approved_on__isnull=False) & ~Q(sha256="")),
                name="casework_letter_sent_is_checked_and_kept",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (Q(prepared_by__isnull=False) & ~Q(approved_by=models.F("prepared_by"))),
                name="casework_letter_checked_by_second_person",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(officer__isnull=False) | Q(code=LetterCode.AGENCY_REFERRAL),
                name="casework_letter_has_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.case_id}"

    @property
    def filename(self) -> str:
        """The name under which the file is saved: nothing of the case or of a person."""
        return f"letter-{self.sha256[:12]}.{'pdf' if self.media_type == 'application/pdf' else 'html'}"


class DispatchQuerySet(models.QuerySet["Dispatch"]):
    def to_print(self) -> DispatchQuerySet:
        """Keep the letters that go on paper and have not left the office."""
        return self.filter(way__in=ON_PAPER, posted_on=None, delivered_on=None, returned_on=None)

    def came_back(self) -> DispatchQuerySet:
        """Keep the letters that came back and have not been sent again."""
        later = Dispatch.objects.filter(letter=models.OuterRef("letter"), pk__gt=models.OuterRef("pk"))
        return self.filter(~models.Exists(later), returned_on__isnull=False)


class Dispatch(models.Model):
    """One sending of a letter by one way, and what became of it. A letter that came back is sent again by another."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    way = models.CharField(max_length=20, choices=LetterWay.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    mailed_at = models.DateTimeField(null=True, blank=True, help_text="When the notice of it was mailed.")
    posted_on = models.DateField(null=True, blank=True, help_text="When the printed letter left the office.")
    delivered_on = models.DateField(null=True, blank=True)
    delivery_proof = models.CharField(max_length=20, choices=DeliveryProof.choices, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    warned_on = models.DateField(null=True, blank=True, help_text="When the office was warned that it reaches nobody.")
    return_reason = models.CharField(max_length=300, blank=True)
    objects = DispatchQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name_plural = "dispatches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(way__in=LetterWay.values), name="casework_dispatch_way_known"),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | Q(returned_on__isnull=True),
                name="casework_dispatch_has_one_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.way}"

    @property
    def is_on_paper(self) -> bool:
        """Whether someone prints the letter."""
        return self.way in ON_PAPER

    @property
    def waits_for_mail(self) -> bool:
        """Whether the mail that tells the reader of it has not gone, and nothing else is known of the letter."""
        return self.way == LetterWay.EMAIL and self.mailed_at is None and self.is_open

    @property
    def is_open(self) -> bool:
        """Whether it is not known yet what became of it."""
        return self.delivered_on is None and self.returned_on is None
