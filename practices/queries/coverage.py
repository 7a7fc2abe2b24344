"""What the library covers: which themes in which countries, which languages, how far practices have come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count
from django.db.models.functions import ExtractYear

from network.collation import sort_key
from network.frame.names import country_name, language_name
from network.languages import CODES
from practices.enums import ConceptKind, Maturity
from practices.models import Practice
from practices.queries.scheme import scheme

# Countries that have a column of their own; the others share one.
MOST_COUNTRIES = 20
MOST_YEARS = 15
OTHERS = "…"
BY_COUNTRY = """
SELECT above.concept, c.country, count(DISTINCT p.id)
FROM unnest(%s::bigint[], %s::bigint[]) AS above(part, concept)
JOIN practices_practice_themes t ON t.concept_id = above.part
JOIN ({public}) AS public(id) ON public.id = t.practice_id
JOIN practices_practice p ON p.id = public.id
JOIN cities_city c ON c.id = p.city_id
GROUP BY above.concept, c.country
"""


@dataclass(frozen=True)
class Grid:
    """Figures by row and column. columns: (code, name); rows: (code, name, figures)."""

    columns: list[tuple[str, str]]
    rows: list[tuple[str, str, list[int]]]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(figure for _code, _name, figures in self.rows for figure in figures)


def themes_by_country(code: str, others: str, most: int = MOST_COUNTRIES) -> Grid:
    """Public practices of each top theme, with everything narrower, in each country; a practice counts once in a cell.

    The countries with most practices first; `others` names the column of the rest. Three queries at most.
    """
    known = scheme()
    tops = known.in_order((one for one in known.parts.get(None, ()) if one.kind == ConceptKind.THEME), code)
    pairs = [(part, top.id) for top in tops for part in known.with_parts(top.id)]
    public, parameters = Practice.objects.visible_to(None).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            BY_COUNTRY.format(public=public),
            [[part for part, _top in pairs], [top for _part, top in pairs], *parameters],
        )
        counted: dict[tuple[int, str], int] = {(top, country): number for top, country, number in cursor.fetchall()}
    countries = _by_number(Practice.objects.visible_to(None), "city__country")
    own = countries[:most]
    rest = set(countries[most:])
    columns = [(country, country_name(country)) for country in own] + ([(OTHERS, others)] if rest else [])
    rows = []
    for top in tops:
        figures = [counted.get((top.id, country), 0) for country in own]
        if rest:
            figures.append(sum(counted.get((top.id, country), 0) for country in rest))
        rows.append((top.code, top.label(code), figures))
    return Grid(columns, rows)


def languages_by_original(code: str) -> Grid:
    """Public practices by the language they were written in (rows) and those they can be read in (columns). One query."""
    counted: Counter[tuple[str, str]] = Counter()
    rows = Practice.objects.visible_to(None).order_by().values("original_language", "languages").annotate(n=Count("pk"))
    for original, languages, number in rows.values_list("original_language", "languages", "n"):
        for language in {original, *languages}:
            counted[original, language] += number
    originals = [one for one in CODES if any(counted[one, other] for other in CODES)]
    originals.sort(key=lambda one: sort_key(language_name(one), code))
    columns = sorted(CODES, key=lambda one: sort_key(language_name(one), code))
    return Grid(
        [(one, language_name(one)) for one in columns],
        [(one, language_name(one), [counted[one, other] for other in columns]) for one in originals],
    )


def maturity_by_year() -> Grid:
    """Public practices by the year in which they were published, the latest first, and how far they have come. One query."""
    counted: Counter[tuple[int, str]] = Counter()
    rows = Practice.objects.visible_to(None).order_by().annotate(year=ExtractYear("published_at"))
    for year, maturity, number in (
        rows.values("year", "maturity").annotate(n=Count("pk")).values_list("year", "maturity", "n")
    ):
        counted[year, maturity] += number
    years = sorted({year for year, _maturity in counted}, reverse=True)[:MOST_YEARS]
    return Grid(
        [(level.value, str(level.label)) for level in Maturity],
        [(str(year), str(year), [counted[year, level.value] for level in Maturity]) for year in years],
    )


def _by_number(practices: Any, field: str) -> list[str]:
    counted = practices.order_by().values(field).annotate(number=Count("pk")).order_by("-number", field)
    return list(counted.values_list(field, flat=True))
