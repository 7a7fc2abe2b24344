"""Putting cities on record and changing them: what is refused, and why."""

import datetime
import struct
import zlib
from dataclasses import replace
from decimal import Decimal

import pytest

from cities.domain import (
    CityDetails,
    ContactDetails,
    ImageDetails,
    add_contact,
    add_image,
    archive_city,
    details_of,
    register_city,
    remove_image,
    restore_city,
    update_city,
)
from cities.models import City
from cities.rules import can_edit_city
from network.doors import DomainError
from network.membership.domain import decide
from network.membership.enums import DecisionKind
from tests import places

pytestmark = pytest.mark.django_db
ABOUT = ImageDetails(credit="A. Person", alt={"en": "The town hall"})


def refusal(code: str):
    """The domain's refusal with that code."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def png(width: int, height: int) -> bytes:
    """The smallest thing that says it is a PNG of that size."""
    head = struct.pack(">II5B", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"names": {"en": " \u202e"}}, "name"),
        ({"names": {"xx": "Nowhere"}}, "name"),
        ({"names": {"en": "x" * 121}}, "too_long"),
        ({"country": "XQ"}, "country"),
        ({"country": "Greece"}, "country"),
        ({"region": "atlantis"}, "choice"),
        ({"latitude": Decimal(10)}, "coordinates"),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, "coordinates"),
        ({"population": -1}, "population"),
        ({"population": 5, "population_year": 3000}, "population"),
        ({"languages": ("Ελληνικά",)}, "language"),
        ({"website": "javascript:alert(1)"}, "website"),
        ({"slug": "athens"}, "slug_taken"),
        ({"identifiers": {"wikidata": "Q1524"}}, "identifier_taken"),
    ],
)
def test_a_city_that_cannot_be_is_refused_whole(change, code):
    places.athens(identifiers={"wikidata": "Q1524"})
    known = {"names": {"en": "Nowhere"}, "country": "GR", "region": "europe", **change}
    with refusal(code):
        register_city(CityDetails(**known), by=places.operator())
    assert City.objects.count() == 1


def test_names_lose_line_breaks_and_direction_marks():
    city = places.city(names={"en": "New\r\nTown\u202e"})
    assert (city.name_en, city.slug) == ("New Town", "new-town")


def test_the_second_of_two_editors_is_told():
    city, operator = places.athens(), places.operator()
    update_city(city, replace(details_of(city), website="https://athens.example"), version=1, by=operator)
    with refusal("stale"):
        update_city(city, replace(details_of(city), website=""), version=1, by=operator)
    city.refresh_from_db()
    assert (city.version, city.website, city.name_el) == (2, "https://athens.example", "Αθήνα")


def test_who_may_edit_a_city():
    city, ours, other = places.athens(), places.network(), places.network()
    membership = places.member(ours, city)
    allowed = {
        "operator": places.operator(),
        "its officer": places.officer_of_city(city),
        "officer of its network": places.officer_of(ours),
        "officer of another city": places.officer_of_city(places.malmo()),
        "officer of another network": places.officer_of(other),
        "nobody": places.person(),
    }
    assert {who for who, user in allowed.items() if can_edit_city(user, city)} == {
        "operator", "its officer", "officer of its network",
    }  # fmt: skip
    decide(membership, DecisionKind.WITHDRAW, by=places.operator(), reason="x", effective_on=datetime.date(2020, 1, 1))
    assert not can_edit_city(allowed["officer of its network"], city)


def test_a_city_is_archived_with_a_reason_and_comes_back(client):
    city, operator = places.athens(), places.operator()
    with refusal("reason"):
        archive_city(city, by=operator, reason=" ")
    with refusal("denied"):
        archive_city(city, by=places.officer_of_city(city), reason="We left")
    archive_city(city, by=operator, reason="Merged")
    assert client.get("/en/cities/athens/").status_code == 404
    assert client.get("/en/cities/athens/contact/").status_code == 404
    with refusal("state"):
        archive_city(city, by=operator, reason="Again")
    restore_city(city, by=operator, reason="Split again")
    assert client.get("/en/cities/athens/").status_code == 200


@pytest.mark.parametrize("as_of", ["2020-13", "yesterday", "2020-1-1", "20200101"])
def test_a_contact_is_as_of_a_day_that_exists(as_of):
    with refusal("as_of"):
        add_contact(places.athens(), ContactDetails(name="Desk", as_of=as_of), by=places.operator())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        (b"GIF89a" + b"\0" * 40, "type"),
        (b"\x89PNG\r\n\x1a\n", "type"),
        (b"\xff\xd8\xff\xe0", "type"),
        (png(0, 5), "type"),
        (png(10_000, 5_001), "pixels"),
        (png(5, 5) + b"\0" * 5 * 1024 * 1024, "too_large"),
    ],
)
def test_a_picture_is_judged_by_its_own_bytes(data, code):
    with refusal(code):
        add_image(places.athens(), data, ABOUT, by=places.operator())


@pytest.mark.django_db(transaction=True)
def test_a_picture_is_served_as_what_it_is_and_can_run_nothing(client):
    city, operator = places.athens(), places.operator()
    with refusal("credit"):
        add_image(city, png(4, 3), replace(ABOUT, credit=" "), by=operator)
    with refusal("alt"):
        add_image(city, png(4, 3), replace(ABOUT, alt={}), by=operator)
    image = add_image(city, png(4, 3), ABOUT, by=operator)
    assert (image.width, image.height) == (4, 3)
    path = f"/en/cities/athens/pictures/{image.pk}/"
    response = client.get(path)
    assert b"".join(response.streaming_content) == png(4, 3)
    assert response["Content-Type"] == "image/png"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "The town hall" in client.get("/en/cities/athens/").content.decode()
    storage, name = image.file.storage, image.file.name
    remove_image(image, by=operator)
    assert not storage.exists(name)
    assert client.get(path).status_code == 404
