"""What is kept between two changes of content: in the cache for all processes, and the latest of it in each."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from network.frame import pagecache
from network.frame.pagecache import GENERATION, MOST_HELD, PageCache, forget_pages, kept


class Made:
    """Counts how often a value was made."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"made": self.times}


def content_changes() -> None:
    """A change of public content is committed."""
    pagecache._next_generation()


def reading(view, method: str = "get") -> HttpResponse:
    """The answer of a view behind the middleware."""
    return PageCache(view)(getattr(RequestFactory(), method)("/en/"))


def test_a_value_is_made_once_until_content_changes():
    make = Made()
    answers = []

    def view(request: HttpRequest) -> HttpResponse:
        answers.append(kept("lamps", make)["made"])
        return HttpResponse("")

    reading(view)
    reading(view)
    assert answers == [1, 1]
    content_changes()
    reading(view)
    assert answers == [1, 1, 2]


def test_a_change_in_a_request_that_writes_is_seen_by_what_it_shows():
    make = Made()

    def view(request: HttpRequest) -> HttpResponse:
        before = kept("lamps", make)["made"]
        content_changes()
        return HttpResponse(f"{before} {kept('lamps', make)['made']}")

    assert reading(view, "post").content == b"1 2"


def test_a_request_that_reads_sees_one_generation():
    make = Made()

    def view(request: HttpRequest) -> HttpResponse:
        before = kept("lamps", make)["made"]
        content_changes()  # somebody else's change, in the middle of this page
        return HttpResponse(f"{before} {kept('lamps', make)['made']}")

    assert reading(view).content == b"1 1"
    assert reading(lambda request: HttpResponse(str(kept("lamps", make)["made"]))).content == b"2"


def test_an_emptied_cache_brings_nothing_back_that_a_process_holds():
    make = Made()

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(kept("lamps", make)["made"]))

    assert reading(view).content == b"1"
    held = cache.get(GENERATION)
    cache.clear()
    assert reading(view).content == b"2"
    assert cache.get(GENERATION) > held


def test_what_time_changes_is_made_anew_after_a_minute(monkeypatch):
    make = Made()

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(kept("lamps", make)["made"]))

    assert reading(view).content == b"1"
    cache.delete("held.lamps")
    assert reading(view).content == b"1"
    monkeypatch.setattr(pagecache.time, "time", lambda now=pagecache.time.time: now() + pagecache.SECONDS + 1)
    assert reading(view).content == b"2"


def test_a_process_holds_only_the_latest():
    def view(request: HttpRequest) -> HttpResponse:
        for number in range(MOST_HELD + 10):
            kept(f"lamp-{number}", Made())
        return HttpResponse("")

    reading(view)
    assert len(pagecache._held) == MOST_HELD
    assert "held.lamp-9" not in pagecache._held
    assert f"held.lamp-{MOST_HELD + 9}" in pagecache._held


@pytest.mark.django_db
def test_only_what_is_committed_makes_pages_stale(django_capture_on_commit_callbacks):
    make = Made()
    kept("lamps", make)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        forget_pages()
        assert connection.in_atomic_block
        assert kept("lamps", make) == {"made": 1}
    assert kept("lamps", make) == {"made": 2}
