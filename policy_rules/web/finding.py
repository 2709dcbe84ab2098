"""Finding a comment by the number that was given for it."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from policy_rules.models import Comment


class FindForm(forms.Form):
    """The number of a comment."""

    number = forms.CharField(
        label=_lazy("Number of the comment"),
        max_length=70,
        help_text=_lazy("For example DE-2026-0007."),
        error_messages={"required": _lazy("Write the number that you were given.")},
    )


@require_safe
def find_comment(request: HttpRequest) -> HttpResponse:
    """Lead to a comment by its number."""
    form = FindForm(request.GET or None)
    if form.is_valid():
        code, _dash, number = form.cleaned_data["number"].strip().rpartition("-")
        rows = Comment.objects.filter(docket__code__iexact=code, number=int(number) if number.isdecimal() else 0)
        found = rows.select_related("docket").first()
        if found is not None:
            return redirect("policies:comment", docket=found.docket.code, number=found.number)
        form.add_error(
            "number", _("There is no comment of this number. Check it; it begins with the name of the docket.")
        )
    return render(request, "policy_rules/find_comment.html", {"form": form})
