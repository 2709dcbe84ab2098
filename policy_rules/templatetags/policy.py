"""How words of the manual are put on a page: in their own language, with the words they use explained by a link."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any, Literal
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from policy_rules import labels, setting_labels
from policy_rules.addresses import address
from policy_rules.comparing import ADDED, REMOVED, Passage, Place, Run, Setting
from policy_rules.models import Manual
from policy_rules.reading import Reading, Words
from policy_rules.rule_data import ClockRule
from policy_rules.rule_rows import Kind, Part, Row, flat_parts
from policy_rules.section_reading import PLURAL

register = template.Library()
SOURCE = "en"
"""The language in which rules that are data are written."""


@register.simple_tag
def policy_url(manual: Manual, page: str, *args: str) -> str:
    """Return the address of a page of a manual: of the governing one, or of another beside it."""
    return address(manual, page, *args)


@register.simple_tag
def section_links(manual: Manual, codes: Iterable[str]) -> SafeString:
    """Show the codes of sections, each leading to its page."""
    return format_html_join(", ", '<a href="{}">{}</a>', ((address(manual, "section", code), code) for code in codes))


@register.simple_tag
def reference_link(reference: str) -> SafeString:
    """Show a section of the governing manual by its code, leading to the version that an entry of the log cites."""
    code, _at, version = reference.rpartition("/")[2].partition("@")
    return format_html('<a href="{}">{}</a>', reverse("policies:section_version", args=[code, version]), code)


@register.simple_tag
def manual_query(manual: Manual) -> str:
    """Return what an address of the API adds to name a manual; nothing for the one that governs."""
    return "" if manual.governs else f"?{urlencode({'manual': manual.code})}"


@register.inclusion_tag("components/crumbs.html", takes_context=True)
def manual_crumbs(context: template.Context, manual: Manual | None, *pairs: Any, here: Any = "") -> dict[str, Any]:
    """Show where a page of a manual lies: words and address in turn after the manual, then the words for this page."""
    places = [(gettext("Home"), context["home_url"]), (gettext("Policy manual"), reverse("policies:contents"))]
    if manual is not None and not manual.governs:
        places.append((manual.code, address(manual, "contents")))
    return {"places": [*places, *zip(pairs[::2], pairs[1::2], strict=True)], "here": here}


@register.simple_tag(name="words")
def in_own_language(words: Words) -> SafeString:
    """Show words of the manual, marked with their language where it is not that of the page."""
    if words.language == get_language():
        return format_html("{}", words.text)
    return format_html('<span lang="{}">{}</span>', words.language, words.text)


@register.simple_tag
def section_line(item: Reading, is_today: bool) -> SafeString:  # noqa: FBT001 a template names no arguments
    """Show a section in the contents, with a link to what it says today or said in its version."""
    address_of = item.url if is_today else item.permalink
    link = '<li><a href="{}"><b>{}</b> {}</a></li>'
    return format_html(link, address_of, item.source.number, in_own_language(item.title))


@register.simple_tag
def lang(words: Words) -> SafeString:
    """Return the attribute that marks an element whose words are not in the language of the page."""
    return mark_safe("") if words.language == get_language() else format_html(' lang="{}"', words.language)


@register.simple_tag
def explained(words: Words | str, links: Mapping[str, str]) -> SafeString:
    """Show words with a link at the first occurrence of each defined word and each code of a section."""
    text = str(words)
    if not links:
        return format_html("{}", text)
    names = "|".join(sorted(map(re.escape, links), key=len, reverse=True))
    done: set[str] = set()
    parts, end = [], 0
    for match in re.finditer(rf"\b({names}){PLURAL}\b(?!\.\d)", text, re.IGNORECASE):
        name = match.group(1).lower()
        if name not in done:
            done.add(name)
            link = format_html('<a href="{}">{}</a>', links[name], match.group())
            parts += [escape(text[end : match.start()]), str(link)]
            end = match.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 every part is escaped above


@register.filter
def evidence(hint: str) -> str:
    """Return what a hint to evidence is called."""
    return labels.evidence(hint)


@register.filter
def penalty_class(code: str) -> str:
    """Return what a class of discipline is called."""
    return labels.discipline_class(code)


@register.filter
def rule_name(path: str) -> str:
    """Return what a rule kept as data is called."""
    return labels.rule_name(path)


@register.filter
def rule_heading(path: str) -> str:
    """Show what a rule kept as data is called."""
    return _in_this_language(labels.rule_name(path), path.rpartition(".")[2])


@register.filter
def rule_part(name: str) -> str:
    """Show what a part of a rule is called."""
    return format_html_join(
        ": ", "{}", ((_in_this_language(labels.rule_part(item), item),) for item in name.split("."))
    )


@register.filter
def rule_value(told: str) -> str:
    """Show a value of a rule: codes in words, one by one, anything else as it is."""
    if labels.is_codes(told):
        codes = told.split(", ")
        return format_html_join(", ", "{}", ((_in_this_language(labels.rule_value(code), code),) for code in codes))
    return _in_this_language(labels.in_words(told) if ", " in told else labels.rule_value(told), told)


@register.filter
def rule_told(part: Part) -> str:
    """Show the value of a part of a rule that changes: a length of time with its unit, anything else in words."""
    if part.kind == Kind.LENGTH:
        return labels.time_limit(*part.value)
    return rule_value(part.told)


@register.filter
def time_limit(clock: ClockRule) -> str:
    """Show how long a time limit is, such as 90 days."""
    return labels.time_limit(clock.duration, clock.unit)


@register.filter
def setting_name(setting: Setting) -> str:
    """Show what a setting of a section is called."""
    return _in_this_language(setting_labels.setting_name(setting.name), setting.name.rpartition(".")[2])


@register.filter
def setting_before(setting: Setting) -> str:
    """Return the earlier value of a setting in words."""
    return setting_labels.setting_value(setting.name, setting.before)


@register.filter
def setting_after(setting: Setting) -> str:
    """Return the later value of a setting in words."""
    return setting_labels.setting_value(setting.name, setting.after)


@register.filter
def rule_brief(row: Row) -> str:
    """Show what a rule says on one line: a time limit as its length, any other as its parts."""
    if "duration" in row.value:
        return labels.time_limit(row.value["duration"], row.value["unit"])
    told = ((rule_part(part.name), rule_value(part.told)) for part in flat_parts(row))
    return format_html_join("; ", "{}: {}", told) or "–"


def _in_this_language(words: str, told: str) -> str:
    """Show the words for what a rule says; where this language has none, a code as a code and prose as a quotation."""
    if words != labels.in_words(told) or get_language() == SOURCE or not labels.is_worded(told):
        return words
    if labels.is_codes(told):
        return format_html("<code>{}</code>", told)
    return format_html('<q lang="{}">{}</q>', SOURCE, told)


@register.filter
def languages(codes: Iterable[str]) -> str:
    """Return the names of languages by their codes; a code not known is shown as it is."""
    return ", ".join(str(labels.LANGUAGES.get(code, code)) for code in codes)


Side = Literal["both", "before", "after"]
"""Which words of a change are shown: those of both versions in one text, or of one version alone."""


@register.simple_tag
def marked(runs: Iterable[Run]) -> SafeString:
    """Show words that were kept, added and removed, each change told to those who do not see it."""
    return mark_safe(_marked(runs, _frames(get_language() or SOURCE)))  # noqa: S308 every word is escaped


@register.simple_tag
def passages(found: Iterable[Passage], side: Side = "both") -> SafeString:
    """Show the title where it changed, the text, and what must be proved, with what was added and removed marked.

    One pass over the words: a template for each of them took most of the time of a long comparison.
    """
    language = get_language() or SOURCE
    frames = _frames(language)
    words, elements = [], []
    for passage in found:
        runs = passage.runs if side == "both" else getattr(passage, side)
        if not runs:
            continue
        if passage.place == Place.ELEMENT:
            elements.append(f"<li>{_marked(runs, frames)}</li>")
        else:
            words.append(f'<p class="{passage.place}">{_marked(runs, frames)}</p>')
    if elements:
        heading = format_html('<p class="part" lang="{}">{}</p>', language, gettext("What must be proved"))
        words += [heading, "<ul>", *elements, "</ul>"]
    return mark_safe("".join(words))  # noqa: S308 every word is escaped


def _marked(runs: Iterable[Run], frames: Mapping[str, tuple[str, str]]) -> str:
    parts = []
    for run in runs:
        before, after = frames.get(run.what, ("", ""))
        parts.append(before + escape(run.words).replace("\n", "<br>") + after)
    return "".join(parts)


@cache
def _frames(language: str) -> dict[str, tuple[str, str]]:
    """Return what stands before and after words that were added and removed, in the language of the page."""
    return {
        ADDED: _frame("ins", language, gettext("Added:"), gettext("End of addition.")),
        REMOVED: _frame("del", language, gettext("Removed:"), gettext("End of removal.")),
    }


def _frame(tag: str, language: str, begins: str, ends: str) -> tuple[str, str]:
    told = format_html('<span class="sr" lang="{}">', language)
    return f"<{tag}>{told}{escape(begins)} </span>", f"{told} {escape(ends)}</span></{tag}>"
