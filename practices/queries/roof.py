"""What the home page, the pages of cities and the desk show of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Func, Q

from cities.models import City
from network.people.enums import RoleKind
from network.people.models import User
from network.people.rules.roles import scopes
from network.translation.models import Shown
from practices.enums import State
from practices.models import Practice
from practices.queries.cards import Card, cards


def newest(code: str, limit: int) -> list[Card]:
    """The practices published last, for a reader of `code`. Three queries."""
    ids = Practice.objects.visible_to(None).order_by("-published_at", "-id").values_list("pk", flat=True)
    return cards(list(ids[:limit]), code)


def of_city(city: City, code: str, limit: int = 50) -> list[Card]:
    """A city's public practices, newest first. Three queries."""
    ids = Practice.objects.visible_to(None).filter(city=city).order_by("-published_at", "-id")
    return cards(list(ids.values_list("pk", flat=True)[:limit]), code)


@dataclass(frozen=True)
class Counts:
    """How large the library is: public practices, the cities they come from, the languages they can be read in."""

    practices: int
    cities: int
    languages: int


def counts() -> Counts:
    """The library in three numbers. Two queries."""
    public = Practice.objects.visible_to(None).order_by()
    numbers = public.aggregate(practices=Count("pk"), cities=Count("city", distinct=True))
    languages = public.annotate(one=Func(F("languages"), function="unnest")).values("one").distinct().count()
    return Counts(languages=languages, **numbers)


def counts_by_city() -> dict[int, int]:
    """How many public practices each city has, by city id; cities without any are left out."""
    counted = Practice.objects.visible_to(None).order_by().values("city").annotate(number=Count("pk"))
    return dict(counted.values_list("city", "number"))


@dataclass(frozen=True)
class Begun:
    """A record on the desk of a city's officer."""

    slug: str
    title: str
    language: str
    state: str
    city: str


def of_my_cities(user: User | Any, code: str, limit: int = 20) -> list[Begun]:
    """Drafts and public practices of the cities whose officer the person is, drafts first, then the last changed."""
    keys = scopes(user, RoleKind.CITY_OFFICER)
    if not keys:
        return []
    mine = (
        Practice.objects.for_language(code, "title")
        .filter(Q(state=State.DRAFT) | Q(state=State.PUBLISHED), city__uuid__in=keys)
        .annotate(city_name=Shown(City, "name", code, "city__slug"))
        .order_by("state", "-updated_at", "-id")
    )
    rows = mine.values("slug", "state", "shown_title", "shown_language", "city_name")[:limit]
    return [
        Begun(row["slug"], row["shown_title"], row["shown_language"], row["state"], row["city_name"]) for row in rows
    ]
