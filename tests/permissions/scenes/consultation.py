from policy_rules.actions import comments, lifecycle
from policy_rules.models import Docket
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
    for name in ("Ada", "Ben"):
        consulting.say(docket, f"My name is {name}. Nobody should have to ask twice to be understood.", language="en")
    consulting.hold_session(docket)
    return Scene({"code": "DE", "version": "1.2", "docket": docket.code, "number": 1})


@scene
def answered_draft() -> Scene:
    """The same draft once it is closed, with the first comment answered."""
    made = public_draft()
    docket = consulting.let_comment_end(Docket.objects.get(code=made.parameters["docket"]))
    analyst = consulting.holder("policy_analyst")
    lifecycle.perform("close_comment", docket.version, by=analyst)
    consulting.change_after_hearing(docket)
    group = comments.group(docket, by=analyst, numbers=[1])
    told = {"rationale": "The text now says so.", "rationale_es": "El texto ahora lo dice."}
    comments.answer(group, by=analyst, answer="accepted", change="DE-4.6", **told)
    return made
