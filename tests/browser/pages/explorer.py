from tests.browser.pages import Page

_SEALED = {"scene": "sealed_log"}
PAGES = [
    Page("/audit/", "auditor_on_case", **_SEALED),
    Page("/audit/", "system_administrator", state="nothing checked"),
    Page("/audit/", "auditor", scene="faulty_check", state="faults"),
    Page("/audit/entries/", "auditor_on_case", **_SEALED),
    Page("/audit/entries/", "auditor", state="empty", query="?case=1999-000001"),
    Page("/audit/entries/", "auditor", scene="unusual_log", state="openings", query="?kind=opened"),
    Page("/audit/entries/<pk>/", "auditor_on_case", **_SEALED),
    Page("/audit/entries/<pk>/", "auditor_on_case", state="error", send=True, **_SEALED),
    Page("/audit/sections/", "auditor_on_case", **_SEALED),
    Page("/audit/sections/<code>/", "auditor_on_case", **_SEALED),
    Page("/audit/checks/", "auditor", scene="checked_log"),
    Page("/audit/checks/", "auditor", state="empty"),
    Page("/audit/checks/<pk>/", "auditor", scene="checked_log"),
    Page("/audit/checks/<pk>/", "auditor", scene="check_under_way"),
    Page("/audit/checks/<pk>/", "auditor", scene="faulty_check"),
    Page("/audit/checks/<pk>/", "auditor", scene="broken_off_check"),
    Page("/audit/access/", "auditor", scene="unusual_log"),
    Page("/audit/access/", "auditor", state="empty"),
    Page("/audit/erasures/", "records_officer_on_case", scene="erasure_proposed"),
    Page("/audit/erasures/", "records_officer", state="error", send=True),
    Page("/audit/erasures/", "auditor_on_case", scene="erasure_proposed", state="with a hold"),
    Page("/audit/erasures/", "auditor", state="empty"),
    Page("/audit/erasures/<pk>/", "auditor_on_case", scene="erasure_proposed"),
    Page("/audit/erasures/<pk>/", "auditor_on_case", scene="erasure_done"),
]
NOT_PAGES = {
    "/audit/entries/<pk>/receipt.json": "a file",
    "/audit/entries/export.csv": "a file",
    "/audit/entries/export.jsonl": "a file",
}
