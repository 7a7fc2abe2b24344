"""What waits for somebody: tiles of the admin's first page, registered beside the lists they lead to.

A tile is a question that its list already has as a filter (`network.portal.admin.lists.Question`), so that the number on
the tile and the rows behind it come from the same lines. All numbers are fetched in one query.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.db.models import Count, IntegerField, Model, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest

ASK = "ask"


@dataclass(frozen=True)
class Tile:
    """One number of the queue: the model, the question of its list, and what is to be done in words.

    `urgent` marks what somebody outside waits for; `position` orders the page.
    """

    model: type[Model]
    question: str
    title: Any
    act: Any
    position: int = 50
    urgent: bool = False


TILES: list[Tile] = []


def wait_here(*tiles: Tile) -> None:
    """Put tiles into the queue."""
    TILES.extend(tiles)


def tiles_for(request: HttpRequest, site: Any) -> list[dict[str, Any]]:
    """This person's tiles with their numbers, those with something waiting first; only lists they may see; one query."""
    shown = sorted(
        (tile for tile in TILES if site.is_registered(tile.model) and _open(site, tile, request)),
        key=lambda tile: tile.position,
    )
    numbers = _count(request, site, shown)
    rows = [
        {
            "title": tile.title,
            "act": tile.act,
            "number": numbers.get(index, 0),
            "urgent": tile.urgent and bool(numbers.get(index)),
            "url": f"{site.get_model_admin(tile.model).list_url()}?{urlencode({ASK: tile.question})}",
        }
        for index, tile in enumerate(shown)
    ]
    return sorted(rows, key=lambda row: not row["number"])


def _open(site: Any, tile: Tile, request: HttpRequest) -> bool:
    return site.get_model_admin(tile.model).has_view_or_change_permission(request)


def _count(request: HttpRequest, site: Any, tiles: list[Tile]) -> dict[int, int]:
    """How many rows each tile's list has, by the tile's place: one row of the person's own with a subquery per tile."""
    numbers: dict[str, Any] = {}
    for index, tile in enumerate(tiles):
        rows = site.get_model_admin(tile.model).asked(request, tile.question).order_by()
        plain = tile.model._default_manager.filter(pk__in=rows.values("pk")).order_by()
        counted = plain.annotate(every=Value(1)).values("every").annotate(n=Count("pk")).values("n")
        numbers[f"tile{index}"] = Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    if not numbers:
        return {}
    found = get_user_model().objects.filter(pk=request.user.pk).values(**numbers).get()
    return {index: found[f"tile{index}"] for index in range(len(tiles))}
