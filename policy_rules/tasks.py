"""What the worker does by itself: it keeps the days that people have set, and reminds of reviews."""

from procrastinate.contrib.django import app

from policy_rules.actions.lifecycle import keep_days
from policy_rules.actions.reviews import MAIL, mail_reminder, remind


@app.periodic(cron="7 * * * *")
@app.task(name="policy_rules.keep_days", queueing_lock="policy_rules.keep_days", pass_context=False)
def keep_days_of_policies(timestamp: int) -> None:
    """Make the moves of policies whose day has come; every hour, so that a day on which nothing ran is made up for."""
    keep_days()


@app.periodic(cron="11 6 * * *")
@app.task(name="policy_rules.remind_of_reviews", queueing_lock="policy_rules.remind_of_reviews", pass_context=False)
def remind_of_reviews(timestamp: int) -> None:
    """Remind the policy analysts of each review that is due soon, or overdue."""
    remind()


@app.task(name=MAIL)
def mail_reminder_of_review(chapter: int) -> None:
    """Mail the policy analysts that a review is due."""
    mail_reminder(chapter)
