"""Alerts: what came since, to whom it fits, once; after a downtime, with two workers, and never what was there before."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from network.mail.domain.choices import choose
from network.mail.domain.sending import send_all
from network.mail.queries.notices import notices_of
from network.people.domain.accounts import close_account, reopen_account
from network.people.models import User
from practices.domain import (
    Alerts,
    archive_practice,
    change_search,
    merge_themes,
    publish_practice,
    restore_practice,
    save_search,
)
from practices.domain.alerts import tell_all
from practices.domain.appearances import notice
from practices.enums import Alert
from practices.forms.asked import understood
from practices.messages import ALERT, NAMED
from practices.models import Appearance, Concept, SavedSearch
from practices.tasks import alerts
from tests.practices import builders as build
from tests.practices.alerting import AT_ONCE, letters, publish, run, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def themes():
    by = build.operator()
    build.theme("housing", by, el="Στέγαση")
    build.theme("sport", by)
    return by


@pytest.fixture
def by(themes) -> User:
    return themes


@pytest.fixture
def reader() -> User:
    return build.person("Reader")


def test_what_is_published_afterwards_and_fits_is_told_once_and_nothing_that_was_there(by, reader):
    publish(by, "There already")
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    assert run() == 0
    publish(by, "New homes")
    publish(by, "A match", "sport")
    build.practice(by, {"en": build.version("A draft")}, themes=["housing"], published=False)
    assert alerts() == 1
    (letter,) = letters()
    assert (told(letter), letter.context["count"], letter.context["more"]) == (["New homes"], 1, 0)
    assert (letter.recipient_id, letter.klass) == (reader.pk, "notice")
    assert run() == 0
    publish(by, "Later homes")
    assert run() == 1
    assert told(letters()[1]) == ["Later homes"]


@pytest.mark.parametrize(
    ("query", "language", "fits"),
    [
        ("", "en", True),
        ("q=homes", "en", True),
        ("q=hem", "sv", False),
        ("q=Στέγαση", "el", True),
        ("theme=housing&country=SE", "en", True),
        ("theme=housing&country=GR", "en", False),
        ("readable=on", "en", True),
        ("readable=on", "el", False),
        ("original=en&maturity=emerging&q=homes", "en", True),
    ],
)
def test_a_search_is_asked_as_it_was_in_its_language(by, reader, query, language, fits):
    build.practice(by, of=build.city(country="GR"))
    save_search("Search", query, language, AT_ONCE, by=reader)
    publish(by, of=build.city(country="SE"))
    assert run() == fits


def test_nothing_is_missed_after_a_downtime_and_the_letter_names_some_and_counts_the_rest(by, reader):
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    place = build.city()
    for n in range(NAMED + 3):
        publish(by, f"Homes {n}", of=place)
    # Published long ago elsewhere: new here all the same.
    draft = build.practice(by, {"en": build.version("An old hand")}, themes=["housing"], of=place, published=False)
    publish_practice(draft, by=by, at=timezone.now() - datetime.timedelta(days=900))
    assert run(timezone.now() + datetime.timedelta(days=40)) == 1
    (letter,) = letters()
    assert (letter.context["count"], letter.context["more"]) == (NAMED + 4, 4)
    assert told(letter) == [f"Homes {n}" for n in range(NAMED + 2, 2, -1)]
    send_all()
    (message,) = mail.outbox
    assert message.subject == "14 new practices: Homes"
    assert "And 4 more." in message.body
    assert "http://127.0.0.1:8000/en/practices/?theme=housing&sort=newest" in message.body


def test_a_practice_that_goes_and_comes_back_is_told_to_those_only_who_never_heard_of_it(by, reader):
    before = save_search("Before", "theme=housing", "en", AT_ONCE, by=reader)
    practice = publish(by)
    assert run() == 1
    archive_practice(practice, by=by)
    assert run() == 0
    save_search("After", "theme=housing", "en", AT_ONCE, by=build.person())
    restored = restore_practice(practice, by=by)
    publish_practice(restored, by=by)
    assert run() == 1
    assert letters()[1].context["name"] == "After"
    assert before.name == "Before"
    assert Appearance.objects.filter(practice=practice).count() == 2


def test_a_city_taken_out_of_the_archive_brings_its_practices(by, reader):
    place = build.city()
    place.archived_at = timezone.now()
    place.save()
    save_search("All", "", "en", AT_ONCE, by=reader)
    publish(by, of=place)
    assert run() == 0
    place.archived_at = None
    place.save()
    assert run() == 1


def test_what_was_seen_for_a_moment_between_two_turns_is_told_when_it_comes_back(by, reader):
    search = save_search("Homes", "theme=housing", "en", Alerts(Alert.WEEKLY, 1, datetime.time(8)), by=reader)
    practice = publish(by)
    notice()
    archive_practice(practice, by=by)
    notice()
    publish_practice(restore_practice(practice, by=by), by=by)
    assert run(timezone.now() + datetime.timedelta(days=8)) == 1
    search.refresh_from_db()
    assert search.told_up_to == Appearance.objects.latest("id").pk


# --- who is not told, and what goes wrong ----------------------------------------------------------------------------------


def test_alerts_that_are_off_or_switched_on_later_tell_nothing_of_the_time_before(by, reader):
    search = save_search("Homes", "theme=housing", "en", Alerts(), by=reader)
    publish(by, "One")
    assert run() == 0
    change_search(search, "Homes", AT_ONCE, by=reader)
    assert run() == 0
    publish(by, "Two")
    # Changed from one alert to another nothing is lost.
    change_search(search, "Flats", Alerts(Alert.WEEKLY, 1, datetime.time(8)), by=reader)
    change_search(search, "Flats", AT_ONCE, by=reader)
    assert run() == 1
    assert told(letters()[0]) == ["Two"]
    assert letters()[0].context["name"] == "Flats"


def test_who_switched_the_kind_off_finds_it_among_the_notices_and_gets_no_mail(by, reader):
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    choose(reader, {ALERT.kind: False}, by=reader)
    publish(by)
    assert run() == 1
    send_all()
    assert mail.outbox == []
    assert [notice.kind for notice in notices_of(reader)] == [ALERT.kind]


def test_a_closed_account_is_told_nothing_until_it_is_opened_again(by, reader):
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    close_account(reader, by=by, reason="Asked for it")
    publish(by)
    assert run() == 0
    reopen_account(reader, by=by, reason="Asked for it")
    assert run() == 1


def test_a_search_that_is_not_understood_tells_nothing_loses_nothing_and_disturbs_no_other(by, reader):
    only = build.practice(by, of=build.city("athens", country="GR"), themes=["sport"])
    save_search("Greece", "country=GR", "en", AT_ONCE, by=reader)
    save_search("Nonsense", "theme=no-such-theme", "en", AT_ONCE, by=reader)
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    archive_practice(only, by=by)
    publish(by, "In Sweden")
    assert run() == 1
    publish(by, "In Greece", of=only.city)
    assert run() == 2
    assert [(letter.context["name"], told(letter)) for letter in letters()] == [
        ("Homes", ["In Sweden"]),
        ("Greece", ["In Greece"]),
        ("Homes", ["In Greece"]),
    ]


def test_a_query_that_the_database_refuses_disturbs_no_other(by, reader):
    save_search("Broken", "q=broken", "en", AT_ONCE, by=reader)
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    publish(by)

    def read(query: str):
        if "broken" in query:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 'a & '::tsquery")
        return understood(query)

    assert tell_all(read) == 1
    assert SavedSearch.objects.get(name="Broken").told_up_to < SavedSearch.objects.get(name="Homes").told_up_to


def test_a_theme_that_was_merged_is_followed(by, reader):
    build.theme("shelter", by)
    save_search("Shelter", "theme=shelter", "en", AT_ONCE, by=reader)
    merge_themes(Concept.objects.get(code="shelter"), Concept.objects.get(code="housing"), by=by, reason="The same")
    publish(by)
    assert run() == 1


# --- the letter ------------------------------------------------------------------------------------------------------------


def test_the_letter_is_in_its_readers_language_and_says_which_titles_are_not(by):
    reader = User.objects.create_user("maha@example.org", display_name="مها", preferred_language="ar")
    save_search("سكن", "theme=housing", "ar", AT_ONCE, by=reader)
    place = build.city("north", country="GR", ar="الشمال")
    build.practice(by, {"el": build.version("Στέγη")}, themes=["housing"], of=place)
    build.practice(by, {"el": build.version("Σπίτι"), "ar": build.version("بيت")}, themes=["housing"], of=place)
    assert run() == 1
    send_all()
    (message,) = mail.outbox
    html = message.alternatives[0][0]
    assert message.extra_headers["Content-Language"] == "ar"
    assert "List-Unsubscribe" in message.extra_headers
    assert '<html lang="ar" dir="rtl">' in html
    assert 'lang="el" dir="ltr">Στέγη</a> (' in html
    assert 'lang="ar" dir="rtl">بيت</a><br>' in html
    assert "الشمال" in html
    assert "Σπίτι" not in message.body
    assert "/ar/practices/?theme=housing&sort=newest" in message.body
