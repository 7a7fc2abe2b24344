"""One page of what a search finds, newest first, for programs that follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from practices.queries.exports import ExportRow, export_rows
from practices.queries.finding import COUNTED, find
from practices.queries.wanted import NEWEST, Wanted

PER_PAGE = 50


@dataclass(frozen=True)
class FeedPage:
    """The rows of a page, its number, and the number of the last page; a page beyond that has no rows."""

    rows: list[ExportRow]
    page: int
    last: int


def feed_page(wanted: Wanted, code: str) -> FeedPage:
    """The wanted page for a reader of `code`, whoever that is: what a feed says is public. Four queries at most."""
    page = max(1, min(wanted.page, COUNTED // PER_PAGE))
    found = find(replace(wanted, sort=NEWEST), code, PER_PAGE, (page - 1) * PER_PAGE)
    last = max(1, -(-min(found.total, COUNTED) // PER_PAGE))
    return FeedPage(list(export_rows(found.ids, code)), page, last)
