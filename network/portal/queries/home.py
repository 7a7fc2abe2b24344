"""The home page: how much there is, what is open, what is new."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, ExpressionWrapper, Q

from cities.models import City
from grants.models import Round
from grants.queries.funds import open_rounds
from network.frame.pagecache import kept
from network.membership.queries.networks import networks_list
from practices.models import Practice
from practices.queries.cards import Card, cards

NEWEST = 4
ROUNDS = 3


@dataclass(frozen=True)
class HomePage:
    """What the home page shows."""

    rounds: list[Round]
    newest: list[Card]
    networks: list[Any]
    cities: int
    practices: int


@dataclass(frozen=True)
class Counts:
    """How much there is, and the newest of it."""

    newest: list[int]
    cities: int
    practices: int


def home_page(user: Any, code: str, at: datetime.datetime) -> HomePage:
    """Everything the page shows at a moment, in a fixed number of queries."""
    counts: Counts = kept(f"portal.home.{code}", lambda: _counts(code))
    return HomePage(
        rounds=open_rounds(user, at)[:ROUNDS],
        newest=cards(counts.newest, code),
        networks=networks_list(code, at.date()),
        cities=counts.cities,
        practices=counts.practices,
    )


def _counts(code: str) -> Counts:
    """What every reader of a language may see alike, so that it can be kept.

    Of the practices, first the newest that can be read in `code`: a first page in many languages reads as none.
    """
    public = Practice.objects.visible_to(AnonymousUser())
    ordered = public.order_by(
        ExpressionWrapper(Q(languages__contains=[code]), BooleanField()).desc(), "-published_at", "-id"
    )
    newest = list(ordered.values_list("pk", flat=True)[:NEWEST])
    return Counts(newest, City.objects.visible_to(AnonymousUser()).count(), public.count())
