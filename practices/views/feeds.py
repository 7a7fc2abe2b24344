"""Searches that programs follow."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.doors import public
from network.frame.pagecache import kept
from practices.documents.atom import Feed, as_atom
from practices.forms.asked import Asked, asked
from practices.queries.feed import feed_page


@dataclass(frozen=True)
class _Made:
    body: bytes
    etag: str
    updated: datetime


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What the filters of the address find as an Atom feed. Where they can't all be understood it is empty: a program

    that follows one theme must not be given the whole library the day the theme is gone.
    """
    code = get_language() or "en"
    search = asked(request.GET)
    name = hashlib.sha256(
        f"{search.whole} {search.wanted.page} {search.query if search.whole else search.typed}".encode()
    ).hexdigest()[:32]
    made = kept(f"practices.feed.{code}.{name}", lambda: _make(search, code))
    response = HttpResponse(zlib.decompress(made.body), content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = made.etag
    response["Last-Modified"] = http_date(made.updated.timestamp())
    response["Content-Language"] = code
    # Programs ask as often as every minute; a practice is not published as often.
    response["Cache-Control"] = "public, max-age=300"
    unchanged = get_conditional_response(request, made.etag, int(made.updated.timestamp()), response)
    return unchanged or response


def _make(search: Asked, code: str) -> _Made:
    if search.whole:
        found = feed_page(search.wanted, code)
        told = Feed(found.rows, code, search.query, search.words, found.page, found.last)
    else:
        told = Feed([], code, search.typed, search.words)
    body = as_atom(told, settings.KOINE_BASE_URL)
    return _Made(zlib.compress(body, 1), f'"{hashlib.sha256(body).hexdigest()[:32]}"', told.updated)
