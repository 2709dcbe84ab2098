"""Two journeys in a real browser: a resident's on a small telephone, and the office's at a desk."""

import re

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from casework.models import Case
from casework.states import State
from tests import walk
from tests.browser.examination import PHONE
from tests.browser.hands import press
from tests.cast import person

ANSWERS = {
    "wish": {},
    "when": {"how": "unknown"},
    "where": {},
    "officers": {},
    "you": {"relation": "person_affected"},
    "name": {"confidentiality": "anonymous"},
    "help": {"language": "es"},
    "board": {"board_requested": "no"},
}
"""What the resident chooses on each page after the first, in their order; the rest is left empty."""
INTAKE, SUPERVISOR, INVESTIGATOR = "oferrant", "rambersole", "ivosslind"


def test_a_resident_without_a_name_files_follows_and_withdraws_a_complaint_in_spanish_on_a_telephone_without_scripts(
    window,
):
    tab = window(java_script_enabled=False, viewport=PHONE).new_page()
    tab.goto("/es/")
    press(tab, "Empezar una queja")
    press(tab, "Empezar una queja")
    tab.locator("[name=narrative]").fill("El agente me gritó en la parada.\nNo me dejó hablar.")
    press(tab, "Continuar")
    for question, answer in ANSWERS.items():
        assert f"/question/{question}/" in tab.url
        for name, value in answer.items():
            tab.locator(f"[name={name}][value={value}]").check()
        press(tab, "Continuar")
    tab.locator("input[type=file]").set_input_files(
        {"name": "nota.txt", "mimeType": "text/plain", "buffer": "Llovía.".encode()}
    )
    press(tab, "Agregar este archivo")
    expect(tab.locator("main")).to_contain_text("nota.txt")
    press(tab, "Continuar")
    expect(tab.locator("main")).to_contain_text("No me dejó hablar.")
    press(tab, "Enviar su queja")
    expect(tab.locator("h1")).to_have_text("Tenemos su queja")
    code, secret = tab.locator("#track-code").inner_text(), tab.locator("#secret").inner_text()

    tab = window(java_script_enabled=False, viewport=PHONE).new_page()
    tab.goto("/es/")
    press(tab, "Consultar una queja")
    tab.locator("[name=code]").fill(code)
    tab.locator("[name=secret]").fill(secret)
    press(tab, "Abrir mi queja")
    case = Case.objects.get(tracking_code=code)
    expect(tab.locator("main")).to_contain_text(case.number)
    tab.locator("[name=text]").fill("Había una cámara en la esquina.")
    press(tab, "Enviar mensaje")
    expect(tab.locator("body")).to_contain_text("Tenemos su mensaje.")
    expect(tab.locator("main blockquote")).to_have_text("Había una cámara en la esquina.")
    press(tab, "Retirar su queja")
    tab.locator("[name=free_choice]").check()
    press(tab, "Anotar que la retiro")
    expect(tab.locator("body")).to_contain_text("Anotamos que desea retirarla.")
    expect(tab.locator("main").get_by_role("link", name="Retirar su queja")).to_have_count(0)
    case.refresh_from_db()
    assert (case.withdrawn_on is not None, case.state) == (True, State.RECEIVED)
    assert case.evidence.get().title == "nota.txt"


def test_the_office_takes_a_complaint_to_an_investigation(tab_of):
    case = walk.file()

    def tells(tab: Tab, words: str) -> None:
        expect(tab.locator("body")).to_contain_text(re.compile(words))

    intake, supervisor, investigator = tab_of(INTAKE), tab_of(SUPERVISOR), tab_of(INVESTIGATOR)
    intake.goto(f"/staff/cases/{case.number}/access/")
    intake.locator("[name=has_conflict][value=no]").check()
    press(intake, "Record my declaration")
    intake.goto(f"/staff/cases/{case.number}/moves/begin_intake_review/")
    press(intake, "Begin the intake review")
    tells(intake, r"Intake review begun\. This is entry \d+ in the log of this case\.")
    intake.goto(f"/staff/cases/{case.number}/messages/")
    intake.locator("[name=method]").select_option("none")
    intake.locator("[name=was_reached][value=no]").check()
    press(intake, "Log the contact")
    intake.goto(f"/staff/cases/{case.number}/moves/begin_preliminary_inquiry/")
    press(intake, "Begin the preliminary inquiry")

    supervisor.goto(f"/staff/cases/{case.number}/")
    tells(supervisor, "Classify the complaint first.")
    supervisor.goto(f"/staff/cases/{case.number}/classify/")
    supervisor.locator("[name=code][value=serious]").check()
    press(supervisor, "Classify")
    supervisor.goto(f"/staff/cases/{case.number}/officers/add/")
    supervisor.locator("[name=badge]").fill("1013")
    press(supervisor, "Add the officer")
    supervisor.goto(f"/staff/cases/{case.number}/allegations/add/")
    supervisor.locator("[name=section]").select_option("DE-4.2")
    supervisor.locator("[name=officer]").select_option(index=1)
    press(supervisor, "Frame the allegation")
    supervisor.goto(f"/staff/cases/{case.number}/access/")
    supervisor.locator("[name=user]").select_option(str(person(INVESTIGATOR).pk))
    press(supervisor, "Put on the case")
    investigator.goto(f"/staff/cases/{case.number}/access/")
    investigator.locator("[name=has_conflict][value=no]").check()
    press(investigator, "Record my declaration")
    supervisor.goto(f"/staff/cases/{case.number}/moves/open_investigation/")
    press(supervisor, "Open the investigation")
    tells(supervisor, "Investigation opened")
    assert Case.objects.get(pk=case.pk).state == State.INVESTIGATION
