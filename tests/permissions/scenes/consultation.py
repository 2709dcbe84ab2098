from django.utils import timezone

from policy_rules.actions import comments, lifecycle
from policy_rules.models import ChapterVersion, Docket
from tests import consulting
from tests.permissions.visitors import Scene, scene


@scene
def public_draft() -> Scene:
    """Version 1.2 before the public: a comment on a sentence, two that say the same, one withheld, one session held."""
    docket = consulting.open_docket()
    consulting.say(docket, "Tampoco por teléfono.", section="DE-4.6", words=consulting.SENTENCE, district="Southeast")
    for words in ("Delete the exception.", "DELETE the exception!"):
        consulting.say(docket, words, language="en", capacity="resident")
    withheld = consulting.say(docket, "He lives in Elm Street 9.", language="en", name="A. Neighbor")
    comments.withhold(withheld, by=consulting.holder("counsel"), reason="private_person")
    consulting.hold_session(docket)
    return Scene({"code": "DE", "version": "1.2", "docket": docket.code, "number": 1})


@scene
def answered_draft() -> Scene:
    """The same draft once it is closed, with the first comment answered."""
    made = public_draft()
    docket = Docket.objects.get(code=made.parameters["docket"])
    analyst = consulting.holder("policy_analyst")
    ChapterVersion.objects.filter(pk=docket.version_id).update(comment_closes_on=timezone.localdate() - consulting.DAY)
    Docket.objects.filter(pk=docket.pk).update(
        opened_at=docket.opened_at - 40 * consulting.DAY, closes_at=timezone.now() - consulting.DAY
    )
    docket.version.refresh_from_db()
    lifecycle.perform("close_comment", docket.version, by=analyst)
    group = comments.group(docket, by=analyst, numbers=[1])
    told = {"rationale": "The text now says so.", "rationale_es": "El texto ahora lo dice."}
    comments.answer(group, by=analyst, answer="accepted", change="DE-4.6", **told)
    return made
