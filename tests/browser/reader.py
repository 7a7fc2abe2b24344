"""Somebody at a browser: reads a language, knows the words on buttons, and notices what the browser complains about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, Locator, Page, Response, expect

from network.frame.names import language_name
from network.languages import direction
from network.people.models import User
from tests.people.signing import sign_in
from tests.permissions.cast import ROLES

# A server under load needs more than Playwright's five seconds; nothing here measures how long something took.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Reader:
    """One person in one browser context. `code`: the language they read."""

    context: BrowserContext
    page: Page
    url: str
    code: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))

    def _said(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} at {message.location.get('url', '')} on {self.page.url}")

    def expects(self, words: str) -> None:
        """From now on the browser may complain of this: the test causes it."""
        self.forgiven.append(words)

    def unforgiven(self) -> list[str]:
        """Violations of the content security policy, errors of scripts and failed requests that no test asked for."""
        return [text for text in self.complaints if not any(words in text for words in self.forgiven)]

    # --- words -----------------------------------------------------------------------------------------------------

    def says(self, text: str, **values: Any) -> str:
        """A text of the interface in the reader's language."""
        with translation.override(self.code):
            found = translation.gettext(text)
        return found % values if values else found

    def told(self, texts: dict[str, str]) -> str:
        """The reader's version of a text that people wrote in several languages."""
        return texts.get(self.code) or texts["en"]

    # --- going about ---------------------------------------------------------------------------------------------------

    def address(self, route: str, **kwargs: Any) -> str:
        """The full address of a page in the reader's language."""
        with translation.override(self.code):
            return self.url + reverse(route, kwargs=kwargs)

    def open(self, route: str, **kwargs: Any) -> Response | None:
        """Go to a page by its route."""
        return self.page.goto(self.address(route, **kwargs))

    def button(self, text: str, within: Locator | None = None, **values: Any) -> Locator:
        """The button with these words."""
        return (within or self.page).get_by_role("button", name=self.says(text, **values), exact=True)

    def link(self, text: str, within: Locator | None = None) -> Locator:
        """The link with these words."""
        return (within or self.page).get_by_role("link", name=self.says(text), exact=True)

    def field(self, text: str) -> Locator:
        """The control with this label, in the page's main part."""
        return self.main.get_by_label(self.says(text), exact=True)

    def tick(self, filter_name: str, value: str) -> None:
        """Tick a choice of a filter, which may have to be opened first."""
        box = self.page.locator(f"#f-{filter_name}-{value}")
        if not box.is_visible():
            self.page.locator("#filters-form details").filter(has=box).locator("summary").click()
        box.check()

    @contextmanager
    def results_anew(self) -> Iterator[None]:
        """Do what asks for other results, then wait until htmx has put them in place: the address changes before they do."""
        self.page.locator("#results").evaluate("(results) => { results.dataset.old = '' }")
        yield
        expect(self.page.locator("#results")).not_to_have_attribute("data-old", "")

    def press(self, text: str, **values: Any) -> None:
        """Press a button of the main part and wait for the page that comes."""
        with self.page.expect_navigation():
            self.button(text, self.main, **values).click()

    def follow(self, text: str) -> None:
        """Follow a link of the main part."""
        with self.page.expect_navigation():
            self.link(text, self.main).first.click()

    @property
    def main(self) -> Locator:
        """The page's main part."""
        return self.page.locator("main")

    @property
    def heading(self) -> Locator:
        """The page's one h1."""
        return self.page.locator("h1")

    def sees_heading(self, text: str, **values: Any) -> None:
        """The page is the one with this heading, in the reader's language and direction."""
        expect(self.heading).to_have_text(self.says(text, **values))
        expect(self.page.locator("html")).to_have_attribute("lang", self.code)

    def sees_text_in(self, code: str, line: str, **languages: str) -> None:
        """The practice is shown in that language, its title marked so, and the language line says this.

        `languages` fill the line with names of languages, from their codes.
        """
        title = self.page.locator("article h1")
        expect(title).to_have_attribute("lang", code)
        expect(title).to_have_attribute("dir", direction(code))
        with translation.override(self.code):
            names = {key: language_name(value) for key, value in languages.items()}
        expect(self.page.locator(".language-line > p")).to_contain_text(self.says(line, **names))

    # --- signing in ----------------------------------------------------------------------------------------------------

    def is_signed_in(self, who: str | User) -> None:
        """Carry a session of that role (`tests.permissions.cast`) or person, with a second factor, as if from before."""
        user = User.objects.get(email=ROLES[who]) if isinstance(who, str) else who
        name = settings.SESSION_COOKIE_NAME
        cookie = sign_in(Client(), user).cookies[name]
        self.context.add_cookies([{"name": name, "value": cookie.value, "url": self.url}])

    def speaks_in_admin(self) -> None:
        """The admin's addresses carry no language: it reads the cookie that the portal's switch leaves."""
        self.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": self.code, "url": self.url}])

    def signs_in(self, email: str, password: str, code_of: Callable[[], str] | None = None) -> None:
        """Go through the sign-in page, and through the second step where `code_of` gives the app's code."""
        self.fill("E-mail address", email)
        self.fill("Password", password)
        self.press("Sign in")
        if code_of is not None:
            self.sees_heading("Second step of sign-in")
            self.page.locator("#id_code").fill(code_of())
            self.press("Sign in")

    def fill(self, label: str, value: str) -> None:
        """Write into the field with this label."""
        self.field(label).fill(value)
