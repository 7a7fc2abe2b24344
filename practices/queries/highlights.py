"""Showing where a query is found: our own marks over the text as people wrote it.

`ts_headline` misses what only folding finds (ένταξης for ενταξη, والإدماج for إدماج); this walks the written words, folds
each, and asks the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from network.text import WRITTEN_WORD
from practices.queries.matching import Query

# About two lines of a result.
LENGTH = 230


@dataclass(frozen=True)
class Hit:
    """A found word's place in the text."""

    start: int
    end: int


def hits_in(text: str, query: Query) -> list[Hit]:
    """Where the query's words stand in the text."""
    if not query.may_stand_in(text):
        return []
    return [Hit(word.start(), word.end()) for word in WRITTEN_WORD.finditer(text) if query.fits(word[0])]


def marked(text: str, query: Query) -> SafeString:
    """The whole text, escaped, with every found word in `<mark>`."""
    return _draw(text, hits_in(text, query), 0, len(text))


def excerpt(text: str, hits: list[Hit], length: int = LENGTH) -> SafeString:
    """About `length` characters of the text around where most hits stand, escaped and marked.

    Without a hit the beginning. Cut at words, with … where something is left out.
    """
    start = _best_start(text, hits, length)
    end = _word_end(text, start + length)
    return mark_safe(
        ("… " if start else "") + _draw(text, hits, start, end).strip() + (" …" if end < len(text) else "")
    )


def _best_start(text: str, hits: list[Hit], length: int) -> int:
    """Where the window with the most hits begins, a little before its first hit; the beginning where all fit there."""
    best, most = 0, sum(hit.end <= length for hit in hits)
    for n, hit in enumerate(hits):
        inside = sum(other.end <= hit.start + length for other in hits[n:])
        if inside > most:
            best, most = max(hit.start - length // 5, 0), inside
    if not best:
        return 0
    space = text.find(" ", best)
    return space + 1 if 0 <= space < len(text) - 1 else best


def _word_end(text: str, wanted: int) -> int:
    if wanted >= len(text):
        return len(text)
    space = text.rfind(" ", 0, wanted)
    return space if space > 0 else wanted


def _draw(text: str, hits: list[Hit], start: int, end: int) -> SafeString:
    return mark_safe("".join(_pieces(text, hits, start, end)))


def _pieces(text: str, hits: list[Hit], start: int, end: int) -> Iterator[str]:
    at = start
    for hit in hits:
        if hit.start < start or hit.end > end:
            continue
        yield conditional_escape(text[at : hit.start])
        yield f"<mark>{conditional_escape(text[hit.start : hit.end])}</mark>"
        at = hit.end
    yield conditional_escape(text[at:end])
