"""Who else writes in a section at this moment."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _, ngettext

from grants.models import Application
from grants.rules.applications import WRITERS
from network.presence import who_is_here


def place_of(application: Application, section: str) -> str:
    """How a section's page is named among the pages that people have open."""
    return f"application.{application.pk}.{section}"


def others_here(application: Application, section: str, user: Any) -> str:
    """A sentence that names the others who have this section open; nothing where nobody has. One query."""
    rows = application.members.filter(role__in=WRITERS).exclude(user_id=user.pk).order_by("id")
    names = dict(rows.values_list("user_id", "user__display_name"))
    here = who_is_here(place_of(application, section), names)
    if not here:
        return ""
    # Each name is kept apart from the direction of the sentence (Unicode UAX #9): this goes to a script as plain text.
    told = [f"\u2068{name}\u2069" for key, name in names.items() if key in here]
    text = ngettext("%(names)s is writing here too.", "%(names)s are writing here too.", len(told))
    return text % {"names": _(", ").join(told)}
