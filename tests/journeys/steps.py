"""The steps of a case as people make them: by forms sent to pages, and by nothing else."""

import re

from django.test import Client
from django.urls import reverse
from django.utils import translation

from casework.actions import board
from casework.models import Case
from casework.states import State
from tests import walk
from tests.casework.web.visit import address, browser, post
from tests.cast import person

INTAKE, SUPERVISOR, SECOND, INVESTIGATOR = "oferrant", "rambersole", "cdreyfield", "ivosslind"
CHAIR, CHIEF, RECORDS = "wtarrow", "ecastlemayne", "bollerby"
ANSWERS = [
    ("what", {"narrative": walk.NARRATIVE}),
    ("wish", {"desired_outcome": "That it be written down."}),
    ("when", {"how": "day", "first": walk.INCIDENT.isoformat(), "time": "evening"}),
    ("where", {"place": "Porch on Quarry Lane"}),
    ("you", {"relation": "person_affected"}),
    ("name", {"confidentiality": "named"}),
    ("contact", {"name": "Ana Quillfeather", "phone": "555-555-0199"}),
    ("help", {"language": "en"}),
]


def public(name, *args):
    with translation.override("en"):
        return reverse(f"portal:{name}", args=args)


def state_of(case):
    return Case.objects.get(pk=case.pk).state


def done(login, case, *parts, **data):
    """Send a form of the office and see that it was taken."""
    answer = post(login, case, *parts, **data)
    assert answer.status_code == 302, answer.text
    return answer


def at_the_board(login, case, *parts, **data):
    """Send a form of the board room and see that it was taken."""
    path = "/".join(["/board", case.number, *(str(part) for part in parts)]) + "/"
    answer = browser(login).post(path, data)
    assert answer.status_code == 302, answer.text


def read_back(login, path, said, **data):
    """Send a form that is read back, see it in words, and confirm it."""
    client = browser(login)
    words = client.post(path, data)
    assert said in words.text, words.text
    answer = client.post(path, {**data, "step": "record"})
    assert answer.status_code == 302, answer.text


def file_complaint():
    """File by the web form; return the case, and the citizen's browser in which it is followed."""
    citizen = Client()
    for code, given in ANSWERS:
        citizen.post(public("question", code), given)
    citizen.post(public("check"))
    page = citizen.get(public("sent")).text
    code = re.search(r'id="track-code">([^<]+)<', page)[1]
    secret = re.search(r'id="secret">([^<]+)<', page)[1]
    follower = Client()
    assert follower.post(public("track"), {"code": code, "secret": secret}).status_code == 302
    return Case.objects.get(tracking_code=code), follower


def followed(citizen):
    """Return the words of the citizen's tracking page."""
    return citizen.get(public("complaint")).text


def letter(case, code, way, *, by, checked_by):
    """Prepare, check and send a letter."""
    found = case.letters.get(code=code)
    done(by, case, "letters", found.pk, "prepare", language="en", note="", level="L2", legal_basis="Public record")
    done(checked_by, case, "letters", found.pk, "approve")
    done(by, case, "letters", found.pk, "send", way=way)
    return found


def investigated(case):
    """Take a case from the door to an open investigation."""
    done(INTAKE, case, "access", "declare", has_conflict="no")
    done(INTAKE, case, "moves", "begin_intake_review")
    letter(case, "L-ACK", "tracking_page", by=INTAKE, checked_by=SUPERVISOR)
    done(INTAKE, case, "moves", "begin_preliminary_inquiry")
    done(SUPERVISOR, case, "classify", code="serious")
    done(SUPERVISOR, case, "officers", "add", badge="1013", part="subject")
    done(SUPERVISOR, case, "allegations", "add", section="DE-4.2", officer=case.officers.get().pk)
    done(SUPERVISOR, case, "access", "assign", user=person(INVESTIGATOR).pk)
    done(INVESTIGATOR, case, "access", "declare", has_conflict="no")
    done(SUPERVISOR, case, "moves", "open_investigation")
    done(INVESTIGATOR, case, "messages", "contact", method="phone", was_reached="yes", note="Heard.")
    done(INVESTIGATOR, case, "evidence", "add", kind="bwc_reference", title="Camera", locator="BWC/1013/N-2140")


def worksheet(case, **more):
    """Save the worksheet of the first allegation as it stands, with these answers changed."""
    client, page = browser(INVESTIGATOR), address(case, "allegations", 1)
    given = {}
    for form in client.get(page).context["form"].all_forms:
        for name, field in form.fields.items():
            given[form.add_prefix(name)] = form.get_initial_for_field(field, name) or ""
    answer = client.post(page, {**given, **more})
    assert answer.status_code == 302, answer.text


def proved(case, elements):
    """Return answers that prove these elements on the first item of evidence."""
    item = case.evidence.first().pk
    return {
        f"element{element.pk}-{name}": value
        for element in elements
        for name, value in {"code": "proved", "sentence": "On the recording.", "item_0": item, "place_0": "1"}.items()
    }


def reported(case, finding):
    """Recommend a finding, write the report, and send both to quality review."""
    done(INVESTIGATOR, case, "allegations", 1, "recommend", code=finding, act_occurred="yes")
    done(INVESTIGATOR, case, "report", text="What the evidence shows.")
    done(INVESTIGATOR, case, "moves", "submit_for_quality_review")


def referred(case):
    """Build and check the packet, and refer the case by two people."""
    done(SECOND, case, "packet", "build")
    done(SUPERVISOR, case, "packet", "check")
    done(SECOND, case, "moves", "refer_to_board")
    proposal = case.proposals.get(performed_by=None, declined_by=None)
    done(SUPERVISOR, case, "proposals", proposal.pk, answer="agree")


def panel_of(case):
    """Return the logins of the members who sit."""
    return [seat.user.login for seat in board.seated(case)]


def seated(case):
    """Draw the panel, let its members declare, and seat it."""
    at_the_board(CHAIR, case, "panel", "draw")
    for login in panel_of(case):
        at_the_board(login, case, "panel", "declare", has_conflict="no")
    done(CHAIR, case, "moves", "seat_panel")


def voted(case, choice, label, *, against=""):
    """Let every member vote the same but the last, who may vote `against`; state the reasons, and adopt them."""
    *most, last = panel_of(case)
    path = f"/board/{case}/votes/1/"
    for login in most:
        read_back(login, path, label, choice=choice, note="")
    read_back(last, path, "You vote:", choice=against or choice, note="")
    at_the_board(most[0], case, "votes", 1, "reasons", kind="majority", text="The recording bears it out.")
    if against:
        at_the_board(last, case, "votes", 1, "reasons", kind="dissent", text="I would have found otherwise.")
    done(CHAIR, case, "moves", "adopt_recommendation")


def decided(case, code, label, **more):
    """Let the chief decide the first allegation."""
    read_back(CHIEF, address(case, "decision", 1), label, code=code, **{"reason": "", **more})


def told(case):
    """Send the letters of the decision, and tell the board."""
    letter(case, "L-OUT", "tracking_page", by=RECORDS, checked_by=SUPERVISOR)
    letter(case, "L-DIS", "hand", by=RECORDS, checked_by=SUPERVISOR)
    done(RECORDS, case, "tell-board")


def closed(case):
    """Close the case; the time to ask for reconsideration must have passed."""
    done(SUPERVISOR, case, "moves", "close")
    assert state_of(case) == State.CLOSED
