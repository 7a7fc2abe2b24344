"""Cities, networks and people for tests, made through the domain functions."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from django.utils import timezone

from cities.domain import CityDetails, register_city
from cities.models import City
from network.membership.domain import Admission, NetworkDetails, admit_member, create_network
from network.membership.models import Membership, Network
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role, User

_numbers = itertools.count(1)


def person(name: str = "Somebody", **fields: Any) -> User:
    """An account without roles."""
    return User.objects.create_user(f"person{next(_numbers)}@example.org", display_name=name, **fields)


def holding(kind: str, scope_kind: str = ScopeKind.PORTAL, key: object = "") -> User:
    """An account that holds one role since long."""
    user = person(str(kind))
    Role.objects.create(
        user=user, kind=kind, scope_kind=scope_kind, scope_key=str(key), starts_on=timezone.localdate() - datetime.timedelta(30)
    )  # fmt: skip
    return user


def operator() -> User:
    """Somebody who runs the portal."""
    return holding(RoleKind.OPERATOR)


def officer_of(network: Network) -> User:
    """An officer of the network."""
    return holding(RoleKind.NETWORK_OFFICER, ScopeKind.NETWORK, network.uuid)


def officer_of_city(city: City) -> User:
    """An officer of the city."""
    return holding(RoleKind.CITY_OFFICER, ScopeKind.CITY, city.uuid)


def city(name: str = "", **details: Any) -> City:
    """A city by its English name, in Greece unless told otherwise."""
    name = name or f"City {next(_numbers)}"
    known = {"names": {"en": name}, "country": "GR", "region": "europe", **details}
    return register_city(CityDetails(**known), by=operator())


def athens(**details: Any) -> City:
    """Athens with its names in several languages and scripts."""
    names = {"en": "Athens", "el": "Αθήνα", "ar": "أثينا", "it": "Atene", "sv": "Aten", "fa": "آتن", "es": "Atenas"}
    return city(
        names=names, native_name="Αθήνα", native_language="el", languages=("el",), also_known_as=("Athina",), **details
    )


def malmo(**details: Any) -> City:
    """Malmö, whose name the Arabic keyboard writes too."""
    names = {"en": "Malmö", "ar": "مالمو", "el": "Μάλμε"}
    known = {"native_name": "Malmö", "native_language": "sv", "country": "SE", "languages": ("sv",), **details}
    return city(names=names, **known)


def network(name: str = "", **details: Any) -> Network:
    """A network by its English name."""
    name = name or f"Network {next(_numbers)}"
    return create_network(NetworkDetails(**{"names": {"en": name}, "kind": "global", **details}), by=operator())


def member(of: Network, who: City, **details: Any) -> Membership:
    """A city taken into a network."""
    return admit_member(of, who, Admission(**details), by=operator())
