"""Who is a member of a network on a day, by region, in the reader's language and alphabet."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cities.enums import WorldRegion
from cities.models import City
from cities.queries.words import cities_in_countries
from network.collation import sort_key
from network.frame.moments import known_day_text
from network.membership.enums import DecisionKind, MemberKind
from network.membership.models import Membership, Network, Region


@dataclass
class Member:
    """A city with its ties to the network on the day: the fullest first."""

    city: Any
    ties: list[Any]

    @property
    def founding(self) -> bool:
        """Whether the city was there at the founding."""
        return any(tie.founding for tie in self.ties)


@dataclass
class Group:
    """Members of one region, in the reader's alphabet."""

    name: str
    members: list[Member] = field(default_factory=list)


@dataclass
class MemberList:
    """A network's members on a day. `places` are the network's own regions, also those without a member."""

    day: datetime.date
    groups: list[Group]
    cities: int
    countries: int
    undated: int
    before_founding: bool = False
    places: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """How many cities in how many countries, in words."""
        return cities_in_countries(self.cities, self.countries)


def is_before_founding(network: Network, day: datetime.date) -> bool:
    """Whether the network did not exist on that day, as far as its founding is known."""
    return bool(network.founded_on and day < network.founded_on)


def members_by_region(network: Network, code: str, day: datetime.date) -> MemberList:
    """The members on that day, by the network's own regions, or by world regions where it has none. Three queries.

    Nobody is a member before the network was founded, even where the joining day is not known. `undated` counts the
    cities of which the joining day is not known.
    """
    if is_before_founding(network, day):
        return MemberList(day, [], 0, 0, 0, before_founding=True)
    ties = list(ties_on(network, code, day))
    cities = {city.pk: city for city in member_cities(ties, code)}
    regions = {region.pk: region for region in Region.objects.filter(network=network).for_language(code)}
    own = any(tie.region_id for tie in ties)
    members: dict[int, Member] = {}
    for tie in ties:
        tie.since, tie.suspended = since_text(tie), is_suspended(tie)
        members.setdefault(tie.city_id, Member(cities[tie.city_id], [])).ties.append(tie)
    places = _own_places(regions.values()) if own else dict(WorldRegion.choices)
    groups = {key: Group(str(name)) for key, name in places.items()}
    rest = Group(_("Other regions"))
    for member in sorted(members.values(), key=lambda one: sort_key(one.city.shown_name, code)):
        key = member.ties[0].region_id if own else member.city.region
        groups.get(key, rest).members.append(member)
    undated = sum(1 for member in members.values() if not any(tie.joined_on for tie in member.ties))
    return MemberList(
        day,
        [group for group in [*groups.values(), rest] if group.members],
        len(members),
        len({member.city.country for member in members.values()}),
        undated,
        places=list(_own_places(regions.values()).values()),
    )


def _own_places(regions: Any) -> dict[Any, str]:
    ordered = sorted(regions, key=lambda region: (region.position, region.code))
    return {region.pk: region.shown_name or region.code for region in ordered}


def ties_on(network: Network, code: str, day: datetime.date) -> Any:
    """The network's memberships of kept cities on that day with `shown_act` and `shown_role`: full members first."""
    order = {kind: place for place, kind in enumerate(MemberKind)}
    members = Membership.objects.of_kept_cities().filter(network=network).members_on(day).with_status_on(day)
    ties = members.for_language(code).order_by("pk")
    return sorted(ties, key=lambda tie: (order.get(tie.kind, len(order)), tie.programme))


def member_cities(ties: list[Any], code: str) -> Any:
    """The cities of memberships, with their shown names; one query."""
    return City.objects.filter(pk__in={tie.city_id for tie in ties}).for_language(code).order_by("slug")


def since_text(tie: Any) -> str:
    """Since when the city is a member, no more exactly than is known; nothing where it is not."""
    return known_day_text(tie.joined_on, tie.joined_precision) if tie.joined_on else ""


def is_suspended(tie: Any) -> bool:
    """Whether the newest decision in force suspended the membership (annotated by `with_status_on`)."""
    return tie.last_decision == DecisionKind.SUSPEND
