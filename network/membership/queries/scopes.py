"""Networks and cities as things that roles are tied to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from cities.models import City
from network.membership.enums import STANDING
from network.membership.models import Membership, Network
from network.translation.models import best_text


def _by_uuid(model: Any, key: str) -> Any:
    try:
        return model.objects.filter(uuid=uuid.UUID(key)).first()
    except ValueError:
        return None


def network_name(key: str) -> str:
    """A network's name by its UUID; nothing where there is none."""
    network = _by_uuid(Network, key)
    return best_text(network, "name", get_language() or "en")[0] if network else ""


def city_name(key: str) -> str:
    """A city's name by its UUID; nothing where there is none."""
    city = _by_uuid(City, key)
    return (best_text(city, "name", get_language() or "en")[0] or city.native_name) if city else ""


def networks_of_city(key: str) -> list[str]:
    """The UUIDs of the networks a city belongs to today, or has applied to."""
    try:
        memberships = Membership.objects.filter(city__uuid=uuid.UUID(key))
    except ValueError:
        return []
    return [str(found) for found in _standing(memberships).values_list("network__uuid", flat=True).distinct()]


def cities_of_networks(keys: Iterable[str]) -> QuerySet:
    """Ids of the cities that belong to these networks (UUIDs) today, or have applied to: those whom `networks_of_city` names."""
    return _standing(Membership.objects.filter(network__uuid__in=list(keys))).values("city_id")


def _standing(memberships: Any) -> Any:
    # No decision yet (NULL) counts: the officers who decide about an application may prepare the city's page.
    standing = Q(last_decision__isnull=True) | Q(last_decision__in=STANDING)
    return memberships.with_status_on(timezone.localdate()).filter(standing).order_by()
