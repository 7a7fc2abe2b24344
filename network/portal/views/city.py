"""A city's own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from cities.rules import can_edit_city
from network.doors import public
from network.frame.pagecache import cached
from network.portal.queries.city import city_page


@public
@cached
def city(request: HttpRequest, slug: str) -> HttpResponse:
    """What is known of a city, and what it does."""
    found = city_page(request.user, slug, get_language() or "en", timezone.localdate())
    may_edit = request.user.is_authenticated and bool(can_edit_city(request.user, found.city))
    return render(request, "portal/city.html", {"page": found, "city": found.city, "may_edit": may_edit})
