"""Runs one benchmark with its options, or all of them one after another."""

import os
import subprocess
import sys
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))


def main() -> None:
    if not sys.argv[1:]:
        for name in NAMES:
            print(f"\n{name}", flush=True)
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
    elif sys.argv[1] in NAMES:
        os.execv(sys.executable, [sys.executable, "-m", f"benchmarks.{sys.argv[1]}", *sys.argv[2:]])
    else:
        sys.exit(f"There is no benchmark {sys.argv[1]}. There are: {', '.join(NAMES)}.")


main()
