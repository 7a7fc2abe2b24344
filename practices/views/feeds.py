"""Searches that programs follow."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.doors import public
from network.frame.feeds import feed_response
from practices.documents.atom import Feed, as_atom
from practices.forms.asked import Asked, asked
from practices.queries.feed import feed_page


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """What the filters of the address find as an Atom feed. Where they can't all be understood it is empty: a program

    that follows one theme must not be given the whole library the day the theme is gone.
    """
    search = asked(request.GET)
    name = hashlib.sha256(
        f"{search.whole} {search.wanted.page} {search.query if search.whole else search.typed}".encode()
    ).hexdigest()[:32]
    return feed_response(request, f"practices.feed.{name}", lambda: _make(search))


def _make(search: Asked) -> tuple[bytes, datetime]:
    code = get_language() or "en"
    if search.whole:
        found = feed_page(search.wanted, code)
        told = Feed(found.rows, code, search.query, search.words, found.page, found.last)
    else:
        told = Feed([], code, search.typed, search.words)
    return as_atom(told, settings.KOINE_BASE_URL), told.updated
