"""What the worker does by itself: on the day that people have set, a version comes into force or is superseded."""

from procrastinate.contrib.django import app

from policy_rules.actions.lifecycle import keep_days


@app.periodic(cron="7 * * * *")
@app.task(name="policy_rules.keep_days", queueing_lock="policy_rules.keep_days", pass_context=False)
def keep_days_of_policies(timestamp: int) -> None:
    """Make the moves of policies whose day has come; every hour, so that a day on which nothing ran is made up for."""
    keep_days()
