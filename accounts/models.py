"""People who sign in, the roles they hold in the office, and the tokens of programs that act for them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, get_digest_token
from knox.settings import CONSTANTS


class RoleCode(models.TextChoices):
    """The roles that Redress ships, each a row of `Role`; the labels put their names up for translation."""

    INTAKE_SPECIALIST = "intake_specialist", _("Intake specialist")
    INVESTIGATOR = "investigator", _("Investigator")
    SUPERVISING_INVESTIGATOR = "supervising_investigator", _("Supervising investigator")
    BOARD_MEMBER = "board_member", _("Board member")
    BOARD_CHAIR = "board_chair", _("Board chair")
    CHIEF = "chief", _("Chief")
    AUDITOR = "auditor", _("Auditor")
    POLICY_ANALYST = "policy_analyst", _("Policy analyst")
    RECORDS_OFFICER = "records_officer", _("Records officer")
    TRAINING_COORDINATOR = "training_coordinator", _("Training coordinator")
    REPORT_CLIENT = "report_client", _("Report client")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    COMMANDER = "commander", _("Commander")
    UNIT_SUPERVISOR = "unit_supervisor", _("Unit supervisor")
    OFFICER = "officer", _("Officer")
    REPRESENTATIVE = "representative", _("Complainant’s representative")
    COUNSEL = "counsel", _("Counsel")
    CITY_MANAGER = "city_manager", _("City manager")


class UserManager(BaseUserManager["User"]):
    """Makes users; the login is a short name, since a person's address may change."""

    def create_user(self, login: str, password: str | None = None, **fields: Any) -> User:
        """Save and return a user; without a password the account cannot sign in until one is set."""
        user = self.model(login=login, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, login: str, password: str | None = None, **fields: Any) -> User:
        """Save and return a user for repair work; superusers see no case (casework.permissions)."""
        return self.create_user(login, password, is_superuser=True, **fields)

    def names_of(self, references: Iterable[str]) -> dict[str, str]:
        """Return the names of the users among these references of the log, by reference."""
        keys = {reference.removeprefix("user:") for reference in references if reference.startswith("user:")}
        people = self.filter(pk__in=[int(key) for key in keys if key.isdigit()])
        return {user.reference: str(user) for user in people}


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # ApiToken's, from untyped knox
    """A member of the office, the board, the department or another program who signs in. The public has no accounts."""

    login = models.CharField(_("login"), max_length=150, unique=True)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    badge = models.CharField(
        _("badge"), max_length=20, blank=True, help_text=_("Ties a sworn member to their entry in the register.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("since"), default=timezone.now)

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name or self.login

    @property
    def reference(self) -> str:
        """The person's code in the audit log, for example ``user:17``; never a name."""
        return f"user:{self.pk}"

    def role_codes(self) -> frozenset[str]:
        """Return the codes of the roles that the person holds today."""
        return frozenset(self.role_holdings.in_force().values_list("role_id", flat=True))


class Role(models.Model):
    """A role in the office. The row names it, in English; what it may do is in `casework.roles` and nowhere else."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return gettext(self.name)


class RoleHoldingQuerySet(models.QuerySet["RoleHolding"]):
    def in_force(self) -> RoleHoldingQuerySet:
        """Keep the holdings that have begun and not ended."""
        now = timezone.now()
        return self.filter(since__lte=now).exclude(until__lte=now)


class RoleHolding(models.Model):
    """That a person holds a role from one day to another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_holdings")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="holdings")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)
    objects = RoleHoldingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(until=None), name="accounts_one_current_holding"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="accounts_holding_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role_id}"

    @property
    def has_begun(self) -> bool:
        """Tell whether the role is or was held at all."""
        return self.since <= timezone.now()

    @property
    def has_ended(self) -> bool:
        """Tell whether the role is held no more."""
        return self.until is not None and self.until <= timezone.now()


class SecondStepResetQuerySet(models.QuerySet["SecondStepReset"]):
    def open(self) -> SecondStepResetQuerySet:
        """Keep the proposals that wait for a second person and are not too old."""
        return self.filter(answered_at=None, proposed_at__gt=timezone.now() - SecondStepReset.STANDS)


class SecondStepReset(models.Model):
    """That someone who manages people proposes to take away another's second step, and how a second person answered."""

    STANDS = timedelta(days=3)
    """How long a proposal can be agreed to."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="second_step_resets")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(default=False)
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the person was mailed.")
    objects = SecondStepResetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(agreed=False) | ~models.Q(answered_by=models.F("proposed_by")),
                name="accounts_second_step_reset_takes_two",
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("proposed_by")), name="accounts_second_step_reset_of_another"
            ),
        ]

    def __str__(self) -> str:
        return f"second step of {self.person_id}"

    @property
    def is_open(self) -> bool:
        """Tell whether it waits for a second person."""
        return self.answered_at is None and self.proposed_at > timezone.now() - self.STANDS


class ApiTokenManager(models.Manager["ApiToken"]):
    def issue(self, *, user: User, label: str, scopes: Iterable[str], expiry: datetime) -> tuple[ApiToken, str]:
        """Save a token and return it with its secret, which is kept nowhere and can be shown only now."""
        digest, secret = get_digest_token()
        token = self.create(
            digest=digest,
            token_key=secret[: CONSTANTS.TOKEN_KEY_LENGTH],
            user=user,
            label=label,
            scopes=sorted(scopes),
            expiry=expiry,
        )
        return token, secret


class ApiToken(AbstractAuthToken):
    """A hashed API token with the scopes it was given; the token itself is shown once and not kept.

    What it opens is less than its scopes where its owner's roles have ended since (`accounts.tokens.scopes_in_force`).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="auth_token_set")
    label = models.CharField(max_length=100, blank=True)
    scopes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    objects = ApiTokenManager()

    def __str__(self) -> str:
        return self.label

    @property
    def reference(self) -> str:
        """The token's code in the audit log; it says nothing of the token itself."""
        return f"token:{self.uid}"

    @property
    def has_expired(self) -> bool:
        """Tell whether the token opens nothing any more."""
        return self.expiry is not None and self.expiry <= timezone.now()
