import re

import pytest
from django.utils import timezone

from audit.models import Checkpoint
from policy_rules.importers.yaml_format import read_manual
from policy_rules.manuals import DEMO_MANUAL
from policy_rules.publishing import publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "es"])
def test_home_redirects_to_the_visitors_language(client, language):
    assert client.get("/", headers={"accept-language": language}).url == f"/{language}/"


def test_the_chosen_language_comes_before_the_browsers(client):
    client.cookies["language"] = "es"
    assert client.get("/", headers={"accept-language": "en"}).url == "/es/"


def test_home_says_who_the_office_is_in_both_languages(client):
    english, spanish = client.get("/en/").text, client.get("/es/").text
    assert "We are not part of the police department." in english
    assert "No somos parte del departamento de policía." in spanish
    assert "Oficina de Rendición de Cuentas de la Policía" in spanish


def test_home_states_the_time_limits_of_the_rules_in_force(client):
    assert "written limits" not in client.get("/en/").text
    publish(read_manual(DEMO_MANUAL), actor="system", role="system")
    page = client.get("/en/").text
    assert "written limits" in page
    limits = re.findall(r'<span class="when">([^<]+)</span>', page)
    assert limits == ["The same day", "3 working days", "90 days", "45 days", "30 days"]
    assert "3 días hábiles" in client.get("/es/").text


def test_the_foot_of_a_page_names_the_newest_checkpoint(client):
    assert "checkpoint" not in client.get("/en/").text
    Checkpoint.objects.create(size=18_412, previous=0, root=bytes.fromhex("37a8eaec" * 8), created_at=timezone.now())
    foot = client.get("/en/").text.split("<footer")[1]
    assert "Newest checkpoint of the log: 18,412 entries" in foot
    assert "37a8 eaec 37a8 eaec</code>" in foot


def test_home_asks_only_whether_the_rules_changed_and_for_the_newest_checkpoint(client, django_assert_num_queries):
    publish(read_manual(DEMO_MANUAL), actor="system", role="system")
    client.get("/en/")
    with django_assert_num_queries(2):
        client.get("/en/")


@pytest.mark.parametrize("page", ["how-we-decide", "your-information", "accessibility", "contact", "emergency"])
def test_pages_about_the_office_redirect_by_language_and_open(client, page):
    assert client.get(f"/{page}/", headers={"accept-language": "es"}).url == f"/es/{page}/"
    assert client.get(f"/es/{page}/").status_code == 200
