"""Practices as a city's own system knows them."""

from __future__ import annotations

from cities.models import City
from practices.enums import State
from practices.models import Practice


def changeable_practices(city: City, most: int) -> list[Practice]:
    """The practices of a city that are not in the archive, with their names elsewhere, the newest first."""
    kept = Practice.objects.filter(city=city).exclude(state=State.ARCHIVED).order_by("-id")
    return list(kept.select_related("city").prefetch_related("external_ids")[:most])
