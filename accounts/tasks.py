"""What the worker does for accounts: at its times, and after an act."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import SecondStepReset
from accounts.resets import TELL


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.clear_sessions", queueing_lock="accounts.clear_sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete the sessions that have ended, and what was noted of the device of each."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@app.task(name=TELL, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def tell_of_reset(reset: int) -> None:
    """Mail a person that their second step was taken away, so that they can object if they did not ask for it."""
    done = SecondStepReset.objects.select_related("person").get(pk=reset)
    if done.told_at is not None or not done.person.email:
        return
    with override(done.person.language):
        send_mail(
            subject=_("Your second step was taken away"),
            message=_(
                "Two administrators of %(site)s took away the second step of your account. Sign in with your password "
                "and set up a new one. If you did not ask for this, call %(phone)s at once."
            )
            % {"site": settings.SITE_URL, "phone": settings.OFFICE["phone"]},
            from_email=None,
            recipient_list=[done.person.email],
        )
    done.told_at = timezone.now()
    done.save(update_fields=["told_at"])
