"""Bookmarks: one's own, kept once, and out of every page that is kept for others."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from network.doors import DomainError
from network.people.queries.personal_data import own_data
from practices.domain import add_bookmark, archive_practice, bookmarks as verbs, remove_bookmarks
from practices.models import Bookmark
from tests.people.signing import sign_in
from tests.practices import builders as build

PAGE = "/en/desk/bookmarks/"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return build.person("Reader")


@pytest.fixture
def signed(reader) -> Client:
    return sign_in(Client(), reader)


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_bookmark_is_kept_once_and_removed_once(signed, reader):
    practice = build.practice(build.operator())
    address = f"{practice.get_absolute_url()}bookmark/"
    for _twice in (1, 2):
        assert signed.post(address)["Location"] == practice.get_absolute_url()
    assert Bookmark.objects.get().user == reader
    assert "Remove the bookmark" in text_of(signed.get(practice.get_absolute_url()))
    for count in (1, 0):
        assert remove_bookmarks([practice.pk], by=reader) == count
    assert "Remove the bookmark" not in text_of(signed.get(practice.get_absolute_url()))


def test_what_is_not_public_can_not_be_bookmarked(signed, reader):
    by = build.operator()
    draft, archived = build.practice(by, published=False), archive_practice(build.practice(by), by=by)
    for practice in (draft, archived):
        assert signed.post(f"/en/practices/{practice.slug}/bookmark/").status_code == 404
        with pytest.raises(DomainError, match="no longer public"):
            add_bookmark(practice, by=reader)
    assert Bookmark.objects.count() == 0


def test_a_visitor_is_led_to_sign_in_and_back_to_one_button(client, reader):
    practice = build.practice(build.operator())
    page = text_of(client.get(practice.get_absolute_url()))
    link = re.search(r'href="([^"]+bookmark/)" rel="nofollow"', page)
    assert link
    answer = client.get(link[1])
    assert answer["Location"].endswith(f"?next={link[1]}")
    page = text_of(sign_in(client, reader).get(link[1]))
    assert "Bookmark this practice?" in page
    assert f'action="{link[1]}"' in page
    assert Bookmark.objects.count() == 0


def test_the_page_kept_for_visitors_tells_nothing_of_anybodys_bookmarks(signed):
    practice = build.practice(build.operator())
    signed.post(f"{practice.get_absolute_url()}bookmark/")
    for address in (practice.get_absolute_url(), "/en/practices/"):
        assert "Remove the bookmark" in text_of(signed.get(address))
        for answer in (Client().get(address), Client().get(address)):
            assert "Remove the bookmark" not in text_of(answer)
        assert answer["X-Cache"] == "hit"
        assert "Remove the bookmark" in text_of(signed.get(address))


def test_the_page_has_ones_own_newest_first_and_says_what_is_gone(signed, reader):
    by = build.operator()
    one, two, gone = (build.practice(by, {"en": build.version(title)}) for title in ("One", "Two", "Gone"))
    for practice in (one, two, gone):
        add_bookmark(practice, by=reader)
    add_bookmark(build.practice(by, {"en": build.version("Theirs")}), by=build.person())
    archive_practice(gone, by=by)
    page = text_of(signed.get(PAGE))
    assert re.findall(r'class="result__title">(?:<a[^>]*>)?([^<]+)', page) == [
        "This practice is no longer public",
        "Two",
        "One",
    ]
    assert "Gone" not in page
    answer = signed.post(f"{PAGE}remove/", {"practice": [gone.pk, one.pk, "x", "9" * 30]})
    assert answer["Location"] == PAGE
    assert list(Bookmark.objects.filter(user=reader).values_list("practice", flat=True)) == [two.pk]
    assert "2 bookmarks are removed." in text_of(signed.get(PAGE))


def test_an_empty_page_says_how_to_begin(signed):
    assert "press “Bookmark” on their page" in text_of(signed.get(PAGE))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_takes_the_same_statements_however_many_there_are(signed, reader, count):
    by = build.operator()
    for _n in range(count):
        add_bookmark(build.practice(by), by=reader)
    signed.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        signed.get(PAGE)
    assert len(seen) == 8


def test_scripts_get_the_button_alone_and_a_stranger_page_is_never_led_to(signed):
    practice = build.practice(build.operator())
    address = f"{practice.get_absolute_url()}bookmark/"
    kept = text_of(signed.post(address, headers=HTMX))
    assert kept.startswith("<form") or "<form" in kept.split("\n", 1)[-1]
    assert "Remove the bookmark" in kept
    assert "<html" not in kept
    dropped = text_of(signed.post(f"{PAGE}remove/", {"practice": practice.pk}, headers=HTMX))
    assert f'action="{address}"' in dropped
    for bad in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert signed.post(address, {"next": bad})["Location"] == practice.get_absolute_url()
    assert signed.post(address, {"next": "/en/practices/?q=x"})["Location"] == "/en/practices/?q=x"


def test_there_is_a_most_and_it_is_said(signed, reader, monkeypatch):
    by = build.operator()
    monkeypatch.setattr(verbs, "MOST_BOOKMARKS", 1)
    add_bookmark(build.practice(by), by=reader)
    page = signed.post(f"{build.practice(by).get_absolute_url()}bookmark/", follow=True).content.decode()
    assert "You have 1,000 bookmarks." in page
    assert Bookmark.objects.count() == 1


def test_they_are_among_what_a_person_can_take_along(reader):
    practice = build.practice(build.operator())
    add_bookmark(practice, by=reader)
    assert [row["practice"] for row in own_data(reader)["bookmarks"]] == [practice.slug]


@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_keep_one():
    reader, practice = build.person(), build.practice(build.operator())
    start, failures = threading.Barrier(10), []

    def press() -> None:
        start.wait()
        try:
            add_bookmark(practice, by=reader)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _n in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert Bookmark.objects.count() == 1
