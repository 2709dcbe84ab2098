"""What the worker does for accounts at its times."""

from django.core.management import call_command
from procrastinate.contrib.django import app


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.clear_sessions", queueing_lock="accounts.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete the sessions that have ended."""
    call_command("clearsessions")
