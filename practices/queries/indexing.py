"""Which published practices have to be indexed (again)."""

from __future__ import annotations

import datetime

from django.db import connection
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from network.languages import CODES
from network.text import lexemes
from network.translation.models import text_in
from practices.enums import State
from practices.models import Concept, Practice, SearchEntry
from practices.queries.matching import concept_lexeme
from practices.queries.scheme import scheme


def every_published() -> list[int]:
    """Ids of all published practices, in order."""
    return list(Practice.objects.filter(state=State.PUBLISHED).order_by("pk").values_list("pk", flat=True))


NAMING = """
SELECT e.practice_id FROM practices_found(%(query)s::tsquery, '', 2147483647) found
JOIN practices_searchentry e ON e.practice_id = found.practice_id
WHERE e.indexed_at < %(before)s
UNION
SELECT t.practice_id FROM practices_practice_themes t JOIN practices_searchentry e ON e.practice_id = t.practice_id
WHERE t.concept_id = ANY(%(concepts)s) AND e.indexed_at < %(before)s
ORDER BY 1
"""
# Whoever was indexing while a label changed may have read the old one and written a later moment.
MARGIN = datetime.timedelta(minutes=1)


def with_theme(theme_id: int, before: datetime.datetime | None = None) -> list[int]:
    """Ids of the published practices that have a concept, or one that is part of it, or name it in their texts, by a label

    of today or of before. With `before` only those that were indexed earlier.
    """
    theme = Concept.objects.filter(pk=theme_id).first()
    if theme is None:
        return []
    labels = {label for code in CODES for label in (text_in(theme, "label", code), *theme.hidden_labels.get(code, ()))}
    named = [_phrase(label) for label in sorted(labels)]
    query = " | ".join([f"'{concept_lexeme(theme_id)}'", *filter(None, named)])
    moment = before or timezone.now() + MARGIN
    with connection.cursor() as cursor:
        cursor.execute(NAMING, {"query": query, "before": moment, "concepts": scheme(fresh=True).with_parts(theme_id)})
        return [row[0] for row in cursor.fetchall()]


def _phrase(label: str) -> str:
    """A label as a query: all its words, in any order, each in any of its readings."""
    words = [" | ".join(f"'{form}'" for form in forms) for forms in lexemes(label)]
    return f"({' & '.join(f'({word})' for word in words)})" if words else ""


def behind_the_scheme() -> list[int]:
    """Ids of practices that were indexed before a concept got the words that find it today, or lost some."""
    oldest = SearchEntry.objects.order_by().aggregate(oldest=Min("indexed_at"))["oldest"]
    if oldest is None:
        return []
    late = Concept.objects.filter(labelled_at__gt=oldest - MARGIN).order_by("pk").values_list("pk", "labelled_at")
    return sorted({practice for pk, moment in late for practice in with_theme(pk, before=moment + MARGIN)})


def behind_the_form(form: int) -> list[int]:
    """Ids of published practices whose rows an earlier version of Koine made, or that have none at all."""
    made = SearchEntry.objects.filter(practice=OuterRef("pk"), form=form)
    found = Practice.objects.filter(~Exists(made), state=State.PUBLISHED).order_by("pk")
    return list(found.values_list("pk", flat=True))


def behind_their_city() -> list[int]:
    """Ids of practices whose city changed after they were indexed."""
    late = SearchEntry.objects.filter(practice__city__updated_at__gt=F("indexed_at")).order_by("practice_id")
    return list(late.values_list("practice_id", flat=True).distinct())
