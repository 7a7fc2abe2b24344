"""All that a search finds, as a query set that others count, join and narrow: the map, alerts."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from practices.models import PracticeQuerySet
from practices.queries.listing import Wanted, filtered
from practices.queries.meaning import understood
from practices.queries.scheme import scheme

FOUND = "SELECT practice_id FROM practices_found(%s::tsquery)"


def matched(wanted: Wanted, code: str) -> PracticeQuerySet:
    """The public practices that pass every filter and the query, unordered: those that the list counts, without its end."""
    found = filtered(wanted, code)
    if not wanted.query:
        return found
    query = understood(wanted.query, scheme(), code).widened()
    return found.filter(pk__in=RawSQL(FOUND, [query]))  # noqa: S611  (a constant; what is typed is a parameter)
