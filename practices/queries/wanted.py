"""What a reader asks the library for, and what that is in the index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from cities.models import City
from network.membership.queries.networks import member_cities
from practices.enums import FILTERS, Facet
from practices.models import Practice
from practices.queries.cards import NO_QUERY
from practices.queries.labels import held_on
from practices.queries.matching import Query
from practices.queries.scheme import scheme
from practices.rules.facets import BANDS, LEVELS, NOTHING, key, letters

RELEVANCE, NEWEST, REUSED = "relevance", "newest", "reused"
YEAR = re.compile("[0-9]{4}")


@dataclass(frozen=True)
class Wanted:
    """What a reader asks the list for. Of a filter's values any will do; all filters hold together; empty: no filter.

    theme, group, approach: codes of concepts; city: slugs, or names in any language; network, label: slugs; the others codes.
    """

    query: Query = NO_QUERY
    theme: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    approach: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    original: tuple[str, ...] = ()
    maturity: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    readable: bool = False
    sort: str = ""
    page: int = 1

    @property
    def order(self) -> str:
        """relevance, newest or reused: without a query there is no relevance."""
        if self.sort in {NEWEST, REUSED}:
            return self.sort
        return RELEVANCE if self.query else NEWEST


# The filters by the facet that each counts; cities count for networks.
FACETS: Mapping[str, Facet] = {
    **dict.fromkeys(FILTERS.values(), Facet.CONCEPT),
    "city": Facet.CITY,
    "country": Facet.COUNTRY,
    "network": Facet.CITY,
    "original": Facet.ORIGINAL,
    "maturity": Facet.MATURITY,
    "label": Facet.LABEL,
    "year": Facet.YEAR,
    "cost": Facet.COST,
    "readable": Facet.READABLE,
}


def keys_in_force(wanted: Wanted, code: str) -> dict[str, list[int]]:
    """The keys of each filter that is in force, one of which a practice must have; `code` is what "my language" means.

    What nobody knows is a key that no practice has. Networks are no keys: `cities_in_force`.
    """
    keys: dict[str, list[int]] = {}
    for name in FILTERS.values():
        keys[name] = [_concept(one) for one in getattr(wanted, name)]
    keys["city"] = [key(Facet.CITY, pk) for pk in _cities(wanted.city)] or [NOTHING] * bool(wanted.city)
    keys["country"] = [_lettered(Facet.COUNTRY, one) for one in wanted.country]
    keys["original"] = [_lettered(Facet.ORIGINAL, one) for one in wanted.original]
    keys["maturity"] = [_numbered(Facet.MATURITY, LEVELS.get(one)) for one in wanted.maturity]
    keys["label"] = _labels(wanted.label, code)
    keys["year"] = [_numbered(Facet.YEAR, int(one) if YEAR.fullmatch(one) else None) for one in wanted.year]
    keys["cost"] = [_numbered(Facet.COST, BANDS.get(one)) for one in wanted.cost]
    keys["readable"] = [key(Facet.READABLE, letters(code))] * wanted.readable
    return {name: values for name, values in keys.items() if values}


def cities_in_force(wanted: Wanted) -> list[int] | None:
    """The keys of the cities that belong to one of the networks today; None where no network is asked for."""
    if not wanted.network:
        return None
    members = member_cities(timezone.localdate())
    return sorted({key(Facet.CITY, city) for slug in wanted.network for city in members.get(slug, ())})


def of_concept(code: str) -> QuerySet:
    """Ids of the practices of a concept and of everything narrower; of its successor where it was merged."""
    known = scheme()
    concept = known.resolve(code)
    wanted = known.with_parts(concept.id) if concept else []
    return Practice.themes.through.objects.filter(concept__in=wanted).order_by().values("practice_id")


def _concept(code: str) -> int:
    concept = scheme().resolve(code)
    return key(Facet.CONCEPT, concept.id) if concept else NOTHING


def _labels(slugs: Sequence[str], code: str) -> list[int]:
    """The labels of these kinds that are valid today: they expire at midnight, without the index being touched."""
    held = held_on(timezone.localdate(), code) if slugs else {}
    labels = [label for slug in slugs if slug in held for label in held[slug].ids]
    return [key(Facet.LABEL, label) for label in labels] or [NOTHING] * bool(slugs)


def _lettered(facet: Facet, code: str) -> int:
    return key(facet, letters(code)) if code.isascii() and len(code) == 2 else NOTHING


def _numbered(facet: Facet, number: int | None) -> int:
    return NOTHING if number is None else key(facet, number)


def _cities(asked: Sequence[str]) -> list[int]:
    """Of each the city with that slug, else every city of that name in any language or transliteration."""
    if not asked:
        return []
    named = dict(City.objects.filter(slug__in=asked).order_by().values_list("slug", "pk"))
    for one in asked:
        if one not in named:
            named |= {str(pk): pk for pk in City.objects.matching(one).order_by().values_list("pk", flat=True)}
    return list(dict.fromkeys(named.values()))
