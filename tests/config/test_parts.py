"""What the parts of pages say, read as a person with a screen reader or without scripts would."""

import re

import pytest
from django.template import engines

from tests.gallery.pages import DIGEST

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.gallery.urls")]


@pytest.fixture
def parts(client):
    return lambda name="public", query="": re.sub(r"\s+", " ", client.get(f"/gallery/{name}/{query}").text)


def test_each_error_is_named_above_the_form_and_beside_its_field(parts):
    page = parts("errors")
    assert "<title>Error: Parts" in page
    for field, words in {
        "id_account": "Answer “What happened”",
        "id_day_0": "Answer “Date”",
        "id_kind_0": "Choose an answer to “Kind”",
        "id_seen_0": "Choose an answer to “What you saw”",
        "id_rule": "Choose an answer to “Rule”",
        "id_photo": "Choose a file for “Photo”",
        "id_true": "Tick “This is true” to go on",
    }.items():
        assert f'<a href="#{field}">{words}</a>' in page
        assert f'id="{field}"' in page
        assert f'<p class="error-text"><span class="sr">Error:</span> {words}</p>' in page
    assert 'aria-describedby="id_account_helptext id_account_error"' in page


def test_an_error_of_the_whole_form_is_said_though_no_field_is_to_blame(parts):
    assert '<span class="error-text">These answers do not fit together.</span>' in parts("errors")


def test_what_was_typed_stays_and_only_the_wrong_fields_are_marked(parts):
    page = parts("errors")
    assert re.search(r'<input type="text" name="name" value="Ana" [^>]*class="input"', page)
    assert "aria-invalid" not in re.search(r'<input type="text" name="name"[^>]*>', page)[0]
    assert 'aria-invalid="true"' in re.search(r'<input[^>]*name="day_0"[^>]*>', page)[0]


def test_a_page_without_faults_has_no_summary_and_no_error_in_its_title(parts):
    assert "error-summary" not in parts()
    assert "<title>Parts" in parts()


def test_a_field_that_may_stay_empty_says_so(parts):
    assert re.search(r"Your name \(optional\) ?</label>", parts())
    assert "What happened (optional)" not in parts()


def test_a_refused_move_shows_every_reason_and_does_nothing(parts):
    page = parts()
    assert "Not possible yet. 2 things are missing:" in page
    assert '<li><a href="#b">Element b has no conclusion</a></li>' in page
    assert "<li>The officer has no finding<ul><li>Officer B, DE-4.1</li></ul></li>" in page
    assert re.search(r'<button class="button" type="button" aria-disabled="true" aria-describedby="([^"]+)"', page)[
        1
    ] in (re.findall(r'<div id="([^"]+)"', page))


def test_one_missing_thing_is_said_in_the_singular():
    step = {"name": "close", "label": "Close", "refusals": [{"sentence": "No letter"}]}
    page = engines["django"].from_string("{% load ui %}{% moves steps %}").render({"steps": [step]})
    assert "1 thing is missing:" in page


def test_a_task_that_cannot_start_is_no_link_and_others_say_their_state(parts):
    page = parts()
    assert '<span class="soft">Send</span>' in page
    for state in ("Completed", "There is a problem", "In progress", "Not yet started", "Cannot start yet"):
        assert state in page


def test_skipped_answers_say_not_provided_and_quoted_words_keep_their_language(parts):
    page = parts()
    assert '<span class="soft">Not provided</span>' in page
    assert '<blockquote lang="es"><p>Lo tiraron al suelo.</p></blockquote>' in page
    assert 'Change<span class="sr"> officers</span>' in page


def test_a_stage_not_reached_is_said_in_words(parts):
    assert '<span class="sr">Not reached</span>' in parts()


def test_a_stage_that_departs_says_so_and_why(parts):
    assert re.search(
        r'class="departs"><span class="finding not-sustained">Differs: not sustained</span>.*Why: One clock', parts()
    )


def test_findings_have_shapes_of_their_own(parts):
    shapes = re.findall(r'class="finding ([\w-]+)"', parts())
    assert {"sustained", "not-sustained", "exonerated", "unfounded", "policy", "open"} <= set(shapes)


def test_copied_hashes_have_no_gaps(parts):
    code = re.search(r'<code class="hash" id="root">(.*?)</code>', parts())[1]
    assert re.sub("<[^>]+>", "", code) == DIGEST
    assert 'data-copy="root" data-copy-join=""' in parts()


def test_dates_are_written_in_full_in_both_languages(parts, client):
    assert '<time datetime="2026-06-09T14:33:07-04:00">June 9, 2026 at 2:33 pm</time>' in parts()
    client.cookies["language"] = "es"
    assert "9 de junio de 2026, 2:33 p.\u00a0m." in client.get("/gallery/public/").text


def test_figures_have_their_thousands_apart(parts):
    assert "18,412" in parts()


def test_the_pager_keeps_the_filters(parts):
    page = parts(query="?rule=DE-4.1&page=3")
    assert "51 to 75 of 1,000" in page
    assert 'href="?rule=DE-4.1&amp;page=4" rel="next"' in page
    assert '<span aria-current="page">3</span>' in page


def test_filters_in_use_are_named_in_words_and_each_can_be_removed(parts):
    page = parts(query="?rule=DE-4.1&rule=DE-4.6&page=3&sort=-due")
    assert (
        'href="?rule=DE-4.6&amp;sort=-due"><span class="sr">Remove filter: </span>Rule: Attempt de-escalation</a>'
        in page
    )
    assert '<a href="/gallery/public/">Clear filters</a>' in page


def test_a_sorted_column_says_how_and_its_link_turns_the_order(parts):
    assert '<th scope="col" aria-sort="descending"><a href="?sort=due">Due</a></th>' in parts(query="?sort=-due")
    assert '<th scope="col"><a href="?sort=due">Due</a></th>' in parts()


def test_the_page_of_a_case_we_are_on_is_marked(parts):
    assert '<a href="/gallery/work/" aria-current="page">Summary</a>' in parts("work")


def test_the_last_act_is_reported_once_on_the_next_page(parts):
    assert parts().count('<div class="notice good" role="status"><p>Finding recommended.</p></div>') == 1


def test_words_from_people_are_never_markup():
    template = engines["django"].from_string(
        "{% load ui %}{% badge x %}{% finding x x %}{% vote x x %}{% redacted x %}{% hash x short=True %}"
        "{% facts rows %}{% check_answers rows %}{% notice title=x %}{{ x }}{% endnotice %}"
        "{% empty x %}{{ x }}{% endempty %}"
    )
    evil = "<img src=x>"
    page = template.render({"x": evil, "rows": [{"label": evil, "value": evil, "lang": evil, "url": evil}]})
    assert "<img" not in page
    assert "&lt;img" in page
