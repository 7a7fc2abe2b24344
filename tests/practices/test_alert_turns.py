"""When alerts are told: the hour of a weekly one by the person's own clock, and many workers at the same time."""

from __future__ import annotations

import datetime
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from network.people.models import User
from practices.domain import Alerts, archive_practice, publish_practice, save_search
from practices.domain.alerts import tell_all
from practices.domain.appearances import notice
from practices.enums import Alert
from practices.forms.asked import asked, understood
from practices.models import SavedSearch
from practices.queries.alerts import came, fitting
from practices.queries.finding import find
from tests.practices import builders as build
from tests.practices.alerting import AT_ONCE, letters, publish, run, told

pytestmark = pytest.mark.django_db
APART = pytest.mark.django_db(transaction=True)


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


# --- weekly -------------------------------------------------------------------------------------------------------------

MONDAY = datetime.date(2026, 11, 30)


def moment(day: int, hour: float) -> datetime.datetime:
    """That many days after the Monday, at that hour UTC."""
    start = datetime.datetime.combine(MONDAY, datetime.time(), datetime.UTC)
    return start + datetime.timedelta(days=day, hours=hour)


def weekly(reader: User, zone: str, weekday: int = 1, hour: int = 8) -> SavedSearch:
    User.objects.filter(pk=reader.pk).update(time_zone=zone)
    # Saved on the Thursday before.
    with time_machine.travel(moment(-4, 12), tick=False):
        return save_search(
            "Homes", "theme=housing", "en", Alerts(Alert.WEEKLY, weekday, datetime.time(hour)), by=reader
        )


# --- at the same time ------------------------------------------------------------------------------------------------------


def together(*works) -> None:
    start, raised = threading.Barrier(len(works)), []

    def work(one) -> None:
        try:
            start.wait(timeout=10)
            one()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(one,)) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert raised == []


@pytest.mark.parametrize(
    ("zone", "weekday", "hour", "turn"),
    [
        ("UTC", 1, 8, moment(0, 8)),
        ("Europe/Athens", 1, 8, moment(0, 6)),
        ("America/Bogota", 1, 8, moment(0, 13)),
        ("Pacific/Auckland", 1, 8, moment(-1, 19)),
        ("Asia/Kolkata", 7, 0, moment(-2, 18.5)),
        ("Europe/Stockholm", 3, 23, moment(2, 22)),
    ],
)
def test_a_weekly_alert_comes_at_the_hour_of_the_persons_own_clock(by, reader, zone, weekday, hour, turn):
    weekly(reader, zone, weekday, hour)
    publish(by)
    assert run(turn - datetime.timedelta(minutes=1)) == 0
    assert run(turn) == 1
    assert run(turn + datetime.timedelta(days=6, hours=23)) == 0


def test_a_week_gathers_what_came_and_a_turn_with_nothing_new_waits_for_the_next(by, reader):
    weekly(reader, "UTC")
    assert run(moment(0, 8.1)) == 0
    publish(by, "One")
    publish(by, "Two")
    assert run(moment(1, 9)) == 0
    assert run(moment(7, 7.9)) == 0
    # The machine was off on Monday.
    assert run(moment(9, 3)) == 1
    assert told(letters()[0]) == ["Two", "One"]
    publish(by, "Three")
    assert run(moment(13, 23)) == 0
    assert run(moment(14, 8)) == 1


def test_the_night_when_clocks_change_tells_once(by, reader):
    # On 29 March 2026 there is no 03:00 in Athens.
    User.objects.filter(pk=reader.pk).update(time_zone="Europe/Athens")
    with time_machine.travel(datetime.datetime(2026, 3, 26, tzinfo=datetime.UTC), tick=False):
        save_search("Homes", "theme=housing", "en", Alerts(Alert.WEEKLY, 7, datetime.time(3)), by=reader)
    publish(by)
    night = datetime.datetime(2026, 3, 29, 0, 0, tzinfo=datetime.UTC)
    letters_at = [run(night + datetime.timedelta(minutes=10 * n)) for n in range(30)]
    assert sum(letters_at) == 1


def test_a_zone_that_the_database_does_not_know_holds_nobody_up(by, reader):
    weekly(reader, "Atlantis/Capital")
    weekly(build.person(), "UTC")
    publish(by)
    assert run(moment(0, 8)) == 1


@APART
def test_workers_at_once_tell_everybody_once(by):
    readers = [build.person() for _ in range(12)]
    for reader in readers:
        save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    publish(by)
    together(*[lambda: tell_all(understood)] * 4)
    assert sorted(letter.recipient_id for letter in letters()) == sorted(reader.pk for reader in readers)


@APART
def test_what_is_published_while_a_worker_looks_is_told_by_the_next(by, reader):
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    draft = build.practice(by, {"en": build.version("Slow")}, themes=["housing"], published=False)
    looked, published = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            publish_practice(draft, by=by)
            published.set()
            looked.wait(timeout=10)

    def look() -> None:
        published.wait(timeout=10)
        publish(by, "Quick")
        assert tell_all(understood) == 1
        looked.set()

    together(slow, look)
    assert run() == 1
    assert [told(letter) for letter in letters()] == [["Quick"], ["Slow"]]


@APART
def test_a_worker_that_dies_has_told_nothing_and_the_next_tells_it(by, reader, monkeypatch):
    save_search("Homes", "theme=housing", "en", AT_ONCE, by=reader)
    publish(by)

    class Killed(BaseException):
        pass

    def die(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(SavedSearch.objects, "bulk_update", die)
        with pytest.raises(Killed):
            run()
    assert letters() == []
    assert run() == 1


def test_a_run_costs_the_same_statements_for_one_search_as_for_thirty_of_the_same(by):
    counts = []
    for number in (1, 30):
        for _ in range(number):
            save_search("Homes", "theme=housing", "en", AT_ONCE, by=build.person())
        run()
        with CaptureQueriesContext(connection) as idle:
            assert run() == 0
        build.practice(by, themes=["sport"])
        with CaptureQueriesContext(connection) as looking:
            assert run() == 0
        counts.append((len(idle), len(looking)))
    assert counts[0] == counts[1]


def test_a_run_with_nobody_to_tell_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert tell_all(understood) == 0


@pytest.mark.parametrize(
    "query",
    ["", "q=homes", "q=housing", "theme=housing", "country=GR", "country=SE&q=homes", "readable=on", "q=nothing",
     "city=athens", "maturity=emerging&theme=sport", "network=none"],
)  # fmt: skip
def test_an_alert_finds_what_the_list_finds(by, query):
    athens, malmo = build.city("athens", country="GR"), build.city("malmo", country="SE")
    publish(by, "Homes in Athens", of=athens)
    publish(by, "Homes in Malmö", of=malmo)
    publish(by, "A match", "sport", of=athens)
    build.practice(by, {"sv": build.version("Hem")}, themes=["housing"], of=malmo)
    archive_practice(publish(by, "Homes of old", of=malmo), by=by)
    high, wanted = notice(), asked(query).wanted
    assert sorted(new.practice for new in fitting(came(0, high), wanted, "en")) == sorted(
        find(wanted, "en", 100, 0).ids
    )
