"""The rows of an exported list: the same practices in the same order as the list shows, read in pieces."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import override

from cities.models import City
from network.membership.models import Network
from network.translation.models import Shown
from practices.models import Concept, Label, LabelKind, Practice
from practices.queries.finding import COUNTED, find
from practices.queries.wanted import Wanted

# Rows read at once, by two queries.
PIECE = 500


@dataclass(frozen=True)
class ExportLabel:
    """A label that the practice holds: slugs of its kind and network, what both are called, and its last day."""

    kind: str
    name: str
    network: str
    network_name: str
    valid_until: datetime.date


@dataclass(frozen=True)
class ExportRow:
    """A practice as a row. Texts are in `language`; themes are (code, label); labels are those that are valid today."""

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
    labels: tuple[ExportLabel, ...]
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
        "held",
    )  # fmt: skip
    found = (
        Practice.objects.visible_to(user)
        .filter(pk__in=ids)
        .for_language(code)
        .annotate(city_name=Shown(City, "name", code, "city__slug"), held=_labels(code))
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
        labels=tuple(_label(held) for held in row["held"]),
    )


def _labels(code: str) -> ArraySubquery:
    """The labels that are valid today, the one that lasts longest first, as a part of the same query."""
    valid = Label.objects.valid_on(timezone.localdate()).filter(practice=OuterRef("pk")).order_by("-valid_until", "-pk")
    return ArraySubquery(
        valid.values(
            held=JSONObject(
                kind="kind__slug",
                name=Shown(LabelKind, "name", code, "kind__slug"),
                network="kind__network__slug",
                network_name=Shown(Network, "name", code, "kind__network__slug"),
                abbreviation="kind__network__abbreviation",
                valid_until="valid_until",
            )
        )
    )


def _label(held: dict[str, str]) -> ExportLabel:
    return ExportLabel(
        kind=held["kind"],
        name=held["name"] or held["kind"],
        network=held["network"],
        network_name=held["network_name"] or held["abbreviation"] or held["network"],
        valid_until=datetime.date.fromisoformat(held["valid_until"]),
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
