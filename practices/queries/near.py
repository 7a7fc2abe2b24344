"""Where no practice fits all the words of a query: those that fit some of them, told apart from what was asked."""

from __future__ import annotations

from dataclasses import replace

from practices.queries.cards import Card, cards
from practices.queries.finding import Found, find
from practices.queries.listing import labels_of
from practices.queries.wanted import Wanted

MOST = 10


def near(wanted: Wanted, code: str, total: int) -> list[Card]:
    """At most ten practices that fit some of the words, the best first, where nothing was found by several; else none.

    Filters stay in force. No statement where something was found or there is only one word.
    """
    if total or len(wanted.query.terms) < 2:
        return []
    loose = replace(wanted, query=wanted.query.loosened(), sort="", page=1)
    found: Found = find(loose, code, MOST, 0)
    return cards(found.ids, code, loose.query, found.languages, labels_of(found.concepts, code))
