"""The rows of an exported list: the same practices in the same order as the list shows, read in pieces."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import override

from cities.models import City
from network.translation.models import Shown
from practices.models import Concept, Practice
from practices.queries.finding import COUNTED, find
from practices.queries.wanted import Wanted

# Rows read at once, by two queries.
PIECE = 500


@dataclass(frozen=True)
class ExportRow:
    """A practice as a row. Texts are in `language`; themes are (code, label)."""

    id: int
    uuid: uuid.UUID
    slug: str
    title: str
    strapline: str
    summary: str
    language: str
    original_language: str
    languages: tuple[str, ...]
    city_slug: str
    city: str
    country: str
    themes: tuple[tuple[str, str], ...]
    maturity: str
    running: str
    started_on: datetime.date | None
    started_precision: str
    ended_on: datetime.date | None
    settings_count: int
    published_at: datetime.datetime
    updated_at: datetime.datetime
    verified_on: datetime.date | None
    review_due_on: datetime.date | None
    licence: str
    source: str
    demo: bool


@dataclass(frozen=True)
class Export:
    """What is exported: the ids in order, and whether there are more than are ever exported."""

    ids: list[int]
    cut: bool


def exported(wanted: Wanted, code: str, user: Any = None) -> Export:
    """The practices a reader of `code` gets with these filters, at most COUNTED of them. Two queries."""
    found = find(wanted, code, COUNTED, 0)
    return Export(found.ids, found.total > COUNTED)


def export_rows(ids: Sequence[int], code: str, user: Any = None) -> Iterator[ExportRow]:
    """Their rows for a reader of `code`, in this order. Two queries for each PIECE rows; those that are no longer public
    are left out. Each piece is read in the language, since a stream outlives the request that began it."""
    for start in range(0, len(ids), PIECE):
        with override(code):
            rows = _piece(ids[start : start + PIECE], code, user)
        yield from rows


def _piece(ids: Sequence[int], code: str, user: Any) -> list[ExportRow]:
    themes = _themes(ids, code)
    plain = (
        "id", "uuid", "slug", "original_language", "languages", "maturity", "running", "started_on", "started_precision",
        "ended_on", "settings_count", "published_at", "updated_at", "verified_on", "review_due_on", "licence", "source", "demo",
    )  # fmt: skip
    shown = (
        "city__slug", "city__country", "city_name", "shown_language", "shown_title", "shown_strapline", "shown_summary",
    )  # fmt: skip
    found = (
        Practice.objects.visible_to(user)
        .filter(pk__in=ids)
        .for_language(code)
        .annotate(city_name=Shown(City, "name", code, "city__slug"))
        .order_by()
        .values(*plain, *shown)
    )
    by_id = {row["id"]: row for row in found}
    return [_row(by_id[pk], themes.get(pk, ()), plain) for pk in ids if pk in by_id]


def _row(row: dict[str, Any], themes: tuple[tuple[str, str], ...], plain: Sequence[str]) -> ExportRow:
    kept = {name: row[name] for name in plain}
    kept["languages"] = tuple(dict.fromkeys([row["original_language"], *row["languages"]]))
    return ExportRow(
        **kept,
        title=row["shown_title"],
        strapline=row["shown_strapline"],
        summary=row["shown_summary"],
        language=row["shown_language"],
        city_slug=row["city__slug"],
        city=row["city_name"],
        country=row["city__country"],
        themes=themes,
    )


def _themes(ids: Sequence[int], code: str) -> dict[int, tuple[tuple[str, str], ...]]:
    """Code and label of the practices' concepts, in the order of the scheme."""
    labelled = (
        Concept.objects.filter(practices__in=ids)
        .annotate(shown=Shown(Concept, "label", code))
        .order_by("position", "code")
        .values_list("practices", "code", "shown")
    )
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for pk, concept, label in labelled:
        found[pk] = (*found.get(pk, ()), (concept, label))
    return found
