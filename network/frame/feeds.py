"""How a feed is answered: kept while the content is the same, and "304 Not Modified" to programs that have it already."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from network.frame.pagecache import kept


@dataclass(frozen=True)
class _Made:
    body: bytes
    etag: str
    updated: datetime


def feed_response(request: HttpRequest, name: str, make: Callable[[], tuple[bytes, datetime]]) -> HttpResponse:
    """The feed in the active language. `name` tells it from all others; `make` gives the document and when it changed last."""
    code = get_language() or "en"
    made = kept(f"{name}.{code}", lambda: _made(*make()))
    response = HttpResponse(zlib.decompress(made.body), content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = made.etag
    response["Last-Modified"] = http_date(made.updated.timestamp())
    response["Content-Language"] = code
    # Programs ask as often as every minute; what a feed tells is not published as often.
    response["Cache-Control"] = "public, max-age=300"
    unchanged = get_conditional_response(request, made.etag, int(made.updated.timestamp()), response)
    return unchanged or response


def _made(body: bytes, updated: datetime) -> _Made:
    return _Made(zlib.compress(body, 1), f'"{hashlib.sha256(body).hexdigest()[:32]}"', updated)
