"""Sections that several people write at once: whoever saves says which text they had read; nobody overwrites unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, gettext_lazy as _

from network.doors import DomainError


class StaleSection(DomainError):
    """Somebody saved the section after the writer read it. `theirs` is the row as it is stored; nothing was changed."""

    def __init__(self, theirs: Any, by_name: str) -> None:
        name = by_name or gettext("Somebody")
        super().__init__(
            _("%(name)s changed this section while you were writing. Choose which text to keep.") % {"name": name},
            code="stale",
        )
        self.theirs, self.by_name = theirs, name


@dataclass(frozen=True)
class Saved:
    """A section as it is stored now: its data, revision and when they were saved (UTC)."""

    data: dict[str, Any]
    revision: int
    at: datetime


def replace_section(row: Any, data: dict[str, Any], *, revision: int, by: Any, at: datetime) -> Saved:
    """Store `data` in the row (data, revision, updated_by, updated_at), whose owner the caller has locked.

    `revision` is the one the writer read. Where somebody saved since: StaleSection. The same data again changes nothing
    (an answer that got lost on the way back).
    """
    if row.data == data:
        return Saved(row.data, row.revision, row.updated_at)
    if row.revision != revision:
        raise StaleSection(row, str(row.updated_by or ""))
    row.data, row.revision, row.updated_by, row.updated_at = data, revision + 1, by, at
    row.save(update_fields=["data", "revision", "updated_by", "updated_at"])
    return Saved(data, row.revision, at)
