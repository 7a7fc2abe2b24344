"""A search as an Atom feed.

An entry is a practice: its id is that of the record whatever becomes of its address, its author the city that wrote it,
its text in the reader's language or honestly in the one it was written in.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.urls import reverse
from django.utils.translation import gettext as _

from network import atom
from network.frame.links import in_language
from practices.enums import Licence
from practices.queries.exports import ExportRow


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
        return max((row.updated_at for row in self.rows), default=atom.NEVER)


def as_atom(feed: Feed, origin: str) -> bytes:
    """The document, in the active language; `origin` is the portal's address."""
    title = " · ".join([_("Good practices"), *feed.words])
    own, shown = origin + reverse("practices:feed"), origin + reverse("practices:list")
    head = atom.Head(title, feed.language, feed.updated, own, shown, feed.query, feed.page, feed.last)
    root = atom.begun(head, origin)
    for row in feed.rows:
        _entry(root, row, feed.language, origin)
    return atom.written(root)


def _entry(root: Element, row: ExportRow, language: str, origin: str) -> None:
    entry = atom.text(root, "entry")
    entry.set(atom.LANG, row.language)
    atom.text(entry, "id", row.uuid.urn)
    atom.text(entry, "title", row.title)
    atom.text(entry, "published", row.published_at.isoformat())
    atom.text(entry, "updated", row.updated_at.isoformat())
    author = atom.text(entry, "author")
    # The name of a city stands in the reader's language, whatever the language of the text.
    atom.text(author, "name", row.city).set(atom.LANG, language)
    atom.text(author, "uri", origin + reverse("portal:city", args=[row.city_slug]))
    path = reverse("practices:detail", args=[row.slug])
    # The first is where the reader goes: that page speaks their language around the text.
    atom.link(entry, "alternate", origin + path, atom.HTML, row.language)
    for code in row.languages:
        if code != row.language:
            atom.link(entry, "alternate", origin + in_language(path, code), atom.HTML, code)
    sheet = origin + reverse("practices:sheet", args=[row.slug])
    atom.link(entry, "related", sheet, atom.PDF, row.language, _("Fact sheet (PDF)"))
    for code, label in row.themes:
        category = atom.text(entry, "category", term=code, label=label, scheme=f"{origin}/practices/themes/")
        category.set(atom.LANG, language)
    if row.demo:
        told = _("Demonstration: it did not happen")
        atom.text(entry, "category", term="demonstration", label=told).set(atom.LANG, language)
    if row.licence:
        atom.text(entry, "rights", str(Licence(row.licence).label)).set(atom.LANG, language)
    atom.text(entry, "summary", "\n\n".join(filter(None, (row.strapline, row.summary))))
