"""The people of a case: civilians under their aliases, the sealed panel with who they are, officers, and access."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import RoleHolding, User
from casework.actions import assignments, people
from casework.models import Assignment, Case, CaseOfficer, Identity, Wall
from casework.permissions import permissions_of
from casework.vocabulary import CaseRole, Confidentiality, Perm
from casework.web import words
from casework.web.desk import READS_ACCESS, case_answer, language_name
from casework.web.entrance import WorkRequest, case_page, done, sent
from casework.web.forms import AssignForm, DeclareForm, IdentityForm, PartyForm

POSTS = ("GET", "HEAD", "POST")


@case_page(Perm.VIEW_FILE)
def people_list(request: WorkRequest, case: Case) -> HttpResponse:
    """Show the people of the case; nobody's name or contact stands here."""
    return case_answer(request, case, "casework/people_list.html", _people(case, request.user))


def _people(case: Case, user: User, asked: int | None = None, form: IdentityForm | None = None) -> dict[str, Any]:
    may = permissions_of(user, case)
    kept = set(Identity.objects.filter(party__case=case).values_list("party_id", flat=True))
    return {
        "parties": [
            {
                "party": party,
                "language": language_name(party.language),
                "is_kept": party.pk in kept,
                "opens": _opens(may, party.confidentiality),
                "form": form if form and party.pk == asked else IdentityForm(auto_id=f"id_{party.pk}_%s"),
            }
            for party in case.parties.all()
        ],
        "officers": list(CaseOfficer.objects.filter(case=case).prefetch_related("allegations")),
        "form": form,
    }


def _opens(may: frozenset[str], confidentiality: str) -> bool:
    if Perm.OPEN_CONTACT not in may:
        return False
    return confidentiality != Confidentiality.CONFIDENTIAL or Perm.OPEN_IDENTITY in may


@case_page(Perm.OPEN_CONTACT, methods=("POST",))
def open_identity(request: WorkRequest, case: Case, party: int) -> HttpResponse:
    """Open the sealed panel: the name and contact stand in this one answer and nowhere else."""
    person = case.parties.filter(pk=party).first()
    if person is None:
        raise Http404
    form = IdentityForm(request.POST, auto_id=f"id_{party}_%s")
    if form.carry_out(people.open_identity, case=case, party=person, by=request.user):
        page = {"identity": form.outcome, "party": person, "reason": form.cleaned_data["reason"]}
        return case_answer(request, case, "casework/person_identity.html", page)
    page = _people(case, request.user, asked=party, form=form)
    return case_answer(request, case, "casework/people_list.html", page, status=form.status)


@case_page(Perm.ADD_PERSON, methods=POSTS)
def add_party(request: WorkRequest, case: Case) -> HttpResponse:
    """Add a civilian under an alias."""
    form = PartyForm(sent(request), initial={"language": case.language})
    if request.method == "POST" and form.carry_out(people.add_party, case=case, by=request.user):
        return done(request, case, "staff:people", number=case.number)
    page = {"form": form, "reasons": words.refusal_lines(form.refusals, case.number)}
    return case_answer(request, case, "casework/person_add.html", page, status=form.status)


@case_page(*READS_ACCESS)
def access(request: WorkRequest, case: Case) -> HttpResponse:
    """Show who is on the case, who declared what, and who is kept out."""
    return case_answer(request, case, "casework/case_access.html", _access(case, request.user))


def _access(case: Case, user: User) -> dict[str, Any]:
    may = permissions_of(user, case)
    reads = Perm.VIEW_FILE in may
    held = Assignment.objects.filter(case=case).select_related("user").order_by("until", "role", "id")
    walls = Wall.objects.filter(case=case).select_related("user").order_by("id")
    declared = case.declarations.select_related("user").order_by("id")
    return {
        "assignments": list(held) if reads else [],
        "declarations": list(declared) if reads else list(declared.filter(user=user)),
        "walls": list(walls) if reads else [],
        "declare": DeclareForm() if Perm.DECLARE_CONFLICT in may else None,
        "assign": AssignForm(people=investigators()) if Perm.ASSIGN in may else None,
        "takes_off": Perm.ASSIGN in may,
        "given_by_hand": [str(role) for role in assignments.ASSIGNABLE],
    }


def investigators() -> Any:
    """Return the people who hold the role of investigator in the office."""
    holders = RoleHolding.objects.in_force().filter(role_id=CaseRole.INVESTIGATOR, user__is_active=True)
    return User.objects.filter(pk__in=holders.values("user")).order_by("name")


@case_page(Perm.DECLARE_CONFLICT, methods=("POST",))
def declare(request: WorkRequest, case: Case) -> HttpResponse:
    """Declare a conflict, which ends one's access at once, or that there is none."""
    form = DeclareForm(request.POST)
    if not form.carry_out(assignments.declare_conflict, case=case, by=request.user):
        page = {**_access(case, request.user), "declare": form, "form": form}
        return case_answer(request, case, "casework/case_access.html", page, status=form.status)
    if form.cleaned_data["has_conflict"]:
        messages.success(request, _("Your conflict is recorded. Case %(number)s is closed to you.") % {"number": case})
        return redirect("staff:my_work")
    return done(request, case, "staff:case", number=case.number)


@case_page(Perm.ASSIGN, methods=("POST",))
def assign(request: WorkRequest, case: Case) -> HttpResponse:
    """Put an investigator on the case."""
    form = AssignForm(request.POST, people=investigators())
    if form.carry_out(assignments.assign, case=case, by=request.user):
        return done(request, case, "staff:access", number=case.number)
    page = {**_access(case, request.user), "assign": form, "form": form}
    return case_answer(request, case, "casework/case_access.html", page, status=form.status)


@case_page(Perm.ASSIGN, methods=("POST",))
def unassign(request: WorkRequest, case: Case, assignment: int) -> HttpResponse:
    """Take a person off the case."""
    row = Assignment.objects.current().filter(case=case, pk=assignment).select_related("user").first()
    if row is None:
        raise Http404
    assignments.unassign(case=case, user=row.user, role=row.role, by=request.user)
    return done(request, case, "staff:access", number=case.number)
