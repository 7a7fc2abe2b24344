"""What may be done with a practice."""

from practices.rules.bookmarks import can_bookmark_practice
from practices.rules.practices import (
    can_archive_practice,
    can_create_practice,
    can_edit_practice,
    can_manage_themes,
    can_publish_practice,
    can_restore_practice,
)

__all__ = [
    "can_archive_practice",
    "can_bookmark_practice",
    "can_create_practice",
    "can_edit_practice",
    "can_manage_themes",
    "can_publish_practice",
    "can_restore_practice",
]
