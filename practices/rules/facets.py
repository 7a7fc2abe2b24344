"""What a practice is counted and filtered by, as numbers: `key(Facet.YEAR, 2019)`.

A key is the facet's number above 24 bits of value: the id of a city, concept or label, a year, two letters of a country or
language, the place in one of the tables below. Keys stand in the search index, so that a filter is one look into it and
counting is counting numbers. Nothing here may ever be renumbered; what is new is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cities.models import City
from practices.enums import CostBand, Facet, Maturity
from practices.models import Practice

SHIFT = 24
VALUE = (1 << SHIFT) - 1
# A key that no practice has: what filters by something unknown finds nothing.
NOTHING = 0
LEVELS: Mapping[str, int] = {Maturity.EMERGING: 1, Maturity.PROMISING: 2, Maturity.GOOD: 3, Maturity.TRANSFERRED: 4}
BANDS: Mapping[str, int] = {
    CostBand.UNKNOWN: 1,
    CostBand.UNDER_10: 2,
    CostBand.UNDER_50: 3,
    CostBand.UNDER_250: 4,
    CostBand.ABOVE: 5,
    CostBand.OTHER: 6,
}
BOUNDS = ((10_000, CostBand.UNDER_10), (50_000, CostBand.UNDER_50), (250_000, CostBand.UNDER_250))


def key(facet: Facet, value: int) -> int:
    """A value of a facet as one number."""
    return facet << SHIFT | value


def value_of(facet_key: int) -> int:
    """The value that a key holds."""
    return facet_key & VALUE


def letters(code: str) -> int:
    """A code of two or three letters as a number: that of a country or language."""
    return int.from_bytes(code.encode("ascii"))


def code_of(number: int) -> str:
    """The code that `letters` made a number of."""
    return number.to_bytes(3).lstrip(b"\0").decode("ascii")


def cost_band(practice: Practice) -> CostBand:
    """By the cost in all, else by what a year costs; only euro are compared."""
    cost = practice.yearly_cost if practice.total_cost is None else practice.total_cost
    if cost is None:
        return CostBand.UNKNOWN
    if practice.currency != "EUR":
        return CostBand.OTHER
    return next((band for bound, band in BOUNDS if cost < bound), CostBand.ABOVE)


def keys_of(practice: Practice, city: City, concepts: Iterable[int], labels: Iterable[int] = ()) -> list[int]:
    """Every key of a practice, its city's first.

    `concepts`: those that it has, with all that they are part of; `labels`: those that it holds or will hold, by their ids.
    Which of them are valid is asked when somebody looks (`queries.wanted`).
    """
    keys = [
        key(Facet.CITY, city.pk),
        key(Facet.COUNTRY, letters(city.country)),
        key(Facet.ORIGINAL, letters(practice.original_language)),
        key(Facet.MATURITY, LEVELS[practice.maturity]),
        key(Facet.COST, BANDS[cost_band(practice)]),
        *(key(Facet.READABLE, letters(code)) for code in practice.languages),
        *(key(Facet.CONCEPT, concept) for concept in sorted(set(concepts))),
        *(key(Facet.LABEL, label) for label in sorted(labels)),
    ]
    if practice.started_on:
        keys.append(key(Facet.YEAR, practice.started_on.year))
    return keys
