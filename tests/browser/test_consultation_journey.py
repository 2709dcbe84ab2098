"""A resident comments on one sentence of a draft in Spanish, on a small telephone without scripts, and is answered."""

from playwright.sync_api import expect

from policy_rules.actions import lifecycle
from policy_rules.models import Comment
from tests.browser.examination import PHONE
from tests.browser.hands import press, sit_down
from tests.consulting import SPANISH_SENTENCE, change_after_hearing, hold_session, holder, let_comment_end, open_docket
from tests.permissions.visitors import Visitor


def test_a_resident_comments_on_one_sentence_in_spanish_and_later_reads_the_answer(window, live_server):
    docket = open_docket()
    tab = window(java_script_enabled=False, viewport=PHONE).new_page()
    tab.goto("/es/policies/")
    press(tab, "Comentar borradores")
    press(tab, "Desescalada, segunda revisión")
    press(tab, "Leer el borrador y lo que cambia")
    press(tab, "Comentar esta sección DE-4.6")
    tab.get_by_label(SPANISH_SENTENCE).check()
    tab.locator("[name=text]").fill("Tampoco por teléfono.")
    press(tab, "Continuar")
    expect(tab.locator("main")).to_contain_text(SPANISH_SENTENCE)
    press(tab, "Enviar su comentario")
    expect(tab.locator("body")).to_contain_text("Su número es DE-2026-0001")
    assert Comment.objects.get().quote == SPANISH_SENTENCE

    hold_session(docket)
    lifecycle.perform("close_comment", let_comment_end(docket).version, by=holder("policy_analyst"))
    change_after_hearing(docket)

    desk = sit_down(window(), Visitor(holder("policy_analyst")), live_server.url)
    desk.goto("/staff/policies/DE/1.2/consultation/")
    desk.locator("[name=numbers]").check()
    press(desk, "Answer the chosen comments together")
    desk.locator("[name=answer][value=accepted]").check()
    desk.locator("[name=rationale]").fill("The text now speaks of the telephone too.")
    desk.locator("[name=rationale_es]").fill("El texto ahora habla también del teléfono.")
    desk.locator("[name=change]").select_option("DE-4.6")
    press(desk, "Publish the answer")
    expect(desk.locator("body")).to_contain_text("Answered comments on a draft")
    expect(desk.locator("main")).to_contain_text("Every comment has its answer.")

    tab = window(java_script_enabled=False, viewport=PHONE).new_page()
    tab.goto("/es/policies/consultations/")
    tab.locator("[name=number]").fill("DE-2026-0001")
    press(tab, "Buscar el comentario")
    expect(tab.locator("main")).to_contain_text("Nuestra respuesta: Aceptado")
    expect(tab.locator("main")).to_contain_text("El texto ahora habla también del teléfono.")
    tab.get_by_role("link", name="El cambio al que llevó").click()
    expect(tab.locator("main")).to_contain_text("Cambió después de los comentarios")


def test_words_that_are_marked_in_the_draft_are_quoted(window):
    open_docket()
    tab = window().new_page()
    tab.goto("/en/policies/consultations/DE-2026/comment/?section=DE-4.6")
    tab.evaluate(
        """() => {
          const node = document.querySelector('[data-passage]').firstChild;
          const range = document.createRange();
          range.setStart(node, 0);
          range.setEnd(node, 34);
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
        }"""
    )
    expect(tab.locator("[name=words]")).to_have_value("When words do not reach a person,"[:34].strip())
