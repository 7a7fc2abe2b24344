"""The directory of cities: a list and a map that say the same."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import conditional_page

from network.doors import public
from network.frame.pagecache import cached
from network.portal.forms.directory import DirectoryForm
from network.portal.queries.directory import choices, directory, points


@public
@cached
def cities(request: HttpRequest) -> HttpResponse:
    """Cities by name, network, country, region and language. htmx takes `#results` out of the same page."""
    code = get_language() or "en"
    form = DirectoryForm(request.GET, choices=choices(code))
    wanted = form.wanted()
    query = request.GET.copy()
    query.pop("page", None)
    return render(
        request,
        "portal/cities.html",
        {
            "form": form,
            "found": directory(wanted, code, timezone.localdate(), request.GET.get("page")),
            "filtered": bool(wanted),
            "points_url": f"{reverse('portal:city_points')}?{query.urlencode()}",
        },
    )


@public
@conditional_page
@cached
def city_points(request: HttpRequest) -> HttpResponse:
    """The points of the map, for the same filters. An ETag of the content answers 304 where nothing changed."""
    code = get_language() or "en"
    form = DirectoryForm(request.GET, choices=choices(code))
    return JsonResponse({"points": points(form.wanted(), code, timezone.localdate())})
