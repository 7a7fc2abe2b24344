"""Hands on the keyboard only: Tab, Enter, Space, arrows and letters. Whatever has the focus can be seen."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

FURTHEST = 120
# Why the reader does not see where the focus is; nothing where it is seen. A control drawn by its label counts with it.
HIDDEN = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "nothing has the focus";
  const name = here.outerHTML.slice(0, 120);
  const box = here.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) return `no size: ${name}`;
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(
    ([x, y]) => [box.left + x * box.width, box.top + y * box.height],
  );
  const there = points.filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
  if (there.length === 0) return `outside the window: ${name}`;
  const seen = there.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (here.contains(top) || top.contains(here) || top.closest("label")?.control === here);
  });
  if (!seen) return `covered: ${name}`;
  const style = getComputedStyle(here);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return ringed ? "" : `no ring: ${name}`;
}"""


@dataclass
class Keyboard:
    """The keys of a page; every step checks that the focus can be seen."""

    page: Page

    def tab(self) -> None:
        """One step on."""
        self.page.keyboard.press("Tab")
        hidden = self.page.evaluate(HIDDEN)
        assert not hidden, hidden

    def to(self, target: Locator) -> None:
        """Step on until the target has the focus."""
        for _step in range(FURTHEST):
            if target.evaluate("(element) => element === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"Tab does not come to {target} within {FURTHEST} steps")

    def press(self, target: Locator, key: str = "Enter") -> None:
        """Step to the target and press a key there."""
        self.to(target)
        self.page.keyboard.press(key)

    def go(self, target: Locator, key: str = "Enter") -> None:
        """The same, and wait for the page that comes."""
        self.to(target)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def write(self, target: Locator, words: str) -> None:
        """Step to a field and write into it."""
        self.to(target)
        self.page.keyboard.type(words)

    def choose(self, menu: Locator, value: str) -> None:
        """Step to a drop-down list and go down to the choice."""
        self.to(menu)
        for _step in range(FURTHEST):
            if menu.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} is no choice of {menu}")
