"""A person's desk, put together from what the apps tell (`network.people.desk`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from network.people.desk import SECTIONS, DeskItem, items


@dataclass(frozen=True)
class DeskSection:
    """A stretch of the desk: its key, its title, what stands in it, and the sentence for when nothing does."""

    key: str
    title: str
    empty: str
    items: list[DeskItem]


def desk_of(user: Any) -> list[DeskSection]:
    """Every section in its order, empty ones too: each says what belongs there and how to begin."""
    words = {
        "waiting": (_("What waits for me"), _("Nothing waits for you. What others need from you will stand here.")),
        "due": (_("What is due"), _("No date is near. Deadlines of what you begin will stand here.")),
        "doing": (
            _("What I am working on"),
            _("You have begun nothing yet. To apply for a grant, register the organisation you apply for."),
        ),
        "may": (
            _("What I may do"),
            _("You hold no role yet. Reading, applying and writing for your organisation need none."),
        ),
    }
    return [DeskSection(key, *words[key], items(key, user)) for key in SECTIONS]
