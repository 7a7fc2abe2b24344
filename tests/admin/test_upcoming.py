"""What will be sent: by day, with numbers, in a page that ends; and each text as one of its recipients would read it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.frame.moments import day_text
from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.people.models import Organisation, OrganisationMember
from network.portal.admin import mail_upcoming
from tests.admin import things
from tests.mail import deadlines_for_tests as meetings
from tests.mail.deadlines_for_tests import meeting  # noqa: F401  (a fixture of this file too)

pytestmark = pytest.mark.django_db
PAGE = "/admin/mail/reminderrule/upcoming/"
TEXT = f"{PAGE}text/"
LETTER = f"{PAGE}letter/"


@pytest.fixture(autouse=True)
def _known(meeting):  # noqa: F811
    """Every test here knows of meetings."""


@pytest.fixture
def nour():
    return meetings.reader(preferred_language="ar")


def noon(days: int) -> datetime:
    """Noon in UTC so many days from today. The planner asks the database's clock, which no test can stop."""
    return (timezone.now() + timedelta(days=days)).replace(hour=12, minute=0, second=0, microsecond=0)


def name_of(days: int) -> str:
    return day_text(noon(days).date())


def days_of(page) -> dict[str, list[tuple[str, str]]]:
    """What the page shows: day -> (hour, how many)."""
    return {day["name"]: [(row["hour"], row["number"]) for row in day["rows"]] for day in page.context["days"]}


@pytest.fixture
def two_meetings(nour):
    """One in four days with two members, one in nine with one; a rule of a day and one of three hours."""
    first = meetings.meets(meetings.written(noon(4), "UTC"), nour, meetings.reader("zoe"), slug="first")
    meetings.meets(meetings.written(noon(9), "UTC"), nour, slug="second")
    return first, meetings.rule(1), meetings.rule(hours=3, message="tests.last")


def test_what_comes_stands_by_day_with_its_numbers(two_meetings, operator, enter):
    browser = enter(operator)
    page = browser.get(PAGE)
    assert days_of(page) == {name_of(3): [("09:00", "2 mails")], name_of(4): [("09:00", "2 mails")]}
    told = page.content.decode()
    assert f"meeting {two_meetings[0].pk}" in told
    assert "1 day before, at 09:00 on the deadline’s clock: Members" in told
    assert "3 hours before: Members" in told
    assert "In this time: 4 mails." in told
    assert days_of(browser.get(PAGE, {"days": "1"})) == {}
    assert "No rule meets a deadline in this time." in browser.get(PAGE, {"days": "1"}).content.decode()
    month = days_of(browser.get(PAGE, {"days": "30"}))
    assert list(month) == [name_of(3), name_of(4), name_of(8), name_of(9)]
    assert month[name_of(8)] == month[name_of(9)] == [("09:00", "1 mail")]
    assert days_of(browser.get(PAGE, {"days": "soon"})) == days_of(page)


def test_what_waits_already_stands_below(operator, enter):
    held = things.mail(Status.HELD)
    things.mail(Status.QUEUED)
    things.mail(Status.SENT)
    page = enter(operator).get(PAGE)
    told = page.content.decode()
    assert "On its way: 1 mail" in told
    assert "Held for a person: 1 mail" in told
    assert f'href="/admin/mail/outgoingmail/{held.pk}/change/"' in told
    assert len(page.context["waiting"]) == 2


def test_a_thousand_deadlines_do_not_make_an_endless_page(nour, operator, enter):
    meetings.rule(1)
    due = meetings.written(noon(4), "UTC")
    made = Organisation.objects.bulk_create(
        Organisation(slug=f"o{n}", kind="ngo", name_en=f"O {n}", source=due) for n in range(1000)
    )
    OrganisationMember.objects.bulk_create(OrganisationMember(organisation=one, user=nour) for one in made)
    page = enter(operator).get(PAGE)
    assert sum(len(day["rows"]) for day in page.context["days"]) == mail_upcoming.SHOWN
    assert "900 more are not shown. Choose a shorter time." in page.content.decode()
    assert len(page.content) < 200_000


def test_the_page_costs_the_same_for_one_deadline_and_three(nour, operator, enter):
    meetings.rule(1)
    browser, cost = enter(operator), []
    for number in (1, 2):
        for n in range(number):
            meetings.meets(meetings.written(noon(4), "UTC"), nour, slug=f"o{number}{n}")
            things.mail(Status.QUEUED)
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(PAGE).status_code == 200
        cost.append(len(seen))
    assert cost[0] == cost[1]


def asked(two_meetings, **changed):
    first, day, _hours = two_meetings
    return {"deadline": "tests.meeting", "subject": first.pk, "rule": day.pk, **changed}


def test_a_text_is_read_as_the_chosen_recipient_would_in_the_chosen_language(two_meetings, nour, operator, enter):
    browser = enter(operator)
    assert f'href="{TEXT}?deadline=tests.meeting' in browser.get(PAGE).content.decode()
    told = browser.get(TEXT, asked(two_meetings)).content.decode()
    assert '<div class="letter" lang="ar" dir="rtl">' in told
    assert "nour@example.org" in told
    assert "List-Unsubscribe" in told
    assert "mail.None" not in told
    page = browser.get(TEXT, asked(two_meetings, language="el"))
    assert '<div class="letter" lang="el" dir="ltr">' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    letter = browser.get(LETTER, asked(two_meetings, person=nour.pk))
    assert letter.content.decode().startswith("<p>first ")
    assert "default-src 'none'" in letter["Content-Security-Policy"]
    assert not OutgoingMail.objects.exists()


def test_a_text_is_shown_for_those_it_goes_to_and_nobody_else(two_meetings, operator, enter):
    browser = enter(operator)
    for odd in ({"person": operator.pk}, {"person": "x"}, {"language": "tlh"}, {"person": ""}):
        page = browser.get(TEXT, asked(two_meetings, **odd))
        assert page.context["form"].errors, odd
        assert 'class="letter"' not in page.content.decode()
        assert browser.get(LETTER, asked(two_meetings, **odd)).status_code == 404
    for odd in ({"deadline": "none"}, {"subject": "x"}, {"rule": 987654}, {"subject": ""}):
        for address in (TEXT, LETTER):
            assert browser.get(address, asked(two_meetings, **odd)).status_code == 404


def test_operators_and_auditors_look_ahead_and_nobody_else(two_meetings, operator, auditor, lamp, nour, enter, client):
    for person, expected in ((operator, 200), (auditor, 200), (lamp.officer, 403), (lamp.manager, 403), (nour, 403)):
        for address in (PAGE, TEXT):
            assert enter(person).get(address, asked(two_meetings)).status_code == expected, (person, address)
        letter = enter(person).get(LETTER, asked(two_meetings))
        assert letter.status_code == expected, person
    assert client.get(PAGE).status_code == 302
    assert PAGE.encode() not in enter(lamp.officer).get("/admin/").content
    menu = enter(operator).get(PAGE).content.decode().split('class="staff__menu"', 1)[1].split("</nav>", 1)[0]
    assert menu.count('aria-current="page"') == 1
    assert f'href="{PAGE}" aria-current="page"' in menu
