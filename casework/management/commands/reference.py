from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from audit.actions import all_actions
from casework.actions.moves import PROCESS
from casework.actions.recommendations import PROCESS as RECOMMENDATIONS
from casework.management.api_page import api_page
from casework.recommending import ROLES as RECOMMENDING_ROLES
from casework.recommending import UNBEGUN as BEFORE_A_RECOMMENDATION
from casework.roles import ROLES
from casework.states import UNFILED, State
from moves import reference
from policy_rules.actions.lifecycle import PROCESS as POLICY_PROCESS
from policy_rules.manuals import DEMO_MANUAL
from policy_rules.roles import ROLES as POLICY_ROLES
from policy_rules.states import UNBEGUN

MADE = "<!-- Made by `manage.py reference`; change the tables it is made from. -->\n"


class Command(BaseCommand):
    help = "Write the reference pages that are made from the tables of moves, roles and acts, and from the API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is out of date")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """Write the pages, or with --check compare them."""
        folder = Path(settings.BASE_DIR) / "docs" / "reference"
        with translation.override("en"):
            pages = {
                "workflow.md": _workflow(),
                "policy-lifecycle.md": _policy_lifecycle(),
                "recommendations.md": _recommendations(),
                "roles.md": _roles(),
                "api.md": _api(),
                "audit-vocabulary.md": _vocabulary(),
            }
        stale = [name for name, text in pages.items() if not _is(folder / name, text)]
        if check and stale:
            raise CommandError(f"Out of date: {', '.join(stale)}. Run: python manage.py reference")
        for name in stale:
            (folder / name).write_text(pages[name], encoding="utf-8")
            self.stdout.write(f"wrote docs/reference/{name}")


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _api() -> str:
    return f"{MADE}\n# API\n\n{api_page()}"


def _workflow() -> str:
    rows = PROCESS.table()
    manual = yaml.safe_load(DEMO_MANUAL.read_text(encoding="utf-8"))
    sections = {name: row["section"] for name, row in manual["authorities"]["moves"].items()}
    return (
        f"{MADE}\n# Workflow\n\nEvery move of a case. The section is that of the manual that comes with Redress; a"
        " city's own manual names its own.\n\n## Diagram\n\n"
        f"{reference.diagram(rows, UNFILED)}\n## Moves\n\n{reference.table(rows, sections)}"
    )


def _policy_lifecycle() -> str:
    rows = POLICY_PROCESS.table()
    manual = yaml.safe_load(DEMO_MANUAL.read_text(encoding="utf-8"))
    sections = {name: row["section"] for name, row in manual["authorities"]["policy_moves"].items()}
    held = [f"* {role}: {_listed(permissions)}" for role, permissions in POLICY_ROLES.items()]
    return (
        f"{MADE}\n# Life of a policy\n\nEvery move of a chapter's version. To adopt and to rescind is for the role"
        " that the chapter names under `review.adopts`.\n\n## Diagram\n\n"
        f"{reference.diagram(rows, UNBEGUN)}\n## Roles\n\n" + "\n".join(held) + "\n\n## Moves\n\n"
        f"{reference.table(rows, sections)}"
    )


def _recommendations() -> str:
    rows = RECOMMENDATIONS.table()
    manual = yaml.safe_load(DEMO_MANUAL.read_text(encoding="utf-8"))
    sections = {name: manual["authorities"]["acts"][f"{name}_recommendation"] for name in rows}
    held = [f"* {role}: {_listed(permissions)}" for role, permissions in RECOMMENDING_ROLES.items()]
    return (
        f"{MADE}\n# Recommendations\n\nEvery move of a recommendation for change. To answer is for the one who is"
        " asked. That one is overdue follows from the day on which its next step is due.\n\n## Diagram\n\n"
        f"{reference.diagram(rows, BEFORE_A_RECOMMENDATION)}\n## Roles\n\n" + "\n".join(held) + "\n\n## Moves\n\n"
        f"{reference.table(rows, sections)}"
    )


def _roles() -> str:
    lines = [MADE, "# Roles", "", "What each role on a case may do: always, and beside that in some states.", ""]
    for role, row in ROLES.items():
        lines += [f"## {role.label} (`{role.value}`)", "", f"* always: {_listed(row.always)}"]
        lines += [f"* {state}: {_listed(row.in_states[state])}" for state in _in_order(row.in_states)]
        lines.append("")
    return "\n".join(lines)


def _in_order(states: Any) -> list[str]:
    order = [UNFILED, *State.values]
    return sorted(map(str, states), key=order.index)


def _listed(permissions: Any) -> str:
    return ", ".join(f"`{permission}`" for permission in sorted(map(str, permissions))) or "–"


def _vocabulary() -> str:
    lines = [
        MADE,
        "# Audit vocabulary",
        "",
        "Every act that the log can hold. The complainant is told of those with a sentence in the last column.",
        "",
        "| act | for staff | for the complainant |",
        "|---|---|---|",
    ]
    lines += [f"| `{act.code}` | {act.sentence} | {act.complainant or ''} |" for act in all_actions()]
    return "\n".join([*lines, ""])
