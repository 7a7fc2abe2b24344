"""Whom alerts are due to, and which practices are new in a search."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef
from django.utils.translation import override

from practices.models import Appearance, Practice, SavedSearch
from practices.queries.cards import Card, cards
from practices.queries.finding import looked_for
from practices.queries.wanted import Wanted, cities_in_force

# The last time a week's moment came on the person's clock, as an instant (`AT TIME ZONE`); nothing where the database does not
# know the zone.
TURN = """
CASE WHEN mail_knows_zone(u.time_zone) THEN (
    SELECT CASE WHEN wall > here THEN wall - interval '7 days' ELSE wall END AT TIME ZONE u.time_zone
    FROM (SELECT %(now)s::timestamptz AT TIME ZONE u.time_zone AS here) clock,
    LATERAL (SELECT date_trunc('week', here) + make_interval(days => s.weekday - 1) + s.at_local AS wall) week
) END
"""
# A person's turn: always, or where the week's moment came since the last one.
DUE = f"""
FROM practices_savedsearch s JOIN people_user u ON u.id = s.user_id AND u.is_active
WHERE (s.alert = 'at_once' OR (s.alert = 'weekly' AND {TURN} > s.checked_at AND {TURN} <= %(now)s))
"""

TAKE = f"""
SELECT s.* {DUE} AND s.told_up_to < %(high)s AND s.id > %(after)s
ORDER BY s.id LIMIT %(most)s FOR UPDATE OF s SKIP LOCKED
"""
# Of a few practices: their rows of the search table are looked at, and no other's. The first key of a row is its city's.
FITTING = """
SELECT DISTINCT e.practice_id FROM unnest(%s::bigint[]) AS few(id) JOIN practices_searchentry e ON e.practice_id = few.id
WHERE e.tsv @@ %s::tsquery AND (%s::int[] IS NULL OR e.keys[1] = ANY(%s::int[]))
"""


def take_due(now: datetime.datetime, high: int, after: int, most: int) -> list[SavedSearch]:
    """The next searches, by number, whose turn it is and that were not told of all up to `high`; locked, and none that
    another worker has taken."""
    asked = {"now": now, "high": high, "after": after, "most": most}
    return list(SavedSearch.objects.raw(TAKE, asked).prefetch_related("user"))


@dataclass(frozen=True)
class New:
    """A practice that fits, by its appearance's number, and the numbers of its earlier appearances."""

    practice: int
    number: int
    earlier: Sequence[int]

    def is_news_to(self, search: SavedSearch) -> bool:
        """Whether the search was not told of it: neither now nor when it was seen before, since its alerts began."""
        return self.number > search.told_up_to and not any(
            search.begins_at < before <= search.told_up_to for before in self.earlier
        )


def came(low: int, high: int) -> list[New]:
    """What came to be seen with numbers above `low` up to `high` and is seen now, the newest first. One query."""
    earlier = (
        Appearance.objects.filter(practice=OuterRef("practice"), id__lt=OuterRef("id")).order_by("id").values("id")
    )
    rows = (
        Appearance.objects.filter(
            id__gt=low, id__lte=high, gone_at=None, practice__in=Practice.objects.visible_to(None).values("pk")
        )
        .order_by("-practice__published_at", "-id")
        .values_list("practice", "id", ArraySubquery(earlier))
    )
    return [New(practice, number, tuple(before)) for practice, number, before in rows]


def fitting(news: Sequence[New], wanted: Wanted, code: str) -> list[New]:
    """Those of them that the search finds, in the same order. It costs what is new, not what the library holds."""
    cities = cities_in_force(wanted)
    with connection.cursor() as cursor:
        cursor.execute(FITTING, [[new.practice for new in news], looked_for(wanted, code), cities, cities])
        found = {practice for (practice,) in cursor.fetchall()}
    return [new for new in news if new.practice in found]


def shown_to(ids: Sequence[int], code: str) -> dict[int, Card]:
    """The practices' cards in that language, for letters. One query."""
    with override(code):
        return {card.id: card for card in cards(ids, code)}
