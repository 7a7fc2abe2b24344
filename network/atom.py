"""Atom feeds (RFC 4287), in pages (RFC 5005, section 3): the elements that every feed of the portal has."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from network.sheets import NOT_XML

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HTML, PDF, FEED = "text/html", "application/pdf", "application/atom+xml"
# When a feed that never held anything was changed last.
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Head:
    """What a feed says of itself. own: its address without a page; shown: the page with the same for readers; query: of both."""

    title: str
    language: str
    updated: datetime.datetime
    own: str
    shown: str
    query: str = ""
    page: int = 1
    last: int = 1


def begun(head: Head, origin: str) -> Element:
    """A feed with its head; entries are added to it. `origin` is the portal's address."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed", {LANG: head.language})
    text(root, "id", uuid.uuid5(uuid.NAMESPACE_URL, address(head.own, head.query, 1)).urn)
    text(root, "title", head.title)
    text(root, "updated", head.updated.isoformat())
    author = text(root, "author")
    text(author, "name", "Koine")
    text(author, "uri", origin + "/")
    text(root, "generator", "Koine", uri=origin + "/")
    link(root, "self", address(head.own, head.query, head.page), FEED)
    link(root, "alternate", address(head.shown, head.query, 1), HTML, head.language)
    near = {"first": 1, "previous": head.page - 1, "next": head.page + 1, "last": head.last}
    for relation, page in near.items():
        if 1 <= page <= head.last and head.last > 1:
            link(root, relation, address(head.own, head.query, page), FEED)
    return root


def written(root: Element) -> bytes:
    """The document."""
    return tostring(root, encoding="utf-8", xml_declaration=True)


def text(parent: Element, name: str, words: str = "", **attributes: str) -> Element:
    """An element with its text; what XML can't hold is left out."""
    element = SubElement(parent, f"{{{ATOM}}}{name}", _clean(attributes))
    element.text = NOT_XML.sub("", words) or None
    return element


def link(parent: Element, relation: str, href: str, kind: str, language: str = "", title: str = "") -> None:
    """A link of the feed or of an entry."""
    named = {"rel": relation, "type": kind, "hreflang": language, "title": title, "href": href}
    text(parent, "link", **{name: value for name, value in named.items() if value})


def address(start: str, query: str, page: int) -> str:
    """The address of a page; the first has no number."""
    parts = [query] if query else []
    if page > 1:
        parts.append(urlencode({"page": page}))
    return f"{start}?{'&'.join(parts)}" if parts else start


def _clean(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: NOT_XML.sub("", value) for name, value in attributes.items()}
