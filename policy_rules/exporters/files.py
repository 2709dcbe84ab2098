"""A manual as a file that `import_policy` reads: the same register always gives the same bytes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

import yaml

from policy_rules.exporters.plain import plain_of
from policy_rules.exporters.translation import plain_translation
from policy_rules.models import Manual

WIDTH = 120
_dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def as_yaml(manual: Manual) -> bytes:
    """Return a manual in the project's own format. To import it and export it again gives the same bytes."""
    return _yaml(plain_of(manual))


def as_json(manual: Manual) -> bytes:
    """Return the same values as JSON; days are written year-month-day."""
    return _json(plain_of(manual))


def translation_as(form: str, manual: Manual, language: str) -> bytes | None:
    """Return what a manual says in another language, as `yaml` or `json`; None where it is not translated.

    It is the file that `import_policy --translation` reads; to import it and export it again gives the same bytes.
    """
    plain = plain_translation(manual, language)
    return None if plain is None else {"yaml": _yaml, "json": _json}[form](plain)


def _yaml(plain: Mapping[str, Any]) -> bytes:
    written: str = yaml.dump(
        plain, Dumper=_dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return written.encode()


def _json(plain: Mapping[str, Any]) -> bytes:
    return json.dumps(plain, ensure_ascii=False, indent=1, default=_day).encode()


def _day(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a manual.")
