"""All that a search finds, as a query set that others count, join and narrow: the map, alerts."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from practices.models import Practice, PracticeQuerySet
from practices.queries.finding import looked_for
from practices.queries.wanted import Wanted, cities_in_force

# As many as there are: what is found is not counted here, and has no end.
FOUND = "SELECT practice_id FROM practices_found(%s::tsquery, %s, 2147483647, NULL, %s::int[])"


def matched(wanted: Wanted, code: str) -> PracticeQuerySet:
    """The public practices that pass every filter and the query, unordered: those that the list counts, without its end."""
    found = RawSQL(FOUND, [looked_for(wanted, code), code, cities_in_force(wanted)])  # noqa: S611  (all are parameters)
    return Practice.objects.filter(pk__in=found)
