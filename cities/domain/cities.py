"""Putting a city on record, changing what is known of it, archiving it. A city with a history is never deleted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.enums import CityKind, WorldRegion
from cities.models import City, CityIdentifier
from cities.rules import can_archive_city, can_edit_city, can_register_city
from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.names import locale_of
from network.languages import CODES
from network.text import clean_line, clean_text, transliterate
from network.translation.models import texts_of, write

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}")
PROFILE_MAX = 20_000
website_of = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True, kw_only=True)
class CityDetails:
    """What is known of a city. Names and profiles by language code; coordinates WGS 84 degrees; None: not known.

    `identifiers` are its ids in outside lists: {"wikidata": "Q1524"}. An empty slug is made from the English name.
    """

    names: dict[str, str]
    country: str
    region: str
    kind: str = CityKind.CITY
    slug: str = ""
    native_name: str = ""
    native_language: str = ""
    also_known_as: tuple[str, ...] = ()
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    population: int | None = None
    population_year: int | None = None
    population_source: str = ""
    population_approximate: bool = False
    languages: tuple[str, ...] = ()
    website: str = ""
    profile: dict[str, str] = field(default_factory=dict)
    identifiers: dict[str, str] = field(default_factory=dict)
    source: str = ""
    demo: bool = False


def details_of(city: City) -> CityDetails:
    """What is on record now, for `dataclasses.replace` to change."""
    plain = {
        name: getattr(city, name)
        for name in CityDetails.__dataclass_fields__
        if name not in {"names", "profile", "identifiers", "also_known_as", "languages"}
    }
    return CityDetails(
        **plain,
        names=texts_of(city, "name"),
        profile=texts_of(city, "profile"),
        identifiers=dict(city.identifiers.values_list("scheme", "value")),
        also_known_as=tuple(city.also_known_as),
        languages=tuple(city.languages),
    )


@transaction.atomic
def register_city(details: CityDetails, *, by: Any) -> City:
    """Put a city on record. Refuses an address (slug) or outside id that another city has; joins it to no network."""
    insist(can_register_city(by))
    city = City(demo=details.demo)
    city.slug = _slug(details)
    if City.objects.filter(slug=city.slug).exists():
        raise DomainError(_("Another city has this address. Choose another one."), code="slug_taken")
    _fill(city, details)
    city.save()
    _set_identifiers(city, details.identifiers)
    return city


@transaction.atomic
def update_city(city: City, details: CityDetails, *, version: int, by: Any) -> City:
    """Replace what is known of the city. Refuses where it was changed since the reader opened `version`.

    Its address (slug) stays for ever, whatever `details.slug` says. Languages left out of `names` or `profile` lose
    their text: start from `details_of(city)`.
    """
    insist(can_edit_city(by, city))
    city = City.objects.select_for_update().get(pk=city.pk)
    if city.version != version:
        raise DomainError(
            _("Somebody changed this city while you were writing. Load the page again and repeat your change."),
            code="stale",
        )
    _fill(city, details)
    city.version += 1
    city.updated_at = timezone.now()
    city.save()
    _set_identifiers(city, details.identifiers)
    return city


@transaction.atomic
def archive_city(city: City, *, by: Any, reason: str) -> City:
    """Take a city out of the public pages, with its practices. Memberships, history and funds stay as they are."""
    return _set_archived(city, True, by, reason)


@transaction.atomic
def restore_city(city: City, *, by: Any, reason: str) -> City:
    """Bring an archived city back to the public pages."""
    return _set_archived(city, False, by, reason)


def _set_archived(city: City, archived: bool, by: Any, reason: str) -> City:
    insist(can_archive_city(by, city))
    if not clean_line(reason):
        raise DomainError(_("Say why."), code="reason")
    city = City.objects.select_for_update().get(pk=city.pk)
    if bool(city.archived_at) == archived:
        raise DomainError(
            _("This city is archived already.") if archived else _("This city is not archived."), code="state"
        )
    because(clean_line(reason))
    city.archived_at = timezone.now() if archived else None
    city.version += 1
    city.updated_at = timezone.now()
    city.save(update_fields=["archived_at", "version", "updated_at"])
    return city


def _slug(details: CityDetails) -> str:
    name = details.names.get("en") or next(iter(details.names.values()), "") or details.native_name
    slug = slugify(details.slug or transliterate(name), allow_unicode=True)[:80].strip("-")
    if not slug:
        raise DomainError(_("Enter a name."), code="name")
    return slug


def _fill(city: City, details: CityDetails) -> None:
    names = {code: _line(text, 120) for code, text in details.names.items() if code in CODES}
    if not any(names.values()):
        raise DomainError(_("Enter a name."), code="name")
    write(city, "name", {code: names.get(code) or None for code in CODES})
    profile = {code: clean_text(text) for code, text in details.profile.items() if code in CODES}
    if any(len(text) > PROFILE_MAX for text in profile.values()):
        raise DomainError(_("The profile is longer than 20,000 characters."), code="too_long")
    write(city, "profile", {code: profile.get(code) or None for code in CODES})
    city.native_name = _line(details.native_name, 120)
    city.native_language = _tag(details.native_language) if details.native_language else ""
    city.also_known_as = [name for one in details.also_known_as if (name := _line(one, 120))]
    city.languages = [_tag(code) for code in details.languages]
    city.country, city.region, city.kind = details.country.upper(), details.region, details.kind
    city.website = _website(details.website)
    city.latitude, city.longitude = details.latitude, details.longitude
    city.population, city.population_year = details.population, details.population_year
    city.population_source = _line(details.population_source, 200)
    city.population_approximate = details.population_approximate
    city.source = _line(details.source, 300)
    _check(city)
    city.search_text = city.compose_search_text()


def _check(city: City) -> None:
    """What the database refuses too, or can't know, told as a sentence."""
    if len(city.country) != 2 or city.country not in locale_of("en").territories:
        raise DomainError(_("Choose a country."), code="country")
    if city.region not in WorldRegion or city.kind not in CityKind:
        raise DomainError(_("Choose a kind and a region of the list."), code="choice")
    latitude, longitude = city.latitude, city.longitude
    if (latitude is None) != (longitude is None):
        raise DomainError(_("Enter both coordinates, or none."), code="coordinates")
    if latitude is not None and longitude is not None and not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise DomainError(_("Latitude goes from -90 to 90, longitude from -180 to 180."), code="coordinates")
    if city.population is not None and not 0 < city.population < 100_000_000:
        raise DomainError(_("Enter the population as a whole number."), code="population")
    if city.population_year is not None and not 1800 <= city.population_year <= timezone.localdate().year:
        raise DomainError(_("Enter the year of the population figure."), code="population")


def _set_identifiers(city: City, identifiers: dict[str, str]) -> None:
    wanted = {_line(scheme, 24): _line(value, 64) for scheme, value in identifiers.items()}
    kept = {row.scheme: row for row in city.identifiers.all()}
    for scheme, row in kept.items():
        if wanted.get(scheme) != row.value:
            row.delete()
    for scheme, value in wanted.items():
        if not value or (scheme in kept and kept[scheme].value == value):
            continue
        if CityIdentifier.objects.filter(scheme=scheme, value=value).exists():
            raise DomainError(_("Another city has this outside id."), code="identifier_taken")
        CityIdentifier.objects.create(city=city, scheme=scheme, value=value)


def _line(text: str, at_most: int) -> str:
    line = clean_line(text or "")
    if len(line) > at_most:
        raise DomainError(
            _("“%(start)s…” is longer than %(limit)s characters.") % {"start": line[:30], "limit": at_most},
            code="too_long",
        )
    return line


def _tag(code: str) -> str:
    if not LANGUAGE_TAG.fullmatch(code) or len(code) > 12:
        raise DomainError(_("“%(code)s” is no language code.") % {"code": clean_line(code)[:20]}, code="language")
    return code


def _website(address: str) -> str:
    address = clean_line(address or "")
    if not address:
        return ""
    try:
        website_of(address)
    except ValidationError as error:
        raise DomainError(_("Enter the website with https:// in front."), code="website") from error
    if len(address) > 200:
        raise DomainError(_("The website's address is longer than 200 characters."), code="too_long")
    return address
