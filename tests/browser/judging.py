"""What every page must hold: nothing that axe-core finds against WCAG 2.2 AA, and no sideways scroll on a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
# `target-size` is written for 2.2 AA but rests unless it is called.
OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "elementRef": False,
}
VIOLATIONS = """async (options) => (await axe.run(document, options)).violations.map(
  (rule) => `${rule.id}: ` + rule.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} [${node.failureSummary}]`).join(" | ")
)"""
# Besides the number: who sticks out, so that a failure can be mended without guessing.
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= innerWidth) return "";
  const inside = (element) => element.closest(".table-scroll, .map__frame, [hidden]");
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && (box.right > innerWidth + 1 || box.left < -1) && !inside(element);
  });
  return `${root.scrollWidth} px wide: ` + wide.slice(-3).map((element) => element.outerHTML.slice(0, 120)).join(" | ");
}"""
WIDTHS = ((1280, 900), (390, 844))
NARROWEST = (320, 640)


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page another window."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def settle(page: Page) -> bool:
    """Wait until a map is drawn; whether there is one."""
    there = page.locator("[data-map]").count() > 0
    if there:
        page.wait_for_selector("html[data-map-ready='1']", state="attached")
    return there


def violations(page: Page, **more: Any) -> list[str]:
    """What axe-core finds on the page as it stands; `more` goes into its options."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    return page.evaluate(VIOLATIONS, {**OPTIONS, **more})


def faults(page: Page, widths: tuple[tuple[int, int], ...] = WIDTHS) -> list[str]:
    """Everything wrong with the page at these widths, and whether it scrolls sideways at the narrowest."""
    found, mapped = [], settle(page)
    for size in widths:
        resize(page, size)
        if mapped and size != widths[0]:
            # A map looks for the best view of its points as it is loaded, and it was loaded at the first width.
            page.reload()
            settle(page)
        found += [f"{size[0]} px: {text}" for text in violations(page)]
    resize(page, NARROWEST)
    if wide := page.evaluate(SIDEWAYS):
        found.append(f"scrolls sideways at {NARROWEST[0]} px, {wide}")
    resize(page, WIDTHS[0])
    return found
