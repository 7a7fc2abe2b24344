"""Who may keep searches, and how many."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from practices.models import SavedSearch

# More nobody keeps an eye on, and nobody fills the database with.
MOST_SEARCHES = 50


def can_change_saved_search(user: Any, search: SavedSearch) -> Verdict:
    """May this person rename the search, set its alerts and remove it? Whoever saved it, and nobody else."""
    return Allowed() if search.user_id == user.pk else Denied(_("This search is somebody else’s."))
