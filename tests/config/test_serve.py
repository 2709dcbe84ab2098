"""The whole installation as a person starts it, on an embedded PostgreSQL of its own."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from config.embedded_postgres import BASE_DIR, FOLDER_VARIABLE, EmbeddedPostgres, socket_folder
from tests.processes import PATIENCE, alive, free_port, marked, until

RECORD_AN_ENTRY = """
from django.db import transaction
from audit import actions, log
actions.register("trial.recorded", "A trial entry was recorded")
with transaction.atomic():
    log.record("trial.recorded", actor="system", role="system", subject="system")
"""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="needs Linux"),
    pytest.mark.xdist_group("serve"),
]


class Installation:
    """A folder of data, and the commands of `manage.py` on it."""

    def __init__(self, folder):
        self.root = folder / "postgres"
        self.mark = marked()
        self.environment = (
            os.environ | self.mark | {FOLDER_VARIABLE: str(self.root), "MEDIA_ROOT": str(folder / "files")}
        )
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST"):
            self.environment.pop(name, None)

    def starts(self, *arguments, **environment):
        return subprocess.Popen(
            [sys.executable, BASE_DIR / "manage.py", *arguments],
            env=self.environment | environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def says(self, *arguments, **environment):
        process = self.starts(*arguments, **environment)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out + err

    def is_empty(self):
        return not alive(self.mark) and EmbeddedPostgres(self.root)._pid() is None

    def process(self, command):
        """Return the number of the oldest process that has this word in its command line."""
        for pid in sorted(alive(self.mark)):
            if command in Path(f"/proc/{pid}/cmdline").read_text().split("\0"):
                return pid
        raise AssertionError(f"no process runs {command}")

    def size_of_the_log(self):
        with psycopg.connect(host=str(socket_folder(self.root)), user="postgres", dbname="postgres") as connection:
            return connection.execute("select coalesce(max(size), 0) from audit_checkpoint").fetchone()[0]


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("an installation")
    installed = Installation(folder)
    code, said = installed.says("migrate", "--verbosity", "0")
    assert code == 0, said
    yield installed
    for pid in alive(installed.mark):
        os.kill(pid, signal.SIGKILL)
    EmbeddedPostgres(installed.root)._stop()
    shutil.rmtree(socket_folder(installed.root), ignore_errors=True)


class Served:
    def __init__(self, installation, port):
        self.process = installation.starts("serve", "--port", str(port))
        self.port = port
        self.said = []

    def __enter__(self):
        for line in self.process.stdout:
            self.said.append(line)
            if "ready at" in line:
                return self
        raise AssertionError(self.process.communicate(timeout=PATIENCE)[1])

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=PATIENCE)

    def ends(self):
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out + err


@pytest.fixture
def served(installation):
    with Served(installation, free_port()) as served:
        yield served


def test_it_prints_its_address_and_answers_there_in_both_languages(served):
    assert f"ready at http://localhost:{served.port} " in served.said[-1]
    for language in ("en", "es"):
        with urllib.request.urlopen(f"http://localhost:{served.port}/{language}/", timeout=PATIENCE) as page:
            assert f'lang="{language}"' in page.read().decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_of_it_and_leaves_no_process(served, installation, number):
    served.process.send_signal(number)
    code, _said = served.ends()
    assert code == 0
    assert installation.is_empty()


@pytest.mark.parametrize(("program", "name"), [("granian", "web server"), ("work", "job worker")])
def test_when_one_half_dies_the_other_stops_and_it_says_which_died(served, installation, program, name):
    os.kill(installation.process(program), signal.SIGKILL)
    code, said = served.ends()
    assert code == 1
    assert f"the {name} ended by itself (killed by SIGKILL)" in said
    assert installation.is_empty()


def test_when_the_supervisor_is_killed_nothing_is_left(served, installation):
    served.process.kill()
    until(installation.is_empty)


def test_the_worker_integrates_what_the_log_records(served, installation):
    before = installation.size_of_the_log()
    code, said = installation.says("shell", "-v", "0", "-c", RECORD_AN_ENTRY)
    assert code == 0, said
    until(lambda: installation.size_of_the_log() > before)


def test_a_second_one_on_the_port_is_told_to_take_another(served, installation):
    code, said = installation.says("serve", "--port", str(served.port))
    assert code == 1
    assert f"Port {served.port} is in use by another program. Stop it, or choose another port" in said
    assert "Traceback" not in said


def test_it_refuses_a_database_that_is_not_up_to_date(installation):
    installation.says("migrate", "sessions", "zero", "--verbosity", "0")
    code, said = installation.says("serve", "--port", str(free_port()))
    assert code == 1
    assert "the database is not up to date. Run: python manage.py migrate" in said
    installation.says("migrate", "--verbosity", "0")


def test_it_explains_a_database_url_that_leads_nowhere(installation):
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    code, said = installation.says("serve", "--port", str(free_port()), DATABASE_URL=url)
    assert code == 1
    assert "the database that DATABASE_URL names does not answer" in said
    assert "Traceback" not in said
