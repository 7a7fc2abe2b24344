"""The directory of cities: which ones, in the reader's alphabet, on a list and on a map."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.core.paginator import Page, Paginator
from django.db.models import Func, TextField
from django.urls import reverse

from cities.enums import CityKind, WorldRegion
from cities.models import City, CityQuerySet
from cities.queries.words import cities_in_countries
from network.collation import sort_key
from network.frame.names import country_name, language_name
from network.frame.pagecache import kept
from network.membership.models import Membership, Network

PER_PAGE = 24


@dataclass(frozen=True)
class Wanted:
    """What a reader asks the directory for; empty means every city. `network` is a slug, the others codes."""

    q: str = ""
    network: str = ""
    country: str = ""
    region: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return any((self.q, self.network, self.country, self.region, self.language))


@dataclass(frozen=True)
class Choices:
    """What the filters offer, as (value, label), each in the reader's alphabet."""

    network: list[tuple[str, str]]
    country: list[tuple[str, str]]
    region: list[tuple[str, str]]
    language: list[tuple[str, str]]


@dataclass(frozen=True)
class Directory:
    """One page of the directory, and what is said of all that was found."""

    page: Page
    rows: list[Any]
    cities: int
    countries: int

    @property
    def words(self) -> str:
        """How many cities in how many countries, in words."""
        return cities_in_countries(self.cities, self.countries)


def choices(code: str) -> Choices:
    """Networks; countries and languages that a kept city has; the regions of the world. Kept until content changes."""
    return kept(f"portal.directory.{code}", lambda: _choices(code))


def _choices(code: str) -> Choices:
    cities = City.objects.filter(archived_at__isnull=True).order_by()
    networks = Network.objects.filter(archived_at__isnull=True).for_language(code, "name")
    countries = cities.values_list("country", flat=True).distinct()
    spoken = cities.annotate(tag=Func("languages", function="unnest", output_field=TextField()))
    languages = spoken.values_list("tag", flat=True).distinct()
    return Choices(
        network=_sorted(((one.slug, one.shown_name) for one in networks.order_by("slug")), code),
        country=_sorted(((one, country_name(one)) for one in countries), code),
        region=[(value, str(label)) for value, label in WorldRegion.choices],
        language=_sorted(((one, language_name(one)) for one in languages), code),
    )


def _sorted(pairs: Any, code: str) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: sort_key(pair[1], code))


def wanted_cities(wanted: Wanted, day: datetime.date) -> CityQuerySet:
    """The kept cities that pass every filter; members of a network on that day. Unordered."""
    cities = City.objects.filter(archived_at__isnull=True)
    if wanted.q:
        cities = cities.matching(wanted.q)
    if wanted.network:
        members = Membership.objects.members_on(day).filter(network__slug=wanted.network)
        cities = cities.filter(pk__in=members.order_by().values("city_id"))
    if wanted.country:
        cities = cities.filter(country=wanted.country)
    if wanted.region:
        cities = cities.filter(region=wanted.region)
    if wanted.language:
        cities = cities.filter(languages__contains=[wanted.language])
    return cities.order_by()


def directory(wanted: Wanted, code: str, day: datetime.date, page: Any) -> Directory:
    """A page of the directory; an unreadable page number is the first, one too high the last. At most three queries.

    What the filters alone find is kept until content changes; what is typed is looked for each time.
    """
    if wanted.q:
        order, countries = _in_order(wanted, code, day)
    else:
        asked = f"{wanted.network}.{wanted.country}.{wanted.region}.{wanted.language}"
        order, countries = kept(f"portal.directory.{asked}.{code}.{day}", lambda: _in_order(wanted, code, day))
    leaf = Paginator(order, PER_PAGE).get_page(page)
    ids = list(leaf.object_list)
    cities = City.objects.for_language(code, "name").in_bulk(ids)
    belongs = networks_of(ids, day)
    rows: list[Any] = [cities[pk] for pk in ids if pk in cities]
    for city in rows:
        city.networks = belongs.get(city.pk, [])
        city.kind_shown = "" if city.kind == CityKind.CITY else city.get_kind_display()
    return Directory(leaf, rows, len(order), countries)


def _in_order(wanted: Wanted, code: str, day: datetime.date) -> tuple[list[int], int]:
    """The cities found, in the reader's alphabet, and how many countries they are in.

    The database can't sort by the reader's alphabet, so every name found is sorted here (2,000 take about a
    millisecond once their keys are known) and only the page's rows are loaded.
    """
    found = list(wanted_cities(wanted, day).for_language(code, "name").values_list("pk", "shown_name", "country"))
    found.sort(key=lambda row: sort_key(row[1], code))
    return [row[0] for row in found], len({row[2] for row in found})


def networks_of(ids: list[int], day: datetime.date) -> dict[int, list[str]]:
    """The abbreviations of the networks each city belongs to on that day; one query."""
    ties = (
        Membership.objects.filter(city__in=ids, network__archived_at__isnull=True)
        .members_on(day)
        .order_by("network__abbreviation", "network__slug")
        .values_list("city_id", "network__abbreviation", "network__slug")
        .distinct()
    )
    found: dict[int, list[str]] = {}
    for pk, abbreviation, slug in ties:
        names = found.setdefault(pk, [])
        if (name := abbreviation or slug) not in names:
            names.append(name)
    return found


def points(wanted: Wanted, code: str, day: datetime.date) -> list[dict[str, Any]]:
    """The cities found that have coordinates, as the map takes them. One query.

    Addresses are put together by hand: `reverse` for each of 2,000 cities would take longer than all the rest.
    """
    start = reverse("portal:cities")
    rows = (
        wanted_cities(wanted, day)
        .filter(latitude__isnull=False)
        .for_language(code, "name")
        .values_list("slug", "shown_name", "native_name", "country", "latitude", "longitude")
    )
    return [
        {
            "name": name,
            "native": native if native != name else "",
            "country": country_name(country),
            "lat": float(latitude),
            "lon": float(longitude),
            "url": f"{start}{quote(slug)}/",
        }
        for slug, name, native, country, latitude, longitude in rows.order_by("slug")
    ]
