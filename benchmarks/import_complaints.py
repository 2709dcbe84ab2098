"""How long an import takes and how much memory it needs, on a fresh embedded PostgreSQL that syncs as in use.

Run with `script/bench import_complaints [MAPPING DATA...]`; without a file, the published one of Detroit is looked for
in `../shared/data`.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DETROIT = ROOT.parent / "shared" / "data" / "detroit" / "DPD_Citizen_Complaints.csv"
DEMO_MANUAL = ROOT / "policy_rules" / "manuals" / "demo_manual.yaml"


def manage(*arguments: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def main(mapping: str, *data: str) -> None:
    paths = [str(Path(path).resolve()) for path in data]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "REDRESS_POSTGRES": str(Path(folder) / "postgres")}
        report = f"--report={folder}/report.csv"
        manage("migrate", "--verbosity=0", environment=environment)
        manage("import_policy", str(DEMO_MANUAL), environment=environment)
        for run in ("first", "second"):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            outcome = json.loads(
                manage("import_complaints", f"--mapping={mapping}", *paths, report, "--json", environment=environment)
            )
            seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(
                f"{run} run: {seconds:.1f} s, of which {cpu:.1f} s of Python; {outcome['created']:,} of "
                f"{outcome['complaints']:,} complaints created"
            )
        # The largest of all children: the import, for neither of those before it holds data.
        print(f"peak memory: {after.ru_maxrss / 1024:.0f} MB; load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*sys.argv[1:])
    elif DETROIT.exists():
        main("detroit", str(DETROIT))
    else:
        print(f"Nothing to import: {DETROIT} is not there. Name a mapping and its files.")
