"""Notices in the portal: whose they are, what they say, how they become read, and the count beside the account menu."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from grants.messages import RECEIPT
from network.mail.domain.notices import mark_all_read, mark_read
from network.mail.enums import Status
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.mail.queries import notices as queries
from network.mail.queries.due import SWITCHED_OFF
from network.mail.queries.notices import notices_of, unread_count
from network.mail.views.telling import own_path, tell
from network.outgoing import Addressee, Message, send
from network.people.desk import items
from network.people.messages import ACCOUNT_CHANGED, INVITATION
from network.people.models import User
from tests.mail.deadlines_for_tests import KIND, SOON, in_time, meeting, meets  # noqa: F401  (a fixture too)
from tests.people.signing import person, sign_in

PAGE = "/en/desk/notices/"
BASE = "http://127.0.0.1:8000"
pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return person(time_zone="Europe/Athens")


@pytest.fixture
def client(user) -> Client:
    return sign_in(Client(), user)


def write(to: User, number: int = 1, message: Message = RECEIPT, url: str = BASE + "/en/desk/", **row) -> OutgoingMail:
    """A mail to the account that was sent, unless the row says otherwise."""
    context = {"reference": f"KOI-{number}", "fund": "Lamp Fund", "url": url, "event": "password_changed"}
    key = f"{message.kind}:{to.pk}:{number}"
    send(message, key=key, to=Addressee(to.email, to.preferred_language, to.display_name, to.pk), context=context)
    fields = {"status": Status.SENT, "subject": f"Receipt KOI-{number}", "sent_at": timezone.now()} | row
    OutgoingMail.objects.filter(key=key).update(**fields)
    return OutgoingMail.objects.get(key=key)


def plan(to: User, subject_id: int, number: int = 1, **row) -> OutgoingMail:
    """A reminder of the meeting as the planner leaves it: its text is made when it goes out."""
    fields = {"deadline": KIND.name, "subject_id": subject_id, "status": Status.QUEUED, "subject": "", "sent_at": None}
    made = write(to, number, SOON, **fields | row)
    OutgoingMail.objects.filter(pk=made.pk).update(context={})
    return made


def titles(page: str) -> list[str]:
    return re.findall(r'class="result__title">.*?<bdi[^>]*>(.*?)</bdi>', page)


def badge(page: str) -> str:
    found = re.search(r'class="badge"><bdi[^>]*>(.*?)</bdi>', page)
    return found[1] if found else ""


def test_a_person_finds_their_own_mails_newest_first(client, user):
    other = person("b@example.org", "B")
    for n in (1, 2, 3):
        write(user, n)
    write(other, 4)
    page = client.get(PAGE).content.decode()
    assert titles(page) == ["Receipt KOI-3", "Receipt KOI-2", "Receipt KOI-1"]
    assert page.count('class="chip chip--civic">Unread') == 3
    assert "Receipt for an application" in page


def test_secrets_and_digests_are_no_notices(client, user):
    write(user, 1, INVITATION)
    write(user, 2, DIGEST)
    write(user, 3, Message("tests.undeclared", "x"))
    assert titles(client.get(PAGE).content.decode()) == []
    assert unread_count(user) == 0
    write(user, 4)
    assert unread_count(user) == 1
    assert DIGEST.kind == queries.DIGEST


@pytest.mark.parametrize(
    ("row", "stands"),
    [
        ({"status": Status.QUEUED}, True),
        ({"status": Status.INFLIGHT}, True),
        ({"status": Status.FAILED}, True),
        ({"status": Status.UNCERTAIN}, True),
        ({"status": Status.SUPERSEDED, "error": SWITCHED_OFF}, True),
        ({"status": Status.SUPERSEDED, "error": "no longer true"}, False),
        ({"status": Status.HELD}, False),
        ({"status": Status.ABORTED}, False),
    ],
)
def test_what_is_not_sent_stands_there_unless_it_is_untrue_or_staff_stopped_it(client, user, row, stands):
    write(user, 1, **row)
    assert (titles(client.get(PAGE).content.decode()) == ["Receipt KOI-1"]) is stands
    assert unread_count(user) == stands


def test_what_went_into_a_digest_stands_there_by_itself(client, user):
    digest = write(user, 1, DIGEST)
    write(user, 2, status=Status.SUPERSEDED, digest=digest)
    assert titles(client.get(PAGE).content.decode()) == ["Receipt KOI-2"]


def test_an_empty_list_says_what_will_stand_there(client):
    page = client.get(PAGE).content.decode()
    assert "Nothing yet." in page
    assert "Mark all as read" not in page
    assert badge(page) == ""


def test_a_mail_that_waits_is_told_as_it_will_be_sent_in_its_own_language(client, user):
    User.objects.filter(pk=user.pk).update(preferred_language="ar")
    user.refresh_from_db()
    write(user, 1, ACCOUNT_CHANGED, status=Status.QUEUED, subject="", sent_at=None)
    told = tell(queries.shown(notices_of(user)))[0]
    assert (told.language, told.direction) == ("ar", "rtl")
    assert told.title != "Your password was changed"
    assert f'<bdi lang="ar" dir="rtl">{told.title}</bdi>' in client.get(PAGE).content.decode()


def test_a_planned_reminder_is_told_by_its_deadline_while_that_stands(client, user, meeting):  # noqa: F811
    lamp = meets(in_time(days=2), user)
    for n, row in enumerate([{}, {"status": Status.SUPERSEDED, "error": SWITCHED_OFF}]):
        plan(user, lamp.pk, n, not_after=timezone.now() + timedelta(days=2), **row)
    assert len(titles(client.get(PAGE).content.decode())) == 2
    assert all("lamp" in title for title in titles(client.get(PAGE).content.decode()))
    with time_machine.travel(datetime.now(UTC) + timedelta(days=3)):
        assert unread_count(user) == 0


def test_what_cannot_be_told_is_left_out_and_the_rest_stands(client, user, meeting, caplog):  # noqa: F811
    plan(user, 10**9)
    write(user, 2, Message(SOON.kind, "x"), status=Status.QUEUED, subject="", deadline="tests.unknown", subject_id=1)
    write(user, 3)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert titles(answer.content.decode()) == ["Receipt KOI-3"]
    assert "Some are left out: what they spoke of is over." in answer.content.decode()
    assert "can't be told" in caplog.text
    client.post(PAGE, {"up_to": OutgoingMail.objects.latest("pk").pk})
    assert unread_count(user) == 0


def test_opening_a_notice_marks_it_read_and_leads_there(client, user):
    first, second = write(user, 1, url=BASE + "/el/desk/profile/"), write(user, 2)
    page = client.get(PAGE).content.decode()
    assert f'action="{PAGE}{first.pk}/"' in page
    assert client.get(f"{PAGE}{first.pk}/").url == "/en/desk/profile/"
    assert unread_count(user) == 2, "a GET only leads there"
    assert client.post(f"{PAGE}{first.pk}/").url == "/en/desk/profile/"
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.read_at is not None
    assert second.read_at is None
    page = client.get(PAGE).content.decode()
    assert '<a href="/en/desk/profile/"><bdi' in page
    before = first.read_at
    client.post(f"{PAGE}{first.pk}/")
    first.refresh_from_db()
    assert first.read_at == before


def test_a_notice_that_leads_nowhere_is_read_by_its_own_button(client, user):
    row = write(user, 1, url="")
    assert "Mark as read" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}{row.pk}/").url == PAGE
    assert unread_count(user) == 0
    assert "Mark as read" not in client.get(PAGE).content.decode()


def test_all_is_marked_read_but_what_came_after_the_page(client, user):
    other = person("b@example.org", "B")
    write(user, 1), write(user, 2), write(other, 3)
    seen = re.search(r'name="up_to" value="(\d+)"', client.get(PAGE).content.decode())
    assert seen
    late = write(user, 4)
    assert client.post(PAGE, {"up_to": seen[1]}).url == PAGE
    assert list(notices_of(user).filter(read_at=None)) == [late]
    assert unread_count(other) == 1


@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30])
def test_a_crafted_mark_is_no_error(client, user, up_to):
    write(user)
    assert client.post(PAGE, {"up_to": up_to}).status_code == 302
    assert unread_count(user) in {0, 1}


def test_another_persons_notice_is_not_there(client, user):
    other = person("b@example.org", "B")
    theirs, secret = write(other, 1), write(user, 2, INVITATION)
    for row in (theirs, secret):
        assert client.get(f"{PAGE}{row.pk}/").status_code == 404
        assert client.post(f"{PAGE}{row.pk}/").status_code == 404
    assert mark_read(user, [theirs.pk, secret.pk]) == 0
    assert mark_all_read(user, up_to=secret.pk) == 0
    assert not OutgoingMail.objects.exclude(read_at=None).exists()
    assert mark_read(other, [theirs.pk]) == 1


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (BASE + "/el/funds/x/?a=1", "/en/funds/x/?a=1"),
        ("/ar/desk/", "/en/desk/"),
        (BASE + "/admin/", "/admin/"),
        (BASE, ""),
        (BASE + ".evil.example/en/", ""),
        (BASE + "//evil.example/en/", ""),
        ("https://evil.example/en/", ""),
        ("//evil.example/en/", ""),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_paths_of_this_portal_are_linked(url, path, settings):
    settings.KOINE_BASE_URL = BASE
    assert own_path(url) == path


def test_times_are_told_on_the_readers_clock(client, user):
    write(user, sent_at=datetime(2026, 7, 1, 9, tzinfo=UTC))
    assert "Wed 1 Jul 2026, 12:00 Athens" in client.get(PAGE).content.decode()


def test_a_long_list_is_divided(client, user):
    for n in range(31):
        write(user, n)
    assert len(titles(client.get(PAGE).content.decode())) == 30
    assert titles(client.get(PAGE + "?page=2").content.decode()) == ["Receipt KOI-0"]


@pytest.mark.parametrize("waits", [False, True])
def test_the_page_costs_the_same_for_one_notice_and_for_three(client, user, meeting, waits):  # noqa: F811
    lamp = meets(in_time(days=2), user)
    costs = []
    for numbers in ((1,), (2, 3)):
        for n in numbers:
            write(user, n, **({"status": Status.QUEUED, "subject": "", "sent_at": None} if waits else {}))
            plan(user, lamp.pk, n, not_after=timezone.now() + timedelta(days=2))
        client.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            page = client.get(PAGE).content.decode()
        assert len(titles(page)) == 2 * max(numbers)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 10


def test_the_header_counts_what_is_unread_to_99(client, user):
    page = client.get("/en/desk/profile/").content.decode()
    assert badge(page) == ""
    write(user)
    page = client.get("/en/desk/profile/").content.decode()
    assert badge(page) == "1"
    assert "1 unread notice<" in page
    row = OutgoingMail.objects.get()
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"n{n}", kind=row.kind, klass=row.klass, recipient=user, to_email=user.email, language="en")
        for n in range(120)
    )
    page = client.get("/en/desk/profile/").content.decode()
    assert badge(page) == "99+"
    assert "More than 99 unread notices" in page


def test_the_count_is_one_query_by_index_for_people_and_none_for_visitors(client, user):
    for n in range(3):
        write(user, n)

    def asked(browser: Client) -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            browser.get("/en/about/")
        return [query["sql"] for query in seen if "mail_outgoingmail" in query["sql"]]

    assert asked(Client()) == []
    assert len(asked(client)) == 1
    stranger = person("b@example.org", "B")
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=f"s{n}", kind=RECEIPT.kind, klass="notice", recipient=stranger, to_email=stranger.email)
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mail_outgoingmail")
        cursor.execute("EXPLAIN " + asked(client)[0])
        how = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in how
    assert "Index Cond: (recipient_id = " in how


def test_the_desk_tells_how_many_wait(user):
    assert items("waiting", user) == []
    write(user, 1), write(user, 2)
    assert [(item.title, item.url) for item in items("waiting", user)] == [("2 unread notices", PAGE)]


def test_a_visitor_is_led_to_sign_in_and_comes_back_to_the_notice(user):
    row = write(user)
    for path in (PAGE, f"{PAGE}{row.pk}/"):
        assert Client().get(path).url == f"/en/accounts/login/?next={path}"
        assert Client().post(path).status_code == 302
    assert unread_count(user) == 1


def test_the_page_stands_right_to_left_in_arabic(client, user):
    write(user)
    page = client.get("/ar/desk/notices/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<bdi lang="en" dir="ltr">Receipt KOI-1</bdi>' in page
    assert f'action="/ar/desk/notices/{OutgoingMail.objects.get().pk}/"' in page
