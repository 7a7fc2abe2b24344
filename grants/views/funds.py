"""Public pages of funds."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from grants.documents.call import call_data, call_pdf
from grants.documents.feed import as_atom
from grants.queries.funds import calls, fund_page, funds_page
from grants.rules.funds import can_manage_fund
from network.doors import public
from network.frame.feeds import feed_response
from network.frame.links import disposition
from network.frame.pagecache import cached
from network.typesetting import TypesettingError

log = logging.getLogger(__name__)


@cached
@public
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """Open, upcoming and past rounds."""
    return render(request, "grants/funds.html", {"page": funds_page(request.user, request.received_at)})


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Open and coming rounds for programs that follow them. What is open changes by the clock alone: five minutes are in its name."""
    at = request.received_at
    same = f"{at:%Y%m%d%H}{at.minute // 5}"
    return feed_response(
        request, f"grants.feed.{same}", lambda: as_atom(calls(request.user, at), settings.KOINE_BASE_URL)
    )


@cached
@public
@require_safe
def fund(request: HttpRequest, slug: str) -> HttpResponse:
    """A fund: purpose, pot, who can apply, how it is decided, what will be asked."""
    page = fund_page(request.user, slug, request.received_at)
    runs = request.user.is_authenticated and can_manage_fund(request.user, page.fund)
    manage_url = reverse("grants:fund_desk", args=[slug]) if runs else ""
    return render(request, "grants/fund.html", {"page": page, "manage_url": manage_url})


@public
@require_safe
def fund_pdf(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same on paper, with every question."""
    page = fund_page(request.user, slug, request.received_at)
    try:
        made, name = call_pdf(page.fund, call_data(page, settings.KOINE_BASE_URL))
    except TypesettingError:
        log.exception("no PDF of fund %s", page.fund.pk)
        return render(request, "grants/no_pdf.html", {"fund": page.fund, "title": page.title}, status=503)
    unchanged = get_conditional_response(request, etag=f'"{name}"')
    if unchanged is not None:
        return unchanged
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = disposition(f"{slug}-{get_language()}.pdf", "fund.pdf")
    response["ETag"] = f'"{name}"'
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def fund_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as a file of plain HTML, for a word processor."""
    page = fund_page(request.user, slug, request.received_at)
    response = render(request, "grants/call.html", {"data": call_data(page, settings.KOINE_BASE_URL)})
    shown = disposition(f"{slug}-{get_language()}.html", "fund.html")
    response["Content-Disposition"] = shown.replace("inline", "attachment", 1)
    return response
