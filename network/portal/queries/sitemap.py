"""The sitemap for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cities.models import City
from network.collation import sort_key
from network.membership.models import Network


@dataclass(frozen=True)
class Entry:
    """A name and its address."""

    name: str
    url: str


@dataclass(frozen=True)
class SitemapPage:
    """Networks and cities, in the reader's alphabet."""

    networks: list[Entry]
    cities: list[Entry]


def sitemap_page(code: str) -> SitemapPage:
    """Two queries."""
    networks = Network.objects.filter(archived_at__isnull=True).for_language(code, "name").order_by("slug")
    cities = City.objects.filter(archived_at__isnull=True).for_language(code, "name").order_by("slug")
    return SitemapPage(
        networks=_entries(networks.values_list("shown_name", "slug"), "membership:network", code),
        cities=_entries(cities.values_list("shown_name", "slug"), "portal:city", code),
    )


def _entries(rows, name: str, code: str) -> list[Entry]:
    entries = [Entry(shown, reverse(name, args=[slug])) for shown, slug in rows]
    return sorted(entries, key=lambda entry: sort_key(entry.name, code))
