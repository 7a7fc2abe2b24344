"""Reading notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from network.mail.queries.notices import notices_of
from network.people.models import User


def mark_read(user: User, ids: Iterable[int]) -> int:
    """Mark these of the person's own notices as read; others' are left alone. Returns how many were unread."""
    return _mark(user, pk__in=list(ids))


def mark_all_read(user: User, *, up_to: int) -> int:
    """Mark all as read but what came after the notice `up_to`, the newest that the person saw. Returns how many."""
    return _mark(user, pk__lte=up_to)


def _mark(user: User, **which: object) -> int:
    return notices_of(user).order_by().filter(read_at=None, **which).update(read_at=timezone.now())
