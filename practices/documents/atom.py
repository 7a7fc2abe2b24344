"""A search as an Atom feed (RFC 4287), in pages (RFC 5005, section 3).

An entry is a practice: its id is that of the record whatever becomes of its address, its author the city that wrote it,
its text in the reader's language or honestly in the one it was written in.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from django.urls import reverse
from django.utils.translation import gettext as _

from network.frame.links import in_language
from network.sheets import NOT_XML
from practices.enums import Licence
from practices.queries.exports import ExportRow

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HTML, PDF, FEED = "text/html", "application/pdf", "application/atom+xml"
# When a feed that never held anything was changed last.
NEVER = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Feed:
    """A page of a feed. query: the canonical query string of its search; words: that search in words, in `language`."""

    rows: list[ExportRow]
    language: str
    query: str
    words: tuple[str, ...]
    page: int = 1
    last: int = 1

    @property
    def updated(self) -> datetime.datetime:
        """When anything on this page was changed last."""
        return max((row.updated_at for row in self.rows), default=NEVER)


def as_atom(feed: Feed, origin: str) -> bytes:
    """The document, in the active language; `origin` is the portal's address."""
    register_namespace("", ATOM)
    root = Element(f"{{{ATOM}}}feed", {LANG: feed.language})
    own = origin + reverse("practices:feed")
    _text(root, "id", uuid.uuid5(uuid.NAMESPACE_URL, _address(own, feed.query, 1)).urn)
    _text(root, "title", " · ".join([_("Good practices"), *feed.words]))
    _text(root, "updated", feed.updated.isoformat())
    author = _text(root, "author")
    _text(author, "name", "Koine")
    _text(author, "uri", origin + "/")
    _text(root, "generator", "Koine", uri=origin + "/")
    _link(root, "self", _address(own, feed.query, feed.page), FEED)
    _link(root, "alternate", _address(origin + reverse("practices:list"), feed.query, 1), HTML, feed.language)
    near = {"first": 1, "previous": feed.page - 1, "next": feed.page + 1, "last": feed.last}
    for relation, page in near.items():
        if 1 <= page <= feed.last and feed.last > 1:
            _link(root, relation, _address(own, feed.query, page), FEED)
    for row in feed.rows:
        _entry(root, row, feed.language, origin)
    return tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: Element, row: ExportRow, language: str, origin: str) -> None:
    entry = _text(root, "entry")
    entry.set(LANG, row.language)
    _text(entry, "id", row.uuid.urn)
    _text(entry, "title", row.title)
    _text(entry, "published", row.published_at.isoformat())
    _text(entry, "updated", row.updated_at.isoformat())
    author = _text(entry, "author")
    # The name of a city stands in the reader's language, whatever the language of the text.
    _text(author, "name", row.city).set(LANG, language)
    _text(author, "uri", origin + reverse("portal:city", args=[row.city_slug]))
    path = reverse("practices:detail", args=[row.slug])
    # The first is where the reader goes: that page speaks their language around the text.
    _link(entry, "alternate", origin + path, HTML, row.language)
    for code in row.languages:
        if code != row.language:
            _link(entry, "alternate", origin + in_language(path, code), HTML, code)
    _link(
        entry, "related", origin + reverse("practices:sheet", args=[row.slug]), PDF, row.language, _("Fact sheet (PDF)")
    )
    for code, label in row.themes:
        _text(entry, "category", term=code, label=label, scheme=f"{origin}/practices/themes/").set(LANG, language)
    if row.demo:
        _text(entry, "category", term="demonstration", label=_("Demonstration: it did not happen")).set(LANG, language)
    if row.licence:
        _text(entry, "rights", str(Licence(row.licence).label)).set(LANG, language)
    _text(entry, "summary", "\n\n".join(filter(None, (row.strapline, row.summary))))


def _text(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    element = SubElement(parent, f"{{{ATOM}}}{name}", _written(attributes))
    element.text = NOT_XML.sub("", text) or None
    return element


def _link(parent: Element, relation: str, address: str, kind: str, language: str = "", title: str = "") -> None:
    named = {"rel": relation, "type": kind, "hreflang": language, "title": title, "href": address}
    _text(parent, "link", **{name: value for name, value in named.items() if value})


def _written(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: NOT_XML.sub("", value) for name, value in attributes.items()}


def _address(start: str, query: str, page: int) -> str:
    """The address of a page of the search; the first has no number."""
    parts = [query] if query else []
    if page > 1:
        parts.append(urlencode({"page": page}))
    return f"{start}?{'&'.join(parts)}" if parts else start
