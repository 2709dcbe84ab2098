"""The public is heard on a draft, and every comment is answered before the draft is adopted."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from moves.exceptions import Invalid, Refused
from policy_rules import passages
from policy_rules.actions import comments, consultation, lifecycle, rules
from policy_rules.models import ChapterVersion, Comment, Docket, Section
from policy_rules.states import State
from tests.consulting import (
    DAY,
    SENTENCE,
    SPANISH,
    SPANISH_SENTENCE,
    TEXT,
    TEXT_AFTER,
    change_after_hearing,
    holder,
    open_docket,
    say,
)
from tests.permissions.scenes.policies import rules_draft


@pytest.fixture
def analyst(db) -> User:
    return holder("policy_analyst")


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=True) as clock:
        yield clock


@pytest.fixture
def docket(manual, clock) -> Docket:
    """Version 1.2 of the de-escalation chapter, open for comment on one section that changes."""
    return open_docket()


def close(docket: Docket, analyst: User, clock) -> None:
    clock.shift(31 * DAY)
    lifecycle.perform("close_comment", docket.version, by=analyst)
    docket.version.refresh_from_db()


def against_adoption(docket: Docket) -> dict[str, tuple[str, ...]]:
    found = consultation.reasons_against_adoption(docket.version, timezone.localdate())
    return {refusal.code: refusal.items for refusal in found}


def test_a_docket_opens_with_the_draft_and_closes_at_the_end_of_its_last_day(docket, clock):
    assert docket.is_open()
    assert docket.days == 30
    clock.move_to(docket.closes_at)
    assert docket.is_open()
    clock.shift(datetime.timedelta(seconds=2))
    with pytest.raises(Refused) as late:
        say(docket)
    assert late.value.codes == ("comment_closed",)


def test_a_comment_on_one_sentence_keeps_it_after_the_draft_has_changed(docket, analyst, clock):
    choice = list(passages.sentences(TEXT))[1]
    assert choice.words == SENTENCE
    comment = say(docket, section="DE-4.6", place=choice.place)
    assert (comment.receipt, comment.quote) == ("DE-2026-0001", SENTENCE)
    close(docket, analyst, clock)
    change_after_hearing(docket, "Other words.")
    comment.refresh_from_db()
    assert comment.quote == SENTENCE
    assert comment.section_digest != consultation.digest_of(docket.version.draft_sections.get(code="DE-4.6"))


def test_words_copied_out_of_the_draft_are_found_where_they_stand(docket):
    comment = say(docket, section="DE-4.6", words="  a CHILD shall\nnot be used ")
    assert comment.quote == "A child shall not be used"
    with pytest.raises(Invalid) as wrong:
        say(docket, section="DE-4.6", words="A parrot shall not be used")
    assert wrong.value.field == "words"


def test_a_sentence_chosen_in_the_translation_is_quoted_in_the_language_in_which_it_was_read(docket):
    choice = next(passage for passage in passages.sentences(SPANISH) if passage.words == SPANISH_SENTENCE)
    chosen = say(docket, section="DE-4.6", place=choice.place, read_in="es")
    copied = say(docket, "Tampoco por teléfono.", section="DE-4.6", words="ningún niño")
    english = say(docket, "Nor by telephone.", section="DE-4.6", words=SENTENCE, read_in="es")
    assert [(row.quote, row.quote_language) for row in (chosen, copied, english)] == [
        (SPANISH_SENTENCE, "es"), ("Ningún niño", "es"), (SENTENCE, ""),
    ]  # fmt: skip
    assert chosen.section_digest == english.section_digest


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"section": "DE-4.1", "place": "0-10", "read_in": "vi"}, "place"),
        ({"text": " … "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"section": "DE-9.9"}, "section"),
        ({"section": "DE-4.6", "place": "9-99999"}, "place"),
        ({"language": "xx"}, "language"),
    ],
)
def test_a_comment_that_cannot_be_taken_says_why(docket, other, field):
    with pytest.raises(Invalid) as wrong:
        say(docket, **other)
    assert wrong.value.field == field
    assert not Comment.objects.exists()


def test_the_log_holds_neither_the_words_nor_the_name_of_who_commented(docket):
    say(docket, "Firmado por mi calle.", name="Inés Quiroga")
    entry = Entry.objects.get(action="policy.comment_received")
    assert (entry.actor, entry.actor_role) == ("public", "public")
    assert entry.basis == ["HBPD-MANUAL/CH-13.3@2.1"]
    assert "comment:DE-2026-0001" in entry.object_references
    assert not {"Firmado", "Quiroga"} & set(entry.leaf.replace('"', " ").split())


def test_the_same_words_become_one_group_however_they_are_typed(docket, analyst):
    first = say(docket, "Delete the exception.", language="en")
    say(docket, "  DELETE the exception!!", language="en")
    by_mail = say(docket, "Delete – the exception", language="en", by=analyst, channel="mail", signatures=210)
    say(docket, "Keep the exception.", language="en")
    first.refresh_from_db()
    assert first.group == by_mail.group
    assert docket.comments.filter(group=first.group).tally() == {
        "comments": 3,
        "people": 212,
        "answered": 0,
        "withheld": 0,
    }


def test_a_draft_is_adopted_once_every_comment_has_its_answer_and_a_session_was_held(docket, analyst, clock):
    one, other = say(docket, "Keep it short."), say(docket, section="DE-4.6", words="A child")
    with pytest.raises(Refused) as early:
        comments.answer(
            comments.group(docket, by=analyst, numbers=[one.number]), by=analyst, answer="rejected", rationale="No."
        )
    assert early.value.codes == ("wrong_state",)
    close(docket, analyst, clock)
    assert against_adoption(docket) == {
        "comments_unanswered": ("DE-2026-0001", "DE-2026-0002"), "no_listening_session": (),
    }  # fmt: skip
    both = comments.group(docket, by=analyst, numbers=[one.number, other.number], title="Both")
    with pytest.raises(Invalid) as unlinked:
        comments.answer(both, by=analyst, answer="accepted", rationale="Done.")
    assert unlinked.value.field == "change"
    for code in ("DE-4.1", "DE-4.6"):
        with pytest.raises(Invalid) as unchanged:
            comments.answer(both, by=analyst, answer="accepted", rationale="Done.", change=code)
        assert unchanged.value.field == "change"
    change_after_hearing(docket, TEXT_AFTER)
    comments.answer(both, by=analyst, answer="accepted", rationale="Done.", change="DE-4.6")
    session = consultation.announce_session(
        docket, by=analyst, day=timezone.localdate(), time=datetime.time(), place="Lake House", languages=["en"]
    )
    assert set(against_adoption(docket)) == {"no_listening_session"}
    told = {"place": session.place, "languages": session.languages, "attendance": 19}
    consultation.change_session(session, by=analyst, day=timezone.localdate(), time=datetime.time(), **told)
    assert against_adoption(docket) == {}
    adopted = lifecycle.perform(
        "adopt", docket.version, by=holder("chief"), effective_from=timezone.localdate() + DAY, change_note="Said."
    )
    assert adopted.state == State.ADOPTED
    assert Section.objects.get(code="DE-4.6").versions.filter(text=TEXT_AFTER).exists()
    answered = Entry.objects.get(action="policy.comments_answered")
    assert (answered.basis, answered.facts["comments"]) == (["HBPD-MANUAL/CH-13.4@2.1"], 2)


def test_a_petition_that_comes_after_the_answer_would_be_answered_like_the_rest(docket, analyst, clock):
    first = say(docket, "Make it ten minutes.", language="en")
    close(docket, analyst, clock)
    comments.answer(
        comments.group(docket, by=analyst, numbers=[first.number]), by=analyst, answer="rejected", rationale="No."
    )
    last_day = timezone.localdate(docket.closes_at)
    late = say(docket, "MAKE IT TEN MINUTES", language="en", by=analyst, channel="mail", received_on=last_day)
    assert late.answer.rationale == "No."


def test_a_comment_joins_a_group_with_its_answer_and_is_taken_out_of_one_where_it_does_not_belong(
    docket, analyst, clock
):
    for words in ("Ten minutes.", "Ten minutes, please.", "Names on uniforms."):
        say(docket, words)
    close(docket, analyst, clock)
    group = comments.group(docket, by=analyst, numbers=[1, 3], title="Ten minutes")
    comments.answer(group, by=analyst, answer="rejected", rationale="The line bills by the minute.")
    comments.group(docket, by=analyst, numbers=[2], into=group.number)
    comments.separate(group, by=analyst, numbers=[3])
    assert list(docket.comments.unanswered().values_list("number", flat=True)) == [3]
    with pytest.raises(Invalid):
        comments.separate(group, by=analyst, numbers=[1, 2])
    with pytest.raises(Invalid):
        comments.group(docket, by=analyst, numbers=[3], into=99)
    assert Entry.objects.get(action="policy.comments_separated").facts == {"comments": [3], "group": group.number}


def test_a_comment_is_accepted_by_a_rule_that_changed_after_the_public_was_asked(manual, clock):
    rules_draft()
    draft, analyst = ChapterVersion.objects.get(chapter__code="CH", version="2.2"), holder("policy_analyst")
    lifecycle.perform("send_to_legal_review", draft, by=analyst)
    told = {"docket": "CH-2026", "closes": timezone.localdate() + 30 * DAY}
    draft = lifecycle.perform("open_for_comment", draft, by=holder("counsel"), **told)
    say(draft.consultation, "Sixty days are too many for the board.", section="CH-5.11", language="en")
    clock.shift(31 * DAY)
    lifecycle.perform("close_comment", draft, by=analyst)
    group = comments.group(draft.consultation, by=analyst, numbers=[1])
    given = {"answer": "accepted", "rationale": "It is fifty.", "change": "CH-5.11"}
    with pytest.raises(Invalid):
        comments.answer(group, by=analyst, **given)
    board = {"section": "CH-5.11", "duration": 50, "unit": "days"}
    rules.change_rule(draft, "authorities.clocks.board", by=analyst, value=board, reason="Comments.")
    assert comments.answer(group, by=analyst, **given).change == "CH-5.11"


@pytest.mark.parametrize("street", ["Olmo", "Olmo" * 20], ids=["a whole name", "a name cut within a word"])
def test_withheld_words_do_not_live_on_as_the_name_of_a_group(docket, street):
    say(docket, f"Vive en la calle {street} 9.")
    comment = say(docket, f"VIVE en la calle {street} 9")
    assert comment.group.title
    comments.withhold(comment, by=holder("counsel"), reason="private_person")
    comment.group.refresh_from_db()
    assert comment.group.title == ""


def test_words_are_withheld_with_a_public_reason_and_the_comment_still_counts(docket):
    comment = say(docket, "Vive en la calle Olmo 9.", name="A. N.")
    counsel = holder("counsel")
    withheld = comments.withhold(comment, by=counsel, reason="private_person")
    assert set(withheld.published().values()) == {""}
    assert docket.comments.unanswered().count() == 1
    assert comments.publish(withheld, by=counsel).published()["text"] == "Vive en la calle Olmo 9."
    with pytest.raises(Invalid):
        comments.withhold(comment, by=counsel, reason="we_do_not_like_it")
    told = Entry.objects.filter(action__in=["policy.comment_withheld", "policy.comment_published"])
    assert [entry.facts.get("reason") for entry in told.order_by("n")] == ["private_person", None]


def test_more_time_is_given_and_never_taken_away(docket, analyst):
    last = timezone.localdate(docket.closes_at)
    with pytest.raises(Invalid):
        consultation.extend(docket, by=analyst, closes=last - DAY, reason="x")
    kept = consultation.extend(docket, by=analyst, closes=last + 7 * DAY, reason="The translation came late.")
    docket.version.refresh_from_db()
    assert timezone.localdate(kept.closes_at) == docket.version.comment_closes_on == last + 7 * DAY


@pytest.mark.parametrize("role", ["counsel", "auditor", "chief", "investigator"])
def test_only_who_keeps_the_docket_types_in_comments_and_answers_them(docket, role):
    someone = holder(role)
    for act in (
        lambda: say(docket, by=someone, channel="mail"),
        lambda: comments.group(docket, by=someone, numbers=[1]),
        lambda: consultation.extend(docket, by=someone, closes=timezone.localdate() + 60 * DAY, reason="x"),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.codes == ("not_permitted",)
    assert Entry.objects.filter(action="policy.refused", actor=someone.reference).count() == 3


def test_a_docket_is_named_once(docket, analyst):
    assert consultation.wrong_code("DE-2026")
    assert consultation.wrong_code("no spaces please")
    assert not consultation.wrong_code("UF-2027")
