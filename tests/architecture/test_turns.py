import subprocess
import sys

from config.embedded_postgres import BASE_DIR
from tests.turns import take_turn

SECOND_RUN = (
    "import sys, pathlib\nfrom tests.turns import take_turn\nlock = take_turn(pathlib.Path(sys.argv[1]))\nprint('ran')"
)


def test_a_second_run_says_that_it_waits_and_runs_when_the_first_has_ended(tmp_path):
    first = take_turn(tmp_path / "lock")
    second = subprocess.Popen(
        [sys.executable, "-c", SECOND_RUN, tmp_path / "lock"],
        cwd=BASE_DIR,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert "waiting for another run" in second.stderr.readline()
    assert second.poll() is None
    first.close()
    assert second.communicate(timeout=60)[0] == "ran\n"


def test_a_run_alone_does_not_wait(tmp_path, capsys):
    take_turn(tmp_path / "lock").close()
    assert capsys.readouterr().err == ""
