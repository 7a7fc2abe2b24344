"""What people look for and don't find, as staff read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils import timezone

from cities.models import City
from network.translation.models import Shown
from practices.models import AskedQuery, MissedTranslation, Practice

MOST_ROWS = 25
# A search that was asked once may tell who asked.
LEAST_TIMES = 2
PERIODS = (30, 90, 365)


@dataclass(frozen=True)
class AskedRow:
    """A search in a period: how often it was asked, how often without results, and what it found last. filters: names."""

    query: str
    language: str
    filters: tuple[str, ...]
    times: int
    without: int
    results: int


@dataclass(frozen=True)
class Asked:
    """The searches of a period: the most frequent, those that found nothing when they were asked last, which filters were
    used how often, and how many searches there were in all."""

    top: list[AskedRow]
    unanswered: list[AskedRow]
    filters: list[tuple[str, int]]
    times: int


def asked(days: int, language: str = "", today: datetime.date | None = None, most: int = MOST_ROWS) -> Asked:
    """The searches of the last `days`, of all languages or one. Four queries."""
    rows = _in_period(AskedQuery.objects, days, today)
    if language:
        rows = rows.filter(language=language)
    filters: dict[str, int] = {}
    used = rows.exclude(filters="").order_by().values("filters").annotate(number=Sum("times"))
    for names, number in used.values_list("filters", "number"):
        for name in names.split():
            filters[name] = filters.get(name, 0) + number
    return Asked(
        top=top_searches(rows, most),
        unanswered=top_searches(rows, most, unanswered=True),
        filters=sorted(filters.items(), key=lambda one: (-one[1], one[0])),
        times=rows.aggregate(times=Sum("times"))["times"] or 0,
    )


def top_searches(rows: QuerySet[AskedQuery], most: int, *, unanswered: bool = False) -> list[AskedRow]:
    """The searches by words, language and filters, the most frequent first; `unanswered`: whose last answer was empty."""
    same = {name: OuterRef(name) for name in ("query", "language", "filters")}
    last = rows.filter(**same).order_by("-day", "-id").values("results")
    counted = (
        rows.exclude(query="")
        .order_by()
        .values(*same)
        .annotate(number=Sum("times"), empty=Sum("without"), found=Subquery(last[:1]))
        .filter(number__gte=LEAST_TIMES)
    )
    if unanswered:
        counted = counted.filter(found=0)
    found = counted.order_by("-empty" if unanswered else "-number", *same)
    return [
        AskedRow(query, language, tuple(filters.split()), number, empty, results)
        for query, language, filters, number, empty, results in found.values_list(*same, "number", "empty", "found")[
            :most
        ]
    ]


@dataclass(frozen=True)
class MissedRow:
    """A practice and a language it can't be read in: how often readers of that language opened it.

    title is in `title_language`; there: whether it can be read in that language by now.
    """

    slug: str
    title: str
    title_language: str
    city: str
    original: str
    language: str
    views: int
    there: bool


def missed(
    days: int, code: str, language: str = "", today: datetime.date | None = None, most: int = MOST_ROWS
) -> list[MissedRow]:
    """Which translations readers of the last `days` missed most, for a reader of `code`. Two queries."""
    rows = _in_period(MissedTranslation.objects, days, today)
    if language:
        rows = rows.filter(language=language)
    counted = (
        rows.filter(practice__in=Practice.objects.visible_to(None).order_by().values("pk"))
        .order_by()
        .values("practice", "language")
        .annotate(number=Sum("views"))
        .order_by("-number", "practice", "language")
        .values_list("practice", "language", "number")
    )
    pairs = list(counted[:most])
    practices = _titles({practice for practice, _language, _number in pairs}, code)
    return [
        MissedRow(
            slug=row["slug"],
            title=row["shown_title"],
            title_language=row["shown_language"],
            city=row["city_name"],
            original=row["original_language"],
            language=missing,
            views=number,
            there=missing in row["languages"],
        )
        for practice, missing, number in pairs
        if (row := practices.get(practice))
    ]


def _titles(ids: set[int], code: str) -> dict[int, dict[str, Any]]:
    rows = (
        Practice.objects.for_language(code, "title")
        .filter(pk__in=ids)
        .annotate(city_name=Shown(City, "name", code, "city__slug"))
        .order_by()
        .values("id", "slug", "languages", "original_language", "shown_title", "shown_language", "city_name")
    )
    return {row["id"]: row for row in rows}


def _in_period(rows: Any, days: int, today: datetime.date | None) -> QuerySet:
    from_day = (today or timezone.localdate()) - datetime.timedelta(days=days)
    return rows.filter(day__gt=from_day)
