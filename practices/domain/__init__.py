"""The verbs of the library."""

from practices.domain.addresses import rename_practice
from practices.domain.adoptions import (
    AdoptionFields,
    add_adoption,
    confirm_adoption,
    correct_adoption,
    question_adoption,
    record_adoption,
    withdraw_adoption,
)
from practices.domain.bookmarks import add_bookmark, remove_bookmarks
from practices.domain.confirming import ask_to_confirm, confirm_practice, tell_changed, tell_ended
from practices.domain.evidence import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_evidence,
    add_lesson,
    add_peer_review,
    add_result,
)
from practices.domain.files import attach_file
from practices.domain.practices import NewPractice, PracticeFacts, create_practice, edit_practice, set_texts
from practices.domain.reviewing import (
    Unfinished,
    accept_review,
    declare_conflict,
    decline_review,
    hand_in_review,
    save_review,
)
from practices.domain.reviews import ask_reviewer, cancel_review, move_review
from practices.domain.saved_searches import Alerts, change_search, remove_search, save_search
from practices.domain.search import index_practice
from practices.domain.theme_merging import Part, merge_themes, split_theme
from practices.domain.themes import (
    ThemeChanges,
    archive_theme,
    create_theme,
    edit_theme,
    move_theme,
    rename_theme,
    restore_theme,
    set_hidden_labels,
)
from practices.domain.translating import translate_sections
from practices.domain.versions import (
    Incomplete,
    NewRecord,
    ask_revision,
    discard_version,
    publish_version,
    save_section,
    start_practice,
    start_version,
    submit_version,
    take_back_version,
)
from practices.domain.workflow import archive_practice, publish_practice, restore_practice

__all__ = [
    "AdoptionFields",
    "Alerts",
    "EvidenceFields",
    "Incomplete",
    "NewPractice",
    "NewRecord",
    "Part",
    "PracticeFacts",
    "ResultFields",
    "Scores",
    "ThemeChanges",
    "Unfinished",
    "accept_review",
    "add_adoption",
    "add_bookmark",
    "add_evidence",
    "add_lesson",
    "add_peer_review",
    "add_result",
    "archive_practice",
    "archive_theme",
    "ask_reviewer",
    "ask_revision",
    "ask_to_confirm",
    "attach_file",
    "cancel_review",
    "change_search",
    "confirm_adoption",
    "confirm_practice",
    "correct_adoption",
    "create_practice",
    "create_theme",
    "declare_conflict",
    "decline_review",
    "discard_version",
    "edit_practice",
    "edit_theme",
    "hand_in_review",
    "index_practice",
    "merge_themes",
    "move_review",
    "move_theme",
    "publish_practice",
    "publish_version",
    "question_adoption",
    "record_adoption",
    "remove_bookmarks",
    "remove_search",
    "rename_practice",
    "rename_theme",
    "restore_practice",
    "restore_theme",
    "save_review",
    "save_search",
    "save_section",
    "set_hidden_labels",
    "set_texts",
    "split_theme",
    "start_practice",
    "start_version",
    "submit_version",
    "take_back_version",
    "tell_changed",
    "tell_ended",
    "translate_sections",
    "withdraw_adoption",
]
