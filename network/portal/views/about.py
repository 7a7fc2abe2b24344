"""What Koine is, how accessible it is, and what search engines read."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from network.doors import public
from network.frame.pagecache import cached

# The day on which the statement was last checked against the pages; changed together with its text.
STATEMENT_CHECKED_ON = datetime.date(2026, 11, 20)

ROBOTS = """User-agent: *
Disallow: /admin/
Disallow: /*/accounts/
Disallow: /*/desk/
Disallow: /*/contact/
Allow: /

Sitemap: {origin}/sitemap.xml
"""


@public
@cached
def about(request: HttpRequest) -> HttpResponse:
    """What Koine is and what it does with what is entrusted to it."""
    return render(request, "portal/about.html", {"feedback": settings.KOINE_FEEDBACK_ADDRESS})


@public
@cached
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what holds, what does not, and whom to tell."""
    return render(
        request,
        "portal/accessibility.html",
        {"checked_on": STATEMENT_CHECKED_ON, "feedback": settings.KOINE_FEEDBACK_ADDRESS},
    )


@public
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read."""
    return HttpResponse(ROBOTS.format(origin=settings.KOINE_BASE_URL), content_type="text/plain; charset=utf-8")
