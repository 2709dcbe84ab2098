"""Forms of the account pages. Those of allauth get words of ours and lose their placeholders."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, cast

from allauth.account import forms as account_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.core.cache import cache
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.tokens import Scope

Words = Mapping[str, Any]
"""Labels or hints by the name of their field."""

PASSWORD_ADVICE = _("12 characters or more. Several words that only you would put together are easy to remember.")


class OurWords(forms.BaseForm):
    """Gives the fields of a form of allauth our labels and hints, and takes their placeholders away."""

    labels: Words = {}
    hints: Words = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")


class SignInForm(OurWords, account_forms.LoginForm):
    labels: Words = {"login": _("Sign-in name"), "password": _("Password")}
    hints: Words = {"password": _("Pasting from a password manager is fine.")}


class ConfirmPasswordForm(OurWords, account_forms.ReauthenticateForm):
    labels: Words = {"password": _("Your password")}


class ChangePasswordForm(OurWords, account_forms.ChangePasswordForm):
    labels: Words = {
        "oldpassword": _("The password you have now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints: Words = {"password1": PASSWORD_ADVICE}


class FirstPasswordForm(OurWords, account_forms.SetPasswordForm):
    labels: Words = {
        "password1": _("New password"),
        "password2": _("New password once more"),
    }
    hints: Words = {"password1": PASSWORD_ADVICE}


class PasswordByLinkForm(OurWords, SetPasswordForm):
    labels: Words = {
        "new_password1": _("New password"),
        "new_password2": _("New password once more"),
    }
    hints: Words = {"new_password1": PASSWORD_ADVICE}


CODE = {"code": _("Code")}


class UsedOnce(mfa_forms.BaseAuthenticateForm):
    """Takes each code once. allauth remembers a code for one period only, and a code is valid for three (RFC 6238)."""

    def clean_code(self) -> str:
        """Return the code. Raises ValidationError for one that is wrong or was used before."""
        code: str = super().clean_code()
        used = f"accounts.second_step:{self.user.pk}:{normalize_user_code(code)}"
        if not cache.add(used, 1, timeout=3 * mfa_settings.TOTP_PERIOD):
            raise second_factor_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(OurWords, UsedOnce, mfa_forms.AuthenticateForm):
    labels: Words = CODE
    hints: Words = {"code": _("The six digits that your app shows, or one of your recovery codes.")}


class ConfirmSecondStepForm(OurWords, UsedOnce, mfa_forms.ReauthenticateForm):
    labels: Words = CODE
    hints: Words = SecondStepForm.hints


class ActivateAppForm(OurWords, totp_forms.ActivateTOTPForm):
    labels: Words = CODE
    hints: Words = {"code": _("The six digits that your app shows now.")}


class AddPasskeyForm(OurWords, webauthn_forms.AddWebAuthnForm):
    labels: Words = {
        "name": _("Name of this passkey"),
        "passwordless": _("Sign in with this passkey alone"),
    }
    hints: Words = {
        "name": _("So that you can tell it from others: “Work phone”, “Blue key”."),
        "passwordless": _("It then asks for your fingerprint, face or PIN instead of your password."),
    }


class RenamePasskeyForm(OurWords, webauthn_forms.EditWebAuthnForm):
    labels: Words = {"name": _("Name of this passkey")}


class DateField(forms.DateField):
    """A day, typed or chosen; the browser sends it as year-month-day in every language."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def beginning_of(day: date | None) -> datetime | None:
    """Return when something that begins on `day` begins: None (now) for today and for no day at all."""
    return None if day is None or day == timezone.localdate() else _midnight(day)


def end_of(day: date | None) -> datetime | None:
    """Return when something ends whose last day is `day`."""
    return None if day is None else _midnight(day + timedelta(days=1))


class PreferencesForm(forms.ModelForm):
    """What a person chooses for themself."""

    language = forms.ChoiceField(
        label=_("Language of your pages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )

    class Meta:
        model = User
        fields: ClassVar = ["language"]


class PersonForm(forms.ModelForm):
    """A new person."""

    login = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        help_text=_("Small letters, figures, dots and hyphens. It cannot be changed later."),
        validators=[RegexValidator(r"^[a-z0-9.-]+\Z", _("Use small letters, figures, dots and hyphens only."))],
    )
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As it should stand in letters and on pages."))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    badge = forms.CharField(
        label=_("Badge number"),
        max_length=20,
        required=False,
        help_text=_("Only for sworn members. It bars them from cases in which they are a party."),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect, initial="en"
    )

    class Meta:
        model = User
        fields: ClassVar = ["login", "name", "email", "badge", "language"]
        error_messages: ClassVar = {"login": {"unique": _("Somebody has this sign-in name already.")}}

    def clean_login(self) -> str:
        """Refuse a name that differs from another only in case."""
        login: str = self.cleaned_data["login"]
        if User.objects.filter(login__iexact=login).exists():
            raise forms.ValidationError(_("Somebody has this sign-in name already."))
        return login


class GrantForm(forms.Form):
    """A role for a person, from one day to another."""

    role = forms.ModelChoiceField(Role.objects.order_by("name"), label=_("Role"), empty_label=None)
    since = DateField(label=_("First day"), required=False, help_text=_("Leave it empty to begin now."))
    until = DateField(label=_("Last day"), required=False, help_text=_("Leave it empty if no end is known."))


class EndForm(forms.Form):
    """When a role ends."""

    until = DateField(label=_("Last day"), required=False, help_text=_("Leave it empty to end it now."))


class ResetForm(forms.Form):
    """Why another's second step is to be taken away."""

    reason = forms.CharField(
        label=_("How did you make sure that it is this person who asks?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: came in person with a city badge. The reason is sealed in the log."),
        error_messages={"required": _("Write how you made sure that it is this person who asks.")},
    )


class TokenForm(forms.Form):
    """A new API token of a person who may give `scopes`."""

    LASTS: ClassVar = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))]

    label = forms.CharField(
        label=_("What is it for?"), max_length=100, help_text=_("For example “Monthly report” or the program's name.")
    )
    scopes = forms.MultipleChoiceField(label=_("What may it do?"), widget=forms.CheckboxSelectMultiple)
    lasts = forms.ChoiceField(label=_("How long does it last?"), choices=LASTS, initial="90", widget=forms.RadioSelect)

    def __init__(self, *args: Any, scopes: frozenset[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = cast("forms.MultipleChoiceField", self.fields["scopes"])
        asked.choices = [choice for choice in Scope.choices if choice[0] in scopes]
        asked.initial = list(scopes) if len(scopes) == 1 else []
