"""What a version will be, as page and as sheet, at every stage of writing."""

# ruff: noqa: F811  (fixtures of another file)
from __future__ import annotations

import pytest
from django.test import Client

from practices.domain import publish_version, start_version, submit_version
from practices.models import VersionSection
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.test_record_pages import at, browser, city, officer, version  # noqa: F401  (fixtures)
from tests.practices.test_versions import ready, write

pytestmark = pytest.mark.django_db


def test_page_and_sheet_stand_side_by_side(browser, version, officer):
    write(version, {"story": {"challenge": "The square was empty."}}, officer)
    page = browser.get(at(version) + "preview/").content.decode()
    assert "The square was empty." in page
    assert "Still empty:" in page
    assert f'src="{at(version)}sheet.svg"' in page
    drawing = browser.get(at(version) + "sheet.svg")
    assert (drawing.status_code, drawing["Content-Type"]) == (200, "image/svg+xml")
    assert drawing.content.startswith(b"<svg")
    assert drawing["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    sheet = browser.get(at(version) + "sheet.pdf")
    assert (sheet["Content-Type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    again = browser.get(at(version) + "sheet.svg", HTTP_IF_NONE_MATCH=drawing["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize("code", ["en", "ar"])
def test_there_is_a_preview_of_nothing_at_all(browser, version, code):
    VersionSection.objects.filter(version=version).update(data={})
    base = f"/{code}/practices/{version.practice.slug}/record/"
    for address in ("preview/", "sheet.svg", "sheet.pdf"):
        assert browser.get(base + address).status_code == 200


def test_a_preview_follows_its_version_through_all_stages(browser, city, officer):
    version = ready(city, officer)
    practice = publish_version(
        submit_version(version, by=officer), by=build.operator(), unreviewed_because="A small network."
    )
    newer = start_version(practice, by=officer)
    write(newer, {"about": {"title": "Nya broar"}}, officer)
    page = browser.get(at(newer) + "preview/").content.decode()
    assert "Nya broar" in page
    submit_version(newer, by=officer)
    assert "Back to the record" in browser.get(at(newer) + "preview/").content.decode()
    assert "Nya broar" not in Client().get(f"/sv/practices/{practice.slug}/").content.decode()


def test_nobody_else_sees_a_preview(version):
    stranger = sign_in(Client(), build.officer(build.city()))
    for address in ("preview/", "sheet.svg", "sheet.pdf"):
        assert stranger.get(at(version) + address).status_code == 404
        assert Client().get(at(version) + address).status_code == 302
