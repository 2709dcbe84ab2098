"""Takes the picture of README.md from the made-up city: a case as its investigator sees it.

Run by `script/check`; not collected with the other tests.
"""

import pytest
from django.test import Client

from accounts.models import User
from casework.importers import demonstration
from casework.models import Case
from config.embedded_postgres import BASE_DIR

PICTURE = BASE_DIR / "docs" / "picture.png"
SIZE = {"width": 1280, "height": 860}
INVESTIGATOR = "ivosslind"


@pytest.mark.django_db(transaction=True)
def test_the_picture_of_the_readme_is_a_case_of_the_made_up_city(window, live_server):
    demonstration.load()
    investigator = User.objects.get(login=INVESTIGATOR)
    case = Case.objects.visible_to(investigator).filter(state="investigation").order_by("pk").first()
    client = Client()
    client.force_login(investigator)
    context = window(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
    context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    )
    tab = context.new_page()
    tab.goto(f"/staff/cases/{case.number}/allegations/")
    assert tab.locator("h1").count() == 1
    tab.screenshot(path=PICTURE)
