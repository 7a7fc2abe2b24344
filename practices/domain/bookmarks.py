"""Keeping practices for oneself. Both verbs may be said twice: what is wanted stands already."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.people.models import User
from practices.models import Bookmark, Practice
from practices.rules.bookmarks import MOST_BOOKMARKS, can_bookmark_practice


@transaction.atomic
def add_bookmark(practice: Practice, *, by: User) -> Bookmark:
    """Keep the practice among the person's bookmarks. DomainError where it is not public, or they have too many."""
    insist(can_bookmark_practice(by, practice))
    # Whoever presses twice at once waits here for themselves, and finds the first one.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if found := Bookmark.objects.filter(user=by, practice=practice).first():
        return found
    if Bookmark.objects.filter(user=by).count() >= MOST_BOOKMARKS:
        raise DomainError(_("You have 1,000 bookmarks. Remove some before you add others."), code="limit")
    return Bookmark.objects.create(user=by, practice=practice)


def remove_bookmarks(practices: Iterable[int], *, by: User) -> int:
    """Take these practices out of the person's bookmarks, whether or not they are still public; how many there were."""
    removed, _each = Bookmark.objects.filter(user=by, practice__in=list(practices)).delete()
    return removed
