"""What staff read of the library's use and coverage, as tables for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from network.frame.names import language_name
from practices.queries.coverage import Grid
from practices.queries.insight import AskedRow, MissedRow

Table = tuple[list[str], list[list[Any]]]


def searches_table(rows: Iterable[AskedRow], labels: Mapping[str, Any]) -> Table:
    """Searches with how often they were asked and what they found. labels: what the filters are called."""
    heading = [
        _("Search"),
        _("Language of the page"),
        _("Filters"),
        _("Asked"),
        _("Times without results"),
        _("Results at last"),
    ]
    return heading, [
        [
            row.query,
            language_name(row.language),
            "; ".join(str(labels.get(name, name)) for name in row.filters),
            row.times,
            row.without,
            row.results,
        ]
        for row in rows
    ]


def missed_table(rows: Iterable[MissedRow]) -> Table:
    """Practices with the languages that readers missed them in."""
    heading = [
        _("Practice"),
        _("City"),
        _("Written in"),
        _("Missed in"),
        _("Opened by readers of it"),
        _("There by now"),
    ]
    return heading, [
        [row.title, row.city, language_name(row.original), language_name(row.language), row.views, _("yes") if row.there else _("no")]
        for row in rows
    ]  # fmt: skip


def grid_table(grid: Grid, names: str) -> Table:
    """Figures by row and column; `names`: what the rows are."""
    return [names, *(name for _code, name in grid.columns)], [[name, *figures] for _code, name, figures in grid.rows]
