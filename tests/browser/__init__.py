"""Every page in a real browser: the table of pages, and what each of them must be.

**To add a page**, add a line to the module of its package in `tests/browser/pages/`::

    Page("/staff/cases/", "investigator"),                                       # the page as someone finds it first
    Page("/staff/cases/", "investigator", state="empty", query="?q=nothing"),
    Page("/staff/cases/<number>/", "assigned_investigator", scene="open_case"),
    Page("/[lang]/complaint/what/", scene="draft", state="error", send=True),    # sent empty: the page with its errors
    Page("/[lang]/track/", state="error", fill={"code": "wrong"}, send=True),
    Page("/board/<number>/votes/send-back/", "member", choose={"choice": "abstain"}, send=True),

Addresses, visitors and scenes are those of `tests/permissions`. A visitor is `anonymous` unless named. An address that
never answers with a page of its own goes to NOT_PAGES in the same module, with its reason.

Each line is one scene, visited in English and Spanish, in light and dark, at 1280 and 320 pixels, with scripts and
without, and `test_pages.py` says what must hold. `REDRESS_SCREENSHOTS=1` keeps pictures in `var/screenshots/`, to be
looked at.
"""
