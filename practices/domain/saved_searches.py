"""Keeping searches for oneself, and saying when one is told what is new in them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.models import User
from network.text import clean_line
from practices.domain.appearances import notice
from practices.enums import Alert
from practices.models import LONGEST_NAME, LONGEST_QUERY, SavedSearch
from practices.rules.saved_searches import MOST_SEARCHES, can_change_saved_search


@dataclass(frozen=True)
class Alerts:
    """When one is told: never, at once, or weekly on a day (1 is Monday) at a time of one's own clock."""

    kind: str = Alert.NONE
    weekday: int | None = None
    at_local: datetime.time | None = None


@transaction.atomic
def save_search(name: str, query: str, language: str, alerts: Alerts, *, by: User) -> SavedSearch:
    """Keep a search: its canonical query string, as asked in that language. Alerts tell only what comes from now on.

    DomainError: no name or too long a one (`name`), an unknown language, `long` for a query that no address holds,
    `already` where the person keeps the same search, `limit` where they keep too many.
    """
    # Whoever presses twice at once waits here for themselves, and finds the first one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if language not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    if len(query) > LONGEST_QUERY:
        raise DomainError(_("This search is too long to be saved. Use fewer words or filters."), code="long")
    if same_search(by, query, language):
        raise DomainError(_("You keep this search already."), code="already")
    if SavedSearch.objects.filter(user=by).count() >= MOST_SEARCHES:
        raise DomainError(
            _("You keep %(count)d searches. Remove one before you save another.") % {"count": MOST_SEARCHES},
            code="limit",
        )
    search = SavedSearch(user=by, name=_named(name), language=language, query=query)
    _set(search, alerts)
    search.save(force_insert=True)
    return search


def same_search(user: User, query: str, language: str) -> SavedSearch | None:
    """The person's own search that asks the same in the same language, if they keep one."""
    return SavedSearch.objects.filter(user=user, query=query, language=language).first()


@transaction.atomic
def change_search(search: SavedSearch, name: str, alerts: Alerts, *, by: User) -> SavedSearch:
    """Rename it and set its alerts. Alerts that were off begin now; changed ones go on where they were."""
    search = _locked(search, by)
    search.name = _named(name)
    _set(search, alerts)
    search.save()
    return search


@transaction.atomic
def remove_search(search: SavedSearch, *, by: User) -> None:
    """Forget the search. What was queued about it still arrives."""
    _locked(search, by).delete()


def _locked(search: SavedSearch, by: User) -> SavedSearch:
    locked = SavedSearch.objects.select_for_update().filter(pk=search.pk).first()
    if locked is None:
        raise DomainError(_("This search was removed already."), code="gone")
    insist(can_change_saved_search(by, locked))
    return locked


def _named(name: str) -> str:
    name = clean_line(name)
    if not name:
        raise DomainError(_("Give the search a name."), code="name")
    if len(name) > LONGEST_NAME:
        raise DomainError(_("A name has at most %(limit)d characters.") % {"limit": LONGEST_NAME}, code="name")
    return name


def _set(search: SavedSearch, alerts: Alerts) -> None:
    weekly = alerts.kind == Alert.WEEKLY
    if weekly and (alerts.weekday not in range(1, 8) or alerts.at_local is None):
        raise DomainError(_("Choose the day and the hour of the weekly alert."), code="moment")
    was = (search.alert, search.weekday, search.at_local)
    begins = search.alert == Alert.NONE and alerts.kind != Alert.NONE
    search.alert = Alert(alerts.kind)
    search.weekday = alerts.weekday if weekly else None
    search.at_local = alerts.at_local if weekly else None
    if begins:
        search.begins_at = search.told_up_to = notice()
    if was != (search.alert, search.weekday, search.at_local):
        search.checked_at = timezone.now()
