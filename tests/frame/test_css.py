"""The style sheets hold what identity.md and experience.md promise: logical, short, light, and readable in both themes."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from network.frame.bundles import BUNDLES, OWN

CSS = Path(settings.BASE_DIR) / "static" / "css"
SHEETS = sorted(CSS.glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SIDE = r"(?:left|right)"
PHYSICAL = re.compile(
    rf"""(?:^|[;{{\s])(
        (?:margin|padding|border|scroll-margin|scroll-padding)-{SIDE}[\w-]*\s*:
      | (?:margin|padding|border|scroll-margin|scroll-padding|inset)-(?:top|bottom)[\w-]*\s*:
      | (?:left|right|top|bottom)\s*:
      | border-(?:top|bottom)-{SIDE}-radius\s*:
      | (?:text-align|float|clear|caption-side)\s*:\s*{SIDE}
      | (?:min-|max-)?(?:width|height)\s*:
    )""",
    re.VERBOSE | re.MULTILINE,
)
# What must be physical, with the reason: nothing yet.
ALLOWED: set[tuple[str, str]] = set()


def physical_in(text: str) -> list[str]:
    """The physical properties in a style sheet, media queries aside: a viewport has no writing direction."""
    text = re.sub(r"@media[^{]*", "@media ", COMMENT.sub("", text))
    return [found.group(1).strip() for found in PHYSICAL.finditer(text)]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_style_sheet_names_no_physical_side(sheet: Path):
    found = {(sheet.name, one) for one in physical_in(sheet.read_text(encoding="utf-8"))}
    assert found <= ALLOWED


@pytest.mark.parametrize(
    "bad",
    ["a{margin-left:1px}", "a { left: 0 }", "a{text-align: left}", "a{float:right}", "a{padding-right:0}", "a{border-left-color:red}", "a{\n  width: 3px;\n}", "a{clear: left}"],
)  # fmt: skip
def test_the_lint_refuses_a_physical_side(bad: str):
    assert physical_in(bad)


@pytest.mark.parametrize(
    "good", ["a{margin-inline-start:1px}", "a{text-align:start}", "@media (min-width: 900px) {a{inline-size:1px}}"]
)
def test_the_lint_lets_logical_sides_pass(good: str):
    assert physical_in(good) == []


def test_every_style_sheet_is_short_and_served():
    joined = {part for parts in BUNDLES.values() for part in parts}
    assert len(SHEETS) >= 9
    for sheet in SHEETS:
        assert sheet.read_text(encoding="utf-8").count("\n") < 400, sheet.name
        assert f"css/{sheet.name}" in joined | {"css/gallery.css", "css/admin.css"}, f"{sheet.name} is in no bundle"


@pytest.mark.parametrize(
    ("bundle", "budget"), [("css/koine.css", 25_000), ("css/koine.rtl.css", 25_000), ("css/koine-map.css", 6_000)]
)
def test_a_style_sheet_keeps_its_budget(bundle: str, budget: int):
    """Budgets of 25 kB are meant for brotli; gzip is larger, so it is the stricter measure."""
    path = finders.find(bundle)
    assert path, f"{bundle} was not joined"
    assert len(gzip.compress(Path(path).read_bytes())) <= budget


def test_the_scripts_of_an_ordinary_page_keep_their_budget():
    together = b"".join(Path(finders.find(name)).read_bytes() for name in ("js/koine.js", "django_htmx/htmx-2.min.js"))
    assert len(gzip.compress(together)) <= 30_000


def test_right_to_left_uses_the_mirrored_bootstrap():
    assert any(".rtl." in part for part in BUNDLES["css/koine.rtl.css"])
    assert not any(".rtl." in part for part in BUNDLES["css/koine.css"])
    assert BUNDLES["css/koine.rtl.css"][-len(OWN) :] == BUNDLES["css/koine.css"][-len(OWN) :]


# --- contrast ---------------------------------------------------------------------------------------------------------


def palette(opening: str) -> dict[str, str]:
    """The colours of one block of tokens.css, by name."""
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    block = text[text.index(opening) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block[: block.index("}")]))


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


THEMES = {"light": ':root,\n[data-theme="light"]', "dark": '\n[data-theme="dark"]'}
TEXT = [
    *[(text, ground) for text in ("ink", "ink-soft", "civic", "accent", "stop", "good") for ground in ("ground", "surface", "ground-deep")],
    ("ink-faint", "ground"), ("on-civic", "civic"), ("on-accent", "accent"), ("on-header", "header"), ("on-header-soft", "header"),
    ("on-header", "header-deep"), ("ink", "highlight"), ("civic", "civic-wash"), ("ink", "civic-wash"), ("ink-soft", "civic-wash"),
    *[(colour, f"{colour}-wash") for colour in ("good", "watch", "stop", "plum", "accent")],
    *[("ink", f"{colour}-wash") for colour in ("good", "watch", "stop", "plum")],
]  # fmt: skip
SHAPES = [
    ("field-line", "surface"),
    ("field-line", "ground"),
    ("civic", "ground"),
    ("mark-gate", "header"),
    ("accent", "land"),
    ("accent", "sea"),
]


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read_on_its_ground(theme: str):
    colours = palette(THEMES[theme])
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_shapes_stand_out_from_their_ground(theme: str):
    colours = palette(THEMES[theme])
    weak = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_the_dark_of_the_system_and_of_the_attribute_are_the_same():
    by_system = palette(":root:not([data-theme])")
    assert by_system == palette(THEMES["dark"])
    assert by_system.keys() == palette(THEMES["light"]).keys()
