"""A chapter goes from draft to adoption by the people whose work it is, and a reader sees what a version changed."""

from django.utils import timezone
from playwright.sync_api import expect

from policy_rules.actions import comments
from policy_rules.in_force import in_force
from policy_rules.models import Docket
from tests.browser.hands import press, step
from tests.cast import person
from tests.consulting import DAY, hold_session, let_comment_end, say

DRAFT = "/staff/policies/DE/1.2/"
PLAINER = "A member shall slow every contact down where that is feasible."


def test_an_analyst_takes_the_de_escalation_chapter_from_draft_to_adoption(tab_of, window):
    analyst, counsel, chief = tab_of("nhalvaney"), tab_of("lquillfeather"), tab_of("ecastlemayne")
    analyst.goto("/staff/policies/")
    press(analyst, "Begin a draft 400")
    analyst.locator("[name=version]").fill("1.2")
    analyst.locator("[name=trigger]").fill("The annual review proposed it.")
    press(analyst, "Begin a draft")
    press(analyst, "400.4.1 Duty to attempt de-escalation")
    analyst.locator("#id_text").fill(PLAINER)
    analyst.locator("[name=reason]").first.fill("Said more plainly.")
    press(analyst, "Keep this wording")
    step(analyst, "Send to legal review")

    today = timezone.localdate()
    counsel.goto(DRAFT)
    press(counsel, "Clear it and open it for comment")
    counsel.locator("[name=docket]").fill("DE-2027")
    counsel.locator("[name=closes]").fill((today + 30 * DAY).isoformat())
    press(counsel, "Clear it and open it for comment")
    docket = Docket.objects.get(code="DE-2027")
    comment = say(docket, "Say what slowing down is.", language="en")
    hold_session(docket)
    let_comment_end(docket)
    analyst.goto(DRAFT)
    step(analyst, "Close the comment period")

    chief.goto(DRAFT)
    expect(chief.locator("main")).to_contain_text("1 comment has no answer yet.")
    answering = person("nhalvaney")
    group = comments.group(docket, by=answering, numbers=[comment.number])
    comments.answer(group, by=answering, answer="already_covered", rationale="DE-1.1 says it.")
    chief.goto(DRAFT)
    press(chief, "Adopt")
    first_day = today + 10 * DAY
    chief.locator("[name=effective_from]").fill(first_day.isoformat())
    chief.locator("[name=change_note]").fill("DE-4.1 says it more plainly.")
    press(chief, "Adopt")
    expect(chief.locator("main")).to_contain_text("Adopted")
    assert in_force("DE-4.1", on=first_day - DAY).version == "1.1"

    reader = window().new_page()
    reader.goto(f"/en/policies/DE-4.1/?on={first_day}")
    expect(reader.locator("main")).to_contain_text(PLAINER)


def test_a_reader_compares_two_versions_of_a_chapter(window):
    reader = window().new_page()
    reader.goto("/en/policies/chapter/DE/")
    press(reader, "Compare two versions")
    reader.locator("[name=before]").select_option("1.0")
    reader.locator("[name=after]").select_option("1.1")
    press(reader, "Compare")
    main = reader.locator("main")
    expect(main).to_contain_text("3 sections were added")
    section = reader.get_by_role("region", name="DE-7.2")
    expect(section).to_match_aria_snapshot(
        """
        - heading "Version 1.0" [level=3]
        - paragraph:
          - deletion: "Removed: excessive force by another member End of removal."
        - heading "Version 1.1" [level=3]
        - paragraph:
          - insertion: "Added: force that the member reasonably believes to be excessive End of addition."
        """
    )
    section.get_by_role("link", name="Next change DE-8.2").click()
    expect(reader.locator("[id='DE-8.2']")).to_be_in_viewport()

    reader.locator("[name=view]").select_option("line")
    press(reader, "Compare")
    expect(section).to_match_aria_snapshot(
        """
        - heading /DE-7.2/ [level=2]
        - paragraph:
          - deletion: "Removed: excessive force by another member End of removal."
          - insertion: "Added: force that the member reasonably believes to be excessive End of addition."
        """
    )
