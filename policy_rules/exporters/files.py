"""A manual as a file that `import_policy` reads: the same register always gives the same bytes."""

from __future__ import annotations

import datetime
import json
from typing import Any

import yaml

from policy_rules.exporters.plain import plain_of
from policy_rules.models import Manual

WIDTH = 120
_dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def as_yaml(manual: Manual) -> bytes:
    """Return a manual in the project's own format. To import it and export it again gives the same bytes."""
    written: str = yaml.dump(
        plain_of(manual), Dumper=_dumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=False
    )
    return written.encode()


def as_json(manual: Manual) -> bytes:
    """Return the same values as JSON; days are written year-month-day."""
    return json.dumps(plain_of(manual), ensure_ascii=False, indent=1, default=_day).encode()


def _day(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in a manual.")
