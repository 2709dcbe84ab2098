"""What was said of a draft and what was done with it: comments beside their answers, and answers with their counts."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policy_rules import hearing
from policy_rules.web.comment_lists import ListForm
from policy_rules.web.consultation import docket_of

ON_A_PAGE = 50


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
    page = Paginator(hearing.answered_groups(row), ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "docket": row,
        "title": hearing.title_of(row),
        "page": page,
        "rows": hearing.read_groups(page.object_list, row),
        "tally": row.comments.tally(),
    }
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
