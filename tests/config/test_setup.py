"""What script/setup says when something is missing. That it sets up is shown by tests/installation.py."""

import os
import shutil
import subprocess
import sys

import pytest

from config.embedded_postgres import BASE_DIR
from tests.processes import PATIENCE, alive, marked, until

REAL_PYTHON = os.path.realpath(sys.executable)
PYTHON_LIKE = """#!/bin/sh
case "$*" in
    {unlike}) exit 1 ;;
    *) exec "{python}" "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout with the script and a list of one package, which cannot be fetched."""
    folder = tmp_path / "a checkout"
    (folder / "script").mkdir(parents=True)
    shutil.copy2(BASE_DIR / "script" / "setup", folder / "script")
    (folder / "requirements.txt").write_text(f"package-nobody-has==1 --hash=sha256:{'0' * 64}\n")
    return folder


@pytest.fixture
def programs(tmp_path):
    """A folder of programs that comes first on the path."""
    folder = tmp_path / "programs"
    folder.mkdir()
    return folder


def program(folder, name, text):
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def start(checkout, programs, *arguments, **environment):
    return subprocess.Popen(
        [checkout / "script" / "setup", *arguments],
        cwd="/", text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, "PATH": f"{programs}:/usr/bin:/bin", "PIP_NO_INDEX": "1", **environment},
    )  # fmt: skip


def says(checkout, programs, *arguments, **environment):
    process = start(checkout, programs, *arguments, **environment)
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1, said
    return said


def test_an_old_python_is_named_and_a_newer_one_asked_for(checkout, programs):
    old = program(programs, "old-python", "#!/bin/sh\n[ $1 = --version ] && echo Python 3.9.2 || exit 1\n")
    said = says(checkout, programs, PYTHON=str(old))
    assert f"Redress needs Python 3.11 or later; found Python 3.9.2 ({old})" in said
    assert "PYTHON=/path/to/python3.11" in said


def test_another_python_than_the_first_is_found(checkout, programs):
    program(programs, "python3", "#!/bin/sh\n[ $1 = --version ] && echo Python 3.9.2 || exit 1\n")
    program(programs, "python3.11", f'#!/bin/sh\nexec "{REAL_PYTHON}" "$@"\n')
    assert "making .venv with Python 3.11" in says(checkout, programs)


def test_a_python_without_ensurepip_and_pip_gets_the_command_that_installs_it(checkout, programs):
    bare = PYTHON_LIKE.format(python=REAL_PYTHON, unlike='*"import ensurepip"*|"-m pip"*')
    python = program(programs, "bare-python", bare)
    program(programs, "apt-get", "#!/bin/sh\nexit 100\n")
    said = says(checkout, programs, PYTHON=str(python))
    assert "lacks ensurepip" in said
    assert "sudo apt-get install python3-venv" in said


def test_a_python_without_ensurepip_uses_its_own_pip(checkout, programs):
    python = program(programs, "bare-python", PYTHON_LIKE.format(python=REAL_PYTHON, unlike='*"import ensurepip"*'))
    said = says(checkout, programs, PYTHON=str(python))
    assert "package-nobody-has" in said
    assert "lacks ensurepip" not in said
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert not list((checkout / ".venv").glob("lib/*/site-packages/pip"))


def test_packages_that_cannot_be_fetched_are_explained_and_not_taken_as_installed(checkout, programs):
    said = says(checkout, programs, PYTHON=REAL_PYTHON)
    assert "the packages could not be installed; the lines above say why" in said
    assert not (checkout / ".venv" / "requirements.txt").exists()
    assert "could not be installed" in says(checkout, programs, PYTHON=REAL_PYTHON)


def test_without_pango_it_prints_the_command_that_installs_it_and_goes_on(checkout, programs):
    bin_ = checkout / ".venv" / "bin"
    bin_.mkdir(parents=True)
    shutil.copy2(checkout / "requirements.txt", checkout / ".venv")
    program(bin_, "python", '#!/bin/sh\ncase "$*" in *ctypes*) exit 1 ;; *) exit 0 ;; esac\n')
    program(programs, "apt-get", "#!/bin/sh\nexit 100\n")
    process = start(checkout, programs, "--", "echo", "it went on")
    said = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0, said
    assert "letters cannot be made as PDF until Pango is installed; all else works." in said
    assert "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in said
    assert said.endswith("it went on\n")


def test_an_unknown_option_gets_the_usage(checkout, programs):
    assert "unknown option --prod. Usage: script/setup [--dev] [-- COMMAND...]" in says(checkout, programs, "--prod")


@pytest.mark.skipif(os.geteuid() == 0, reason="needs an ordinary user")
def test_a_folder_of_somebody_else_is_explained(checkout, programs):
    checkout.chmod(0o500)
    assert "may not write in" in says(checkout, programs)


def test_a_signal_while_packages_are_fetched_ends_the_script_and_the_fetching(checkout, programs):
    fetching = programs / "fetching"
    slow = f"""#!/bin/sh
case "$*" in
    *"import ensurepip"*) exit 1 ;;
    *" install "*) touch "{fetching}"; exec sleep 100 ;;
    *) exec "{REAL_PYTHON}" "$@" ;;
esac
"""
    mark = marked()
    process = start(checkout, programs, PYTHON=str(program(programs, "slow-python", slow)), **mark)
    until(fetching.exists)
    process.terminate()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert alive(mark) == []
