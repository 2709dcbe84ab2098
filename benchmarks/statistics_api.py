"""How long the statistics of the API take, alone and while an import writes, beside the bare query they rest on.

Run with `script/bench statistics_api`. It needs the published files of Detroit and Philadelphia in `../shared/data`.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.import_complaints import DEMO_MANUAL, DETROIT, ROOT, manage

PHILADELPHIA = sorted((DETROIT.parents[1] / "philadelphia").glob("*.csv"), reverse=True)
ADDRESS = "/api/v1/statistics/allegations/?group_by=category&source=detroit"
TIMES = 30


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the longest time of the work, in milliseconds."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken), max(taken)


def ask() -> None:
    """Measure in a process that serves the API, with the database that the environment names."""
    import django

    from config import embedded_postgres

    embedded_postgres.start_if_needed()
    django.setup()
    from django.db.models import Count
    from django.test import Client

    from casework.models import Allegation

    client = Client(SERVER_NAME="localhost")

    def api() -> None:
        answer = client.get(ADDRESS)
        assert answer.status_code == 200, answer.content

    def bare() -> None:
        list(Allegation.objects.filter(case__source__name="detroit").values("category").annotate(n=Count("pk")))

    api()
    plain, (median, longest) = measure(bare)[0], measure(api)
    print(f"{median:.0f} ms, slowest {longest:.0f} ms; {median / plain:.1f} times the bare query ({plain:.0f} ms)")


def main() -> None:
    if not DETROIT.exists() or not PHILADELPHIA:
        print(f"Nothing to count: the files are not in {DETROIT.parents[1]}.")
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "REDRESS_POSTGRES": str(Path(folder) / "postgres"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        manage("migrate", "--verbosity=0", environment=environment)
        manage("import_policy", str(DEMO_MANUAL), environment=environment)
        manage("import_complaints", "--mapping=detroit", str(DETROIT), environment=environment)
        asking = [sys.executable, "-m", "benchmarks.statistics_api", "ask"]
        print("Alone:", flush=True)
        subprocess.run(asking, cwd=ROOT, env=environment, check=True)
        importing = [
            sys.executable,
            "manage.py",
            "import_complaints",
            "--mapping=philadelphia",
            *map(str, PHILADELPHIA),
        ]
        with subprocess.Popen(importing, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as under_way:
            time.sleep(3)
            print("While an import writes:", flush=True)
            subprocess.run(asking, cwd=ROOT, env=environment, check=True)
            print("the import had ended before" if under_way.poll() is not None else "the import still ran after it")


if __name__ == "__main__":
    ask() if sys.argv[1:] == ["ask"] else main()
