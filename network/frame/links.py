"""Addresses of this page: with other parameters, and in the other languages; names under which files are handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from network.languages import CODES, CORE, LANGUAGES

# The main ways through the house. The addresses are kept for ever, so the frame may know them without asking upwards.
PLACES = ("practices", "cities", "networks", "funds", "desk")


def place_of(path: str) -> str:
    """The main place a path stands in (`practices` of /el/practices/x/), or nothing."""
    steps = path.strip("/").split("/")
    return steps[1] if len(steps) > 1 and steps[0] in LANGUAGES and steps[1] in PLACES else ""


def in_language(path: str, code: str) -> str:
    """The same address under another language prefix; the language's home page for an address without a prefix.

    Only the prefix differs between languages (slugs are not translated), so this needs no look at the URL table.
    """
    start, _, rest = path.lstrip("/").partition("/")
    return f"/{code}/{rest}" if start.partition("?")[0] in LANGUAGES else f"/{code}/"


def language_links(request: HttpRequest, available: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """What the switcher lists: this page in each language, with path and parameters kept.

    `available` narrows the list to the languages in which the page's content exists (a view passes the result on as
    `language_links`); the reader's own language always stays, but `offered` says whether it is one of them. `complete`
    tells whether the interface is wholly translated.
    """
    here = get_language() or "en"
    available = None if available is None else set(available)
    wanted = set(CODES if available is None else available) | {here}
    path = request.get_full_path()
    return [
        {
            "code": code,
            "name": language.native_name,
            "direction": language.direction,
            "url": in_language(path, code),
            "current": code == here,
            "offered": available is None or code in available,
            "complete": code in CORE,
        }
        for code, language in LANGUAGES.items()
        if code in wanted
    ]


def _changed(query: QueryDict, changes: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, values in query.lists():
        if key not in changes:
            yield from ((key, value) for value in values)
    for key, value in changes.items():
        if value is not None and value != "":
            yield from ((key, str(one)) for one in (value if isinstance(value, list | tuple) else [value]))


def query_with(query: QueryDict, changes: dict[str, Any]) -> str:
    """`?a=1&b=2` of the query with changes; None or nothing takes a parameter out. A lone `?` where none is left,

    because an empty `href` would keep the present ones. Leaving a page of results (`page`) is implied by any change.
    """
    if "page" not in changes:
        changes = {**changes, "page": None}
    return "?" + urlencode(list(_changed(query, changes)))


def query_without(query: QueryDict, key: str, value: Any) -> str:
    """The query without one value of a parameter that may come several times, for the cross on a chip."""
    return query_with(query, {key: [one for one in query.getlist(key) if one != str(value)]})


def disposition(name: str, plain: str) -> str:
    """`inline` under that name (RFC 6266): in its own script for browsers of today, in ASCII for all others."""
    simple = name if name.isascii() else plain
    return f"inline; filename=\"{simple}\"; filename*=UTF-8''{quote(name, safe='')}"
