"""Counting what people ask of public pages, without a word about who they are, and without writing while reading.

A view takes a note of a page; when the page is answered, made anew or kept ready (`frame.pagecache`), the note goes into
the cache, and a periodic job collects what is there into the database. Only kind, day and what the view said are noted:
no person, no session, no address. Programs are not counted as far as they say what they are. A note may be lost where
the cache is away or a machine dies; none is counted twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

KEPT_SECONDS = 2 * 24 * 3600
# Notes of a kind that wait at most: where nobody collects them, new ones take the places of the oldest.
PLACES = 100_000
TOGETHER = 1_000
PROGRAMS = re.compile(
    r"bot|crawl|spider|slurp|archiv|preview|monitor|check|scan|headless|lighthouse|feed|fetch|curl|wget|python|java/|okhttp"
    r"|go-http|libwww|httpclient|axios|node|ruby|perl|php|scrapy|facebookexternalhit|whatsapp|telegram",
    re.IGNORECASE,
)

Value = tuple[Any, ...]


@dataclass(frozen=True)
class Note:
    """What one page was asked for: on which day (ISO 8601), and what the view said of it."""

    day: str
    value: Value


def take_note(request: HttpRequest, kind: str, *value: Any) -> None:
    """Note this when the page is answered. `value`: plain words and numbers that name nobody."""
    request.__dict__.setdefault("page_notes", []).append((kind, value))


def notes_of(request: HttpRequest) -> list[tuple[str, Value]]:
    """What the view noted."""
    return list(request.__dict__.get("page_notes", ()))


def is_reader(request: HttpRequest) -> bool:
    """Whether a person seems to read this: a browser that says so and does not only fetch ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and bool(agent) and "prefetch" not in ahead and not PROGRAMS.search(agent)


def keep_notes(request: HttpRequest, notes: Iterable[tuple[str, Value]]) -> None:
    """Put the notes of a page that was answered where the job finds them."""
    if not is_reader(request):
        return
    for kind, value in notes:
        cache.set(_place(kind, _number(kind)), (timezone.localdate().isoformat(), value), KEPT_SECONDS)


def collect(kind: str) -> Iterator[Note]:
    """The notes that came since the last collection. One collection of a kind at a time: hold a lock."""
    last = cache.get(f"notes.{kind}", 0)
    first = max(cache.get(f"notes.{kind}.collected", 0), last - PLACES)
    # Before they are read: notes that are lost are better than notes counted twice.
    cache.set(f"notes.{kind}.collected", last, None)
    for start in range(first + 1, last + 1, TOGETHER):
        places = [_place(kind, number) for number in range(start, min(start + TOGETHER, last + 1))]
        found = cache.get_many(places)
        cache.delete_many(places)
        yield from (Note(*found[place]) for place in places if place in found)


def _place(kind: str, number: int) -> str:
    return f"notes.{kind}.{number % PLACES}"


def _number(kind: str) -> int:
    """The next number of a kind. Its counter is there for ever; whoever finds none begins anew."""
    try:
        return cache.incr(f"notes.{kind}")
    except ValueError:
        if cache.add(f"notes.{kind}", 0, None):
            cache.delete(f"notes.{kind}.collected")
        return cache.incr(f"notes.{kind}")
