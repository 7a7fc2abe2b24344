"""Rows that the interface shows, and rows that it must keep to itself. Written straight into the tables: the domain
functions have tests of their own, and here the reading is judged. At the end, a city's own system that writes."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cities.models import City, CityContact, CityIdentifier
from grants.models import Contribution, Fund, Round
from network.membership.models import Membership, MembershipDecision, Network, Region
from network.people.models import Organisation
from practices.domain import index_practice
from practices.models import Concept, Practice, PracticeNarrative
from tests.api.programs import Program, token_of
from tests.practices import builders as build

SECRET_ADDRESS, SECRET_PHONE = "mayor.private@stad.example", "+46 40 123 45 67"
LISTS = ("cities", "networks", "memberships", "practices", "funds")


@pytest.fixture
def get(client: Client) -> Callable[..., Any]:
    """Read an address of the interface: `get("cities/", lang="el")`; `accept` is the Accept-Language header."""

    def read(path: str, accept: str = "", **parameters: Any) -> Any:
        headers = {"Accept-Language": accept} if accept else {}
        return client.get(f"/api/v1/{path}", parameters, headers=headers)

    return read


def make_city(number: int, **fields: Any) -> City:
    """A city with names in two languages, an id in another list and a contact whose addresses nobody may see."""
    defaults = {
        "slug": f"city-{number}",
        "name_en": f"Harbour {number}",
        "name_el": f"Λιμάνι {number}",
        "native_name": f"Λιμάνι {number}",
        "native_language": "el",
        "country": "GR",
        "region": "europe",
        "languages": ["el"],
        "source": "a source",
    }
    city = City(**{**defaults, **fields})
    city.search_text = city.compose_search_text()
    city.save()
    CityIdentifier.objects.create(city=city, scheme="wikidata", value=f"Q{city.pk}")
    for public in (True, False):
        CityContact.objects.create(
            city=city, name="Somebody", email=SECRET_ADDRESS, phone=SECRET_PHONE, public=public, as_of="2020"
        )
    return city


def make_network(number: int, **fields: Any) -> Network:
    """A network with one region."""
    names = {"name_en": f"Network {number}", "name_el": f"Δίκτυο {number}", "purpose_en": "To learn from one another."}
    network = Network.objects.create(
        **{"slug": f"network-{number}", "kind": "regional", "source": "a source", **names, **fields}
    )
    Region.objects.create(network=network, code="north", name_en="North")
    return network


def make_member(city: City, network: Network, **fields: Any) -> Membership:
    """A membership approved in 2018."""
    region = network.regions.order_by("pk").first()
    joined = datetime.date(2018, 5, 1)
    membership = Membership.objects.create(
        **{"city": city, "network": network, "region": region, "joined_on": joined, "act_en": "A vote", **fields}
    )
    MembershipDecision.objects.create(membership=membership, kind="approve", effective_on=joined)
    return membership


def make_practice(number: int, city: City, theme: Concept, **fields: Any) -> Practice:
    """A published practice, written in Greek, complete in English."""
    defaults = {
        "slug": f"practice-{number}",
        "city": city,
        "state": "published",
        "published_at": timezone.now() - datetime.timedelta(days=number),
        "original_language": "el",
        "languages": ["el", "en"],
        "title_el": f"Τίτλος {number}",
        "title_en": f"Title {number}",
        "summary_el": "Περίληψη",
        "summary_en": "Summary",
        "source": "a source",
    }
    practice = Practice.objects.create(**{**defaults, **fields})
    practice.themes.add(theme)
    PracticeNarrative.objects.create(practice=practice, challenge_el="Το πρόβλημα", challenge_en="The challenge")
    index_practice(practice)
    return practice


@transaction.atomic
def make_fund(number: int, city: City, **fields: Any) -> Fund:
    """An open fund of a city, paid for by one organisation, with a round shown and a round not yet shown."""
    defaults = {
        "slug": f"fund-{number}",
        "owner_city": city,
        "title_en": f"Fund {number}",
        "currency": "EUR",
        "budget": 1000,
    }
    fund = Fund.objects.create(**{"status": "open", **defaults, **fields})
    payer = Organisation.objects.create(slug=f"payer-of-{fund.slug}", name_en="Payer", kind="foundation")
    Contribution.objects.create(fund=fund, funder=payer, amount=1000)
    now = timezone.now()
    for order, published in ((1, True), (2, False)):
        Round.objects.create(
            fund=fund,
            number=order,
            title_en=f"Round {order}",
            opens_at=now,
            closes_at=now + datetime.timedelta(days=9),
            timezone="Europe/Athens",
            published=published,
        )
    return fund


def fill(first: int, last: int) -> None:
    """One row of everything for each number."""
    theme, _ = Concept.objects.get_or_create(code="trust", defaults={"label_en": "Trust", "label_el": "Εμπιστοσύνη"})
    for number in range(first, last + 1):
        city = make_city(number)
        make_member(city, make_network(number))
        make_practice(number, city, theme)
        make_fund(number, city)


@pytest.fixture
def three(db: None) -> None:
    """Three rows of everything."""
    fill(1, 3)


# --- a city's own system ----------------------------------------------------------------------------------------------


@pytest.fixture
def city(db):
    build.theme("peace", build.operator())
    return build.city("malmo")


@pytest.fixture
def officer(city):
    return build.officer(city)


@pytest.fixture
def program(city, officer):
    return Program(token_of(city, officer)[1])


@pytest.fixture
def begun(program) -> str:
    """The uuid of a record that the program has begun."""
    return program.begin().json()["uuid"]
