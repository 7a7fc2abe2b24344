"""Public pages for visitors, kept ready: one cache read, no session, no query.

Only what is the same for everyone is kept: a GET by somebody without a session, answered 200 without cookies by a view
marked `cached`. A generation number is part of every entry and grows with each committed change of public content, so
a page is at most one change old; `SECONDS` bounds what time alone changes (countdowns). What a view noted of a page
(`frame.notes`) is noted each time that the page is answered.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import TypeVar

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
        found = cache.get_many([key, GENERATION])
        generation = found.get(GENERATION, 0)
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
    key = f"kept.{name}"
    found = cache.get_many([key, GENERATION])
    generation = found.get(GENERATION, 0)
    if key in found and found[key][0] == generation:
        return found[key][1]
    value = make()
    cache.set(key, (generation, value), SECONDS)
    return value


def forget_pages(**kwargs) -> None:
    """Everything kept is stale from the running transaction's commit on."""
    transaction.on_commit(_next_generation)


def _next_generation() -> None:
    try:
        cache.incr(GENERATION)
    except ValueError:
        cache.set(GENERATION, 1, None)


def shown_on_pages(*content: type[models.Model]) -> None:
    """Say in an app's `ready` which models public pages show: a change of theirs makes kept pages stale."""
    for model in content:
        for signal in (post_save, post_delete):
            signal.connect(forget_pages, sender=model, dispatch_uid=f"pages.{model._meta.label}.{id(signal)}")


def related_on_pages(through: type[models.Model]) -> None:
    """The same for a many-to-many table."""
    m2m_changed.connect(forget_pages, sender=through, dispatch_uid=f"pages.{through._meta.label}")
