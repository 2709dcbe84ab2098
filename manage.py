#!/usr/bin/env python
"""Command line of Redress."""

import os
import sys


def main() -> None:
    """Start the embedded database where none is configured, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config import embedded_postgres

    embedded_postgres.start_if_needed()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
