from tests.browser.pages import Page

_NOTE = "localhost/log\n4\nV+c5wya6QJOsNeGA12zd8YOY4z81vt1ahlneuYhjjnU=\n\n\u2014 localhost/log puFYrAAAAAAA"
PAGES = [
    Page("/log/", scene="public_log"),
    Page("/log/", state="empty"),
    Page("/log/", scene="public_log", state="differs", query=f"?size=1&root={'0' * 64}"),
    Page("/log/", state="error", query="?size=some&root=seal"),
    Page("/log/checkpoints/", scene="witnessed_log"),
    Page("/log/checkpoints/", state="empty"),
    Page("/log/verify/"),
    Page("/log/verify/", state="error", send=True),
    Page("/log/verify/", state="answered", fill={"text": _NOTE}, send=True),
]
NOT_PAGES = {
    "/log/checkpoint": "a signed note for programs",
    "/log/cosignatures": "takes the signatures of witnesses",
    "/log/since/<size>.json": "a proof for programs",
    "/log/checkpoint/<size>": "a signed note for programs",
    "/log/stamp/<size>.tsr": "a time stamp for programs",
    "/log/key": "a key for programs",
    "/log/verify_receipt.py": "a program",
    "/log/tile/<level>/<place>": "hashes for programs",
}
