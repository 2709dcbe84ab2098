import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config.embedded_postgres import BASE_DIR, EmbeddedPostgres, EmbeddedPostgresError, socket_folder, wheel_binaries
from tests.processes import PATIENCE, until

IN_A_CONTAINER = [sys.executable, str(Path(__file__).parent / "default_container.py")]
USE = """
import os, signal, sys
from pathlib import Path
from config.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError

server = EmbeddedPostgres(Path(sys.argv[1]), settings={"fsync": "off", "shared_buffers": "16MB"})
try:
    print(server.start(), flush=True)
except EmbeddedPostgresError as error:
    sys.exit(str(error))
"""
UNTIL_TOLD = USE + "sys.stdin.read()\n"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
needs_an_ordinary_user = pytest.mark.skipif(os.geteuid() == 0, reason="needs an ordinary user")


class User:
    """Another process that uses the server until it is told to end."""

    def __init__(self, root, *, code=UNTIL_TOLD, before=(), **environment):
        self.process = subprocess.Popen(
            [*before, sys.executable, "-c", code, root],
            cwd=BASE_DIR, env=os.environ | environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def is_ready(self):
        return self.process.stdout.readline().strip()

    def ends(self):
        self.out, self.err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def complaint(self):
        self.ends()
        return self.err

    def is_killed(self):
        self.process.kill()
        self.ends()


@contextmanager
def cleared(folder):
    """Stop whatever a test leaves running in the folder."""
    server = EmbeddedPostgres(folder)
    yield folder
    server._stop()
    shutil.rmtree(socket_folder(folder), ignore_errors=True)


@pytest.fixture
def root(tmp_path):
    with cleared(tmp_path / "a folder with spaces" / "postgres") as folder:
        yield folder


@pytest.fixture
def open_folder():
    """A folder that every user may enter, as those of pytest are not."""
    with tempfile.TemporaryDirectory() as name, cleared(Path(name) / "postgres") as folder:
        Path(name).chmod(0o755)
        yield folder


def ask(root, question="select 1"):
    with psycopg.connect(host=str(socket_folder(root)), user="postgres", dbname="postgres") as connection:
        return connection.execute(question).fetchone()[0]


def postmaster(root):
    return EmbeddedPostgres(root)._pid()


def test_the_server_lives_as_long_as_its_user(root):
    user = User(root)
    assert user.is_ready() == str(socket_folder(root))
    assert ask(root) == 1
    assert user.ends() == 0
    assert postmaster(root) is None


def test_it_sorts_and_searches_text_in_both_languages(root):
    user = User(root)
    user.is_ready()
    assert ask(root, "select lower('ÁÑ')") == "áñ"
    assert ask(root, "select to_tsvector('spanish', 'investigaciones') @@ to_tsquery('spanish', 'investigación')")
    user.ends()


def test_only_its_user_can_reach_it(root):
    user = User(root)
    user.is_ready()
    assert (root / "data").stat().st_mode & 0o777 == 0o700
    assert socket_folder(root).stat().st_mode & 0o777 == 0o700
    assert ask(root, "show listen_addresses") == ""
    user.ends()


def test_the_settings_of_whoever_starts_it_count(root):
    user = User(root)
    user.is_ready()
    user.ends()
    server = EmbeddedPostgres(root, settings={"work_mem": "7MB"})
    server.start()
    assert ask(root, "show work_mem") == "7MB"
    server.release()


def test_data_are_still_there_after_the_next_start(root):
    for question in ("create table kept as select 7 as number; select 1", "select number from kept"):
        server = EmbeddedPostgres(root, settings={"fsync": "off"})
        server.start()
        with psycopg.connect(host=str(server.socket), user="postgres", dbname="postgres") as connection:
            answer = connection.execute(question)
            if "kept as" not in question:
                assert answer.fetchone() == (7,)
        server.release()


def test_four_processes_at_once_on_a_long_path_with_a_space_share_one_server(tmp_path):
    root = tmp_path / "a folder" / ("x" * max(1, 150 - len(str(tmp_path))))
    assert len(str(root)) >= 150
    users = [User(root) for _ in range(4)]
    assert {user.is_ready() for user in users} == {str(socket_folder(root))}
    serving = postmaster(root)
    for user in users[:-1]:
        assert user.ends() == 0
        assert postmaster(root) == serving
    users[-1].ends()
    assert postmaster(root) is None
    assert (root / "log").read_text().count("database system is ready") == 1


def test_two_checkouts_have_two_servers(tmp_path):
    roots = [tmp_path / "one" / "postgres", tmp_path / "two" / "postgres"]
    users = [User(root) for root in roots]
    assert users[0].is_ready() != users[1].is_ready()
    users[0].ends()
    assert postmaster(roots[0]) is None
    assert ask(roots[1]) == 1
    users[1].ends()


@pytest.mark.parametrize("variable", ["LC_ALL", "LANG", "LC_CTYPE"])
def test_a_locale_that_is_not_installed_does_not_matter(root, variable):
    user = User(root, **{variable: "xx_XX.UTF-8"})
    assert user.is_ready()
    user.ends()


def test_two_shells_of_one_user_find_the_same_server(root):
    first = User(root, XDG_RUNTIME_DIR="/nonexistent", TMPDIR="/var/tmp")
    second = User(root)
    assert first.is_ready() == second.is_ready()
    first.ends()
    assert ask(root) == 1
    second.ends()


def test_after_a_user_was_killed_the_next_one_stops_the_server(root):
    killed = User(root)
    killed.is_ready()
    killed.is_killed()
    assert postmaster(root)
    following = User(root)
    assert following.is_ready()
    following.ends()
    assert postmaster(root) is None


def test_after_the_server_was_killed_the_next_start_recovers(root):
    first = User(root)
    first.is_ready()
    os.kill(killed := postmaster(root), signal.SIGKILL)
    first.ends()
    second = User(root)
    assert second.is_ready()
    assert postmaster(root) != killed
    assert ask(root) == 1
    second.ends()


def test_a_killed_server_that_nobody_reaped_does_not_count_as_running(root):
    parent = User(root)
    parent.is_ready()
    os.kill(zombie := postmaster(root), signal.SIGKILL)
    until(lambda: Path(f"/proc/{zombie}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z")
    other = User(root)
    assert other.is_ready()
    assert ask(root) == 1
    other.ends()
    parent.ends()


def test_it_waits_for_the_last_queries_of_a_killed_server(root):
    first = User(root)
    first.is_ready()
    connection = psycopg.connect(host=str(socket_folder(root)), user="postgres", dbname="postgres", autocommit=True)
    connection.execute(
        "create function spin() returns int language plpgsql as $$ declare start timestamptz = clock_timestamp();"
        " begin while clock_timestamp() < start + interval '1 s' loop end loop; return 1; end $$"
    )
    connection.pgconn.send_query(b"select spin()")
    time.sleep(0.1)
    os.kill(postmaster(root), signal.SIGKILL)
    second = User(root)
    assert second.is_ready()
    assert ask(root) == 1
    connection.close()
    second.ends()
    first.ends()


def test_what_a_dying_query_logs_meanwhile_does_not_pass_for_the_reason_to_give_up(open_folder):
    binaries = open_folder.parent / "bin"
    binaries.mkdir()
    (binaries / "initdb").symlink_to(wheel_binaries() / "initdb")
    server = binaries / "postgres"
    server.write_text(f"""#!/bin/sh
[ "$1" = -D ] && [ ! -e "{open_folder}/refused" ] && {{
    touch "{open_folder}/refused"
    echo "12:00 UTC [$$] FATAL:  pre-existing shared memory block is still in use" >&2
    echo "12:00 UTC [1] FATAL:  terminating connection due to unexpected postmaster exit" >&2
    exit 1
}}
exec "{wheel_binaries()}/postgres" "$@"
""")
    server.chmod(0o755)
    if os.geteuid() == 0:
        open_folder.mkdir()
        open_folder.chmod(0o777)
    user = EmbeddedPostgres(open_folder, settings={"fsync": "off", "shared_buffers": "16MB"}, binaries=binaries)
    user.start()
    assert (open_folder / "refused").exists()
    assert ask(open_folder) == 1
    user.release()


def test_a_process_number_that_another_program_has_now_does_not_count_as_running(root):
    user = User(root)
    user.is_ready()
    user.ends()
    (root / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    again = User(root)
    assert again.is_ready()
    assert ask(root) == 1
    again.ends()


def test_a_half_written_process_file_does_not_matter(root):
    user = User(root)
    user.is_ready()
    user.ends()
    (root / "data" / "postmaster.pid").write_text("")
    again = User(root)
    assert again.is_ready()
    again.ends()


def test_a_half_made_cluster_is_made_again(root):
    (root / "new" / "base").mkdir(parents=True)
    user = User(root)
    assert user.is_ready()
    user.ends()


def test_a_forked_child_that_ends_leaves_the_server_to_its_parent(root):
    code = USE + "if not os.fork():\n    sys.exit()\nos.wait()\nprint('child ended', flush=True)\nsys.stdin.read()\n"
    user = User(root, code=code)
    user.is_ready()
    assert user.is_ready() == "child ended"
    assert ask(root) == 1
    assert user.ends() == 0
    assert postmaster(root) is None


def test_a_forked_child_that_is_abandoned_does_not_keep_the_server(root):
    code = USE + "if not os.fork():\n    os.close(1)\n    os.close(2)\n    os.read(0, 1)\n    sys.exit()\n"
    user = User(root, code=code)
    user.is_ready()
    assert user.process.wait(PATIENCE) == 0
    assert postmaster(root) is None
    user.ends()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_during_the_start_leaves_nothing_behind(root, number):
    code = "import signal\nfor n in (1, 15): signal.signal(n, lambda *_: sys.exit(3))\n" + UNTIL_TOLD
    user = User(root, code=code)
    until((root / "start.lock").exists)
    user.process.send_signal(number)
    assert user.ends() != 0
    assert postmaster(root) is None


def test_a_start_that_fails_says_why_in_one_sentence_and_can_be_repeated(root):
    user = User(root)
    user.is_ready()
    user.ends()
    (root / "data" / "postgresql.conf").rename(root / "away")
    broken = User(root)
    assert broken.ends() == 1
    assert "could not start" in broken.err
    assert "Traceback" not in broken.err
    (root / "away").rename(root / "data" / "postgresql.conf")
    mended = User(root)
    assert mended.is_ready()
    mended.ends()


def test_without_the_wheel_it_says_what_to_do(root, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EmbeddedPostgresError, match="Run script/setup, or set DATABASE_URL"):
        EmbeddedPostgres(root)


def test_a_lost_socket_is_explained(root):
    user = User(root)
    user.is_ready()
    shutil.rmtree(socket_folder(root))
    late = User(root)
    assert late.ends() == 1
    assert f"kill -INT {postmaster(root)}" in late.err
    user.ends()


@needs_root
def test_a_socket_folder_that_another_user_made_first_is_refused(root):
    socket_folder(root).mkdir(mode=0o700)
    os.chown(socket_folder(root), 12345, -1)
    user = User(root)
    assert user.ends() == 1
    assert "belongs to another user" in user.err


@needs_an_ordinary_user
def test_a_folder_it_may_not_write_in_is_explained(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedPostgresError, match="permission denied"):
        EmbeddedPostgres(tmp_path / "postgres").start()


@needs_root
def test_root_leaves_the_folders_above_as_they_are(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    before = {folder: folder.stat().st_mode for folder in (home, Path.home())}
    user = User(home / "postgres")
    assert user.is_ready()
    assert ask(home / "postgres") == 1
    user.ends()
    assert {folder: folder.stat().st_mode for folder in before} == before
    assert (home / "postgres" / "data").stat().st_mode & 0o777 == 0o700


@needs_root
@pytest.mark.parametrize("taken", [[], ["--bounding-set=-dac_read_search,-sys_ptrace"]], ids=["little", "more"])
def test_root_of_a_container_runs_it_as_nobody(root, taken):
    """Containers bar user namespaces and take capabilities away."""
    (root.parents[1]).chmod(0o700)
    for _ in range(2):
        user = User(root, before=[*IN_A_CONTAINER, *taken, "--"])
        assert user.is_ready(), user.complaint()
        assert ask(root) == 1
        assert (root / "data").owner() == "nobody"
        assert (root / "data").stat().st_mode & 0o777 == 0o700
        assert user.ends() == 0
        assert postmaster(root) is None


@needs_root
@pytest.mark.skipif(
    not all(folder.stat().st_mode & 0o1 for folder in wheel_binaries().parents),
    reason="needs a checkout that every user may enter",
)
def test_root_without_capabilities_to_lend_runs_it_as_nobody_where_all_may_enter(open_folder):
    user = User(open_folder, before=[*IN_A_CONTAINER, "--no-ambient", "--"])
    assert user.is_ready(), user.complaint()
    assert ask(open_folder) == 1
    assert user.ends() == 0
    assert postmaster(open_folder) is None


@needs_root
def test_root_of_a_container_takes_over_a_cluster_of_root(root):
    user = User(root)
    user.is_ready()
    user.ends()
    inside = User(root, before=[*IN_A_CONTAINER, "--"])
    assert inside.is_ready(), inside.complaint()
    inside.ends()
    outside = User(root)
    assert outside.is_ready()
    assert ask(root) == 1
    outside.ends()


@needs_root
def test_where_root_has_no_way_it_says_so_in_one_sentence(root):
    root.parent.mkdir(mode=0o700)
    user = User(root, before=[*IN_A_CONTAINER, "--bounding-set=-setuid,-setgid", "--"])
    assert user.ends() == 1
    assert user.err.strip().endswith("Run Redress as an ordinary user, or set DATABASE_URL to a PostgreSQL server.")
    assert "Traceback" not in user.err


@needs_root
def test_what_an_ordinary_user_made_root_runs_as_that_user(tmp_path):
    root = tmp_path / "postgres"
    root.mkdir()
    user = User(root)
    user.is_ready()
    user.ends()
    for path in (root, *root.rglob("*")):
        os.chown(path, 12345, 12345)
    again = User(root)
    assert again.is_ready()
    assert ask(root) == 1
    assert Path(f"/proc/{postmaster(root)}").stat().st_uid == 12345
    again.ends()
