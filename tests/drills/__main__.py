"""What `script/drill` runs: every drill, on an embedded PostgreSQL of its own, and a table of what came of each."""

import contextlib
import io
import os
import sys

os.environ.pop("DATABASE_URL", None)

from config import embedded_postgres

os.environ[embedded_postgres.FOLDER_VARIABLE] = str(embedded_postgres.BASE_DIR / "var" / "postgres-drill")

import pytest
from rich.console import Console
from rich.progress import Progress
from rich.table import Table


class Drills:
    """Pytest plugin that keeps what each drill tells."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.task = progress.add_task("making Harrow Bend", total=None)
        self.table = Table("what was done", "what came of it", "", title="Drills of the log")
        self.failed: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.progress.update(self.task, total=len(session.items))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid} ({report.when})\n{report.longreprtext}")
        if report.when == "call":
            told = dict(report.user_properties)
            done = told.get("done", report.nodeid.rpartition("::")[2])
            verdict = "[red]NOT SHOWN" if report.failed else "[green]shown"
            self.table.add_row(str(done), str(told.get("found", "")), verdict)
            self.progress.update(self.task, advance=1, description=str(done))


def main(arguments: list[str]) -> int:
    with Progress(console=Console(stderr=True), transient=True) as progress:
        drills = Drills(progress)
        options = ["-p", "no:cacheprovider", "-p", "no:warnings", "--capture=sys", "tests/drills", *arguments]
        with contextlib.redirect_stdout(io.StringIO()):
            code = int(pytest.main(options, plugins=[drills]))
    console = Console()
    console.print(drills.table)
    for failure in drills.failed:
        console.print(failure, markup=False, highlight=False)
    count = drills.table.row_count
    console.print(f"{count} drills, {len(drills.failed)} of them did not show what they should.", style="bold")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
