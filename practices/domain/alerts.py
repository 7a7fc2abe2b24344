"""Telling people what is new in the searches they saved.

Nothing is scheduled ahead. A run looks what came to be seen (`domain.appearances`) and tells whose turn it is of what has a
higher number than they were told of. Mark and letters are written in one transaction, with the search locked: a run that
dies told nothing, the next one tells it, and two at once share the work.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from practices.domain.appearances import notice
from practices.enums import Alert
from practices.messages import NAMED, send_alert
from practices.models import SavedSearch
from practices.queries.alerts import DUE, New, came, fitting, shown_to, take_due
from practices.queries.wanted import Wanted

log = logging.getLogger(__name__)
# Searches told in one transaction: few enough that nobody who changes theirs waits long.
BATCH = 50
# A week's turn that found nothing new is over: what comes tomorrow waits for the next one.
TURN_OVER = f"""
UPDATE practices_savedsearch SET checked_at = %(now)s
WHERE id IN (SELECT s.id {DUE} AND s.alert = 'weekly' AND s.told_up_to >= %(high)s)
"""  # noqa: S608  (a constant; every value is a parameter)

# How a query string is understood; None where any part of it is not.
Reader = Callable[[str], Wanted | None]


def tell_all(read: Reader, now: datetime.datetime | None = None) -> int:
    """Tell everybody whose turn it is; returns how many letters were queued.

    A search that is not understood any more, or that the database refuses, tells nothing and keeps its mark: where it is
    understood again, nothing is lost. It holds no other one up.
    """
    if not SavedSearch.objects.exclude(alert=Alert.NONE).exists():
        return 0
    now, high = now or timezone.now(), notice()
    with connection.cursor() as cursor:
        cursor.execute(TURN_OVER, {"now": now, "high": high})
    told, after = 0, 0
    while True:
        with transaction.atomic():
            searches = take_due(now, high, after, BATCH)
            if not searches:
                return told
            told += _tell(searches, read, now, high)
        after = searches[-1].pk


def _tell(searches: list[SavedSearch], read: Reader, now: datetime.datetime, high: int) -> int:
    lows: dict[tuple[str, str], int] = {}
    for search in searches:
        question = search.query, search.language
        lows[question] = min(search.told_up_to, lows.get(question, high))
    new = came(min(lows.values()), high)
    found = {
        question: _look(*question, read, [one for one in new if one.number > low])
        for question, low in sorted(lows.items())
    }
    news: dict[int, list[int]] = {}
    for search in searches:
        fits = found[search.query, search.language]
        if fits is not None:
            news[search.pk] = [one.practice for one in fits if one.is_news_to(search)]
            search.told_up_to = high
        search.checked_at = now
    told = _send(searches, news, high)
    SavedSearch.objects.bulk_update(searches, ["told_up_to", "checked_at"])
    return told


def _look(query: str, language: str, read: Reader, new: list[New]) -> list[New] | None:
    try:
        with transaction.atomic():
            wanted = read(query)
            return None if wanted is None else fitting(new, wanted, language)
    except DatabaseError:
        log.exception("a saved search can't be run in %s: %s", language, query)
        return None


def _send(searches: Iterable[SavedSearch], news: dict[int, list[int]], high: int) -> int:
    told = [search for search in searches if news.get(search.pk)]
    readers: dict[str, set[int]] = {}
    for search in told:
        readers.setdefault(search.user.preferred_language, set()).update(news[search.pk][:NAMED])
    shown = {code: shown_to(sorted(ids), code) for code, ids in sorted(readers.items())}
    for search in told:
        cards = shown[search.user.preferred_language]
        ids = news[search.pk]
        send_alert(search, [cards[pk] for pk in ids[:NAMED] if pk in cards], len(ids), high)
    return len(told)
