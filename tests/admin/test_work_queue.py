"""The first page: each number is the number of rows behind it, for each person."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cities.domain import ContactDetails, add_contact
from network.mail.enums import Status
from network.membership.domain import Admission, apply_for_city
from network.portal import work_queue
from tests.admin import things

pytestmark = pytest.mark.django_db
TILE = re.compile(
    r'<a href="([^"]+)"><span class="waits__number">([\d,]+)</span><span class="waits__title">([^<]+)</span>'
)


def tiles(browser) -> dict[str, tuple[str, int]]:
    """The tiles of the first page: title -> (address, number)."""
    page = browser.get("/admin/")
    assert page.status_code == 200
    return {title: (url, int(number)) for url, number, title in TILE.findall(page.content.decode())}


def rows_of(browser, url) -> int:
    """How many rows the list behind a tile has, by its own count."""
    page = browser.get(url)
    assert page.status_code == 200
    return page.context["cl"].result_count


@pytest.fixture
def waiting(lamp, harbour, contact, operator):
    """Something in every tile, and something that is not."""
    apply_for_city(lamp.network, harbour.city, Admission(), by=operator)
    add_contact(
        harbour.city, ContactDetails(name="Press", public=True, as_of=str(timezone.localdate().year)), by=operator
    )
    things.sent_application(lamp.round)
    for status in Status:
        things.mail(status)
    things.bounced()
    things.bounced(bounced_at=timezone.now() - datetime.timedelta(days=8))
    things.ended_pause(operator)
    things.version(lamp.practice)
    things.version(harbour.practice, "draft", submitted_at=None)
    return lamp


def test_each_number_is_the_number_of_rows_behind_it(waiting, operator, auditor, harbour, enter):
    for person in (operator, auditor, waiting.officer, waiting.manager, harbour.officer):
        browser = enter(person)
        for title, (url, number) in tiles(browser).items():
            assert rows_of(browser, url) == number, (person, title)


def test_the_operator_sees_every_tile_with_its_number(waiting, operator, enter):
    numbers = {title: number for title, (_url, number) in tiles(enter(operator)).items()}
    assert numbers == {
        "Memberships waiting for a decision": 1,
        "Rounds that close within 7 days": 2,
        "Applications sent": 1,
        "Organisations that wait to be verified": 0,
        "Cities without a public contact": 1,
        "Cities whose contacts nobody confirmed for 12 months": 1,
        "Practices in draft": 2,
        "Practices not confirmed in time": 0,
        "Labels that expire soon": 0,
        "Practices submitted, without two reviewers": 1,
        "Practices whose reviews are in": 0,
        "Practices whose reviewer is late": 0,
        "Pause of all mail": 0,
        "Mails held for a person": 1,
        "Mails of unclear outcome": 1,
        "Mails that failed": 1,
        "Addresses that bounced within 7 days": 1,
    }
    assert len(work_queue.TILES) == len(numbers)


def test_an_officer_sees_what_waits_in_the_own_network_only(waiting, harbour, enter):
    own = {title: number for title, (_url, number) in tiles(enter(waiting.officer)).items()}
    other = {title: number for title, (_url, number) in tiles(enter(harbour.officer)).items()}
    assert own["Memberships waiting for a decision"] == 1
    assert other["Memberships waiting for a decision"] == 0
    assert not [title for title in own if "ail" in title]


def test_the_menu_of_an_officer_has_at_most_eight_entries(lamp, enter):
    page = enter(lamp.officer).get("/admin/").content.decode()
    menu = page.split('class="staff__menu"', 1)[1].split("</nav>", 1)[0]
    assert 1 < menu.count("<li>") <= 8


@pytest.mark.parametrize(
    ("as_of", "waits"),
    [
        ("2019", True),
        ("", True),
        ("last-year-day", True),
        ("this-year", False),
        ("this-month-last-year", False),
        ("today", False),
    ],
)
def test_a_contact_counts_as_confirmed_for_twelve_months(lamp, operator, enter, as_of, waits):
    today = timezone.localdate()
    year_ago = today - datetime.timedelta(days=365)
    told = {
        "last-year-day": (year_ago - datetime.timedelta(days=1)).isoformat(),
        "this-year": str(today.year),
        "this-month-last-year": year_ago.isoformat()[:7],
        "today": today.isoformat(),
    }.get(as_of, as_of)
    add_contact(lamp.city, ContactDetails(name="Eleni", as_of=told), by=operator)
    number = tiles(enter(operator))["Cities whose contacts nobody confirmed for 12 months"][1]
    assert number == int(waits)


def test_the_numbers_cost_one_query_however_many_there_are(waiting, operator, enter):
    browser = enter(operator)
    with CaptureQueriesContext(connection) as seen:
        browser.get("/admin/")
    counted = [query["sql"] for query in seen if "COUNT(" in query["sql"] and '"tile0"' in query["sql"]]
    assert len(counted) == 1
    assert len(seen) <= 8, [query["sql"][:100] for query in seen]
