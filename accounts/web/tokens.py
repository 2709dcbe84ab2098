"""A person's API tokens."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import tokens
from accounts.forms import TokenForm
from accounts.models import ApiToken
from accounts.web.entry import PersonRequest, confirmed


@login_required
@require_safe
def own(request: PersonRequest) -> HttpResponse:
    """List the person's tokens."""
    listed = request.user.auth_token_set.select_related("user").order_by("-created")
    may_make = bool(tokens.scopes_open_to(request.user))
    return render(request, "accounts/token_list.html", {"tokens": listed, "may_make": may_make})


@login_required
@confirmed
@never_cache
@require_http_methods(["GET", "POST"])
def make(request: PersonRequest) -> HttpResponse:
    """Make a token and show it in the answer, once; it is not kept for another page to show."""
    allowed = tokens.scopes_open_to(request.user)
    if not allowed:
        raise PermissionDenied
    form = TokenForm(request.POST if request.method == "POST" else None, scopes=allowed)
    if form.is_valid():
        label, scopes, days = (form.cleaned_data[name] for name in ("label", "scopes", "lasts"))
        token, secret = tokens.issue(by=request.user, label=label, scopes=scopes, lasts=timedelta(days=int(days)))
        return render(request, "accounts/token_once.html", {"token": token, "secret": secret})
    return render(request, "accounts/token_make.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def revoke(request: PersonRequest, uid: UUID) -> HttpResponse:
    """Revoke a token of one's own, after a page that names it."""
    token = get_object_or_404(ApiToken, uid=uid, user=request.user)
    if request.method == "POST":
        tokens.revoke(by=request.user, token=token)
        messages.success(request, _("The token is revoked. Nothing opens with it any more."))
        return redirect("account_tokens")
    return render(request, "accounts/token_revoke.html", {"token": token})
