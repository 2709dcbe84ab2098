"""The home page and the pages about the office: words of the office, no case and no person."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.web.entry import PersonRequest
from config import navigation
from policy_rules.rules import NoRulesInForce, Rules, rules_on


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Say who the office is, what a visitor can do here, and what happens afterwards."""
    rules = _rules_of_today()
    start, track = _address("portal:start"), _address("portal:track")
    page = {
        "start_url": start,
        "track_url": track,
        "ways": [way for way in _ways() if way["url"]],
        "steps": _steps(rules),
        "limits_are_written": rules is not None,
        "court_title": _("If you have a court case"),
        "who_sees": _who_sees(),
    }
    return render(request, "home.html", page)


@login_required
@require_safe
def begin(request: PersonRequest) -> HttpResponse:
    """Lead who has just signed in to the first page of their work, or to their account where they have none."""
    work = [place for place in navigation.WORK if place.roles]
    entries = navigation.menu(request, work, request.user.role_codes())
    return redirect(entries[0]["url"] if entries else "account_home")


@require_safe
def how_we_decide(request: HttpRequest) -> HttpResponse:
    """Explain the findings with examples, and who decides."""
    return render(request, "pages/how_we_decide.html", {"findings": _findings(), "who": _steps(_rules_of_today())[2:]})


@require_safe
def your_information(request: HttpRequest) -> HttpResponse:
    """Say who sees what a person gives us."""
    return render(request, "pages/your_information.html", {"who_sees": _who_sees()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """State how this site serves everyone, and what to do where it does not."""
    return render(request, "pages/accessibility.html")


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    """Say how to reach the office and what help there is."""
    return render(request, "pages/contact.html")


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """Say what to do in danger, and how to leave few traces on a shared device."""
    return render(request, "pages/emergency.html")


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""


def _ways() -> list[dict[str, Any]]:
    return [
        {
            "url": _address("portal:start"),
            "title": _("Make a complaint"),
            "text": _("About 15 minutes. You can stop and come back. You do not have to give your name."),
        },
        {
            "url": _address("portal:track"),
            "title": _("Check a complaint"),
            "text": _("Use the code on your receipt to see where it is and to send us more."),
        },
        {
            "url": _address("policies:contents"),
            "title": _("Read the policies"),
            "text": _("The rules the police must follow, in plain sight, with every version."),
        },
        {
            "url": _address("results:overview"),
            "title": _("See results and data"),
            "text": _("What people complained about, what we found, and how long it took."),
        },
    ]


def _rules_of_today() -> Rules | None:
    try:
        return rules_on(timezone.localdate())
    except NoRulesInForce:
        return None


def _steps(rules: Rules | None) -> list[dict[str, Any]]:
    """Return the steps of a complaint, each with its time limit where there are rules."""
    has_board = rules is None or rules.profile.review_board
    board = {
        "when": _limit(rules, "board"),
        "title": _("A board of residents votes"),
        "text": _("Members with no ties to the officer vote on each allegation. Dissent is recorded."),
    }
    return [
        {
            "when": _("The same day"),
            "title": _("You get a number"),
            "text": _(
                "Your complaint is written into a log where any later change would show, even one made by us. "
                "Your receipt proves it."
            ),
        },
        {
            "when": _limit(rules, "acknowledge"),
            "title": _("We write to you"),
            "text": _("You get the name of the person who has your complaint and how to reach them."),
        },
        {
            "when": _limit(rules, "investigation"),
            "title": _("A civilian investigates"),
            "text": _("We look at video, records and what people saw, and test it against the written policy."),
        },
        *([board] if has_board else []),
        {
            "when": _limit(rules, "chief_answer"),
            "title": _("The chief must answer in writing"),
            "text": _("If the chief departs from the board, the reasons must be stated. We send you the outcome.")
            if has_board
            else _("The chief decides on each allegation. We send you the outcome."),
        },
    ]


def _limit(rules: Rules | None, clock: str) -> str:
    rule = rules.clocks.get(clock) if rules else None
    if rule is None:
        return ""
    words = {
        "days": ngettext("%(count)d day", "%(count)d days", rule.duration),
        "business_days": ngettext("%(count)d working day", "%(count)d working days", rule.duration),
        "hours": ngettext("%(count)d hour", "%(count)d hours", rule.duration),
        "months": ngettext("%(count)d month", "%(count)d months", rule.duration),
        "years": ngettext("%(count)d year", "%(count)d years", rule.duration),
    }
    return words[rule.unit] % {"count": rule.duration}


def _who_sees() -> list[dict[str, str]]:
    return [
        {
            "what": _("Your name"),
            "office": _("Staff on your case; very few if you ask us to keep it confidential"),
            "board": _("Only if you agree"),
            "officer": _("No"),
        },
        {
            "what": _("How to reach you"),
            "office": _("Staff on your case"),
            "board": _("No"),
            "officer": _("No"),
        },
        {
            "what": _("What you say happened"),
            "office": _("Staff on your case"),
            "board": _("With names taken out"),
            "officer": _("In the notice of the allegations"),
        },
        {
            "what": _("Your files"),
            "office": _("Staff on your case"),
            "board": _("With names taken out"),
            "officer": _("After the decision"),
        },
    ]


def _findings() -> list[dict[str, str]]:
    return [
        {
            "code": "sustained",
            "label": _("Sustained"),
            "meaning": _("It happened, and it broke a rule."),
            "example": _("Video shows that the officer did not call an interpreter, although the line was free."),
        },
        {
            "code": "not_sustained",
            "label": _("Not sustained"),
            "meaning": _("The evidence could not show what happened."),
            "example": _("Two people remember it differently, and there is no recording."),
        },
        {
            "code": "exonerated",
            "label": _("Exonerated"),
            "meaning": _("It happened, and the rules allow it."),
            "example": _("The officer did not turn on the camera, because the rule excuses it inside a hospital."),
        },
        {
            "code": "unfounded",
            "label": _("Unfounded"),
            "meaning": _("It did not happen, or not by this officer."),
            "example": _("The car's record shows that it was in another part of the city."),
        },
        {
            "code": "policy_failure",
            "label": _("Policy failure"),
            "meaning": _("The officer followed the rule, and the rule is missing or wrong."),
            "example": _("No rule said how to speak with a person who is deaf."),
        },
        {
            "code": "training_failure",
            "label": _("Training failure"),
            "meaning": _("The officer was trained to do it this way, or was never trained."),
            "example": _("The course taught an old version of the rule."),
        },
    ]
