"""A city's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from network.doors import public
from network.frame.pagecache import cached
from network.portal.queries.city import city_page


@public
@cached
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known of a city, and what it does."""
    found = city_page(request.user, slug, get_language() or "en", timezone.localdate())
    return render(request, "portal/city.html", {"page": found, "city": found.city})
