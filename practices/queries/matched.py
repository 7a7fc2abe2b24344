"""All that a search finds, as a query set that others count, join and narrow: the map, alerts."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from practices.models import Practice, PracticeQuerySet
from practices.queries.finding import looked_for
from practices.queries.wanted import Wanted, cities_in_force

# As many as there are: what is found is not counted here, and has no end.
FOUND = "SELECT practice_id FROM practices_found(%s::tsquery, %s, 2147483647, NULL, %s::int[])"
# Of a few practices: their rows of the search table are looked at, and no other's.
FITTING = """
SELECT e.practice_id FROM ({among} OFFSET 0) few(id) JOIN practices_searchentry e ON e.practice_id = few.id
WHERE e.tsv @@ %s::tsquery AND (%s::int[] IS NULL OR e.keys[1] = ANY(%s::int[]))
"""


def matched(wanted: Wanted, code: str) -> PracticeQuerySet:
    """The public practices that pass every filter and the query, unordered: those that the list counts, without its end."""
    found = RawSQL(FOUND, [looked_for(wanted, code), code, cities_in_force(wanted)])  # noqa: S611  (all are parameters)
    return Practice.objects.filter(pk__in=found)


def fitting(wanted: Wanted, code: str, among: QuerySet) -> PracticeQuerySet:
    """Of these practices (ids, few) those that the search finds: it costs what they are, not what the library is."""
    inner, parameters = among.order_by().query.sql_with_params()
    cities = cities_in_force(wanted)
    found = RawSQL(  # noqa: S611  (composed of what Django compiled; every value is a parameter)
        FITTING.format(among=inner), [*parameters, looked_for(wanted, code), cities, cities]
    )
    return Practice.objects.visible_to(None).filter(pk__in=found).order_by()
