"""What this app puts on a person's desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from network.frame.names import number_text
from network.mail.queries.notices import COUNT_TO, unread_count
from network.people.desk import DeskItem


def short_count(unread: int) -> str:
    """3, or 99+ from where counting stops."""
    return number_text(unread) if unread < COUNT_TO else f"{number_text(COUNT_TO - 1)}+"


def unread_words(unread: int) -> str:
    """3 unread notices, as `unread_count` counts them."""
    if unread >= COUNT_TO:
        return _("More than %(number)s unread notices") % {"number": number_text(COUNT_TO - 1)}
    words = ngettext("%(number)s unread notice", "%(number)s unread notices", unread)
    return words % {"number": number_text(unread)}


def notices(user: Any) -> Iterator[DeskItem]:
    """How many notices wait to be read."""
    if unread := unread_count(user):
        yield DeskItem(unread_words(unread), reverse("mail:notices"))
