"""Middleware without domain words: the stamp of arrival, unreadable input, security headers, the guard of reading."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from network.limits import LONGEST_WAIT, MOST_BYTES

log = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
ARRIVAL = re.compile(r"t=([0-9]{13})")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
WRITES = re.compile(r"\s*(insert|update|delete|merge|truncate|create|alter|drop)\b", re.IGNORECASE)
# Bookkeeping that a safe request may write: sessions, allauth's record of them, and when an API token was last used.
BOOKKEEPING = re.compile(
    r"\"(django_session|usersessions_usersession)\"|UPDATE \"people_apitoken\" SET \"last_used_at\" ="
)


def arrived_at(request: HttpRequest) -> datetime:
    """When the request came to the proxy in front, by its `X-Request-Start: t=<milliseconds since 1970>`; otherwise now.

    Believed only with KOINE_ARRIVAL_STAMPED, as anybody may send such a header; and only where it is no time to come and
    none before LONGEST_WAIT, so that a proxy whose clock is wrong opens no round again.
    """
    now = timezone.now()
    said = ARRIVAL.fullmatch(request.headers.get("X-Request-Start", "")) if settings.KOINE_ARRIVAL_STAMPED else None
    if said is None:
        return now
    stamped = datetime.fromtimestamp(int(said[1]) / 1000, UTC)
    return stamped if now - LONGEST_WAIT <= stamped <= now else now


def arrival(get_response: Handler) -> Handler:
    """Stamp `request.received_at` before anything else runs, and give the request an id for logs and history.

    Deadlines are judged by this stamp: what counts is when the request arrived, not when we came to look at it. Where
    many arrive at once they wait for a free thread, so the proxy in front may say when each came (`arrived_at`).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.received_at = arrived_at(request)
        request.id = uuid.uuid4().hex
        response = get_response(request)
        response["X-Request-ID"] = request.id
        return response

    return middleware


def bad_input(get_response: Handler) -> Handler:
    """Turn unreadable input (null bytes, invalid UTF-8, too much of it) into a clear 400 or 413 page, never a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        try:
            raw = request.META.get("QUERY_STRING", "")
            if "%" in raw or not raw.isascii():
                unquote_to_bytes(raw.encode("latin-1")).decode()
            if is_long(request):
                return refuse(request, 413)
            typed = [request.GET]
            if request.method not in SAFE_METHODS and "form" in (request.content_type or ""):
                typed.append(request.POST)
            if "\x00" in request.path or any(
                "\x00" in text for data in typed for name, values in data.lists() for text in (name, *values)
            ):
                return refuse(request, 400)
        except (RequestDataTooBig, TooManyFieldsSent):
            return refuse(request, 413)
        except (SuspiciousOperation, UnicodeError, ValueError):
            return refuse(request, 400)
        return get_response(request)

    return middleware


def is_long(request: HttpRequest) -> bool:
    """Whether what is not sent in parts says of itself that it is longer than MOST_BYTES; the API sees to its own."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    whole = not (request.content_type or "").startswith("multipart/") and not request.path.startswith("/api/")
    return whole and length.isdecimal() and int(length) > MOST_BYTES


REFUSALS = {400: "The address holds characters that can't be read.", 413: "Too much was sent."}


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    """The calm page for input that can't be read, without a user or session: they may not be loadable. JSON for programs."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": REFUSALS[status]}, status=status)
    return render(request, f"{status}.html", status=status)


def security_headers(get_response: Handler) -> Handler:
    """Headers on every answer that Django has no setting for, and `no-store` on pages made for one person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # `_cached_user` is there only where somebody looked; looking here would cost every page a session query.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response

    return middleware


class WriteDuringRead(RuntimeError):
    """A safe request tried to change the database."""


def read_guard(get_response: Handler) -> Handler:
    """GET reads: refuse writes during safe methods (raise in development and tests, log in production).

    Admin's own pages and allauth's sign-in bookkeeping stand under it too; only session tables are let through.
    """

    def guard(execute, sql, params, many, context):
        if WRITES.match(sql) and not BOOKKEEPING.search(sql):
            if settings.KOINE_READ_GUARD == "raise":
                raise WriteDuringRead(sql[:200])
            log.error("write during a safe request: %s", sql[:200])
        return execute(sql, params, many, context)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return get_response(request)
        with connection.execute_wrapper(guard):
            return get_response(request)

    return middleware
