from casework.portal.questions import QUESTIONS
from tests.browser.pages import Page

PAGES = [
    Page("/[lang]/complaint/"),
    Page("/[lang]/complaint/", "writer", scene="draft", state="begun"),
    Page("/[lang]/complaint/question/<code>/", "writer", scene="draft"),
    Page("/[lang]/complaint/question/<code>/", scene="draft", state="error", send=True),
    *(Page(f"/[lang]/complaint/question/{question.code}/", "writer", scene="draft") for question in QUESTIONS[1:]),
    Page("/[lang]/complaint/question/when/", "writer", scene="draft", state="error", fill={"first": ""}, send=True),
    Page("/[lang]/complaint/files/", "writer", scene="draft"),
    Page("/[lang]/complaint/tasks/", "writer", scene="draft"),
    Page("/[lang]/complaint/saved/", "writer", scene="draft"),
    Page("/[lang]/complaint/continue/"),
    Page("/[lang]/complaint/continue/", state="error", fill={"code": "wrong"}, send=True),
    Page("/[lang]/complaint/check/", "writer", scene="draft"),
    Page("/[lang]/complaint/sent/", "sender", scene="sent_complaint"),
    Page("/[lang]/complaint/sent/receipt.json", "sender", scene="sent_complaint", status=404),
    Page("/[lang]/track/"),
    Page("/[lang]/track/", state="error", fill={"code": "7KQ4", "secret": "wrong"}, send=True),
    Page("/[lang]/track/complaint/", "complainant", scene="followed_complaint"),
    Page("/[lang]/track/complaint/letters/<pk>/", "complainant", scene="followed_letter"),
    Page("/[lang]/track/complaint/receipts/", "complainant", scene="sealed_complaint"),
    Page("/[lang]/track/complaint/withdraw/", "complainant", scene="followed_complaint"),
    Page("/[lang]/track/complaint/withdraw/", "complainant", scene="followed_complaint", state="error", send=True),
]
NOT_PAGES = {
    "/[lang]/track/complaint/file/": "leads to the complaint, where the form stands",
    "/[lang]/track/complaint/message/": "leads to the complaint, where the form stands",
    "/[lang]/track/complaint/receipts/<n>.json": "a file",
    "/[lang]/track/complaint/receipts/<n>.pdf": "a file",
    "/[lang]/complaint/sent/receipt.pdf": "a file",
    "/[lang]/complaint/sent/receipt.tlog-proof": "a file",
    "/[lang]/track/complaint/receipts/<n>.tlog-proof": "a file",
    "/[lang]/track/complaint/letters/<pk>/file/": "a PDF file",
    "/[lang]/track/complaint/letters/<pk>/text/": "a text file",
}
