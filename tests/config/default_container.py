"""Runs a command as a root like that of a default container: no user namespaces of its own, fewer capabilities.

    python default_container.py [OPTION...] -- COMMAND...

An OPTION takes more away: those of setpriv, or --no-ambient for capabilities that cannot be lent. Needs root.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWUSER = 0x10000000
PR_SET_SECUREBITS = 28
SECBIT_NO_CAP_AMBIENT_RAISE = 1 << 6


def main() -> int:
    options, command = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    inside_is_ready, tell_outside = os.pipe()
    maps_are_written, tell_inside = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(tell_inside)
        libc = ctypes.CDLL(None)
        if libc.unshare(CLONE_NEWUSER):
            os._exit(70)
        if "--no-ambient" in options:
            options.remove("--no-ambient")
            libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE, 0, 0, 0)
        os.write(tell_outside, b".")
        os.read(maps_are_written, 1)
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        os.execvp("setpriv", ["setpriv", *options, *command])
    os.read(inside_is_ready, 1)
    for ids in ("uid_map", "gid_map"):
        Path(f"/proc/{pid}/{ids}").write_text("0 0 65536")
    os.write(tell_inside, b".")
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


sys.exit(main())
