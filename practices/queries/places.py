"""Where what a search finds was done: its cities, with the number of practices of each."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from cities.models import City
from network.collation import sort_key
from practices.queries.finding import COUNTED, looked_for
from practices.queries.wanted import Wanted, cities_in_force
from practices.rules.facets import value_of

# Cities on one map and in the list beside it: those with most practices.
MOST_CITIES = 300
# The first key of a row is its city's.
BY_CITY = """
SELECT keys[1], count(*) FROM practices_found(%s::tsquery, %s, %s, NULL, %s::int[]) GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Place:
    """A city of the results and how many of them are its own. Without coordinates it stands on no map."""

    slug: str
    name: str
    native: str
    native_language: str
    country: str
    practices: int
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Places:
    """The cities shown, most practices first; those of them that no map can show; how many cities there are in all."""

    placed: list[Place]
    unplaced: list[Place]
    cities: int

    @property
    def cut(self) -> bool:
        """Whether there are more cities than are shown."""
        return self.cities > len(self.placed) + len(self.unplaced)


def places(wanted: Wanted, code: str) -> Places:
    """The cities of what the search finds, for a reader of `code`: of the newest, where it is more than is counted.

    Two queries beside those of the filters.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_CITY, [looked_for(wanted, code), code, COUNTED + 1, cities_in_force(wanted)])
        numbers = {value_of(city): number for city, number in cursor.fetchall()}
    shown = dict(list(numbers.items())[:MOST_CITIES])
    rows = City.objects.filter(pk__in=shown).for_language(code, "name").order_by()
    found = [
        Place(
            slug=row["slug"],
            name=row["shown_name"],
            native=row["native_name"],
            native_language=row["native_language"],
            country=row["country"],
            practices=shown[row["id"]],
            latitude=None if row["latitude"] is None else float(row["latitude"]),
            longitude=None if row["longitude"] is None else float(row["longitude"]),
        )
        for row in rows.values(
            "id", "slug", "shown_name", "native_name", "native_language", "country", "latitude", "longitude"
        )
    ]
    found.sort(key=lambda place: (-place.practices, sort_key(place.name, code)))
    return Places(
        placed=[place for place in found if place.latitude is not None],
        unplaced=[place for place in found if place.latitude is None],
        cities=len(numbers),
    )
