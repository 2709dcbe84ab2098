"""How words of the manual are put on a page: in their own language, with the words they use explained by a link."""

import re
from collections.abc import Mapping
from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from policy_rules import labels
from policy_rules.reading import Words

register = template.Library()


@register.simple_tag(name="words")
def in_own_language(words: Words) -> SafeString:
    """Show words of the manual, marked with their language where it is not that of the page."""
    if words.language == get_language():
        return format_html("{}", words.text)
    return format_html('<span lang="{}">{}</span>', words.language, words.text)


@register.simple_tag
def lang(words: Words) -> SafeString:
    """Return the attribute that marks an element whose words are not in the language of the page."""
    return mark_safe("") if words.language == get_language() else format_html(' lang="{}"', words.language)


@register.simple_tag
def explained(words: Words, links: Mapping[str, str]) -> SafeString:
    """Show words with a link at the first occurrence of each defined word and each code of a section."""
    if not links:
        return format_html("{}", words.text)
    names = "|".join(sorted(map(re.escape, links), key=len, reverse=True))
    done: set[str] = set()
    parts, end = [], 0
    for match in re.finditer(rf"\b({names})s?\b", words.text, re.IGNORECASE):
        name = match.group(1).lower()
        if name not in done:
            done.add(name)
            link = format_html('<a href="{}">{}</a>', links[name], match.group())
            parts += [escape(words.text[end : match.start()]), str(link)]
            end = match.end()
    return mark_safe("".join([*parts, escape(words.text[end:])]))  # noqa: S308 every part is escaped above


@register.filter
def evidence(hint: str) -> str:
    """Return what a hint to evidence is called."""
    return labels.evidence(hint)


@register.filter
def penalty_class(code: str) -> str:
    """Return what a class of discipline is called."""
    return labels.discipline_class(code)
