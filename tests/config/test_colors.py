"""The tokens of the style sheet: contrast by the formula of WCAG 2.2, in light and in dark."""

import re
from itertools import product

import pytest
from django.conf import settings

SHEET = (settings.BASE_DIR / "static/css/redress.css").read_text()
TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b")


def tokens(selector: str) -> dict[str, str]:
    """Return the colors that a rule sets; the first rule with this selector."""
    body = SHEET[SHEET.index(f"{selector} {{") :]
    return dict(TOKEN.findall(body[: body.index("}")]))


LIGHT = tokens(":root")
DARK = LIGHT | tokens(':root[data-theme="dark"]')
SCHEMES = {"light": LIGHT, "dark": DARK}
GROUNDS = ["paper", "surface", "sunken"]
WASHES = ["good", "warn", "bad", "info"]

TEXT = [
    *product(["ink", "ink-soft", "accent", "accent-deep", *WASHES], ["paper", "surface"]),
    ("ink", "sunken"), ("ink-soft", "sunken"), ("accent", "sunken"), ("bad", "sunken"),
    *((ink, "accent-wash") for ink in ("ink", "ink-soft", "accent", "accent-deep")),
    *((color, f"{color}-wash") for color in WASHES), *(("ink", f"{color}-wash") for color in WASHES),
    *(("ink-soft", f"{color}-wash") for color in WASHES), *(("accent", f"{color}-wash") for color in WASHES),
    ("on-accent", "accent"), ("on-accent", "accent-deep"), ("ink", "mark"), ("paper", "ink"),
    ("on-band", "band"), ("band-soft", "band"), ("on-band", "band-line"), ("band", "on-band"), ("band", "band-thread"),
]  # fmt: skip
PARTS = [
    *product(["edge", "focus"], GROUNDS),
    *product(["focus"], ["accent-wash", "good-wash", "warn-wash", "bad-wash", "info-wash"]),
    *product(["c1", "c2", "c3", "c4"], ["surface"]),
    *product(["accent", "c2"], ["paper", "surface"]),
    ("band-thread", "band"),
]


def luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_known_ends():
    assert contrast("#000", "#ffffff") == 21
    assert round(contrast("#777777", "#fff"), 2) == 4.48


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme, ink, ground):
    assert contrast(SCHEMES[scheme][ink], SCHEMES[scheme][ground]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_edges_marks_and_focus_can_be_seen(scheme, part, ground):
    assert contrast(SCHEMES[scheme][part], SCHEMES[scheme][ground]) >= 3


def test_chosen_dark_and_the_devices_dark_are_the_same():
    assert tokens(':root:not([data-theme="light"])') == tokens(':root[data-theme="dark"]')


def test_no_color_stands_outside_the_tokens():
    parts = SHEET[SHEET.index("@layer parts {") : SHEET.index("@layer adapt {")]
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", parts)) <= {"#000", "#fff"}, "masks, and the white a QR code needs"


def test_print_is_light_from_any_scheme():
    paper = SHEET[SHEET.index("@media print") :]
    rule = re.search(r":root, (.*?) \{(.*?)\}", paper, re.DOTALL)
    assert rule[1] == ':root:not([data-theme="light"]), :root[data-theme="dark"]'
    printed = dict(TOKEN.findall(rule[2]))
    assert printed["paper"] == "#fff"
    assert contrast(printed["ink"], printed["paper"]) == 21
    assert contrast(printed["ink-soft"], printed["paper"]) >= 7
