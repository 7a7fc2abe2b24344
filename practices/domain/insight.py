"""Gathering what was noted of public pages into counts by day, and forgetting it again."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.utils import timezone

from network.frame.notes import Note, collect
from network.languages import LANGUAGES
from network.locks import hold_lock
from practices.models import LONGEST_ASKED, AskedQuery, MissedTranslation
from practices.rules.insight import ASKED, MISSED

# What only one person ever asked may tell who that was.
SINGLE_DAYS = 90
KEPT_DAYS = 730

WRITE_ASKED = """
INSERT INTO practices_askedquery AS kept (day, language, query, filters, times, without, results)
SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::int[])
ON CONFLICT (day, language, query, filters) DO UPDATE SET
    times = kept.times + excluded.times, without = kept.without + excluded.without, results = excluded.results
"""
# A practice may be gone by now.
WRITE_MISSED = """
INSERT INTO practices_missedtranslation AS kept (day, practice_id, language, views)
SELECT noted.* FROM unnest(%s::date[], %s::bigint[], %s::text[], %s::int[]) AS noted(day, practice, language, views)
JOIN practices_practice p ON p.id = noted.practice
ON CONFLICT (day, practice_id, language) DO UPDATE SET views = kept.views + excluded.views
"""
FORGET_SINGLE = """
DELETE FROM practices_askedquery asked WHERE asked.day < %s AND asked.times = 1 AND NOT EXISTS (
    SELECT FROM practices_askedquery other
    WHERE other.query = asked.query AND other.language = asked.language AND other.id <> asked.id)
"""


@transaction.atomic
def gather() -> int:
    """Write down what was noted since the last time; returns how many notes there were. Five statements at most."""
    hold_lock("practices.insight")
    asked, missed = list(collect(ASKED)), list(collect(MISSED))
    _write_asked(asked)
    _write_missed(missed)
    return len(asked) + len(missed)


def _write_asked(notes: Iterable[Note]) -> None:
    times: Counter[tuple[str, str, str, str]] = Counter()
    without: Counter[tuple[str, str, str, str]] = Counter()
    results: dict[tuple[str, str, str, str], int] = {}
    for note in notes:
        language, query, filters, found = note.value
        if language not in LANGUAGES:
            continue
        key = note.day, language, str(query)[:LONGEST_ASKED], str(filters)[:200]
        times[key] += 1
        without[key] += not found
        results[key] = found
    # In one order: whoever writes the same rows waits, and nobody for somebody who waits.
    keys = sorted(times)
    _run(
        WRITE_ASKED,
        *(list(column) for column in zip(*keys, strict=True)),
        [times[key] for key in keys],
        [without[key] for key in keys],
        [results[key] for key in keys],
    )


def _write_missed(notes: Iterable[Note]) -> None:
    views = Counter((note.day, *note.value) for note in notes if note.value[1] in LANGUAGES)
    keys = sorted(views)
    _run(WRITE_MISSED, *(list(column) for column in zip(*keys, strict=True)), [views[key] for key in keys])


def _run(statement: str, *columns: list) -> None:
    if columns and columns[0]:
        with connection.cursor() as cursor:
            cursor.execute(statement, columns)


@transaction.atomic
def forget(today: datetime.date | None = None) -> int:
    """Remove what was asked once only, 90 days ago or earlier, and all counts after two years; returns how many rows."""
    today = today or timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_SINGLE, [today - datetime.timedelta(days=SINGLE_DAYS)])
        removed = cursor.rowcount
    until = today - datetime.timedelta(days=KEPT_DAYS)
    for model in (AskedQuery, MissedTranslation):
        removed += model.objects.filter(day__lt=until).delete()[0]
    return removed
