"""What stands around every page, drawn in Python or kept: the frame is a quarter of a simple page's cost.

What is the same on every page of a language is drawn by its template once; what differs by address alone are short lists.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Library
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

HERE = ' aria-current="true"'


def language_list(links: Iterable[dict[str, Any]]) -> SafeString:
    """The items of the language switcher; links: as `frame.links.language_links` makes them."""
    return mark_safe(
        "".join(
            f'<li><a href="{escape(link["url"])}" lang="{link["code"]}" hreflang="{link["code"]}"'
            f"{HERE if link['current'] else ''}>{link['name']}</a></li>"
            for link in links
        )
    )


def alternates(links: Iterable[dict[str, Any]]) -> SafeString:
    """For the head: the same page in the languages in which it is offered."""
    return mark_safe(
        "\n".join(
            f'<link rel="alternate" hreflang="{link["code"]}" href="{escape(settings.KOINE_BASE_URL + link["url"])}">'
            for link in links
            if link["offered"]
        )
    )


def page_footer() -> SafeString:
    """The foot of every page, `templates/frame/footer.html`: the same for everybody who reads the language."""
    return _footer(get_language() or "en", settings.ROOT_URLCONF, settings.KOINE_DEVELOPMENT)


@lru_cache(maxsize=64)
def _footer(language: str, routes: str, developing: bool) -> SafeString:
    # Kept by all that it depends on: the address of each link belongs to a language and a table of routes.
    return render_to_string("frame/footer.html", {"developing": developing})


def register_all(library: Library) -> None:
    """Make each a tag of `library`."""
    for piece in (language_list, alternates, page_footer):
        library.simple_tag(piece)
