"""Who may keep what for themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from practices.models import Practice

# Nobody finds anything among more, and nobody fills the database with them.
MOST_BOOKMARKS = 1_000


def can_bookmark_practice(user: Any, practice: Practice) -> Verdict:
    """May this person keep a bookmark of the practice? Everyone with an account may, of what is public."""
    if not user.is_authenticated:
        return Denied(_("Sign in to keep bookmarks."))
    if not Practice.objects.visible_to(user).filter(pk=practice.pk).exists():
        return Denied(_("This practice is no longer public."))
    return Allowed()
