"""Public pages of funds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grants.queries.funds import fund_page, funds_page
from network.doors import public
from network.frame.pagecache import cached


@cached
@public
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """Open, upcoming and past rounds."""
    return render(request, "grants/funds.html", {"page": funds_page(request.user, request.received_at)})


@cached
@public
@require_safe
def fund(request: HttpRequest, slug: str) -> HttpResponse:
    """A fund: purpose, pot, who can apply, how it is decided, what will be asked."""
    return render(request, "grants/fund.html", {"page": fund_page(request.user, slug, request.received_at)})
