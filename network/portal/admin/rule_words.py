"""Reminder rules in words: when, whom, of what, with which text."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils.translation import gettext as _, ngettext

from network.deadlines import DEADLINES
from network.frame.names import number_text
from network.mail.models import ReminderRule


def audience_words(deadline: str, audience: str) -> str:
    """Who is reminded, as the deadline's app says it."""
    kind = DEADLINES.get(deadline)
    if kind is None or audience not in kind.audiences:
        return _("people no longer named here")
    return str(kind.audiences[audience].title)


def moment_words_of(days: int | None, at: Any, hours: int | None) -> str:
    """7 days before, at 09:00 on the deadline’s clock · 3 hours before."""
    if hours is not None:
        return ngettext("%(count)s hour before", "%(count)s hours before", hours) % {"count": number_text(hours)}
    told = {
        "at": at.strftime("%H:%M") if isinstance(at, datetime.time) else str(at)[:5],
        "count": number_text(days or 0),
    }
    if not days:
        return _("On the day itself, at %(at)s on the deadline’s clock") % told
    words = ngettext(
        "%(count)s day before, at %(at)s on the deadline’s clock",
        "%(count)s days before, at %(at)s on the deadline’s clock",
        days,
    )
    return words % told


def rule_moment(rule: ReminderRule) -> str:
    """When a rule reminds."""
    return moment_words_of(rule.days_before, rule.at_local, rule.hours_before)


def rule_words(rule: ReminderRule) -> str:
    """7 days before, at 09:00 on the deadline’s clock: people with an unfinished draft."""
    return _("%(moment)s: %(people)s") % {
        "moment": rule_moment(rule),
        "people": audience_words(rule.deadline, rule.audience),
    }
