"""The list page: one page of what is found, as rows, and what its filters offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.functional import cached_property

from practices.queries.cards import Card, cards
from practices.queries.facets import Filter, filters_of
from practices.queries.finding import COUNTED, find
from practices.queries.scheme import scheme
from practices.queries.wanted import Wanted

PER_PAGE = 20


class _Counted(Paginator):
    """A paginator over a page that is read already."""

    def __init__(self, total: int) -> None:
        super().__init__([], PER_PAGE)
        self.total = total

    @cached_property
    def count(self) -> int:
        return min(self.total, COUNTED)


@dataclass(frozen=True)
class Listing:
    """The list page: its rows, its pages, how many practices there are in all, and what the filters offer.

    Where there are more than `counted`, the numbers beside the filters are those of the newest so many.
    """

    rows: list[Card]
    page: Page
    total: int
    filters: tuple[Filter, ...] = ()
    counted: int = COUNTED

    @property
    def capped(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > COUNTED


def listing(wanted: Wanted, code: str, *, filters: bool = False) -> Listing:
    """The wanted page, or the last one where there are fewer. One query for all that is found and counted, one for the
    rows, and one more where a word has to be looked for in the narrative."""
    page = max(1, min(wanted.page, COUNTED // PER_PAGE))
    found = find(wanted, code, PER_PAGE, (page - 1) * PER_PAGE, counts=filters)
    if not found.ids and found.total:
        page = -(-min(found.total, COUNTED) // PER_PAGE)
        found = find(wanted, code, PER_PAGE, (page - 1) * PER_PAGE, counts=filters)
    elif not found.ids:
        page = 1
    languages = found.languages if wanted.query else {}
    rows = cards(found.ids, code, wanted.query, languages, labels_of(found.concepts, code))
    offered = filters_of(found, wanted, code) if filters else ()
    return Listing(rows, Page(rows, page, _Counted(found.total)), found.total, offered, found.counted)


def labels_of(concepts: dict[int, list[int]], code: str) -> dict[int, tuple[str, ...]]:
    """What concepts are called, for each practice that they found."""
    known = scheme().concepts if concepts else {}
    return {pk: tuple(known[one].label(code) for one in ids if one in known) for pk, ids in concepts.items()}
