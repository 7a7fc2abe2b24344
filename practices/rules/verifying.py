"""Who confirms that a practice is still as it is described, for how long that holds, and how it stands on a day."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.doors import Allowed, Denied, Verdict
from network.people.enums import RoleKind
from network.people.rules.roles import holds
from practices.enums import State
from practices.enums.verifying import OVER, Freshness
from practices.models import Practice
from practices.rules.practices import NOT_DECIDING, can_edit_practice, is_decider

# How long a record counts as true after its city confirmed it, and how long before that ends the city is asked.
GOOD_FOR = datetime.timedelta(days=365)
SOON = datetime.timedelta(days=60)
# Staff ask a city at most once in so many days.
ASK_AGAIN = datetime.timedelta(days=7)
NOTE_LIMIT = 1_000


def due_after(running: str, verified_on: datetime.date | None) -> datetime.date | None:
    """By when the city is to confirm it again; never where it is over, or was never verified."""
    return None if verified_on is None or running in OVER else verified_on + GOOD_FOR


def freshness(practice: Practice, today: datetime.date | None = None) -> Freshness:
    """How a public practice stands with its confirmation."""
    today, due = today or timezone.localdate(), practice.review_due_on
    if due is None:
        return Freshness.OVER
    if due < today:
        return Freshness.OVERDUE
    return Freshness.SOON if due <= today + SOON else Freshness.FRESH


def is_overdue(practice: Practice, today: datetime.date | None = None) -> bool:
    """Whether a practice is public and nobody has confirmed it in time."""
    return practice.state == State.PUBLISHED and freshness(practice, today) == Freshness.OVERDUE


def speaks_for(user: Any, city: City) -> bool:
    """Whether this person is an officer of the city itself; others who may write for it speak on its behalf."""
    return holds(user, RoleKind.CITY_OFFICER, city.uuid)


def can_confirm_practice(user: Any, practice: Practice) -> Verdict:
    """May this person say whether the practice is still as it is described? Whoever may change it, while it is public."""
    verdict = can_edit_practice(user, practice)
    return _while_asked(practice) if verdict else verdict


def can_ask_to_confirm(user: Any, practice: Practice) -> Verdict:
    """May this person ask the city to confirm it now? Those who decide about its practices."""
    if not is_decider(user, practice.city):
        return Denied(NOT_DECIDING)
    return _while_asked(practice)


def _while_asked(practice: Practice) -> Verdict:
    if practice.state != State.PUBLISHED or practice.city.archived_at:
        return Denied(_("Only a published practice is confirmed."))
    if practice.running in OVER:
        return Denied(_("This practice is over. Nobody needs to confirm it any more."))
    return Allowed()
