"""What may be done with a practice."""

from practices.rules.adoptions import (
    can_add_adoption,
    can_adopt_practice,
    can_confirm_adoption,
    can_correct_adoption,
    can_question_adoption,
    can_record_adoption,
    can_see_adoption,
    can_withdraw_adoption,
)
from practices.rules.bookmarks import can_bookmark_practice
from practices.rules.insight import can_read_insight
from practices.rules.practices import (
    can_archive_practice,
    can_create_practice,
    can_edit_practice,
    can_import_practices,
    can_manage_themes,
    can_publish_practice,
    can_restore_practice,
)
from practices.rules.saved_searches import can_change_saved_search
from practices.rules.verifying import can_ask_to_confirm, can_confirm_practice

__all__ = [
    "can_add_adoption",
    "can_adopt_practice",
    "can_archive_practice",
    "can_ask_to_confirm",
    "can_bookmark_practice",
    "can_change_saved_search",
    "can_confirm_adoption",
    "can_confirm_practice",
    "can_correct_adoption",
    "can_create_practice",
    "can_edit_practice",
    "can_import_practices",
    "can_manage_themes",
    "can_publish_practice",
    "can_question_adoption",
    "can_read_insight",
    "can_record_adoption",
    "can_restore_practice",
    "can_see_adoption",
    "can_withdraw_adoption",
]
