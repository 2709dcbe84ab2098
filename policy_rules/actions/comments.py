"""Hearing the public and answering it: comments are taken, put together where they say the same, and answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from moves.exceptions import Invalid, Refused
from moves.refusals import Refusal
from policy_rules import labels, passages
from policy_rules.actions.consultation import ANSWERING, keeping, record
from policy_rules.answers import LEADS_TO_A_CHANGE, Answer
from policy_rules.canonical import digest
from policy_rules.draft_reading import changed_since_heard
from policy_rules.likeness import bare_words
from policy_rules.models import (
    Capacity,
    Channel,
    Comment,
    CommentGroup,
    Docket,
    HeardText,
    ListeningSession,
    Withheld,
)
from policy_rules.permissions import RESIDENT, Actor
from policy_rules.roles import PolicyPerm
from policy_rules.states import PUBLIC_DRAFTS, State

LONGEST = 20_000
"""Characters of a comment; a longer one is sent by mail and typed in as its parts."""
TITLE = 80
"""Characters of a comment that name the group of those that say the same."""


def receive(
    docket: Docket,
    *,
    by: Actor = RESIDENT,
    text: str,
    language: str,
    section: str = "",
    place: str = "",
    words: str = "",
    read_in: str = "",
    capacity: str = "",
    name: str = "",
    district: str = "",
    channel: str = Channel.WEB,
    session: ListeningSession | None = None,
    signatures: int = 1,
    received_on: date | None = None,
    on: date | None = None,
) -> Comment:
    """Take a comment on the whole draft, on a section, or on a passage of it, and give it its number.

    The passage is a place (see `passages.Passage.place`) or words that stand in the section's text; `read_in` is the
    language in which it was read, where that was a translation of the draft. Anyone comments by the web form while the
    docket is open; what comes by other ways is typed in under the day on which it came. The same words on the same
    section join those that came before in one group. Raises Invalid, and Refused once it is closed.
    """
    if channel == Channel.WEB and not (docket.is_open() or on):
        raise Refused([closed(docket)])
    perm = PolicyPerm.COMMENT if by == RESIDENT else PolicyPerm.KEEP_DOCKET
    states = (State.PUBLIC_COMMENT,) if channel == Channel.WEB else PUBLIC_DRAFTS
    with keeping(docket, by, perm, "receive_comment", states, on=on) as kept:
        comment = Comment(
            docket=kept,
            number=_next(kept.comments),
            received_on=_received(kept, received_on or on),
            channel=channel,
            session=_held(kept, session) if channel == Channel.SESSION else None,
            language=_known(language, list(labels.WRITTEN), "language"),
            text=_stated(text),
            signatures=max(signatures, 1),
            capacity=_known(capacity, ["", *Capacity.values], "capacity"),
            name=name.strip(),
            district=district.strip(),
        )
        comment.words_digest = words_digest(comment.text)
        _place(comment, section, place, words, read_in)
        _join(comment)
        comment.save()
        facts = {
            "channel": comment.channel,
            "language": comment.language,
            "section": comment.section,
            "draft_sha256": comment.section_digest,
            "starts": comment.starts,
            "ends": comment.ends,
            "read_in": comment.quote_language or None,
            "group": comment.group and comment.group.number,
        }
        action = "policy.comment_received" if by == RESIDENT else "policy.comment_entered"
        told = {"detail": {"text": comment.text}, "objects": [comment.reference]}
        record(action, docket=kept, by=by, perm=perm, facts=facts, on=on, **told)  # type: ignore[arg-type]
        return comment


def closed(docket: Docket) -> Refusal:
    """Return the reason that is told to someone who comments before or after the time."""
    told = {"opens": timezone.localdate(docket.opened_at), "closes": timezone.localdate(docket.closes_at)}
    sentence = _("Comments on this draft were taken from %(opens)s to %(closes)s. What you wrote was not sent.")
    return Refusal("comment_closed", sentence % {name: date_format(day) for name, day in told.items()})


def _stated(text: str) -> str:
    if not bare_words(text):
        raise Invalid(_("Write your comment."), "text")
    if len(text) > LONGEST:
        told = {"most": LONGEST, "length": len(text)}
        raise Invalid(_("A comment has at most %(most)s characters; this one has %(length)s.") % told, "text")
    return text.strip()


def words_digest(text: str) -> str:
    """Return a digest that is equal for texts of the same words."""
    return digest(" ".join(bare_words(text)).encode())


def _received(docket: Docket, day: date | None) -> date:
    today = timezone.localdate()
    if day is None:
        return today
    if not timezone.localdate(docket.opened_at) <= day <= min(today, timezone.localdate(docket.closes_at)):
        raise Invalid(_("Write a day on which the docket was open, today at the latest."), "received_on")
    return day


def _held(docket: Docket, session: ListeningSession | None) -> ListeningSession:
    if session is None or session.docket_id != docket.pk or session.starts_at > timezone.now():
        raise Invalid(_("Choose the session at which it was said."), "session")
    return session


def _known(value: str, codes: Sequence[str], field: str) -> str:
    if value not in codes:
        raise Invalid(_("Choose one of the answers in the list."), field)
    return value


def _next(rows: models.Manager) -> int:
    return int(rows.aggregate(top=models.Max("number"))["top"] or 0) + 1


def _place(comment: Comment, code: str, place: str, words: str, read_in: str) -> None:
    """Set what the comment is about: the section as it was put before the public, and the passage in it."""
    if not code:
        return
    own = comment.docket.version.chapter.manual.language
    texts = {text.language: text for text in comment.docket.texts.filter(code=code)}
    if own not in texts:
        raise Invalid(_("There is no section %(code)s in this draft.") % {"code": code}, "section")
    comment.section, comment.section_digest = code, texts[own].digest
    if not (place or words.strip()):
        return
    found = _copied(texts, words, [read_in, own, *texts]) if words.strip() else _chosen(texts, place, read_in or own)
    if found is None:
        sentence = _(
            "These words do not stand in the section. Choose a sentence, or copy the words as they are written."
        )
        raise Invalid(sentence, "words" if words.strip() else "place")
    language, passage = found
    comment.starts, comment.ends, comment.quote = passage.starts, passage.ends, passage.words
    comment.quote_language = "" if language == own else language


Found = tuple[str, passages.Passage] | None


def _copied(texts: Mapping[str, HeardText], words: str, languages: Sequence[str]) -> Found:
    """Return the first language in whose text the words stand, and where."""
    for language in languages:
        if language in texts and (passage := passages.find(texts[language].text, words)):
            return language, passage
    return None


def _chosen(texts: Mapping[str, HeardText], place: str, language: str) -> Found:
    passage = passages.at(texts[language].text, place) if language in texts else None
    return (language, passage) if passage else None


def _join(comment: Comment) -> None:
    """Put a comment that repeats another into the group of that one; the first repetition makes the group."""
    rows = comment.docket.comments.filter(words_digest=comment.words_digest, section=comment.section)
    same = rows.select_related("group").first()
    if same is None:
        return
    if same.group is None:
        same.group = CommentGroup.objects.create(
            docket=comment.docket, number=_next(comment.docket.groups), title=_named_after(same)
        )
        rows.update(group=same.group)
    comment.group = same.group


def _named_after(comment: Comment) -> str:
    """Return the name of a group that was made by itself; of withheld words it is empty."""
    if comment.withheld:
        return ""
    return comment.text if len(comment.text) <= TITLE else f"{comment.text[: TITLE - 1].rstrip()}…"


def group(
    docket: Docket,
    *,
    by: Actor,
    numbers: Sequence[int],
    title: str = "",
    into: int | None = None,
    on: date | None = None,
) -> CommentGroup:
    """Put comments together that are to have one answer; groups of which one is named come whole.

    They join the group `into`, where one is named, and its answer if it has one. Raises Invalid and Refused.
    """
    with keeping(docket, by, PolicyPerm.ANSWER_COMMENTS, "group_comments", on=on) as kept:
        chosen = list(kept.comments.filter(number__in=numbers).select_related("group"))
        if not chosen or len(chosen) != len(set(numbers)):
            raise Invalid(_("Choose at least one comment."), "numbers")
        if any(comment.answer for comment in chosen):
            raise Invalid(_("One of these comments is answered already."), "numbers")
        groups = list({comment.group.pk: comment.group for comment in chosen if comment.group}.values())
        target = _target(kept, groups, into)
        if title.strip():
            target.title = title.strip()
            target.save(update_fields=["title"])
        others = [row.pk for row in groups if row.pk != target.pk]
        wanted = models.Q(pk__in=[comment.pk for comment in chosen]) | models.Q(group__in=others)
        kept.comments.filter(wanted).update(group=target)
        CommentGroup.objects.filter(pk__in=others).delete()
        facts = {"group": target.number, "comments": sorted(target.comments.values_list("number", flat=True))}
        record(
            "policy.comments_grouped", docket=kept, by=by, perm=PolicyPerm.ANSWER_COMMENTS, authority=ANSWERING,
            facts=facts, on=on,
        )  # fmt: skip
        return target


def _target(docket: Docket, groups: Sequence[CommentGroup], into: int | None) -> CommentGroup:
    if into is not None:
        named = docket.groups.filter(number=into).first()
        if named is None:
            raise Invalid(_("There is no group of this number."), "into")
        return named
    return groups[0] if groups else CommentGroup.objects.create(docket=docket, number=_next(docket.groups))


def separate(group: CommentGroup, *, by: Actor, numbers: Sequence[int]) -> CommentGroup:
    """Take comments out of a group, where they have or are to have another answer. Raises Invalid and Refused."""
    with keeping(group.docket, by, PolicyPerm.ANSWER_COMMENTS, "separate_comments") as kept:
        rows = kept.comments.filter(group=group)
        chosen = rows.filter(number__in=numbers)
        found = sorted(chosen.values_list("number", flat=True))
        if not found or len(found) != len(set(numbers)):
            raise Invalid(_("Choose at least one comment."), "numbers")
        if len(found) == rows.count():
            raise Invalid(_("A group keeps at least one comment. Put these together with others instead."), "numbers")
        chosen.update(group=None)
        record(
            "policy.comments_separated", docket=kept, by=by, perm=PolicyPerm.ANSWER_COMMENTS, authority=ANSWERING,
            facts={"group": group.number, "comments": found},
        )  # fmt: skip
        return group


def answer(
    group: CommentGroup,
    *,
    by: Actor,
    answer: str,
    rationale: str,
    rationale_es: str = "",
    change: str = "",
    on: date | None = None,
) -> CommentGroup:
    """Answer the comments of a group in public, with reasons, and where it is accepted with the change it led to.

    Until the draft is adopted an answer can be given anew; the log keeps each. Raises Invalid, and Refused before the
    comment period is closed.
    """
    states = (State.COMMENT_DISPOSITION,)
    with keeping(group.docket, by, PolicyPerm.ANSWER_COMMENTS, "answer_comments", states, on=on) as kept:
        given = CommentGroup.objects.select_related("docket").get(pk=group.pk)
        if answer not in Answer.values:
            raise Invalid(_("Choose an answer."), "answer")
        if not rationale.strip():
            raise Invalid(_("Give the reasons. They are public."), "rationale")
        if answer in LEADS_TO_A_CHANGE and not change:
            raise Invalid(_("Choose the section in which the change can be read."), "change")
        if change and change not in {row.code for row in changed_since_heard(kept)}:
            sentence = _(
                "This section says what it said when the public was asked. Write the change into the draft first; "
                "what was in the draft already is answered as already covered."
            )
            raise Invalid(sentence, "change")
        given.answer, given.change = answer, change
        given.rationale, given.rationale_es = rationale.strip(), rationale_es.strip()
        given.answered_on = on or timezone.localdate()
        given.save()
        facts = {"group": given.number, "answer": answer, "change": change, "comments": given.comments.count()}
        record(
            "policy.comments_answered", docket=kept, by=by, perm=PolicyPerm.ANSWER_COMMENTS, authority=ANSWERING,
            facts=facts, detail={"rationale": given.rationale, "rationale_es": given.rationale_es}, on=on,
        )  # fmt: skip
        return given


def withhold(comment: Comment, *, by: Actor, reason: str) -> Comment:
    """Take the words of a comment off the public pages; the reason stands in their place. Raises Invalid, Refused."""
    with keeping(comment.docket, by, PolicyPerm.WITHHOLD_COMMENTS, "withhold_comment", tuple(State)) as kept:
        row = kept.comments.get(pk=comment.pk)
        row.withheld = _known(reason, Withheld.values, "reason")
        row.save(update_fields=["withheld"])
        if row.group is not None and row.group.is_named_after(row):
            row.group.title = ""
            row.group.save(update_fields=["title"])
        record(
            "policy.comment_withheld", docket=kept, by=by, perm=PolicyPerm.WITHHOLD_COMMENTS,
            facts={"reason": reason}, objects=[row.reference],
        )  # fmt: skip
        return row


def publish(comment: Comment, *, by: Actor) -> Comment:
    """Publish the words of a comment that had been withheld. Raises Refused."""
    with keeping(comment.docket, by, PolicyPerm.WITHHOLD_COMMENTS, "publish_comment", tuple(State)) as kept:
        row = kept.comments.get(pk=comment.pk)
        row.withheld = ""
        row.save(update_fields=["withheld"])
        record(
            "policy.comment_published", docket=kept, by=by, perm=PolicyPerm.WITHHOLD_COMMENTS, objects=[row.reference]
        )
        return row
