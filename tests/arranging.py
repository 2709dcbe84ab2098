"""Rules that change on a day, without the steps of a draft: for tests of what follows from them."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from audit.canonical import canonical
from policy_rules.canonical import digest
from policy_rules.models import Manual, Revision, RuleSet
from policy_rules.models.dates import date_range
from policy_rules.rule_rows import value_at, with_value


def from_day(first: date | None = None, **different: dict[str, Any]) -> RuleSet:
    """Let other rules apply from a day on, today if none is given: ``from_day(profiles={"in_use": "advisory"})``.

    Each argument is the path of a rule, with ``__`` for its dots, and what of it is different.
    """
    first = first or timezone.localdate()
    before = Manual.objects.get(governs=True).rule_sets.order_by("effective").last()
    data = before.data
    for name, parts in different.items():
        path = name.replace("__", ".")
        data = with_value(data, path, {**(value_at(data, path) or {}), **parts})
    before.effective = date_range(before.effective_from, first - timedelta(days=1))
    before.save(update_fields=["effective"])
    Revision.objects.update(token=uuid.uuid4())
    return RuleSet.objects.create(
        manual=before.manual,
        effective=date_range(first, None),
        reference=f"{before.manual.code}/rules@{first.isoformat()}",
        data=data,
        data_digest=digest(canonical(data)),
    )
