from tests.browser.pages import Page

PAGES: list[Page] = []
NOT_PAGES = {
    "/log/checkpoint": "a signed note for programs",
    "/log/cosignatures": "takes the signatures of witnesses",
    "/log/key": "a key for programs",
    "/log/verify_receipt.py": "a program",
    "/log/tile/<level>/<place>": "hashes for programs",
}
