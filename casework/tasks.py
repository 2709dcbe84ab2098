"""What the worker does after a transaction: mail goes out once the act that caused it is committed."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from casework.actions import alarms, drafts, notices, offices, recommendation_news, warnings, what_if
from casework.actions.letters import TELL
from casework.actions.log import ALARM, VERIFY, carry_out
from casework.actions.reviews import MAKE, make_pack, prepare_due
from casework.actions.training import reading
from casework.models import Dispatch, Identity, LogVerification, ReviewPack, WhatIf
from casework.reporting import tallies

UNTIL_IT_GOES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.task(name=notices.SEND, retry=UNTIL_IT_GOES)
def send_notice(notice: int) -> None:
    """Mail one notice."""
    notices.send(notice)


@app.task(name=TELL, retry=UNTIL_IT_GOES)
def tell_of_letter(dispatch: int) -> None:
    """Mail a reader that a letter waits on the tracking page.

    Does nothing for one who has since withdrawn their wish to be written to, and tells nobody twice.
    """
    sent = Dispatch.objects.select_related("letter").get(pk=dispatch)
    identity = Identity.objects.filter(party=sent.letter.party_id, wants_contact=True).exclude(email="").first()
    if sent.mailed_at is not None or identity is None:
        return
    notices.mail_reader(identity.email, language=sent.letter.language)
    sent.mailed_at = timezone.now()
    sent.save(update_fields=["mailed_at"])


@app.periodic(cron="17 * * * *")
@app.task(name="casework.warn_of_limits", queueing_lock="casework.warn_of_limits")
def warn_of_limits(timestamp: int) -> None:
    """Warn those responsible of limits that run out."""
    warnings.warn_of_limits()


@app.periodic(cron="37 * * * *")
@app.task(name="casework.warn_of_letters", queueing_lock="casework.warn_of_letters")
def warn_of_letters(timestamp: int) -> None:
    """Warn the office of letters that reach nobody."""
    warnings.warn_of_letters()


@app.task(name=recommendation_news.TELL, retry=UNTIL_IT_GOES)
def tell_of_recommendation(recommendation: int, person: int, news: str) -> None:
    """Mail one person that a recommendation made a step, or is late."""
    recommendation_news.mail(recommendation, person, news)


@app.periodic(cron="19 6 * * *")
@app.task(name="casework.remind_of_recommendations", queueing_lock="casework.remind_of_recommendations")
def remind_of_recommendations(timestamp: int) -> None:
    """Remind of each recommendation whose answer, or what was promised, is late."""
    recommendation_news.remind()


@app.periodic(cron="53 3 * * *")
@app.task(name="casework.discard_drafts", queueing_lock="casework.discard_drafts")
def discard_drafts(timestamp: int) -> None:
    """Delete the drafts of complaints that have run out."""
    drafts.discard_old()


@app.periodic(cron="7 * * * *")
@app.task(name="casework.follow_roles", queueing_lock="casework.follow_roles")
def follow_roles(timestamp: int) -> None:
    """Put people on cases, and take them off, whose role in the office began or ended by the calendar."""
    offices.follow_calendar()


@app.periodic(cron="41 3 * * *")
@app.task(name="casework.keep_tallies", queueing_lock="casework.keep_tallies")
def keep_tallies(timestamp: int) -> None:
    """Fold the counts of the sections, and count anew where a raw change left one that is not true."""
    tallies.fold()
    if tallies.differences():
        tallies.rebuild()


@app.task(name=VERIFY, lock=VERIFY)
def verify_log(check: int) -> None:
    """Carry out a check of the log that somebody asked for."""
    carry_out(LogVerification.objects.get(pk=check))


@app.periodic(cron="23 4 * * *")
@app.task(name=f"{VERIFY}_daily", lock=VERIFY)
def verify_log_daily(timestamp: int) -> None:
    """Check the whole log once a day."""
    carry_out(LogVerification.objects.create())


@app.periodic(cron="21 6 * * *")
@app.task(name="casework.prepare_reviews", queueing_lock="casework.prepare_reviews")
def prepare_reviews(timestamp: int) -> None:
    """Have the figures made of each review that is due soon, or overdue."""
    prepare_due()


@app.periodic(cron="29 6 * * *")
@app.task(name="casework.ask_to_read", queueing_lock="casework.ask_to_read")
def ask_to_read(timestamp: int) -> None:
    """Tell members of versions of the policy that they are to read."""
    reading.ask_to_read()


@app.task(name=reading.TELL, retry=UNTIL_IT_GOES)
def tell_member_what_to_read(version: int, person: int) -> None:
    """Mail one member that a version waits to be read."""
    reading.mail(version, person)


@app.task(name=MAKE)
def make_review_pack(pack: int) -> None:
    """Make the file of figures for the review of a chapter."""
    make_pack(ReviewPack.objects.select_related("chapter__manual", "asked_by").get(pk=pack))


@app.task(name=what_if.RUN, lock=what_if.RUN)
def run_what_if(run: int) -> None:
    """Run a draft of the rules over past cases, as somebody asked."""
    what_if.carry_out(WhatIf.objects.select_related("version__chapter__manual").get(pk=run))


@app.task(name=ALARM, retry=UNTIL_IT_GOES)
def alarm_auditors(check: int) -> None:
    """Mail each auditor that a check of the log found something wrong; says nothing of any case."""
    alarms.tell_of_check(check)


@app.task(name=alarms.TELL_OF_SEARCH, retry=UNTIL_IT_GOES)
def tell_of_search() -> None:
    """Mail each auditor that a sworn member searched for a complainant."""
    alarms.tell_of_search()


@app.periodic(cron="11 6 * * 1")
@app.task(name="casework.tell_of_unusual_access", queueing_lock="casework.tell_of_unusual_access")
def tell_of_unusual_access(timestamp: int) -> None:
    """Mail each auditor, once a week, that there is unusual access to look into."""
    alarms.tell_of_unusual_access()
