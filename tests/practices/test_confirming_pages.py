"""The page "Still true?", what is due next, and what readers are told of the yearly confirmation."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from network.frame.moments import day_text
from network.people.desk import items
from practices.domain import confirm_practice, publish_practice, start_version, tell_ended
from practices.models import Practice
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.reviewing import Town, town
from tests.practices.test_fact_sheet import data_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Town:
    return town()


def verified(cast: Town, days: int, title: str = "Broar", **facts: object) -> Practice:
    """A practice of Malmö's that was verified so many days ago."""
    made = build.practice(cast.operator, {"sv": build.version(title)}, of=cast.city, published=False, **facts)
    return publish_practice(made, by=cast.operator, at=timezone.now() - datetime.timedelta(days=days))


def page_of(practice: Practice) -> str:
    return f"/en/practices/{practice.slug}/still-true/"


def text_of(response) -> str:
    return response.content.decode()


def seen(practice: Practice) -> str:
    return str(Practice.objects.get(pk=practice.pk).version)


# --- the page -------------------------------------------------------------------------------------------------------------


def test_an_officer_reads_what_readers_are_told_and_confirms_it(cast):
    practice, browser = verified(cast, 400), sign_in(Client(), cast.writer)
    page = text_of(browser.get(page_of(practice)))
    for told in (
        "Still true?",
        "Broar",
        "Not confirmed in time",
        "What readers are told",
        f'value="{practice.version}"',
    ):
        assert told in page
    answer = browser.post(page_of(practice), {"answer": "still_true", "version": seen(practice)}, follow=True)
    assert answer.redirect_chain == [(page_of(practice), 302)]
    assert "Readers see that it was confirmed today." in text_of(answer)
    assert Practice.objects.get(pk=practice.pk).verified_on == timezone.localdate()
    assert "Åsa" in text_of(answer)


def test_what_has_changed_leads_to_the_next_version_and_what_has_ended_stays(cast):
    practice, browser = verified(cast, 400), sign_in(Client(), cast.writer)
    answer = browser.post(page_of(practice), {"answer": "changed", "version": seen(practice)})
    assert (answer.status_code, answer["Location"]) == (302, f"/en/practices/{practice.slug}/record/")
    assert practice.record_versions.filter(state="draft").exists()
    assert "A new version is on its way" in text_of(browser.get(page_of(practice)))
    refused = browser.post(page_of(practice), {"answer": "ended", "version": seen(practice), "note": "No money."})
    assert refused.status_code == 409
    for kept in ("A new version of this practice is on its way.", "No money."):
        assert kept in text_of(refused)
    other = verified(cast, 10, "Andra")
    day = timezone.localdate() - datetime.timedelta(days=2)
    browser.post(page_of(other), {"answer": "ended", "version": seen(other), "ended_on": day.isoformat()})
    assert Practice.objects.get(pk=other.pk).ended_on == day
    page = text_of(browser.get(page_of(other)))
    assert "Nobody needs to confirm it any more." in page
    assert "Send the answer" not in page
    public = text_of(Client().get(f"/en/practices/{other.slug}/"))
    assert "Ended" in public
    assert "Not confirmed since" not in public


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "Choose one of the three answers."),
        ({"answer": "perhaps"}, "Choose one of the three answers."),
        ({"answer": "ended", "ended_on": "soon"}, "Enter a day such as"),
        ({"answer": "ended", "ended_on": "2999-01-01"}, "The end lies ahead."),
        ({"answer": "ended", "ended_on": "1999-01-01"}, "The end lies before the start."),
        ({"answer": "still_true", "note": "x" * 1001}, "1000"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast, typed, told):
    practice = verified(cast, 400, started_on=build.LONG_AGO)
    answer = sign_in(Client(), cast.writer).post(
        page_of(practice), {"note": "Kept.", "version": seen(practice), **typed}
    )
    assert answer.status_code == 400
    page = text_of(answer)
    assert told in page
    assert typed.get("note", "Kept.") in page
    assert Practice.objects.get(pk=practice.pk).verified_on < timezone.localdate()


def test_the_second_of_two_officers_sees_that_it_is_done(cast):
    practice, browser = verified(cast, 400), sign_in(Client(), build.officer(cast.city, "Bo"))
    version = seen(practice)
    confirm_practice(practice, by=cast.writer)
    answer = browser.post(page_of(practice), {"answer": "still_true", "version": version})
    assert answer.status_code == 409
    assert "Åsa confirmed it today already." in text_of(answer)


def test_officers_of_the_network_say_it_on_behalf_of_the_city_and_how_they_know(cast):
    practice, browser = verified(cast, 400), sign_in(Client(), cast.decider)
    assert "How do you know?" in text_of(browser.get(page_of(practice)))
    answer = browser.post(page_of(practice), {"answer": "still_true", "version": seen(practice)})
    assert (answer.status_code, "Say how you know" in text_of(answer)) == (400, True)
    answer = browser.post(
        page_of(practice), {"answer": "still_true", "version": seen(practice), "note": "They rang."}, follow=True
    )
    assert "Grace, for the city" in text_of(answer)


def test_it_is_nobody_elses_and_drafts_have_nothing_to_confirm(cast):
    practice = verified(cast, 400)
    assert Client().get(page_of(practice)).status_code == 302
    for stranger in (cast.peers["athens"], build.person()):
        browser = sign_in(Client(), stranger)
        assert browser.get(page_of(practice)).status_code == 404
        assert browser.post(page_of(practice), {"answer": "still_true"}).status_code == 404
    draft = build.practice(cast.operator, of=cast.city, published=False)
    browser = sign_in(Client(), cast.writer)
    assert "Only a published practice is confirmed." in text_of(browser.get(page_of(draft)))
    assert browser.post(page_of(draft), {"answer": "still_true"}).status_code == 409
    assert Practice.objects.get(pk=practice.pk).verified_on < timezone.localdate()


# --- what is due next -----------------------------------------------------------------------------------------------------


def test_the_list_has_ones_own_practices_with_the_next_first(cast):
    fresh, overdue, soon = (verified(cast, days, title) for days, title in ((5, "Ny"), (500, "Sen"), (340, "Snart")))
    tell_ended(verified(cast, 30, "Slut"), by=cast.writer)
    build.practice(cast.operator)
    browser = sign_in(Client(), cast.writer)
    found = browser.get("/en/desk/confirmations/").context["found"]
    assert [(row.title.text, row.freshness) for row in found] == [
        ("Sen", "overdue"),
        ("Snart", "soon"),
        ("Ny", "fresh"),
    ]
    assert [row.url for row in found] == [page_of(one) for one in (overdue, soon, fresh)]
    empty = sign_in(Client(), build.person()).get("/en/desk/confirmations/")
    assert "None of your practices is to be confirmed." in text_of(empty)
    assert Client().get("/en/desk/confirmations/").status_code == 302


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_number_of_queries_for_any_number(cast, number, django_assert_num_queries):
    for n in range(number):
        verified(cast, 300 + n)
    browser = sign_in(Client(), cast.writer)
    browser.get("/en/desk/confirmations/")
    with django_assert_num_queries(6):
        browser.get("/en/desk/confirmations/")


def test_the_desk_says_what_is_due_and_what_is_late_and_the_list_of_practices_when(cast):
    verified(cast, 5, "Ny")
    overdue, soon = verified(cast, 500, "Sen"), verified(cast, 340, "Snart")
    due = items("due", cast.writer)
    assert [(item.title, item.url, item.urgent) for item in due] == [
        ("Sen", page_of(overdue), True),
        ("Snart", page_of(soon), False),
    ]
    assert items("due", cast.peers["athens"]) == items("due", build.person()) == []
    assert "/en/desk/confirmations/" in {item.url for item in items("may", cast.writer)}
    notes = {item.title: item.note for item in items("may", cast.writer)}
    by = Practice.objects.get(pk=soon.pk).review_due_on
    assert f"To be confirmed by {day_text(by)}." in notes["Snart"]


# --- readers --------------------------------------------------------------------------------------------------------------


def test_readers_see_when_it_was_last_verified_and_an_honest_notice_when_that_is_too_long_ago(
    cast, django_capture_on_commit_callbacks
):
    fresh, overdue = verified(cast, 30), verified(cast, 400, "Gammal")
    for practice, late in ((fresh, False), (overdue, True)):
        practice.refresh_from_db()
        day = day_text(practice.verified_on)
        page = text_of(Client().get(f"/en/practices/{practice.slug}/"))
        assert f"<dt>Last verified</dt><dd><bdi>{day}</bdi>" in page
        assert ("Not confirmed since" in page) is late
        assert ("has not answered yet" in page) is late
        sheet = data_of(practice)
        assert {"name": "Last verified", "value": day} in sheet["facts"]["rows"]
        assert [one["name"] for one in sheet["banners"]] == ([f"Not confirmed since {day}"] if late else [])
        assert "Still true?" not in page
    with django_capture_on_commit_callbacks(execute=True):
        confirm_practice(overdue, by=cast.writer)
    assert "Not confirmed since" not in text_of(Client().get(f"/en/practices/{overdue.slug}/"))
    assert data_of(overdue)["banners"] == []


def test_a_preview_of_the_next_version_says_nothing_of_the_last_confirmation(cast):
    practice = verified(cast, 400)
    start_version(practice, by=cast.writer)
    browser = sign_in(Client(), cast.writer)
    assert "Not confirmed since" not in text_of(browser.get(f"/en/practices/{practice.slug}/record/preview/"))
    assert "Still true?" in text_of(browser.get(f"/en/practices/{practice.slug}/"))
