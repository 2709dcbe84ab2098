import os
import signal
import socket
import subprocess
import sys

import pytest

from config.embedded_postgres import BASE_DIR
from config.supervisor import PortRefusedError, Supervisor, require_free_port
from tests.processes import PATIENCE, alive, free_port, marked, until

SLEEPS = [sys.executable, "-c", "import time; time.sleep(120)"]
HAS_A_CHILD = [sys.executable, "-c", f"import subprocess; subprocess.Popen({SLEEPS!r}).wait()"]
STUBBORN = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(120)
"""
ENDS = [sys.executable, "-c", "raise SystemExit(3)"]
SUPERVISE = f"""
from config.supervisor import Supervisor
with Supervisor({{"one": {SLEEPS!r}, "two": {HAS_A_CHILD!r}}}) as supervisor:
    print("running", flush=True)
    supervisor.keep_running()
print("stopped", flush=True)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


@pytest.fixture
def mark():
    return marked()


@pytest.fixture
def supervising(mark):
    """A process that supervises two programs, one of which has a child."""
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE],
        cwd=BASE_DIR, env=os.environ | mark, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "running\n"
    until(lambda: len(alive(mark)) == 4)
    yield process
    for pid in alive(mark):
        os.kill(pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_program_and_its_children(supervising, mark, number):
    supervising.send_signal(number)
    assert supervising.communicate(timeout=PATIENCE) == ("stopped\n", "")
    assert supervising.returncode == 0
    assert alive(mark) == []


def test_when_the_supervisor_is_killed_its_programs_are_told_to_end(supervising, mark):
    programs_with_children = len(alive(mark))
    supervising.kill()
    until(lambda: len(alive(mark)) < programs_with_children - 1)


def test_when_one_program_ends_all_end_and_it_is_named():
    with Supervisor({"steady": SLEEPS, "short": ENDS}) as supervisor:
        assert supervisor.keep_running() is False
    assert supervisor.ended == "short"
    assert supervisor.status("short") == "exit status 3"
    assert supervisor.status("steady") == "killed by SIGTERM"


def test_a_program_that_will_not_end_is_killed(tmp_path):
    deaf = tmp_path / "deaf"
    with Supervisor({"stubborn": [sys.executable, "-c", STUBBORN, deaf]}, patience=0.2) as supervisor:
        assert supervisor.keep_running(until=deaf.exists)
    assert supervisor.status("stubborn") == "killed by SIGKILL"


def test_the_handlers_of_before_are_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor({"steady": SLEEPS}):
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_program_that_does_not_exist_stops_those_already_started(mark):
    sleeps = ["env", *[f"{name}={value}" for name, value in mark.items()], *SLEEPS]
    with pytest.raises(FileNotFoundError), Supervisor({"steady": sleeps, "missing": ["/no/such/program"]}):
        pass
    assert alive(mark) == []


def test_a_free_port_will_do():
    require_free_port("localhost", free_port())


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_in_use_is_refused_even_if_it_could_be_shared(address):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind((address, 0))
        other.listen()
        with pytest.raises(PortRefusedError, match="in use by another program"):
            require_free_port("localhost", other.getsockname()[1])


def test_a_port_that_only_lingers_will_do():
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        server.accept()[0].close()
        client.close()
    require_free_port("localhost", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(PortRefusedError, match=r"Cannot listen on 192\.0\.2\.1"):
        require_free_port("192.0.2.1", free_port())
