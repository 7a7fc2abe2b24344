"""For which cities somebody writes, and what their own systems call their practices."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from cities.models import City, CityQuerySet
from network.membership.queries.scopes import cities_of_networks
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from practices.enums import State
from practices.models import Practice


def cities_of_writer(user: Any) -> CityQuerySet:
    """The kept cities whose practices this person writes, by slug: those that `can_create_practice` allows. One query."""
    kept = City.objects.visible_to(user).order_by("slug")
    if is_operator(user):
        return kept
    own = Q(uuid__in=scopes(user, RoleKind.CITY_OFFICER))
    networks = scopes(user, RoleKind.NETWORK_OFFICER)
    return kept.filter(own | Q(pk__in=cities_of_networks(networks))) if networks else kept.filter(own)


def changeable_practices(city: City, most: int) -> list[Practice]:
    """The practices of a city that are not in the archive, with their names elsewhere, the newest first."""
    kept = Practice.objects.filter(city=city).exclude(state=State.ARCHIVED).order_by("-id")
    return list(kept.select_related("city").prefetch_related("external_ids")[:most])
