"""The demonstration as visitors see it: every public page opens, and nothing unknown is shown."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest

from cities.models import City
from grants.models import Fund
from network.membership.models import Network
from practices.models import Practice

# What an unknown value looks like where it slips into a page: alone in an element or an attribute.
UNKNOWN = re.compile(r">\s*(None|null|nan|NaN|undefined)\s*<|=\"(None|null|undefined)\"|\{\{|\{%")
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
LISTS = ("", "practices/", "cities/", "networks/", "funds/")


def addresses(language: str, every: bool) -> list[str]:
    things = [
        *City.objects.all(),
        *Network.objects.all(),
        *Practice.objects.visible_to(None),
        *Fund.objects.visible_to(None),
    ]
    step = 1 if every else 4
    singles = [unquote(thing.get_absolute_url()).split("/", 2)[2] for thing in things[::step]]
    return [f"/{language}/{path}" for path in (*LISTS, *singles)]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "every"), [("en", True), ("ar", False), ("el", False)])
def test_every_public_page_opens_and_shows_nothing_unknown(demo, client, language, every):
    swept = addresses(language, every)
    assert len(swept) > (130 if every else 30)
    for address in swept:
        answer = client.get(address)
        assert answer.status_code == 200, address
        html = SCRIPT.sub("", answer.content.decode())
        assert not UNKNOWN.search(html), (address, UNKNOWN.search(html))


def test_a_membership_of_unknown_start_names_no_year_one(demo, client):
    page = client.get("/en/cities/agios-dimitrios/").content.decode()
    assert "Cities Network for Integration" in page
    assert "0001" not in page
    assert "Jan 1," not in page


def test_office_holders_are_shown_with_their_date_and_without_an_address(demo, client):
    page = client.get("/en/cities/london/").content.decode()
    assert "Sadiq Khan" in page
    assert "2020" in page[page.index("Sadiq Khan") - 400 : page.index("Sadiq Khan") + 600]


def test_the_home_page_leads_to_the_open_round_and_to_the_newest_practices(demo, client):
    page = client.get("/en/").content.decode()
    assert "/en/funds/shared-endeavour-fund/" in page
    newest = Practice.objects.visible_to(None).order_by("-published_at", "-id").first()
    assert f"/en/practices/{newest.slug}/" in page


def test_a_demonstration_is_marked_as_one_and_a_fact_is_not(demo, client):
    assert "Demonstration" in client.get("/en/practices/two-keys-bologna/").content.decode()
    page = client.get("/el/practices/gr-athens-kem/").content.decode()
    assert "Πηγή" in page or "cnigreece.gr" in page
