"""How long script/server takes: from a fresh clone, again, and to stop.

Run with `script/bench start`. Each start is timed until the home page has been read. It fetches the packages.
"""

import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.installation import copy_checkout
from tests.processes import free_port

LATER_STARTS = 5


def start(checkout: Path) -> tuple[float, float]:
    """Return the seconds that a start and the stop after it took."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen([checkout / "script" / "server", "--port", str(port)], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if "ready at" in line:
            break
    urllib.request.urlopen(f"http://localhost:{port}/en/", timeout=60).read()
    started = time.perf_counter()
    process.terminate()
    process.communicate()
    return started - began, time.perf_counter() - started


def main():
    with tempfile.TemporaryDirectory() as folder:
        checkout = Path(folder) / "redress"
        copy_checkout(checkout)
        first, stop = start(checkout)
        print(f"First start, packages fetched: {first:.1f} s; stop {stop:.2f} s")
        starts, stops = zip(*sorted(start(checkout) for _ in range(LATER_STARTS)), strict=True)
        print(f"Later start: median {starts[LATER_STARTS // 2]:.1f} s, slowest {starts[-1]:.1f} s")
        print(f"Stop: median {sorted(stops)[LATER_STARTS // 2]:.2f} s, slowest {max(stops):.2f} s")


if __name__ == "__main__":
    main()
