"""Public pages for visitors, kept ready: one cache read, no session, no query.

Only what is the same for everyone is kept: a GET by somebody without a session, answered 200 without cookies by a view
marked `cached`. A generation number is part of every entry and grows with each committed change of public content, so
a page is at most one change old; `SECONDS` bounds what time alone changes (countdowns). What a view noted of a page
(`frame.notes`) is noted each time that the page is answered.

Parts of pages are kept too (`kept`), in the cache for all processes and the latest of them in each: unpacking the names of two
thousand cities for every page would cost as much as finding what the page shows.
"""

from __future__ import annotations

import hashlib
import threading
import time
import zlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.http import HttpRequest, HttpResponse

from network.frame.notes import keep_notes, notes_of

SECONDS = 60
GENERATION = "pages.generation"
KEPT_HEADERS = ("Content-Type", "Content-Language")
Handler = Callable[[HttpRequest], HttpResponse]
Value = TypeVar("Value")

# What this process holds of `kept`: generation, until when (seconds since 1970), value. The oldest give way.
MOST_HELD = 100
_held: dict[str, tuple[int, float, Any]] = {}
_holding = threading.Lock()


class _Reading:
    """A request that only reads: it sees the content of one generation, whichever it asked for first."""

    generation: int | None = None


_reading: ContextVar[_Reading | None] = ContextVar("reading", default=None)


def cached(view: Callable) -> Callable:
    """Mark a public view whose page is the same for every visitor."""
    view.page_cached = True
    return view


def key_of(request: HttpRequest) -> str:
    """The cache key: scheme, host, full path, and whether htmx asked for a part of the page."""
    parts = f"{request.scheme} {request.get_host()} {request.get_full_path()} {request.headers.get('HX-Request', '')}"
    return "page." + hashlib.sha256(parts.encode()).hexdigest()


class PageCache:
    """Middleware: answer visitors' requests from the cache, and fill it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        request.page_cached = getattr(view, "page_cached", False)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self._answer(request)
        token = _reading.set(_Reading())
        try:
            return self._answer(request)
        finally:
            _reading.reset(token)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if (
            request.method != "GET"
            or settings.SESSION_COOKIE_NAME in request.COOKIES
            or len(request.get_full_path()) > 500
        ):
            response = self.get_response(request)
            if notes := notes_of(request):
                keep_notes(request, notes)
            return response
        key = key_of(request)
        found, generation = _look(key)
        if key in found and found[key][0] == generation:
            _, headers, body, *noted = found[key]
            response = HttpResponse(zlib.decompress(body))
            for name, value in headers.items():
                response[name] = value
            response["X-Cache"] = "hit"
            if noted:
                keep_notes(request, noted)
            return response
        response = self.get_response(request)
        notes = notes_of(request)
        if (
            getattr(request, "page_cached", False)
            and response.status_code == 200
            and not response.cookies
            and not response.streaming
        ):
            headers = {name: response[name] for name in KEPT_HEADERS if name in response}
            headers["Vary"] = "Cookie, HX-Request"
            cache.set(key, (generation, headers, zlib.compress(response.content, 1), *notes), SECONDS)
        if notes:
            keep_notes(request, notes)
        return response


def kept(name: str, make: Callable[[], Value]) -> Value:
    """A value made from public content, kept until any of that changes (and at most SECONDS)."""
    key = f"held.{name}"
    reading = _reading.get()
    if reading is not None and reading.generation is not None and key in _held:
        generation, until, value = _held[key]
        if generation == reading.generation and time.time() < until:
            return value
    found, generation = _look(key)
    if key in found and found[key][0] == generation:
        value, until = found[key][1:]
    else:
        value, until = make(), time.time() + SECONDS
        cache.set(key, (generation, value, until), SECONDS)
    _hold(key, generation, until, value)
    return value


def _look(key: str) -> tuple[dict[str, Any], int]:
    """What is in the cache under that key, if anything, and the generation that counts for this request."""
    reading = _reading.get()
    found = cache.get_many([key, GENERATION])
    generation: int = found.get(GENERATION, 0)
    if generation == 0:
        # An emptied cache must not bring back what processes held before it was.
        cache.add(GENERATION, _first(), None)
        generation = cache.get(GENERATION, 0)
    if reading is not None:
        generation = reading.generation = reading.generation or generation
    return found, generation


def _first() -> int:
    """A generation that never was: nanoseconds are faster than changes."""
    return time.time_ns()


def _hold(key: str, generation: int, until: float, value: Any) -> None:
    with _holding:
        _held.pop(key, None)
        _held[key] = generation, until, value
        if len(_held) > MOST_HELD:
            del _held[next(iter(_held))]


def forget_pages(**kwargs) -> None:
    """Everything kept is stale from the running transaction's commit on."""
    transaction.on_commit(_next_generation)


def _next_generation() -> None:
    try:
        cache.incr(GENERATION)
    except ValueError:
        cache.set(GENERATION, _first(), None)


def shown_on_pages(*content: type[models.Model]) -> None:
    """Say in an app's `ready` which models public pages show: a change of theirs makes kept pages stale."""
    for model in content:
        for signal in (post_save, post_delete):
            signal.connect(forget_pages, sender=model, dispatch_uid=f"pages.{model._meta.label}.{id(signal)}")


def related_on_pages(through: type[models.Model]) -> None:
    """The same for a many-to-many table."""
    m2m_changed.connect(forget_pages, sender=through, dispatch_uid=f"pages.{through._meta.label}")
