"""The results on a map: what the list's page shows in its place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _, ngettext

from network.frame.links import query_with
from network.frame.names import country_name, number_text
from practices.queries.places import Place, places
from practices.queries.wanted import Wanted


def view_tabs(request: HttpRequest, *, mapped: bool) -> list[dict[str, Any]]:
    """List and map, each with every filter of the address."""
    return [
        {"name": _("List"), "url": query_with(request.GET, {"view": None}), "current": not mapped},
        {"name": _("Map"), "url": query_with(request.GET, {"view": "map"}), "current": mapped},
    ]


def map_of(request: HttpRequest, wanted: Wanted, code: str) -> dict[str, Any]:
    """The map and the list that says the same; each city leads to its practices in this search."""
    found = places(wanted, code)
    placed = [_row(request, place) for place in found.placed]
    return {
        "rows": placed,
        "unplaced": [_row(request, place) for place in found.unplaced],
        "points": [
            {"lat": row["place"].latitude, "lon": row["place"].longitude, "name": row["place"].name,
             "native": row["place"].native, "country": country_name(row["place"].country), "note": row["words"],
             "url": row["url"]}
            for row in placed
        ],
        "cut": len(found.placed) + len(found.unplaced) if found.cut else 0,
    }  # fmt: skip


def _row(request: HttpRequest, place: Place) -> dict[str, Any]:
    words = ngettext("%(count)s practice", "%(count)s practices", place.practices)
    return {
        "place": place,
        "words": words % {"count": number_text(place.practices)},
        "url": query_with(request.GET, {"city": place.slug, "view": None}),
    }
