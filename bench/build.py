"""Filling the bench's database: the demonstration, then thousands of cities, memberships and practices.

    python -m bench.build <practices> <cities> <memberships>

Prints what the measuring needs as one line of JSON: addresses, a common and a rare word, and two people's sessions.
History is switched off meanwhile: it is measured nowhere here. The search rows are made by the library's own function.
"""

from __future__ import annotations

import datetime
import itertools
import json
import random
import sys
from typing import Any

import django

django.setup()

from allauth.account.internal.flows.login import record_authentication  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402

from bench.corpus import Corpus  # noqa: E402
from bench.words import LANGUAGES, Vocabulary  # noqa: E402
from cities.enums import CityKind, WorldRegion  # noqa: E402
from cities.models import City  # noqa: E402
from network.membership.enums import DecisionKind, MemberKind  # noqa: E402
from network.membership.models import Membership, MembershipDecision, Network  # noqa: E402
from network.people import sessions  # noqa: E402
from network.people.enums import RoleKind  # noqa: E402
from network.people.models import User  # noqa: E402
from network.portal.demo.loading import load  # noqa: E402
from practices.models import Practice  # noqa: E402

CHUNK = 500
COUNTRIES = (
    "GR",
    "IT",
    "SE",
    "DK",
    "NO",
    "FI",
    "GB",
    "FR",
    "DE",
    "ES",
    "TN",
    "MA",
    "LB",
    "US",
    "CA",
    "CO",
    "PE",
    "KE",
    "NG",
)
RARE_RANK = 4_000


def build(practices: int, cities: int, memberships: int) -> dict[str, Any]:
    """Fill the empty database; answers what the measuring needs."""
    load()
    chance = random.Random(2026)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    add_cities(cities, chance)
    add_memberships(memberships, chance)
    vocabularies = {code: Vocabulary(code, chance) for code in LANGUAGES}
    Corpus(vocabularies).grow(practices)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    newest = Practice.objects.order_by("-published_at", "-id").values_list("slug", flat=True)
    english = vocabularies["en"].words
    return {
        "practice": newest[len(newest) // 2],
        "city": "athens",
        "common": next(word for word in english[3:] if len(word) > 4),
        "rare": english[RARE_RANK],
        "staff": session_of(User.objects.filter(roles__kind=RoleKind.OPERATOR).order_by("pk")[0]),
        "person": session_of(User.objects.filter(roles__kind=RoleKind.CITY_OFFICER).order_by("pk")[0]),
    }


def add_cities(wanted: int, chance: random.Random) -> None:
    """Cities with a name in six languages, up to `wanted` in all."""
    names = {code: Vocabulary(code, chance) for code in LANGUAGES}
    made = []
    for number in range(City.objects.count(), wanted):
        city = City(
            slug=f"bench-city-{number}",
            kind=chance.choice(CityKind.values),
            country=chance.choice(COUNTRIES),
            region=chance.choice(WorldRegion.values),
            latitude=round(chance.uniform(-55, 70), 3),
            longitude=round(chance.uniform(-170, 175), 3),
            population=chance.randint(9_000, 9_000_000),
            population_year=2024,
            population_source="bench",
            languages=[chance.choice(LANGUAGES)],
            source="bench",
            native_name=f"{names['el'].line(1)} {number}",
        )
        for code, vocabulary in names.items():
            setattr(city, f"name_{code}", f"{vocabulary.line(1)} {number}")
        city.search_text = city.compose_search_text()
        made.append(city)
    City.objects.bulk_create(made, batch_size=CHUNK)


def add_memberships(wanted: int, chance: random.Random) -> None:
    """Current memberships up to `wanted` in all; the first network gets every city."""
    networks = list(Network.objects.order_by("pk"))
    taken = set(Membership.objects.values_list("city_id", "network_id"))
    cities = list(City.objects.order_by("pk").values_list("pk", flat=True))
    pairs = itertools.chain(
        ((city, networks[0].pk) for city in cities),
        ((chance.choice(cities), chance.choice(networks).pk) for _ in itertools.count()),
    )
    made = []
    missing = wanted - Membership.objects.count()
    for city, network in pairs:
        if len(made) >= missing or len(taken) >= len(cities) * len(networks):
            break
        if (city, network) in taken:
            continue
        taken.add((city, network))
        joined = datetime.date(2016, 1, 1) + datetime.timedelta(days=chance.randrange(3600))
        made.append(
            Membership(
                city_id=city,
                network_id=network,
                kind=chance.choice(MemberKind.values),
                joined_on=joined,
                source="bench",
            )
        )
    Membership.objects.bulk_create(made, batch_size=CHUNK)
    MembershipDecision.objects.bulk_create(
        [
            MembershipDecision(membership=one, kind=DecisionKind.APPROVE, effective_on=one.joined_on)
            for one in made
            if one.joined_on
        ],
        batch_size=CHUNK * 4,
    )


def session_of(user: User) -> str:
    """The key of a session in which this person has signed in, with a second factor."""
    client = Client()
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, method="password", email=user.email)
    record_authentication(request, user, method="mfa", type="totp")
    sessions.begin(request, user)
    request.session.save()
    return str(request.session.session_key)


if __name__ == "__main__":
    print(json.dumps(build(*(int(argument) for argument in sys.argv[1:4]))))
