import re

import pytest
from django.conf import settings
from django.core.management import call_command
from django.templatetags.static import static

MANIFEST = "whitenoise.storage.CompressedManifestStaticFilesStorage"


@pytest.fixture
def collected(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_collected_files_carry_their_digest_in_their_name_and_every_template_finds_its_own(collected):
    templates = settings.BASE_DIR / "templates"
    used = {
        name for path in templates.rglob("*.html") for name in re.findall(r"{% static \"([^\"]+)\"", path.read_text())
    }
    assert used
    for name in used:
        address = static(name)
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert (collected / address.removeprefix(settings.STATIC_URL)).exists()


def test_public_pages_stay_light_on_slow_lines(collected):
    sheet, script = (
        collected / static(f"{name}").removeprefix(settings.STATIC_URL) for name in ("css/redress.css", "js/redress.js")
    )
    assert sheet.with_suffix(".css.gz").stat().st_size < 16_000
    assert script.with_suffix(".js.gz").stat().st_size < 4_000


@pytest.mark.django_db
def test_pages_need_no_collecting_in_a_trial(client, settings):
    settings.WHITENOISE_USE_FINDERS = True
    assert client.get(static("css/redress.css")).status_code == 200


@pytest.mark.django_db
def test_the_policy_forbids_all_that_is_inline_or_from_elsewhere(client):
    policy = client.get("/en/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
