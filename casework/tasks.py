"""What the worker does after a transaction: mail goes out once the act that caused it is committed."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from casework.actions.letters import TELL
from casework.documents.letters import tracking_page
from casework.models import Dispatch, Identity


@app.task(name=TELL, retry=RetryStrategy(max_attempts=8, exponential_wait=4))
def tell_of_letter(dispatch: int) -> None:
    """Mail a reader that a letter waits on the tracking page; says nothing of the office, the case or the letter.

    Does nothing for one who has since withdrawn their wish to be written to, and tells nobody twice.
    """
    sent = Dispatch.objects.select_related("letter").get(pk=dispatch)
    identity = Identity.objects.filter(party=sent.letter.party_id, wants_contact=True).exclude(email="").first()
    if sent.mailed_at is not None or identity is None:
        return
    language = sent.letter.language
    with override(language):
        send_mail(
            subject=_("Something is ready for you"),
            message=_(
                "Something is ready for you to read. Open this page with the code and the secret you were given:\n\n"
                "%(address)s\n\nIf you no longer have them, call %(phone)s."
            )
            % {"address": tracking_page(language), "phone": settings.OFFICE["phone"]},
            from_email=None,
            recipient_list=[identity.email],
        )
    sent.mailed_at = timezone.now()
    sent.save(update_fields=["mailed_at"])
