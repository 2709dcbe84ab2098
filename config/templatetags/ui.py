"""The parts that pages are made of; docs/explanation/design.md shows each with an example.

A tag takes what the view made and returns marked-up words. None of them asks the database, and each works without
scripts. Rows are mappings or objects: `{{ row.label }}` reads both.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.conf import settings
from django.core.paginator import Page
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

register = template.Library()

FINDING_SHAPES = {
    "sustained": "sustained",
    "not_sustained": "not-sustained",
    "exonerated": "exonerated",
    "unfounded": "unfounded",
    "policy_failure": "policy",
    "training_failure": "policy",
}
"""The shape beside each decided finding; any other code is drawn open. Findings are never told by colour."""

NOON = 12
A_SHORT_TEXT = 5
"""Rows up to which a text is a remark rather than an account."""

VOTE_SHAPES = {
    "agree": "aye", "send_back": "aye", "disagree": "no", "modify": "no", "go_on": "no", "return": "abstain",
    "abstain": "abstain",
}  # fmt: skip
"""The shape beside each vote; any other code is drawn as out of the roll."""


# ---------------------------------------------------------------- marks and words


@register.simple_tag
def emblem() -> SafeString:
    """Draw the emblem: a speech mark that holds two equal lines."""
    return mark_safe(render_to_string("components/emblem.svg"))  # noqa: S308 a file of ours


@register.simple_tag
def furrows() -> SafeString:
    """Draw the furrows of the home page, the receipt and the page that was not found."""
    return mark_safe(render_to_string("components/furrows.svg"))  # noqa: S308 a file of ours


@register.simple_tag
def badge(words: Any, kind: str = "") -> SafeString:
    """Return a badge; `kind` is any of good, warn, bad, key, bare, and the words carry the meaning."""
    return format_html('<span class="{}">{}</span>', f"badge {kind}".strip(), words)


@register.simple_tag
def finding(code: str | None, words: Any = "") -> SafeString:
    """Return a finding with its shape; without a code it is open."""
    shape = FINDING_SHAPES.get(code or "", "open")
    return format_html('<span class="finding {}">{}</span>', shape, words or _("Open"))


@register.simple_tag
def vote(code: str | None, words: Any) -> SafeString:
    """Return a vote with its shape (filled, struck, ring, line) and its word."""
    return format_html('<span class="vote {}">{}</span>', VOTE_SHAPES.get(code or "", "out"), words)


@register.simple_tag
def bears(way: str) -> SafeString:
    """Return how an item of evidence bears on an element: `supports`, `against` or `neutral`."""
    words = {"supports": _("Supports"), "against": _("Against"), "neutral": _("Neutral")}
    shape = "" if way == "supports" else way
    return format_html('<span class="{}">{}</span>', f"bears {shape}".strip(), words[way])


@register.simple_tag
def redacted(alias: Any) -> SafeString:
    """Return the mark that stands where a person's name was taken out; readers hear the alias."""
    return format_html('<span class="redacted">{}</span>', alias)


@register.simple_tag(name="hash")
def grouped_hash(value: str | bytes, *, short: bool = False, name: str = "") -> SafeString:
    """Return a digest in groups: eight digits each, or the first sixteen digits in fours when `short`.

    With `name`, the code has that id and a button to copy it, shown only where copying works. Copied text has no gaps.
    """
    digits = value.hex() if isinstance(value, bytes | memoryview) else value
    if short:
        words = " ".join(digits[at : at + 4] for at in range(0, min(len(digits), 16), 4))
        return format_html('<code class="hash short">{}</code>', words)
    groups = format_html_join("", "<span>{}</span>", ((digits[at : at + 8],) for at in range(0, len(digits), 8)))
    if not name:
        return format_html('<code class="hash">{}</code>', groups)
    return format_html(
        '<code class="hash" id="{}">{}</code>'
        '<button class="button quiet" type="button" data-copy="{}" data-copy-join="" data-done="{}" hidden>{}</button>',
        name,
        groups,
        name,
        _("Copied"),
        _("Copy"),
    )


@register.simple_tag
def when(moment: date | datetime | None, *, clock: bool = True, otherwise: Any = "") -> SafeString | str:
    """Return a date in full, and the time of day of a datetime unless `clock` is false, in the office's time zone."""
    if moment is None:
        return str(otherwise)
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), formats.date_format(moment))
    here = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    words = formats.date_format(here, "DATE_FORMAT")
    if clock:
        half = (_("am") if here.hour < NOON else _("pm")).replace(" ", "\N{NO-BREAK SPACE}")
        words = _("%(date)s at %(time)s") % {"date": words, "time": f"{here:%I:%M}".lstrip("0") + f" {half}"}
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="seconds"), words)


@register.filter
def number(value: int | float | None) -> str:
    """Return a figure with its thousands separated: 18,412."""
    return "" if value is None else str(formats.number_format(value, use_l10n=True, force_grouping=True))


@register.filter
def is_list(value: Any) -> bool:
    """Tell whether an answer has several parts."""
    return isinstance(value, list | tuple)


@register.filter
def is_moment(value: Any) -> bool:
    """Tell whether a value is a date or a moment, rather than words about one."""
    return isinstance(value, date)


# ---------------------------------------------------------------- frame


@register.inclusion_tag("components/exit_bar.html")
def exit_bar() -> dict[str, Any]:
    """Show "Exit this page", on all complaint and tracking pages."""
    return {"url": settings.OFFICE["exit_url"]}


@register.inclusion_tag("components/back.html")
def back(url: str, words: Any = "") -> dict[str, Any]:
    """Show the link back, above the heading."""
    return {"url": url, "words": words}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: Any, here: Any = "") -> dict[str, Any]:
    """Show where this page lies: words and address in turn, then the words for this page."""
    return {"places": list(zip(pairs[::2], pairs[1::2], strict=True)), "here": here}


@register.inclusion_tag("components/subnav.html", takes_context=True)
def subnav(context: template.Context, label: Any, places: Iterable[Any]) -> dict[str, Any]:
    """Show the pages of one case; each place has label, url and perhaps count. The page we are on is marked."""
    return {"label": label, "places": places, "here": context["request"].path}


@register.inclusion_tag("components/identity.html")
def identity(number: str, title: Any, badges: Iterable[Any] = (), facts: Iterable[Any] = ()) -> dict[str, Any]:
    """Show the bar at the head of a case: badges (label, kind), number, title, facts (label, value)."""
    return {"number": number, "title": title, "badges": badges, "facts": facts}


@register.inclusion_tag("components/messages.html", takes_context=True)
def show_messages(context: template.Context) -> dict[str, Any]:
    """Show what the last act did; the notice stays until the next page."""
    return {"messages": context.get("messages", ())}


@register.simple_block_tag
def notice(content: str, kind: str = "", title: Any = "", role: str = "", level: int = 2) -> SafeString:
    """Wrap a notice; `kind` is good, warn or bad; `role` is status after a success, alert only if one must act."""
    inside = {"content": content, "kind": kind, "title": title, "role": role, "level": level}
    return mark_safe(render_to_string("components/notice.html", inside))  # noqa: S308 rendered with escaping


@register.simple_block_tag
def scroll(content: str, labelledby: str) -> SafeString:
    """Wrap a wide table in a named region that scrolls by itself and can be reached by keyboard."""
    return format_html(
        '<div class="scroll flat" role="region" aria-labelledby="{}" tabindex="0">{}</div>', labelledby, content
    )


@register.simple_block_tag
def empty(content: str, title: Any) -> SafeString:
    """Wrap an empty state: why there is nothing, and the next useful act."""
    return format_html('<div class="empty"><p><b>{}</b></p>{}</div>', title, content)


# ---------------------------------------------------------------- forms


@register.inclusion_tag("components/error_summary.html")
def error_summary(*sources: Any) -> dict[str, Any]:
    """List what is wrong in forms, lists of them and formsets, in the words beside each field, with a link to it."""
    problems = []
    for form in _forms_in(sources):
        for name, errors in (form.errors or ErrorDict()).items():
            target = _first_input(form[name]) if name in form.fields else ""
            words = _errors(form[name]) if target else errors
            problems += [{"words": sentence, "target": target} for sentence in words]
    return {"problems": problems}


def _errors(bound: BoundField) -> list[str]:
    """Return what is wrong with a field; an empty answer is named rather than called a required field."""
    kind = _kind(bound.field.widget)
    bare = forms.Field.default_error_messages["required"]
    return [
        _NEEDED.get(kind, _NEEDED["input"]) % {"label": bound.label}
        if error.code == "required" and error.message == bare
        else str(words)
        for error, words in zip(bound.errors.as_data(), bound.errors, strict=True)
    ]


def _forms_in(sources: Iterable[Any]) -> Iterable[Any]:
    for source in sources:
        if isinstance(source, forms.BaseFormSet):
            yield from source.forms
        elif isinstance(source, list):
            yield from source
        elif source:
            yield source


def _first_input(bound: BoundField) -> str:
    grouped = isinstance(bound.field.widget, forms.MultiWidget | forms.RadioSelect | forms.CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if grouped else bound.auto_id


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    *,
    label: Any = "",
    hint: Any = "",
    heading: bool = False,
    width: str = "",
    hints: Mapping[str, Any] | None = None,
    inline: bool = False,
    rows: int = 0,
    say_optional: bool = True,
) -> dict[str, Any]:
    """Show a field: label, hint, what is wrong with it, and its control.

    `heading` makes the label the h1 of a question page. `width` is w2, w4 or w12 for short answers. `hints` maps the
    value of a choice to the small words under it; `inline` sets choices side by side; `rows` is the height of a text.
    A field that need not be answered says "(optional)", unless `say_optional` is false.
    """
    widget = bound.field.widget
    kind = _kind(widget)
    shown = {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "optional": say_optional and not bound.field.required and kind != "tick" and not heading,
        "heading": heading,
        "grouped": kind in {"choices", "parts"},
        "errors": _errors(bound),
    }
    attributes: dict[str, Any] = {"class": " ".join(filter(None, [_CLASSES.get(kind, ""), width]))}
    if hint and not bound.help_text:
        bound.help_text = hint
    if kind == "textarea" and rows:
        attributes |= {"rows": rows, "class": "textarea short" if rows <= A_SHORT_TEXT else "textarea"}
    if kind == "choices":
        words = hints or {}
        options = [{"input": option, "hint": words.get(str(option.data["value"]), "")} for option in bound.subwidgets]
        return shown | {"options": options, "inline": inline}
    if kind == "parts":
        return shown | {"parts": _parts(bound)}
    return shown | {"control": bound.as_widget(attrs=attributes)}


_NEEDED = {
    "input": _lazy("Answer “%(label)s”"),
    "choices": _lazy("Choose an answer to “%(label)s”"),
    "select": _lazy("Choose an answer to “%(label)s”"),
    "file": _lazy("Choose a file for “%(label)s”"),
    "tick": _lazy("Tick “%(label)s” to go on"),
}
_CLASSES = {"input": "input", "textarea": "textarea", "select": "select", "file": "input file", "tick": ""}


def _kind(widget: forms.Widget) -> str:
    kinds: list[tuple[Any, str]] = [
        (forms.MultiWidget, "parts"),
        ((forms.RadioSelect, forms.CheckboxSelectMultiple), "choices"),
        (forms.CheckboxInput, "tick"),
        (forms.Textarea, "textarea"),
        (forms.Select, "select"),
        (forms.FileInput, "file"),
    ]
    return next((kind for classes, kind in kinds if isinstance(widget, classes)), "input")


def _parts(bound: BoundField) -> list[dict[str, Any]]:
    """Return the boxes of a field of several parts, such as month, day and year; the widget's `labels` name them."""
    widget = bound.field.widget
    data = widget.get_context(bound.html_name, bound.value(), {"id": bound.auto_id})["widget"]["subwidgets"]
    for part, words in zip(data, widget.labels, strict=True):
        part["attrs"]["class"] = f"input num {part['attrs'].get('class', '')}".strip()
        if bound.errors:
            part["attrs"] |= {"aria-invalid": "true", "aria-describedby": f"{bound.auto_id}_error"}
        part["label"] = words
    return data


@register.inclusion_tag("components/choice.html")
def choice(option: BoundWidget, hint: Any = "") -> dict[str, Any]:
    """Show one radio or checkbox as a whole row; for pages that set follow-up fields under an answer."""
    return {"input": option, "hint": hint}


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """Show every field of a form in order, hidden ones first."""
    return {"form": form}


# ---------------------------------------------------------------- lists


@register.inclusion_tag("components/facts.html")
def facts(rows: Iterable[Any], *, small: bool = False) -> dict[str, Any]:
    """Show pairs: each row has label and value, and perhaps url (the value links there) and lang."""
    return {"rows": rows, "small": small}


@register.inclusion_tag("components/check_answers.html")
def check_answers(rows: Iterable[Any]) -> dict[str, Any]:
    """Show answers: label, value (a text, a list, or nothing), url to change it, what (hidden words), quote, lang."""
    return {"rows": rows}


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, Any]:
    """Show tasks: label, url, hint and state, one of done, begun, todo, problem, locked."""
    return {"tasks": tasks}


@register.inclusion_tag("components/phases.html")
def phases(names: Iterable[Any], current: int) -> dict[str, Any]:
    """Show the public phases in words; `current` counts from 0, and a number past the end means all are done."""
    return {"names": names, "current": current}


@register.inclusion_tag("components/thread.html")
def thread(events: Iterable[Any], *, small: bool = False, level: int = 3) -> dict[str, Any]:
    """Show a thread: when (date, moment or words), title, text, url and link, new, lang, state (done, now, next)."""
    return {"events": events, "small": small, "level": level}


@register.inclusion_tag("components/moves.html")
def moves(steps: Iterable[Any]) -> dict[str, Any]:
    """Show what may be done now, and what may not yet with every reason.

    A step has name (for ids), label, url, hint, main and refusals; a refusal has sentence, perhaps url (where it can be
    mended), and perhaps items (what is missing, one by one). The caller leaves out moves that the person may not make.
    """
    return {"steps": steps}


@register.filter
def missing(refusal: Any) -> Any:
    """Return what a refusal names one by one; a mapping's own method `items` is not meant."""
    return refusal.get("items", ()) if isinstance(refusal, Mapping) else getattr(refusal, "items", ())


@register.inclusion_tag("components/stage_cell.html")
def stage_cell(stage: Any) -> dict[str, Any]:
    """Show the cell of one stage in the findings grid.

    A stage has code and label of its finding, by, when, departs and reason; None means that it was not reached.
    """
    return {"stage": stage}


@register.inclusion_tag("components/clock.html")
def clock(day: int, limit: int, state: str = "") -> dict[str, Any]:
    """Show how much of a time limit has run; `state` is empty, soon or late, and the words stand beside it."""
    return {"width": max(0, min(100, round(100 * day / limit))) if limit else 100, "state": state}


# ---------------------------------------------------------------- tables


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: template.Context, page: Page, label: Any) -> dict[str, Any]:
    """Show the pages of a list, keeping its filters; nothing where one page holds all."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    query = context["request"].GET
    return {
        "page": page,
        "label": label,
        "numbers": [{"number": at, "url": _with(query, page=at) if isinstance(at, int) else ""} for at in numbers],
        "previous": _with(query, page=page.previous_page_number()) if page.has_previous() else "",
        "next": _with(query, page=page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("components/cursor.html")
def cursor(newer: str, older: str, label: Any) -> dict[str, Any]:
    """Show the way to newer and older rows of a list that is too long to be counted; "" where there are none."""
    return {"newer": newer, "older": older, "label": label}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: template.Context, form: forms.BaseForm, label: Any) -> dict[str, Any]:
    """Show a filter form that is sent by GET, and the filters in use as links that remove them."""
    query = context["request"].GET
    return {"form": form, "label": label, "in_use": list(_in_use(form, query)), "clear": context["request"].path}


def _in_use(form: forms.BaseForm, query: QueryDict) -> Iterable[dict[str, Any]]:
    for bound in form:
        words = dict(_flat(getattr(bound.field, "choices", ())))
        for value in query.getlist(bound.html_name):
            if value:
                rest = [other for other in query.getlist(bound.html_name) if other != value]
                yield {
                    "label": bound.label,
                    "value": words.get(value, value),
                    "url": _with(query, **{bound.html_name: rest, "page": None}),
                }


def _flat(choices: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from _flat(words)
        else:
            yield str(value), words


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: template.Context, key: str, words: Any, *, numeric: bool = False) -> dict[str, Any]:
    """Show the head of a column that sorts by a link (`?sort=key`, `?sort=-key`) and says how it is sorted."""
    query = context["request"].GET
    now = query.get("sort", "")
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    url = _with(query, sort=f"-{key}" if now == key else key, page=None)
    return {"words": words, "order": order, "url": url, "numeric": numeric}


def _with(query: QueryDict, **changes: Any) -> str:
    changed = query.copy()
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        elif isinstance(value, list):
            changed.setlist(key, value)
        else:
            changed[key] = str(value)
    return f"?{changed.urlencode()}"
