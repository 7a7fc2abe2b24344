"""Pictures and documents: public where a published practice shows them, and only there."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from practices.domain import archive_practice
from practices.models import PracticeFile, PracticeImage
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
BYTES = b"\x89PNG\r\n\x1a\n and more"


def file_of(practice, kind: str = "picture", mime: str = "image/png", scan: str = "clean") -> PracticeFile:
    """A kept file, as an upload leaves it."""
    file = PracticeFile(
        practice=practice, kind=kind, name="bridge.png", mime=mime, size=len(BYTES), width=3, height=2,
        sha256=hashlib.sha256(BYTES).hexdigest(), scan=scan,
    )  # fmt: skip
    file.file.save("x", ContentFile(BYTES), save=False)
    file.save()
    return file


def test_a_picture_is_public_with_its_practice_and_not_before_or_after(client):
    operator, city = build.operator(), build.city()
    practice = build.practice(operator, of=city)
    file = file_of(practice)
    address = f"/en/practices/files/{file.uuid}/"
    assert client.get(address).status_code == 404
    PracticeImage.objects.create(practice=practice, file=file, alt_en="A bridge", credit="City")
    answer = client.get(address)
    assert (answer.status_code, b"".join(answer)) == (200, BYTES)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = client.get(f"/en/practices/{practice.slug}/").content.decode()
    assert f'src="/en/practices/files/{file.uuid}/" alt="A bridge"' in page
    archive_practice(practice, by=operator, reason="Old.")
    assert client.get(address).status_code == 404


def test_whoever_writes_for_the_city_sees_what_is_not_public_yet_and_nobody_else():
    city = build.city()
    practice = build.practice(build.operator(), of=city, published=False)
    address = f"/en/practices/files/{file_of(practice).uuid}/"
    assert b"".join(sign_in(Client(), build.officer(city)).get(address)) == BYTES
    assert sign_in(Client(), build.officer(build.city())).get(address).status_code == 404
    assert sign_in(Client(), build.person()).get(address).status_code == 404


def test_a_type_that_is_none_of_ours_is_not_handed_out():
    city = build.city()
    practice = build.practice(build.operator(), of=city, published=False)
    file = file_of(practice, mime="image/svg+xml")
    answer = sign_in(Client(), build.officer(city)).get(f"/en/practices/files/{file.uuid}/")
    assert answer.status_code == 404
