"""Whether a file of a record is on a public page."""

from __future__ import annotations

from practices.enums import State
from practices.models import PracticeFile


def is_public(file: PracticeFile) -> bool:
    """Whether a published practice of a kept city shows it or offers it beside its evidence."""
    practice = file.practice
    if practice.state != State.PUBLISHED or practice.city.archived_at is not None:
        return False
    return file.images.exists() or file.evidence.exists()
