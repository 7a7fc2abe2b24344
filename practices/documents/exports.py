"""A list of practices as a file: CSV and XLSX for people, with words in their language; JSON for programs, with codes.

All three are streams: of ten thousand rows only a piece is ever in memory.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, override

from network.frame.names import country_name, language_name, number_text
from network.languages import direction
from network.precision import Precision
from network.sheets import csv_stream, xlsx_stream
from practices.enums import Licence, Maturity, Running
from practices.queries.described import award_text
from practices.queries.exports import ExportRow
from practices.queries.finding import COUNTED

# What separates several values in one cell; no comma, which CSV's own separators hide.
BETWEEN = "; "
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


@dataclass(frozen=True)
class Column:
    """A column: its name for programs, its heading for people, what stands in a cell for either of them."""

    name: str
    heading: Any
    code: Callable[[ExportRow], Any]
    words: Callable[[ExportRow], Any]


def _plain(name: str, heading: Any) -> Column:
    return Column(name, heading, lambda row: getattr(row, name), lambda row: getattr(row, name))


def _started(row: ExportRow) -> str:
    """ISO 8601, no more exactly than it is known: 2017, 2017-06 or 2017-06-01."""
    length = {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(row.started_precision), 10)
    return row.started_on.isoformat()[:length] if row.started_on else ""


def _labels(row: ExportRow) -> list[dict[str, Any]]:
    return [{"label": one.kind, "network": one.network, "valid_until": one.valid_until} for one in row.labels]


def _labels_in_words(row: ExportRow) -> str:
    """With the last day of each, which no column of its own could say of several."""
    return BETWEEN.join(award_text(one.name, one.network_name, one.valid_until) for one in row.labels)


def columns(origin: str) -> list[Column]:
    """What is told of each practice, in this order; `origin` is the portal's address."""

    def link(row: ExportRow) -> str:
        return origin + reverse("short_link", args=[row.id])

    return [
        Column("link", gettext_lazy("Link"), link, link),
        _plain("title", gettext_lazy("Title")),
        _plain("strapline", gettext_lazy("In one line")),
        _plain("summary", gettext_lazy("Summary")),
        Column(
            "language",
            gettext_lazy("Language of these texts"),
            lambda row: row.language,
            lambda row: language_name(row.language),
        ),
        Column("city", gettext_lazy("City"), lambda row: row.city_slug, lambda row: row.city),
        Column("country", gettext_lazy("Country"), lambda row: row.country, lambda row: country_name(row.country)),
        Column(
            "themes",
            gettext_lazy("Themes"),
            lambda row: [code for code, _label in row.themes],
            lambda row: BETWEEN.join(label for _code, label in row.themes),
        ),
        Column(
            "maturity",
            gettext_lazy("Maturity"),
            lambda row: row.maturity,
            lambda row: str(Maturity(row.maturity).label),
        ),
        Column("labels", gettext_lazy("Labels"), _labels, _labels_in_words),
        Column("status", gettext_lazy("Status"), lambda row: row.running, lambda row: str(Running(row.running).label)),
        Column("started", gettext_lazy("Started"), _started, _started),
        Column("ended", gettext_lazy("Ended"), lambda row: row.ended_on, lambda row: row.ended_on),
        Column(
            "places", gettext_lazy("Places it ran in"), lambda row: row.settings_count, lambda row: row.settings_count
        ),
        Column(
            "original_language",
            gettext_lazy("Written in"),
            lambda row: row.original_language,
            lambda row: language_name(row.original_language),
        ),
        Column(
            "languages",
            gettext_lazy("Can be read in"),
            lambda row: list(row.languages),
            lambda row: BETWEEN.join(language_name(code) for code in row.languages),
        ),
        Column(
            "published", gettext_lazy("Published"), lambda row: row.published_at, lambda row: row.published_at.date()
        ),
        Column("changed", gettext_lazy("Last changed"), lambda row: row.updated_at, lambda row: row.updated_at.date()),
        Column("verified", gettext_lazy("Last verified"), lambda row: row.verified_on, lambda row: row.verified_on),
        Column(
            "review_due",
            gettext_lazy("To be confirmed by"),
            lambda row: row.review_due_on,
            lambda row: row.review_due_on,
        ),
        Column(
            "licence",
            gettext_lazy("Licence"),
            lambda row: row.licence,
            lambda row: str(Licence(row.licence).label) if row.licence else "",
        ),
        _plain("source", gettext_lazy("Source")),
        Column(
            "demonstration",
            gettext_lazy("Demonstration"),
            lambda row: row.demo,
            lambda row: _("Demonstration: it did not happen") if row.demo else "",
        ),
    ]


def export(
    kind: str, rows: Iterable[ExportRow], code: str, *, origin: str, cut: bool, more: Sequence[Column] = ()
) -> Iterator[bytes]:
    """The file of that kind (a key of TYPES) in pieces, for a reader of `code`. Where the list was `cut` it says so; `more`
    are columns that this list has besides."""
    told = [*columns(origin), *more]
    if kind == "json":
        return _json(told, rows, code, cut)
    with override(code):
        heading, title = [str(column.heading) for column in told], _("Good practices")
    table = _table(told, rows, code, cut)
    if kind == "csv":
        return csv_stream(heading, table)
    return xlsx_stream(title, heading, table, right_to_left=direction(code) == "rtl")


def collection_export(
    kind: str, rows: Iterable[ExportRow], code: str, *, origin: str, comments: Mapping[int, str]
) -> Iterator[bytes]:
    """The practices of a collection, with the comment that stands there on each."""

    def comment(row: ExportRow) -> str:
        return comments.get(row.id, "")

    told = Column("comment", gettext_lazy("Comment"), comment, comment)
    return export(kind, rows, code, origin=origin, cut=False, more=[told])


def cut_note() -> str:
    """That not all are in the file, and what to do."""
    return _("Only the first %(count)s practices are in this file. Choose more filters to get the others.") % {
        "count": number_text(COUNTED)
    }


def _table(told: Sequence[Column], rows: Iterable[ExportRow], code: str, cut: bool) -> Iterator[list[Any]]:
    for row in rows:
        with override(code):
            cells = [column.words(row) for column in told]
        yield cells
    if cut:
        with override(code):
            note = cut_note()
        yield [note, *[""] * (len(told) - 1)]


def _json(told: Sequence[Column], rows: Iterable[ExportRow], code: str, cut: bool) -> Iterator[bytes]:
    yield f'{{"language": "{code}", "complete": {json.dumps(not cut)}, "practices": ['.encode()
    between = "\n"
    for row in rows:
        values = {column.name: column.code(row) for column in told}
        yield (between + json.dumps(values, ensure_ascii=False, default=_iso)).encode()
        between = ",\n"
    yield b"\n]}\n"


def _iso(value: datetime.date) -> str:
    return value.isoformat()
