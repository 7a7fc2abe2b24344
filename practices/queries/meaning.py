"""Which concepts a query names, in the words of any language."""

from __future__ import annotations

from dataclasses import replace

from practices.queries.matching import Meant, Query
from practices.queries.scheme import Scheme


def understood(query: Query, scheme: Scheme, code: str) -> Query:
    """The query with the concepts that its words name.

    Labels are looked for word for word, the longest first, none inside another. Where the same words name something
    in the language of the reader (`code`), that is what is meant; else whatever they name in any other language.
    """
    if not query:
        return query
    words = list(query.words)
    places = {term.forms: n for n, term in enumerate(query.terms)}
    meant, start = [], 0
    while start < len(words):
        found = {language: tree.longest(words, start) for language, tree in scheme.words.items()}
        end = max(reached for reached, _named in found.values())
        concepts = _named_by(found, end, code) if end > start else set[int]()
        if terms := frozenset(places[forms] for forms in words[start:end] if forms in places):
            meant.append(Meant(terms, tuple(sorted(concepts))))
        start = max(end, start + 1)
    return replace(query, meant=tuple(meant))


def _named_by(found: dict[str, tuple[int, set[int]]], end: int, code: str) -> set[int]:
    """What the longest label names: to the reader, or to speakers of any language."""
    if code in found and found[code][0] == end:
        return found[code][1]
    return set().union(*(named for reached, named in found.values() if reached == end))
