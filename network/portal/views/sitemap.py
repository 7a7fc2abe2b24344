"""The sitemap for search engines, each page in every language, and the one for people."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from cities.models import City
from grants.models import Fund
from network.doors import public
from network.frame.pagecache import cached
from network.membership.models import Network
from network.portal.queries.sitemap import sitemap_page
from practices.models import Collection, Practice


class InEveryLanguage(Sitemap):
    """Addresses with their alternates; few to a page, because each brings fourteen."""

    i18n = True
    alternates = True
    x_default = True
    limit = 500


class Pages(InEveryLanguage):
    """The pages that always are there."""

    def items(self) -> list[str]:
        return [
            "portal:home",
            "practices:list",
            "practices:themes",
            "practices:collections",
            "portal:cities",
            "membership:networks",
            "grants:funds",
            "portal:about",
            "portal:accessibility",
        ]

    def location(self, item: Any) -> str:
        return reverse(item)


class Cities(InEveryLanguage):
    """Kept cities."""

    def items(self) -> QuerySet[City]:
        return City.objects.filter(archived_at__isnull=True).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: City) -> datetime.datetime:
        return item.updated_at


class Networks(InEveryLanguage):
    """Kept networks."""

    def items(self) -> QuerySet[Network]:
        return Network.objects.filter(archived_at__isnull=True).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Network) -> datetime.datetime:
        return item.updated_at


class Practices(InEveryLanguage):
    """Published practices."""

    def items(self) -> QuerySet[Practice]:
        return Practice.objects.visible_to(None).only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Practice) -> datetime.datetime:
        return item.updated_at


class Collections(InEveryLanguage):
    """Public collections of practices."""

    def items(self) -> QuerySet[Collection]:
        return Collection.objects.visible_to(None).only("opaque_id", "updated_at").order_by("pk")

    def lastmod(self, item: Collection) -> datetime.datetime:
        return item.updated_at


class Funds(InEveryLanguage):
    """Public funds."""

    def items(self) -> QuerySet[Fund]:
        return Fund.objects.visible_to(None).only("slug").order_by("pk")


SITEMAPS = {
    "pages": Pages,
    "cities": Cities,
    "networks": Networks,
    "practices": Practices,
    "collections": Collections,
    "funds": Funds,
}


@public
@cached
def for_people(request: HttpRequest) -> HttpResponse:
    """Every main page, network and city on one page: the second way to reach them."""
    return render(request, "portal/sitemap.html", {"page": sitemap_page(get_language() or "en")})
