"""What `script/check` runs: everything that continuous integration does.

    script/check               all parts
    script/check types lint    some parts

Parts on the test databases of this checkout run one after another; the others run beside them, one after another too.
The browser comes first: each of its tests waits for another process half the time, which those beside it use. A part
that passes takes one line; of one that fails all is shown. The last line counts tests, each part without tests as one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded_postgres import BASE_DIR, EmbeddedPostgres, EmbeddedPostgresError

PYTHON = sys.executable
STOCK_POSTGRES = Path("/usr/lib/postgresql")
DATABASE_TESTS = (
    "tests/audit",
    "tests/moves",
    "tests/config",
    *(
        f"tests/{name}.py"
        for name in (
            "casework/importers/test_run",
            "casework/test_erasure",
            "casework/test_holds",
            "casework/test_log_checks",
            "casework/test_matrix",
            "casework/test_moves",
            "casework/test_state_machine",
            "casework/test_whole_case",
            "policy_rules/test_citations",
            "policy_rules/test_lifecycle",
            "policy_rules/test_publishing",
        )
    ),
)
"""Tests of rows, constraints, triggers, moves and the log. What stands on a page another PostgreSQL does not change."""
COUNTS = re.compile(r"(\d+) (passed|failed|skipped|error)")


@dataclass(frozen=True)
class Part:
    """One thing to check: commands that all must succeed."""

    name: str
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    takes_turns: bool = False


@dataclass(frozen=True)
class Outcome:
    part: Part
    seconds: float
    succeeded: bool
    output: str

    def counts(self) -> Counter[str]:
        """Return how many tests passed, failed and were skipped; a part without tests counts as one."""
        closing = [line for line in self.output.splitlines() if re.search(r" in \d+\.\d+s\b", line)]
        found = Counter({kind: int(number) for line in closing for number, kind in COUNTS.findall(line)})
        found["failed"] += found.pop("error", 0)
        if self.succeeded:
            found["passed"] = found["passed"] or 1
        else:
            found["failed"] = found["failed"] or 1
        return found


def pytest(*arguments: str) -> list[str]:
    return [PYTHON, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *arguments]


def on_both_cores(*arguments: str) -> list[str]:
    return pytest("-n", "auto", "--dist", "loadgroup", *arguments)


def parts(stock: EmbeddedPostgres | None) -> list[Part]:
    templates = sorted(str(path.relative_to(BASE_DIR)) for path in BASE_DIR.glob("templates/**/*.html"))
    lint = [
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [str(Path(PYTHON).with_name("djade")), "--check", *templates],
    ]
    every = [
        Part("browser", [on_both_cores("-m", "browser", "tests/browser")], takes_turns=True),
        Part("tests", [on_both_cores("-m", "not browser")], takes_turns=True),
        Part("lint", lint),
        Part("types", [[PYTHON, "-m", "mypy"]]),
        Part("migrations", [[PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"]]),
        # Without a turn: these run beside the parts that use the databases of this checkout, on databases of their own.
        Part("installation", [pytest("-p", "no:tests.turns", "tests/installation.py")]),
        Part("picture", [pytest("-p", "no:tests.turns", "tests/demonstration/picture.py")]),
    ]
    if stock:
        url = f"postgres://postgres@/postgres?host={stock.socket}"
        tests = on_both_cores("-m", "not browser", "--database-only", "--as-the-program", *DATABASE_TESTS)
        every.append(Part("stock-postgresql", [tests], {"DATABASE_URL": url, "TRIAL": "true"}))
    return every


def run(part: Part) -> Outcome:
    began = time.monotonic()
    output = []
    for command in part.commands:
        done = subprocess.run(
            command, cwd=BASE_DIR, env={**os.environ, **part.environment}, check=False, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output.append(done.stdout)
        if done.returncode:
            break
    return Outcome(part, time.monotonic() - began, not done.returncode, "".join(output))


def install_what_is_missing() -> None:
    """Install the Debian packages that the parts need, where this is root on Debian; else say what is missing."""
    present = {
        "chromium": shutil.which("chromium"),
        "gettext": shutil.which("xgettext"),
        "postgresql": any(STOCK_POSTGRES.glob("*/bin/postgres")),
        "python3-venv": _runs("/usr/bin/python3", "-c", "import ensurepip"),
    }
    missing = [package for package, found in present.items() if not found]
    if not missing:
        return
    if os.geteuid() == 0 and Path("/etc/debian_version").exists():
        say(f"installing {' '.join(missing)}")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if _runs("apt-get", "update", "-qq", env=environment) and _runs(
            "apt-get", "install", "-qq", "-y", "--no-install-recommends", *missing, env=environment
        ):
            return
    say(f"some parts need packages that are not installed: sudo apt-get install {' '.join(missing)}")


def _runs(*command: str, env: Mapping[str, str] | None = None) -> bool:
    try:
        return not subprocess.run(
            command, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False
        ).returncode
    except FileNotFoundError:
        return False


def stock_postgres() -> EmbeddedPostgres | None:
    """Return the oldest PostgreSQL that the system has, running on a folder of its own, or None where it has none."""
    found = sorted(STOCK_POSTGRES.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        return None
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
    server = EmbeddedPostgres(
        BASE_DIR / "var" / f"postgres-{found[0].parts[-3]}", binaries=found[0].parent, settings=settings
    )
    server.start()
    return server


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def main(names: list[str]) -> int:
    began = time.monotonic()
    install_what_is_missing()
    try:
        every = parts(stock_postgres())
    except EmbeddedPostgresError as error:
        say(f"the stock PostgreSQL does not run: {error}")
        every = parts(None)
    if unknown := set(names) - {part.name for part in every}:
        say(f"no such part: {', '.join(sorted(unknown))}. There are: {', '.join(part.name for part in every)}")
        return 2
    chosen = [part for part in every if part.name in names or not names]
    total: Counter[str] = Counter()
    with ThreadPoolExecutor(1) as in_turn, ThreadPoolExecutor(1) as beside:
        running = [(in_turn if part.takes_turns else beside).submit(run, part) for part in chosen]
        for finished in as_completed(running):
            outcome = finished.result()
            counts = outcome.counts()
            total += counts
            told = ", ".join(f"{number} {kind}" for kind, number in counts.items() if number and counts.total() > 1)
            say(
                f"{'ok    ' if outcome.succeeded else 'FAILED'} {outcome.part.name:<18}{outcome.seconds:6.1f} s  {told}"
            )
            if not outcome.succeeded:
                say(outcome.output)
    if not names and "stock-postgresql" not in {part.name for part in every}:
        say("FAILED stock-postgresql: install Debian's postgresql")
        total["failed"] += 1
    say(f"{time.monotonic() - began:.0f} seconds in all")
    say(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
