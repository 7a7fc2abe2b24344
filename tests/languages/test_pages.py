"""Every page in every core language: the right direction, and no English where none should be."""

from __future__ import annotations

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from network.languages import CORE, direction
from tests.languages.leaks import Page
from tests.permissions.cast import browser_of, things
from tests.permissions.table import TABLE

# Roles that between them open every page of the table.
ROLES = ("visitor", "applicant", "stranger", "athens", "operator")
PROGRAMS = (
    "api:",
    "scheme:",
    "mail_bounces",
    "healthz",
    "readyz",
    "robots",
    "sitemap_",
    "portal:city_points",
    "membership:network_csv",
    "people:export",
    "grants:download",
    "people:document",
    "publication_pdf",
    "mfa_download",
)


def translations(code: str) -> dict[str, str]:
    """English -> that language, plain messages only."""
    po = polib.pofile(str(settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in po if entry.msgstr and not entry.msgid_plural}


@pytest.mark.parametrize("code", CORE)
def test_pages_speak_one_language(loaded, db, settings, code):
    settings.KOINE_DEMO = True
    named, known, seen, wrong = things(), ({} if code == "en" else translations(code)), set(), {}
    for role in ROLES:
        browser = browser_of(role)
        for route, (thing, _, _) in TABLE.items():
            if route in seen or route.startswith(PROGRAMS):
                continue
            with translation.override(code):
                address = reverse(route, kwargs=named[thing])
            response = browser.get(address)
            if response.status_code in {302, 405} or not response.get("Content-Type", "").startswith("text/html"):
                continue
            seen.add(route)
            page = Page(response.content.decode())
            if (page.language, page.direction) != (code, direction(code)):
                wrong[f"{role} {address}"] = [page.language, page.direction]
            elif code != "en" and (leaks := page.english(known)):
                wrong[f"{role} {address}"] = leaks
    assert len(seen) > 60, "too few pages were opened to say anything"
    assert wrong == {}
