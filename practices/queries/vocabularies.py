"""Concepts elsewhere: what to call the vocabulary to which an address belongs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import gettext as _, gettext_noop

from practices.models import Concept

# By how an address goes on after http:// or https://. EuroVoc and Wikidata are called so in every language.
VOCABULARIES = {
    "eurovoc.europa.eu/": "EuroVoc",
    "id.loc.gov/authorities/subjects/": gettext_noop("Library of Congress subject headings"),
    "vocabularies.unesco.org/thesaurus/": gettext_noop("UNESCO Thesaurus"),
    "www.wikidata.org/entity/": "Wikidata",
}


@dataclass(frozen=True)
class Elsewhere:
    """A concept in another vocabulary. code: what it is called there; same: whether it means exactly the same."""

    vocabulary: str
    code: str
    url: str
    same: bool


def elsewhere(concept: Concept) -> Iterator[Elsewhere]:
    """Where else the concept is, the same ones first. A vocabulary we have no name for is named by its host."""
    for matches, same in ((concept.exact_match, True), (concept.close_match, False)):
        for url in matches:
            vocabulary, code = _named(url)
            yield Elsewhere(vocabulary, code, url, same)


def _named(url: str) -> tuple[str, str]:
    address = url.split("://", 1)[1]
    for start, name in VOCABULARIES.items():
        if address.startswith(start) and address != start:
            return _(name), address.removeprefix(start)
    return urlsplit(url).hostname or address, ""
