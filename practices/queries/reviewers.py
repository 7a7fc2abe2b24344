"""Who could review a version: officers of other cities of its networks, and reviewers of those networks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count
from django.db.models.functions import Cast

from cities.models import City
from network.languages import CODES
from network.membership.queries.scopes import cities_of_networks
from network.people import scopes as scope_registry
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role, User
from network.text import normalise
from network.translation.models import Shown
from practices.enums import AdoptionState
from practices.enums.reviews import ReviewState
from practices.models import Adoption, PracticeVersion, ReviewRequest, VersionSection
from practices.rules.reviews import Stakes, conflict, words_of

# How many are looked at and how many are shown: whoever is looked for by name is found among all.
LOOKED_AT, SHOWN = 300, 20


@dataclass(frozen=True)
class Peer:
    """Somebody who could be asked: for which city (none: a reviewer of the network), how many reviews they have open, the
    languages of their own and of their city, whether that of the version is among them, and why they can't be asked."""

    user: User
    city: City | None
    city_name: str
    load: int
    languages: tuple[str, ...]
    reads: bool
    why_not: Any = ""


def stakes_of(version: PracticeVersion) -> Stakes:
    """Who has a stake in the version. Five small queries."""
    practice = version.practice
    sections = VersionSection.objects.filter(version=version).order_by()
    writers = {version.started_by_id, version.submitted_by_id, *sections.values_list("updated_by", flat=True)}
    actors: Mapping[str, Any] = next(iter(sections.filter(section="actors").values_list("data", flat=True)), {})
    partners = [actors.get("lead_organisation") or "", *(row.get("name") or "" for row in actors.get("rows", ()))]
    adopters = Adoption.objects.filter(practice=practice).exclude(state=AdoptionState.WITHDRAWN).order_by()
    conflicted = ReviewRequest.objects.filter(version__practice=practice, state=ReviewState.CONFLICTED).order_by()
    return Stakes(
        city=practice.city_id,
        writers=frozenset(pk for pk in writers if pk),
        conflicted=frozenset(conflicted.values_list("reviewer_id", flat=True)),
        adopters=frozenset(adopters.values_list("city_id", flat=True)),
        partners=tuple(words_of(name) for name in partners if name),
    )


def cities_of(people: Iterable[int], code: str) -> dict[int, list[City]]:
    """The kept cities whose officers these people are today, with `city_name` for a reader of `code`."""
    roles = Role.objects.current().filter(kind=RoleKind.CITY_OFFICER, user__in=list(people))
    held = list(roles.order_by("pk").values_list("user_id", "scope_key"))
    rows = City.objects.filter(uuid__in={key for _user, key in held}, archived_at__isnull=True)
    named = {str(city.uuid): city for city in rows.annotate(city_name=Shown(City, "name", code)).order_by()}
    found: dict[int, list[City]] = {}
    for user, key in held:
        if key in named:
            found.setdefault(user, []).append(named[key])
    return found


def peers_for(version: PracticeVersion, code: str, words: str = "") -> list[Peer]:
    """Who could review it, least busy first and those who read its language before others; who can't comes last, with the
    reason. `words` are looked for in the names of people and cities. A constant number of queries.

    Whoever reviews this version already, or has said no, is not among them.
    """
    asked = ReviewRequest.objects.filter(version=version).order_by()
    gone = set(asked.values_list("reviewer_id", flat=True))
    taken = set(asked.active().values_list("city_id", flat=True)) - {None}
    officers = _officers(version)
    reviewers = _reviewers(version)
    people = [user for user in {**officers, **reviewers} if user not in gone]
    if words:
        people = _matching(people, words)
    people = people[:LOOKED_AT]
    stakes, own = stakes_of(version), cities_of(people, code)
    loads = loads_of(people)
    languages = languages_of(people)
    users = User.objects.in_bulk(people)
    found = [
        _peer(version, users[pk], own.get(pk, []), taken, stakes, loads.get(pk, 0), languages.get(pk, ()))
        for pk in people
    ]
    found = [peer for peer in found if peer.city or peer.user.pk in reviewers or peer.why_not]
    return sorted(
        found, key=lambda peer: (bool(peer.why_not), not peer.reads, peer.load, normalise(peer.user.display_name))
    )[:SHOWN]


def _peer(
    version: PracticeVersion,
    user: User,
    cities: list[City],
    taken: set[int],
    stakes: Stakes,
    load: int,
    languages: tuple[str, ...],
) -> Peer:
    free = [city for city in cities if city.pk not in taken and city.pk != version.practice.city_id]
    city = next(iter(free), None)
    shown = city or next(iter(cities), None)
    known = tuple(
        dict.fromkeys([user.preferred_language, *languages, *(code for one in cities for code in _codes(one))])
    )
    return Peer(
        user=user,
        city=city,
        city_name=vars(shown)["city_name"] if shown else "",
        load=load,
        languages=known,
        reads=version.language in known,
        why_not=conflict(stakes, user.pk, cities),
    )


def _codes(city: City) -> list[str]:
    """The languages of a city that the portal knows, without regions: pt-BR counts as nothing, ar-TN as ar."""
    bare = (language.split("-")[0] for language in city.languages)
    return [code for code in bare if code in CODES]


def _officers(version: PracticeVersion) -> dict[int, None]:
    """Officers of the kept cities of the version's networks; where its city is in none, of all kept cities."""
    networks = networks_of(version)
    cities = City.objects.filter(archived_at__isnull=True)
    if networks:
        cities = cities.filter(pk__in=cities_of_networks(networks))
    keys = cities.order_by().annotate(key=Cast("uuid", CharField())).values("key")
    roles = Role.objects.current().filter(kind=RoleKind.CITY_OFFICER, scope_key__in=keys, user__is_active=True)
    return dict.fromkeys(roles.order_by("user_id").values_list("user_id", flat=True))


def _reviewers(version: PracticeVersion) -> dict[int, None]:
    """People who hold the role of a reviewer in one of the version's networks."""
    networks = networks_of(version)
    roles = Role.objects.current().filter(kind=RoleKind.REVIEWER, user__is_active=True).order_by("user_id")
    held = list(roles.values_list("user_id", "scope_kind", "scope_key"))
    of = {
        (kind, key): scope_registry.networks_of(kind, key) for kind, key in {(kind, key) for _user, kind, key in held}
    }
    return {user: None for user, kind, key in held if not networks or of[kind, key] & networks}


def networks_of(version: PracticeVersion) -> set[str]:
    """The UUIDs of the networks that the version's city belongs to."""
    return scope_registry.networks_of(ScopeKind.CITY, str(version.practice.city.uuid))


def _matching(people: list[int], words: str) -> list[int]:
    """Those whose own name, or the name of whose city, holds the words."""
    named = set(User.objects.filter(pk__in=people, display_name__icontains=words).values_list("pk", flat=True))
    cities = City.objects.matching(words).order_by().annotate(key=Cast("uuid", CharField())).values("key")
    roles = Role.objects.current().filter(kind=RoleKind.CITY_OFFICER, user__in=people, scope_key__in=cities)
    named |= set(roles.order_by().values_list("user_id", flat=True))
    return [pk for pk in people if pk in named]


def loads_of(people: Iterable[int]) -> dict[int, int]:
    """How many reviews each of these people has still to write."""
    awaited = ReviewRequest.objects.awaited().filter(reviewer__in=list(people)).order_by()
    return dict(awaited.values_list("reviewer").annotate(number=Count("pk")))


def languages_of(people: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The languages for which these people are translators."""
    roles = Role.objects.current().filter(kind=RoleKind.TRANSLATOR, user__in=list(people)).order_by("pk")
    found: dict[int, tuple[str, ...]] = {}
    for user, code in roles.values_list("user_id", "scope_key"):
        found[user] = (*found.get(user, ()), code)
    return found


def deciders_of(city: City) -> list[User]:
    """The officers of the networks that a city belongs to: those who decide about its practices."""
    keys = scope_registry.networks_of(ScopeKind.CITY, str(city.uuid))
    held = Role.objects.current().filter(kind=RoleKind.NETWORK_OFFICER, scope_key__in=keys)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))
