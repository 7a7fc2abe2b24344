"""What versions and reviews put on desks: of those who decide, and of reviewers."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from network.frame.moments import day_text
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from practices.enums import VersionState
from practices.enums.reviews import ReviewState
from practices.queries.reviews import awaited_of
from practices.queries.waiting import first_waiting

SHOWN = 10


def to_decide(user: Any) -> list[DeskItem]:
    """The versions that wait for this person's decision, the longest waiting first; not those that wait for reviewers."""
    if not (is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER)):
        return []
    notes = {
        "ask": _("%(city)s has submitted it. Ask two peers to review it."),
        "decide": _("%(city)s has submitted it, and its reviews are in. Decide."),
        "late": _("%(city)s has submitted it, and a review is late."),
    }
    waiting = first_waiting(user, get_language() or "en", SHOWN)
    return [
        DeskItem(
            title=row.title.text,
            url=reverse("practices:version", args=[row.version.practice.slug, row.version.number]),
            note=notes[row.act] % {"city": row.city},
        )
        for row in waiting
        if row.act in notes
    ]


def to_answer(user: Any) -> list[DeskItem]:
    """The reviews that this person is asked for and has not answered."""
    return [
        DeskItem(
            title=row.title.text,
            url=row.url,
            note=_("You are asked to review this practice of %(city)s until %(day)s.")
            % {"city": row.city, "day": day_text(row.request.due_on)},
        )
        for row in awaited_of(user, SHOWN)
        if row.request.state == ReviewState.INVITED
    ]


def to_write(user: Any) -> list[DeskItem]:
    """The reviews that this person has accepted, with their day; nobody is pressed while the city revises."""
    return [
        DeskItem(
            title=row.title.text,
            url=row.url,
            note=_("Review of a practice of %(city)s. The city works on a revision; you can write on.")
            % {"city": row.city}
            if row.request.version.state == VersionState.REVISION
            else _("Review of a practice of %(city)s") % {"city": row.city},
            moment=_end_of(row.request.due_on) if row.request.version.state == VersionState.IN_REVIEW else None,
            zone="UTC",
        )
        for row in awaited_of(user, SHOWN)
        if row.request.state == ReviewState.ACCEPTED
    ]


def _end_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), datetime.UTC)
