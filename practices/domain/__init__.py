"""The verbs of the library."""

from practices.domain.evidence import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_adoption,
    add_evidence,
    add_peer_review,
    add_result,
)
from practices.domain.practices import NewPractice, PracticeFacts, create_practice, edit_practice, set_texts
from practices.domain.search import index_practice
from practices.domain.themes import create_theme, rename_theme
from practices.domain.workflow import archive_practice, publish_practice, restore_practice

__all__ = [
    "EvidenceFields",
    "NewPractice",
    "PracticeFacts",
    "ResultFields",
    "Scores",
    "add_adoption",
    "add_evidence",
    "add_peer_review",
    "add_result",
    "archive_practice",
    "create_practice",
    "create_theme",
    "edit_practice",
    "index_practice",
    "publish_practice",
    "rename_theme",
    "restore_practice",
    "set_texts",
]
