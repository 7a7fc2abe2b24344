"""The way in: the home page, and the root's choice of a language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_request

from network.doors import public
from network.frame.pagecache import cached
from network.membership.queries.networks import members_text
from network.portal.queries.home import home_page


@public
@cached
def home(request: HttpRequest) -> HttpResponse:
    """What Koine is, and what is going on."""
    found = home_page(request.user, get_language() or "en", timezone.now())
    for network in found.networks:
        network.members = members_text(network.cities)
    return render(request, "portal/home.html", {"page": found})


@public
def choose_language(request: HttpRequest) -> HttpResponse:
    """The root leads to the language of the reader's cookie or browser; every other address keeps its language."""
    response = HttpResponse(status=302, headers={"Location": f"/{get_language_from_request(request)}/"})
    response["Vary"] = "Accept-Language, Cookie"
    response["Cache-Control"] = "no-cache"
    return response
