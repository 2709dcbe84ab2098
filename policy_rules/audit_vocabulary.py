"""The acts of a consultation in the log, with the sentence that tells each."""

from django.utils.translation import gettext_lazy as _

from audit import actions

CONSULTATION = {
    "docket_described": _("Said what the public is asked about a draft"),
    "comment_extended": _("Gave the public more time for comments"),
    "session_announced": _("Announced a listening session"),
    "session_changed": _("Changed what is told of a listening session"),
    "comment_received": _("Received a comment on a draft"),
    "comment_entered": _("Typed in a comment on a draft"),
    "comments_grouped": _("Put comments together for one answer"),
    "comments_separated": _("Took comments out of a group that has one answer"),
    "comments_answered": _("Answered comments on a draft"),
    "comment_withheld": _("Withheld the words of a comment"),
    "comment_published": _("Published the words of a comment that had been withheld"),
    "docket_carried_over": _("Carried over a docket that was held before"),
}


def register() -> None:
    """Tell the log of these acts."""
    for code, sentence in CONSULTATION.items():
        actions.register(f"policy.{code}", sentence)
