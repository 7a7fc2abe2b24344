"""What people look for and don't find, and what the library covers: for officers of networks and operators."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

from network.doors import needs
from network.frame.links import query_with
from network.sheets import csv_answer
from practices.documents.insight import Table, grid_table, missed_table, searches_table
from practices.forms.filters import PracticeFilter
from practices.forms.insight import InsightFilter
from practices.queries.coverage import Grid, languages_by_original, maturity_by_year, themes_by_country
from practices.queries.insight import AskedRow, asked, missed
from practices.rules import can_read_insight

# Rows of a downloaded table.
MOST_IN_FILE = 1_000


def the_library(user: Any, **_address: Any) -> None:
    """All of it: insight is into nothing smaller."""


@needs(can_read_insight, the_library)
@require_safe
def searches(request: HttpRequest, _library: None) -> HttpResponse:
    """What people search, and what of it they don't find."""
    form = InsightFilter(request.GET)
    found = asked(form.span(), form.code())
    labels = filter_labels()
    context = {
        "found": found,
        "top": [_row(row, labels) for row in found.top],
        "unanswered": [_row(row, labels) for row in found.unanswered],
        "filters": [(labels.get(name, name), number) for name, number in found.filters],
    }
    return _page(request, "insight", form, context)


def filter_labels() -> dict[str, Any]:
    """What the library's filters are called."""
    return {name: field.label for name, field in PracticeFilter.base_fields.items()}


def _row(row: AskedRow, labels: dict[str, Any]) -> dict[str, Any]:
    return {"asked": row, "filters": [labels.get(name, name) for name in row.filters]}


@needs(can_read_insight, the_library)
@require_safe
def translations(request: HttpRequest, _library: None) -> HttpResponse:
    """Which practices lack translations that readers ask for."""
    form = InsightFilter(request.GET)
    return _page(request, "insight_translations", form, {"rows": missed(form.span(), _code(), form.code())})


@needs(can_read_insight, the_library)
@require_safe
def coverage(request: HttpRequest, _library: None) -> HttpResponse:
    """What the library covers."""
    grids = {name: _drawn(grid()) for name, grid in GRIDS.items()}
    return _page(request, "insight_coverage", None, {"grids": grids})


@needs(can_read_insight, lambda user, table: table)
@require_safe
def download(request: HttpRequest, table: str) -> HttpResponse:
    """A table of these pages as CSV, with the same span and language."""
    heading, rows = _table(table, InsightFilter(request.GET))
    return csv_answer(f"koine-{table}", heading, rows)


def _table(name: str, form: InsightFilter) -> Table:
    days, language = form.span(), form.code()
    if name == "searches":
        return searches_table(asked(days, language, most=MOST_IN_FILE).top, filter_labels())
    if name == "unanswered":
        return searches_table(asked(days, language, most=MOST_IN_FILE).unanswered, filter_labels())
    if name == "translations":
        return missed_table(missed(days, _code(), language, most=MOST_IN_FILE))
    if name not in GRIDS:
        raise Http404
    return grid_table(GRIDS[name](), _names(name))


def _code() -> str:
    return get_language() or "en"


GRIDS = {
    "themes": lambda: themes_by_country(_code(), _("Other countries")),
    "languages": lambda: languages_by_original(_code()),
    "maturity": lambda: maturity_by_year(),
}


def _names(grid: str) -> str:
    return {"themes": _("Theme"), "languages": _("Written in"), "maturity": _("Year")}[grid]


def _drawn(grid: Grid) -> dict[str, Any]:
    """A grid as the plots take it."""
    return {
        "columns": [{"code": code, "name": name} for code, name in grid.columns],
        "series": [name for _code, name in grid.columns],
        "rows": [{"name": name, "values": figures} for _code, name, figures in grid.rows],
        "empty": grid.empty,
    }


def _page(request: HttpRequest, route: str, form: InsightFilter | None, context: dict[str, Any]) -> HttpResponse:
    pages = {
        "insight": _("Searches"),
        "insight_translations": _("Missed translations"),
        "insight_coverage": _("Coverage"),
    }
    span = {name: request.GET.get(name) for name in ("days", "language")} if form else {}
    tabs = [
        {"name": name, "url": reverse(f"practices:{page}"), "current": page == route} for page, name in pages.items()
    ]
    files = query_with(request.GET, {}) if any(span.values()) else ""
    return render(request, f"practices/{route}.html", {"tabs": tabs, "form": form, "files": files, **context})
