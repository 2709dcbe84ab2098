"""What was said of a draft and what was done with it: comments beside their answers, and answers with their counts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policy_rules import hearing
from policy_rules.answers import Answer
from policy_rules.models import Channel, Comment, Docket
from policy_rules.web.consultation import docket_of

ON_A_PAGE = 50


class ListForm(forms.Form):
    """What the list of comments is narrowed to."""

    section = forms.ChoiceField(label=_lazy("Section"), required=False)
    answer = forms.ChoiceField(
        label=_lazy("Answer"),
        required=False,
        choices=[("", _lazy("All")), ("none", _lazy("Not answered yet")), *Answer.choices],
    )
    channel = forms.ChoiceField(label=_lazy("Came by"), required=False, choices=[("", _lazy("All")), *Channel.choices])
    withheld = forms.ChoiceField(
        label=_lazy("Words"),
        required=False,
        choices=[("", _lazy("All")), ("no", _lazy("Published")), ("yes", _lazy("Withheld"))],
    )
    words = forms.CharField(label=_lazy("Words in the comment"), required=False, max_length=200)
    group = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    order = forms.ChoiceField(
        label=_lazy("Order"), required=False, choices=[("", _lazy("As they came")), ("new", _lazy("Newest first"))]
    )

    def __init__(self, *args: Any, docket: Docket, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = docket.comments.exclude(section="").order_by("section").values_list("section", flat=True).distinct()
        whole = [("whole", _("The whole draft"))]
        self.fields["section"].choices = [("", _("All")), *whole, *((code, code) for code in codes)]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Comment]) -> QuerySet[Comment]:
        """Keep the comments that were asked for; what cannot be read asks for nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        if section := asked.get("section"):
            rows = rows.filter(section="" if section == "whole" else section)
        if answer := asked.get("answer"):
            rows = (
                rows.filter(Q(group=None) | Q(group__answer=""))
                if answer == "none"
                else rows.filter(group__answer=answer)
            )
        if channel := asked.get("channel"):
            rows = rows.filter(channel=channel)
        if withheld := asked.get("withheld"):
            rows = rows.filter(withheld__gt="") if withheld == "yes" else rows.filter(withheld="")
        if words := asked.get("words"):
            rows = rows.filter(text__icontains=words, withheld="")
        if group := asked.get("group"):
            rows = rows.filter(group__number=group)
        return rows.order_by("-number" if asked.get("order") == "new" else "number")


@require_safe
def comment_list(request: HttpRequest, docket: str) -> HttpResponse:
    """Show what was said and what was done with it, each comment beside its answer."""
    row = docket_of(docket)
    form = ListForm(request.GET, docket=row)
    page = Paginator(form.narrow(hearing.comments_of(row)), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "docket": row,
        "title": hearing.title_of(row),
        "form": form,
        "page": page,
        "rows": hearing.read(page.object_list, row),
        "tally": row.comments.tally(),
        "query": request.GET.urlencode(),
    }
    return render(request, "policy_rules/docket_comments.html", shown)


@require_safe
def answer_list(request: HttpRequest, docket: str) -> HttpResponse:
    """Show each answer once, beside what was said, by how many, and the change that it led to."""
    row = docket_of(docket)
    page = Paginator(hearing.groups_of(row), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {"docket": row, "title": hearing.title_of(row), "page": page, "tally": row.comments.tally()}
    return render(request, "policy_rules/docket_answers.html", shown)


@require_safe
def matrix(request: HttpRequest, docket: str) -> HttpResponse:
    """Hand out comments and answers as CSV, narrowed as the page is."""
    row = docket_of(docket)
    rows = ListForm(request.GET, docket=row).narrow(hearing.comments_of(row))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}-comments.csv"'
    root = request.build_absolute_uri("/").rstrip("/")
    hearing.write_matrix(row, rows.iterator(chunk_size=1_000), answer, root=root)
    return answer


@never_cache
@require_safe
def one_comment(request: HttpRequest, docket: str, number: int) -> HttpResponse:
    """Show one comment by its number, with its answer or when one can be expected."""
    row = docket_of(docket)
    found = get_object_or_404(hearing.comments_of(row), number=number)
    same = row.comments.filter(group=found.group).exclude(pk=found.pk).count() if found.group else 0
    page = {"docket": row, "title": hearing.title_of(row), "item": hearing.read([found], row)[0], "same": same}
    return render(request, "policy_rules/docket_one_comment.html", page)
