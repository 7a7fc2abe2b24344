"""What the filters beside the list offer a reader: each choice with how many practices it would leave.

Choices that would leave nothing are left out, unless they are in force. Of cities only the commonest are offered; any
other is found by its name.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from django.utils import timezone

from cities.models import City
from network.collation import sort_key
from network.frame.names import country_name
from network.frame.pagecache import kept
from network.languages import LANGUAGES
from network.membership.models import Network
from network.membership.queries.networks import member_cities
from practices.enums import FILTERS, ConceptKind, CostBand, Facet, Maturity
from practices.queries.finding import Found
from practices.queries.labels import held_on, label_names
from practices.queries.scheme import scheme
from practices.queries.wanted import Wanted
from practices.rules.facets import BANDS, LEVELS, code_of, key, letters

CITIES = 12


@dataclass(frozen=True)
class Option:
    """One choice of a filter. count: how many practices it would leave, None where that is not known; depth: in a tree."""

    value: str
    label: str
    count: int | None
    chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Filter:
    """One filter, by its parameter, with what it offers."""

    name: str
    options: tuple[Option, ...]


def filters_of(found: Found, wanted: Wanted, code: str) -> tuple[Filter, ...]:
    """Every filter for a reader of `code`. Three queries, for the names of cities and networks and the labels of today, where
    they are not kept."""
    made = {
        **{name: _concepts(kind, found.counts_of(name), wanted, code) for kind, name in FILTERS.items()},
        "country": _countries(found.values_of("country", Facet.COUNTRY), wanted, code),
        "city": _cities(found.values_of("city", Facet.CITY), wanted, code),
        "network": _networks(found.values_of("network", Facet.CITY), wanted, code),
        "maturity": _listed(Facet.MATURITY, Maturity.choices, LEVELS, found.counts_of("maturity"), wanted.maturity),
        "label": _labels(found.counts_of("label"), wanted, code),
        "year": _years(found.values_of("year", Facet.YEAR), wanted),
        "cost": _listed(Facet.COST, CostBand.choices, BANDS, found.counts_of("cost"), wanted.cost),
        "original": _languages(found.counts_of("original"), wanted),
        "readable": _readable(found.counts_of("readable"), wanted, code),
    }
    return tuple(Filter(name, tuple(options)) for name, options in made.items())


def network_names(code: str) -> dict[str, str]:
    """The networks by slug, in the reader's alphabet. Kept until content changes."""
    return kept(f"practices.networks.{code}", lambda: _network_names(code))


def _network_names(code: str) -> dict[str, str]:
    networks = Network.objects.filter(archived_at__isnull=True).for_language(code, "name").order_by("slug")
    pairs = [(one.slug, one.shown_name or one.abbreviation or one.slug) for one in networks]
    return dict(sorted(pairs, key=lambda pair: sort_key(pair[1], code)))


def cities_called(code: str) -> dict[int, tuple[str, str]]:
    """Slug and name of every city, by its id. Kept until content changes."""
    return kept(f"practices.cities.{code}", lambda: _cities_called(code))


def _cities_called(code: str) -> dict[int, tuple[str, str]]:
    named = City.objects.for_language(code, "name").order_by("pk").values_list("pk", "slug", "shown_name")
    return {pk: (slug, name) for pk, slug, name in named}


def city_names(slugs: Iterable[str], code: str) -> dict[str, str]:
    """What the cities with these slugs are called. One query."""
    named = City.objects.filter(slug__in=list(slugs)).for_language(code, "name").order_by("slug")
    return dict(named.values_list("slug", "shown_name"))


def _concepts(kind: ConceptKind, counts: dict[int, int], wanted: Wanted, code: str) -> Iterator[Option]:
    known = scheme()
    asked = {one.code for one in map(known.resolve, getattr(wanted, FILTERS[kind])) if one}
    tree = list(known.walk(kind, code))
    gone = [(0, known.by_code[one]) for one in sorted(asked - {one.code for _depth, one in tree})]
    for depth, one in [*tree, *gone]:
        count, chosen = counts.get(key(Facet.CONCEPT, one.id), 0), one.code in asked
        if count or chosen:
            yield Option(one.code, one.label(code), count, chosen, depth)


def _countries(counts: dict[int, int], wanted: Wanted, code: str) -> list[Option]:
    found = {letters(one): 0 for one in wanted.country} | counts
    options = [
        Option(one, country_name(one), count, one in wanted.country)
        for one, count in ((code_of(number), count) for number, count in found.items())
    ]
    return sorted(options, key=lambda option: sort_key(option.label, code))


def _cities(found: dict[int, int], wanted: Wanted, code: str) -> list[Option]:
    """The commonest and those in force; what was typed and is no slug stands as it was typed."""
    called = cities_called(code)
    common = [pk for _count, pk in heapq.nsmallest(CITIES, [(-count, pk) for pk, count in found.items()])]
    asked = [pk for pk, (slug, _name) in called.items() if slug in wanted.city] if wanted.city else []
    named = [(pk, *called[pk]) for pk in dict.fromkeys([*common, *asked]) if pk in called]
    options = [Option(slug, name, found.get(pk, 0), slug in wanted.city) for pk, slug, name in named]
    options.sort(key=lambda option: (not option.chosen, -(option.count or 0), sort_key(option.label, code)))
    slugs = {option.value for option in options}
    return [*(Option(typed, typed, None, True) for typed in wanted.city if typed not in slugs), *options]


def _networks(cities: dict[int, int], wanted: Wanted, code: str) -> Iterator[Option]:
    members = member_cities(timezone.localdate())
    for slug, name in network_names(code).items():
        count = sum(map(cities.get, members.get(slug, ()), repeat(0)))
        if count or slug in wanted.network:
            yield Option(slug, name, count, slug in wanted.network)


def _labels(counts: dict[int, int], wanted: Wanted, code: str) -> Iterator[Option]:
    """A practice holds a kind of label once at a time: what its labels of today count may be added up."""
    held, called = held_on(timezone.localdate(), code), label_names(code) if wanted.label else {}
    names = {slug: one.name for slug, one in held.items()} | {slug: called.get(slug, slug) for slug in wanted.label}
    for slug, name in sorted(names.items(), key=lambda pair: sort_key(pair[1], code)):
        ids = held[slug].ids if slug in held else ()
        count = sum(counts.get(key(Facet.LABEL, label), 0) for label in ids)
        if count or slug in wanted.label:
            yield Option(slug, name, count, slug in wanted.label)


def _listed(
    facet: Facet,
    choices: Iterable[tuple[str, Any]],
    numbers: Mapping[str, int],
    counts: dict[int, int],
    asked: tuple[str, ...],
) -> Iterator[Option]:
    for value, label in choices:
        count = counts.get(key(facet, numbers[value]), 0)
        if count or value in asked:
            yield Option(value, str(label), count, value in asked)


def _years(found: dict[int, int], wanted: Wanted) -> Iterator[Option]:
    for year in sorted(found.keys() | {int(one) for one in wanted.year}, reverse=True):
        yield Option(str(year), str(year), found.get(year, 0), str(year) in wanted.year)


def _languages(counts: dict[int, int], wanted: Wanted) -> Iterator[Option]:
    for code, language in LANGUAGES.items():
        count = counts.get(key(Facet.ORIGINAL, letters(code)), 0)
        if count or code in wanted.original:
            yield Option(code, language.native_name, count, code in wanted.original)


def _readable(counts: dict[int, int], wanted: Wanted, code: str) -> Iterator[Option]:
    count = counts.get(key(Facet.READABLE, letters(code)), 0)
    if count or wanted.readable:
        yield Option("on", "", count, wanted.readable)
