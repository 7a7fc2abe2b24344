"""Somebody who writes a practice in the browser: its sections, fields, rows, and what is pasted into them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from cities.models import City
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import User
from practices.domain import NewRecord, start_practice
from practices.models import Concept, Practice, PracticeVersion, VersionSection
from tests.browser.reader import Reader
from tests.people.signing import person
from tests.permissions.cast import ROLES

_numbers = itertools.count(1)
# Puts both forms of a copied text on the clipboard of a paste into what has the focus.
PASTE = """([html, text]) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", text);
  const pasted = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  return document.activeElement.dispatchEvent(pasted);
}"""


def malmo() -> City:
    """The city that the demonstration's Åsa writes for."""
    return City.objects.get(slug="malmo")


def colleague(name: str) -> User:
    """Another officer of Malmö."""
    user = person(f"{name.lower()}{next(_numbers)}@malmo.example", name)
    operator = User.objects.get(email=ROLES["operator"])
    grant_role(user, RoleKind.CITY_OFFICER, malmo().uuid, reason="Named by the city.", by=operator)
    return user


def begun(language: str = "sv", title: str = "Broar") -> PracticeVersion:
    """A record of Malmö that is begun."""
    by = User.objects.get(email=ROLES["malmo"])
    return start_practice(NewRecord(malmo(), language, title), by=by)


def theme() -> str:
    """The code of a theme that can be chosen."""
    return Concept.objects.filter(kind="theme", archived_at=None).order_by("pk").first().code


@dataclass
class Writer:
    """A reader who writes the practice in this version."""

    reader: Reader
    practice: Practice

    def opens(self, section: str) -> None:
        """Go to a section."""
        self.reader.open("practices:record_section", slug=self.practice.slug, section=section)

    def field(self, key: str) -> Locator:
        """A field of the section that is open."""
        return self.reader.page.locator(f"#id_f-{key}")

    def choice(self, key: str, value: str, within: Locator | None = None) -> Locator:
        """A choice to press, of the section or of a row."""
        return (within or self.reader.page).locator(f'input[name$="-{key}"][value="{value}"]')

    @property
    def rows(self) -> Locator:
        """The rows of the section that is open."""
        return self.reader.page.locator("fieldset.record-row")

    @property
    def state(self) -> Locator:
        """What the page says of its being saved."""
        return self.reader.page.locator("[data-saved]")

    def is_saved(self) -> None:
        """It says that everything is."""
        expect(self.state).to_have_attribute("data-state", "saved")

    def is_not_saved(self, text: str) -> None:
        """It says honestly that it is not, and why."""
        expect(self.state).to_have_attribute("data-state", "failed")
        expect(self.state).to_have_text(self.reader.says(text))

    def act(self, verb: str, within: Locator | None = None) -> None:
        """Press a button of the rows and wait for the page that comes."""
        with self.reader.page.expect_navigation():
            (within or self.reader.main).locator(f'button[name="act"][value^="{verb}"]').click()

    def pastes(self, into: Locator, markup: str, plain: str) -> None:
        """Paste what another program copied."""
        into.focus()
        assert self.reader.page.evaluate(PASTE, [markup, plain]) is False

    def stored(self, section: str) -> dict[str, Any]:
        """What the server keeps of a section."""
        return VersionSection.objects.get(version__practice=self.practice, section=section).data
