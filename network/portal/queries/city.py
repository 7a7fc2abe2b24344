"""A city's page: what is known of it, and what it does in the library, the networks and the funds."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from django.db.models import Prefetch
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.enums import ImageKind
from cities.models import City, CityContact, CityImage
from cities.queries.contacts import recipients_of
from grants.models import Fund, Round
from network.frame.moments import known_day_text
from network.frame.names import country_name, language_name, number_text, reader
from network.languages import direction
from network.membership.queries.networks import bare_address
from network.membership.queries.timeline import timeline_of
from network.translation.models import best_text
from practices.models import Practice
from practices.queries.adoptions import TakenUp, taken_up_by
from practices.queries.cards import Card, cards

PRACTICES_SHOWN = 6
FUNDS_SHOWN = 6
# Outside lists whose ids we can turn into an address.
LISTS = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "geonames": ("GeoNames", "https://www.geonames.org/{}/"),
    "osm": ("OpenStreetMap", "https://www.openstreetmap.org/relation/{}"),
}
PARTIAL = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


@dataclass(frozen=True)
class Told:
    """A text and the language it is in; `foreign` where that is not the reader's."""

    text: str
    language: str
    foreign: bool

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`."""
        return direction(self.language)


@dataclass(frozen=True)
class ShownContact:
    """A contact as the page shows it: no address, only whether one can write to it."""

    id: int
    name: str
    role: Told
    kind: str
    as_of: str
    reachable: bool


@dataclass(frozen=True)
class ShownImage:
    """A picture with its texts in the reader's language."""

    url: str
    width: int
    height: int
    alt: str
    caption: Told
    credit: str


@dataclass(frozen=True)
class CityPage:
    """Everything a city's page shows."""

    city: City
    name: str
    other_names: list[dict[str, str]]
    profile: Told
    facts: list[dict[str, Any]]
    logo: ShownImage | None
    photos: list[ShownImage]
    timeline: list[dict[str, Any]]
    contacts: list[ShownContact]
    reachable: bool
    practices: list[Card]
    practice_count: int
    taken_up: list[TakenUp]
    funds: list[Fund]
    points: list[dict[str, Any]]
    sources: list[str]


def told(instance: Any, field: str, code: str) -> Told:
    """A translated field's text for the reader, with the language it is in."""
    text, language = best_text(instance, field, code)
    return Told(text, language, language != code)


def city_page(user: Any, slug: str, code: str, day: datetime.date) -> CityPage:
    """Everything the page shows, in a fixed number of queries. Http404 where there is no such city, or it is archived."""
    city = City.objects.visible_to(user).prefetch_related("identifiers").filter(slug=slug).first()
    if city is None:
        raise Http404
    contacts = list(city.contacts.filter(public=True).order_by("kind", "id"))
    images = list(city.images.order_by("kind", "id"))
    practices = Practice.objects.visible_to(user).filter(city=city).order_by("-published_at", "-id")
    ids = list(practices.values_list("pk", flat=True))
    name = best_text(city, "name", code)[0] or city.native_name
    shown = [_image(city, image, code) for image in images if image.kind == ImageKind.PHOTO]
    logos = [_image(city, image, code) for image in images if image.kind == ImageKind.LOGO]
    return CityPage(
        city=city,
        name=name,
        other_names=_other_names(city, name, code),
        profile=told(city, "profile", code),
        facts=_facts(city),
        logo=logos[0] if logos else None,
        photos=shown,
        timeline=timeline_of(city, code, day),
        contacts=[_contact(contact, code) for contact in contacts],
        reachable=bool(recipients_of(city)),
        practices=cards(ids[:PRACTICES_SHOWN], code),
        practice_count=len(ids),
        taken_up=taken_up_by(city, code),
        funds=funds_of(user, city, code),
        points=_points(city, name),
        sources=_sources(city),
    )


def funds_of(user: Any, city: City, code: str) -> list[Fund]:
    """The city's own public funds with `rounds_shown`: their published rounds, the latest first. Two queries."""
    rounds = Round.objects.filter(published=True).for_language(code, "title").order_by("-closes_at", "-id")
    funds = (
        Fund.objects.visible_to(user)
        .filter(owner_city=city)
        .for_language(code)
        .prefetch_related(Prefetch("rounds", rounds, to_attr="rounds_shown"))
        .order_by("slug")
    )
    return list(funds[:FUNDS_SHOWN])


def _other_names(city: City, name: str, code: str) -> list[dict[str, str]]:
    """The native name where it is another one, with its language for screen readers and fonts."""
    if not city.native_name or city.native_name == name:
        return []
    language = city.native_language or ""
    return [{"name": city.native_name, "language": language, "direction": direction(language) if language else "auto"}]


def _facts(city: City) -> list[dict[str, Any]]:
    languages = [language_name(code) for code in city.languages]
    rows: list[dict[str, Any]] = [
        {"name": _("Kind"), "value": city.get_kind_display()},
        {"name": _("Country"), "value": country_name(city.country)},
        {"name": _("Region"), "value": city.get_region_display()},
        {"name": _("Population"), "value": population_text(city)},
        {
            "name": _("Languages"),
            "value": format_list(languages, locale=reader()) if languages else "",
        },
        {"name": _("Website"), "value": bare_address(city.website), "url": city.website},
    ]
    for identifier in city.identifiers.all():
        label, address = LISTS.get(identifier.scheme, (identifier.scheme, ""))
        rows.append({"name": label, "value": identifier.value, "url": address.format(identifier.value)})
    return rows


def population_text(city: City) -> str:
    """About 643,000 (2021); nothing where it is not known."""
    if not city.population:
        return ""
    people = number_text(city.population)
    if city.population_approximate:
        people = _("about %(number)s") % {"number": people}
    return (
        _("%(people)s (%(year)s)") % {"people": people, "year": city.population_year}
        if city.population_year
        else people
    )


def _image(city: City, image: CityImage, code: str) -> ShownImage:
    return ShownImage(
        url=reverse("cities:picture", args=[city.slug, image.pk]),
        width=image.width,
        height=image.height,
        alt=best_text(image, "alt", code)[0],
        caption=told(image, "caption", code),
        credit=image.credit,
    )


def _contact(contact: CityContact, code: str) -> ShownContact:
    return ShownContact(
        id=contact.pk,
        name=contact.name,
        role=told(contact, "role", code),
        kind=contact.get_kind_display(),
        as_of=partial_day_text(contact.as_of),
        reachable=bool(contact.email),
    )


def partial_day_text(written: str) -> str:
    """A year, year-month or date (2015, 2015-09, 2015-09-29) in the reader's words; other text as it is."""
    found = PARTIAL.fullmatch(written)
    if not found:
        return written
    year, month, day = found.groups()
    precision = "day" if day else "month" if month else "year"
    try:
        return known_day_text(datetime.date(int(year), int(month or 1), int(day or 1)), precision)
    except ValueError:
        return written


def _points(city: City, name: str) -> list[dict[str, Any]]:
    if city.latitude is None or city.longitude is None:
        return []
    return [
        {
            "name": name,
            "native": city.native_name,
            "country": country_name(city.country),
            "lat": float(city.latitude),
            "lon": float(city.longitude),
        }
    ]


def _sources(city: City) -> list[str]:
    """Where the facts come from, each source once."""
    population = _("Population: %(source)s") % {"source": city.population_source} if city.population_source else ""
    return [source for source in dict.fromkeys([city.source, population]) if source]
