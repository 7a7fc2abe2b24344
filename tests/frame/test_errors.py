"""Pages for when something is wrong: calm, translated, and whole even where nothing else works."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation

PLAIN = ["400.html", "413.html", "500.html", "503.html"]
FRAMED = ["403.html", "403_csrf.html", "404.html", "429.html"]


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_a_plain_error_needs_no_request_and_no_variables(name: str, code: str, direction: str):
    with translation.override(code):
        page = render_to_string(name)
    assert f'<html lang="{code}" dir="{direction}">' in page
    assert "<h1>" in page
    assert 'href="/"' in page


@pytest.mark.parametrize("name", FRAMED)
def test_a_framed_error_says_what_to_do_next(name: str, rf):
    page = render_to_string(name, {"exception": ""}, rf.get("/en/x/"))
    assert page.count("<h1>") == 1
    assert "/en/" in page.partition("<main")[2].partition("</main>")[0]


def test_a_refusal_tells_its_reason(rf):
    page = render_to_string("403.html", {"exception": "Only members see the minutes."}, rf.get("/en/x/"))
    assert "Only members see the minutes." in page
