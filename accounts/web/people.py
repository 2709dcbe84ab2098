"""People and roles, for the system administrator. No page here shows or links to a case."""

from collections.abc import Callable
from functools import partial

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import people, resets, second_factor
from accounts.forms import EndForm, GrantForm, PersonForm, ResetForm, beginning_of, end_of
from accounts.models import RoleHolding, SecondStepReset, User
from accounts.web.entry import PersonRequest, confirmed, for_managers


def _sent(request: PersonRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _another(request: PersonRequest, pk: int) -> User:
    """Return a person other than the one who asks. Raises Http404, or PermissionDenied for oneself."""
    if pk == request.user.pk:
        raise PermissionDenied
    return get_object_or_404(User, pk=pk)


def _done(form: Form, act: Callable[[], object]) -> bool:
    """Do the act if the form is in order; what refuses it becomes a mistake of the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except people.RefusedError as refused:
        form.add_error(None, str(refused.sentence))
        return False
    return True


@for_managers
@require_safe
def everyone(request: PersonRequest) -> HttpResponse:
    """List the people, open accounts first, with the roles they hold today."""
    held = Prefetch("role_holdings", RoleHolding.objects.in_force().select_related("role"), to_attr="held")
    factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=second_factor.FACTORS)
    listed = User.objects.prefetch_related(held).annotate(second_step=Exists(factors)).order_by("-is_active", "name")
    return render(request, "accounts/people_list.html", {"people": listed})


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    """Add a person, then show the page that makes the first password link."""
    form = PersonForm(_sent(request))
    if form.is_valid():
        person = people.add_person(by=request.user, **form.cleaned_data)
        messages.success(request, _("The person is added. Grant a role, and make a password link."))
        return redirect("account_person", pk=person.pk)
    return render(request, "accounts/person_add.html", {"form": form})


@for_managers
@require_safe
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a person, the roles of now, before and later, and what can be done."""
    shown = get_object_or_404(User, pk=pk)
    context = {
        "person": shown,
        "own": shown == request.user,
        "second_step": second_factor.is_set_up(shown),
        "tokens": shown.auth_token_set.count(),
        "reset": SecondStepReset.objects.open().filter(person=shown).select_related("proposed_by").first(),
        "holdings": shown.role_holdings.select_related("role").order_by("-since"),
    }
    return render(request, "accounts/person_detail.html", context)


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def grant(request: PersonRequest, pk: int) -> HttpResponse:
    """Grant a role."""
    to = _another(request, pk)
    form = GrantForm(_sent(request))

    def act() -> None:
        days = form.cleaned_data
        begins, ends = beginning_of(days["since"]), end_of(days["until"])
        people.grant_role(by=request.user, person=to, role=days["role"], since=begins, until=ends)

    if _done(form, act):
        messages.success(request, _("The role is granted."))
        return redirect("account_person", pk=pk)
    return render(request, "accounts/role_grant.html", {"form": form, "person": to})


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def end(request: PersonRequest, pk: int, holding: int) -> HttpResponse:
    """End a role."""
    person = _another(request, pk)
    ended = get_object_or_404(person.role_holdings.select_related("role"), pk=holding)
    form = EndForm(_sent(request))

    def act() -> None:
        people.end_role(by=request.user, holding=ended, at=end_of(form.cleaned_data["until"]))

    if _done(form, act):
        messages.success(request, _("The end of the role is set."))
        return redirect("account_person", pk=pk)
    return render(request, "accounts/role_end.html", {"form": form, "holding": ended, "person": person})


@for_managers
@confirmed
@never_cache
@require_POST
def password_link(request: PersonRequest, pk: int) -> HttpResponse:
    """Make a link and show it once."""
    to = _another(request, pk)
    try:
        path = people.password_link(by=request.user, person=to)
    except people.RefusedError as refused:
        messages.error(request, str(refused.sentence))
        return redirect("account_person", pk=pk)
    return render(request, "accounts/password_link.html", {"person": to, "link": request.build_absolute_uri(path)})


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Close an account, after a page that says what that ends."""
    return _open_or_close(request, pk, people.close_account, "accounts/account_close.html", _("The account is closed."))


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Open a closed account."""
    return _open_or_close(request, pk, people.reopen_account, "accounts/account_reopen.html", _("The account is open."))


def _open_or_close(request: PersonRequest, pk: int, act: Callable[..., None], template: str, done: str) -> HttpResponse:
    to = _another(request, pk)
    form = Form(_sent(request))
    if _done(form, partial(act, by=request.user, person=to)):
        messages.success(request, done)
        return redirect("account_person", pk=pk)
    return render(request, template, {"form": form, "person": to})


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def propose_reset(request: PersonRequest, pk: int) -> HttpResponse:
    """Propose to a second person that this person's second step be taken away."""
    of = _another(request, pk)
    form = ResetForm(_sent(request))

    def act() -> None:
        resets.propose(by=request.user, person=of, reason=form.cleaned_data["reason"])

    if _done(form, act):
        messages.success(request, _("The reset is proposed. A second administrator must agree within three days."))
        return redirect("account_person", pk=pk)
    return render(request, "accounts/reset_propose.html", {"form": form, "person": of})


@for_managers
@confirmed
@require_http_methods(["GET", "POST"])
def answer_reset(request: PersonRequest, pk: int, reset: int) -> HttpResponse:
    """Agree to such a proposal as a second person, or put it aside."""
    of = _another(request, pk)
    asked = get_object_or_404(SecondStepReset.objects.open().select_related("proposed_by"), pk=reset, person=of)
    form = Form(_sent(request))
    agrees = request.POST.get("answer") == "agree"
    if _done(form, partial(resets.agree if agrees else resets.decline, by=request.user, reset=asked)):
        messages.success(request, _("The second step is taken away.") if agrees else _("The proposal is put aside."))
        return redirect("account_person", pk=pk)
    page = {"form": form, "person": of, "reset": asked, "own": asked.proposed_by == request.user}
    return render(request, "accounts/reset_answer.html", page)
