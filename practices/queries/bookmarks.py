"""A person's bookmarks as pages show them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from practices.models import Bookmark, Practice
from practices.queries.cards import Card, cards

PER_PAGE = 20


@dataclass(frozen=True)
class Kept:
    """A bookmark: since when, and the practice's card; none where it is no longer public."""

    practice: int
    since: datetime.datetime
    card: Card | None


@dataclass(frozen=True)
class Bookmarks:
    """A page of bookmarks, newest first, and how many there are in all."""

    rows: list[Kept]
    page: Page


def bookmarks_of(user: Any, code: str, number: str | None = None) -> Bookmarks:
    """The wanted page of the person's bookmarks, or the nearest one there is. Four queries, however many there are."""
    mine = Bookmark.objects.filter(user=user).order_by("-since", "-id").values_list("practice", "since")
    page = Paginator(mine, PER_PAGE).get_page(number)
    found = list(page)
    shown = {card.id: card for card in cards(public_ids((pk for pk, _since in found), user), code)}
    return Bookmarks([Kept(pk, since, shown.get(pk)) for pk, since in found], page)


def public_ids(ids: Iterable[int], user: Any = None) -> list[int]:
    """Those of the practices that are public, in the same order. One query."""
    wanted = list(ids)
    known = set(Practice.objects.visible_to(user).filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    return [pk for pk in wanted if pk in known]


def bookmarked(user: Any, ids: Iterable[int]) -> frozenset[int]:
    """Which of these practices the person has kept; none for a visitor, who costs no query."""
    if not user.is_authenticated:
        return frozenset()
    found = Bookmark.objects.filter(user=user, practice__in=list(ids)).order_by()
    return frozenset(found.values_list("practice", flat=True))


def own_bookmarks(user: Any) -> list[dict[str, Any]]:
    """For the person's export of what the portal keeps about them."""
    found = Bookmark.objects.filter(user=user).order_by("pk").values_list("practice__slug", "since")
    return [{"practice": slug, "since": since.isoformat()} for slug, since in found]
