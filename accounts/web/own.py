"""A person's own account."""

from http import HTTPStatus
from typing import Any

from allauth.mfa.adapter import get_adapter as second_factor_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import second_factor, signals
from accounts.forms import PasswordByLinkForm, PreferencesForm
from accounts.models import User
from accounts.web.entry import PersonRequest


@login_required
@require_safe
def home(request: PersonRequest) -> HttpResponse:
    """Show the account and the way to all that can be set in it."""
    context = {
        "holdings": request.user.role_holdings.in_force().select_related("role"),
        "second_step": second_factor.is_set_up(request.user),
    }
    return render(request, "accounts/account_home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def preferences(request: PersonRequest) -> HttpResponse:
    """Set the language of the person's pages; from then on it goes before what this device had chosen."""
    sent = request.POST if request.method == "POST" else None
    form = PreferencesForm(sent, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        person = form.save()
        with override(person.language):
            messages.success(request, _("Your language is set."))
        response = redirect("account_home")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    return render(request, "accounts/account_preferences.html", {"form": form})


@login_required
@require_POST
def stay(request: PersonRequest) -> HttpResponse:
    """Put off the end of the session, for who is still reading; saving the session on each request does it."""
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


class PasswordByLink(PasswordResetConfirmView):
    """Set the password of the person that a link was made for. The link works once; then the person signs in."""

    form_class = PasswordByLinkForm
    template_name = "accounts/password_by_link.html"
    success_url = reverse_lazy("account_login")

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password and tell those who keep a record."""
        response: HttpResponse = super().form_valid(form)
        signals.password_set.send(User, request=self.request, person=self.user)
        messages.success(self.request, _("Your password is set. Sign in with it now."))
        return response

    def render_to_response(self, context: dict[str, Any], **options: Any) -> HttpResponse:
        """Answer 410 Gone for a link that was used, is too old, or was never made."""
        if not self.validlink:
            options["status"] = HTTPStatus.GONE
        return super().render_to_response(context, **options)


class RemovePasskey(RemoveWebAuthnView):
    """Take a passkey away, unless it is the last second step of someone who must have one."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove the passkey, or say why it stays."""
        adapter = second_factor_adapter()
        if adapter.can_delete_authenticator(self.object):
            return super().form_valid(form)
        form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
        return self.form_invalid(form)
