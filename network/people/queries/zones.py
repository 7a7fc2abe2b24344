"""The time zones people choose from, named in their language, and a first guess."""

from __future__ import annotations

from functools import lru_cache

from babel.core import get_global
from django.utils.translation import get_language

from network.frame.moments import city_of, known_zones
from network.frame.names import locale_of

AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
# Where most readers of a language live who tell us nothing else; the browser's own zone replaces the guess.
USUAL = {
    "el": "Europe/Athens", "it": "Europe/Rome", "sv": "Europe/Stockholm", "fr": "Europe/Paris", "fa": "Asia/Tehran",
    "ur": "Asia/Karachi", "da": "Europe/Copenhagen", "nb": "Europe/Oslo", "fi": "Europe/Helsinki",
    "is": "Atlantic/Reykjavik", "es": "Europe/Madrid", "de": "Europe/Berlin", "en": "Europe/London", "ar": "Asia/Beirut",
}  # fmt: skip


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every IANA zone that is a place of today (aliases without a country are left out), and UTC."""
    territories = get_global("zone_territories")
    places = {zone for zone in known_zones() if zone.split("/")[0] in AREAS and territories.get(zone, "001") != "001"}
    return frozenset(places | {"UTC"})


def is_zone(name: str) -> bool:
    """Whether people may choose this zone."""
    return name in zone_names()


@lru_cache(maxsize=32)
def _choices(language: str) -> tuple[tuple[str, str], ...]:
    territories = get_global("zone_territories")
    locale = locale_of(language)
    named = [
        (zone, f"{locale.territories.get(territories[zone], territories[zone])}: {city_of(zone, locale)}")
        for zone in zone_names()
        if zone != "UTC"
    ]
    return (*sorted(named, key=lambda pair: pair[1]), ("UTC", "UTC"))


def zone_choices() -> tuple[tuple[str, str], ...]:
    """(zone, "Greece: Athens") in the reader's language, by country, UTC last."""
    return _choices(get_language() or "en")


def usual_zone() -> str:
    """The first guess for a person who reads this language."""
    return USUAL.get(get_language() or "en", "UTC")
