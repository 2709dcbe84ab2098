#!/usr/bin/env python
"""Command line of Redress."""

import os
import signal
import sys


def main() -> None:
    """Start the embedded database where none is configured, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    # Without this a signal would end the process before it can stop the database that it started.
    for number in (signal.SIGHUP, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    from config import embedded_postgres

    try:
        embedded_postgres.start_if_needed()
    except embedded_postgres.EmbeddedPostgresError as error:
        sys.exit(f"redress: {error}")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
