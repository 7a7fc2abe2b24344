"""Two texts for one section: what differs, side by side, and what comes of the choices. Nothing of either is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from practices.queries.told import Names, row_name, rows_of, told, told_row
from practices.rules.sections import Section, name_of
from practices.rules.writing import ROWS

MINE, THEIRS, ORDER = "mine", "theirs", "order"
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One thing that differs: its name in the page, what it is called, both in words, and which is chosen until one does."""

    key: str
    label: Any
    mine: str
    theirs: str
    default: str = MINE


def choices(section: Section, mine: Data, theirs: Data, names: Names) -> list[Choice]:
    """Fields, rows and their order, where they differ. A row that only one of the two has is kept unless one says not to."""
    found = [
        Choice(name_of(one), one.label, told(one, mine.get(one.key), names), told(one, theirs.get(one.key), names))
        for one in section.fields
        if (mine.get(one.key) or "") != (theirs.get(one.key) or "")
    ]
    ours, others = _by_key(mine), _by_key(theirs)
    for place, key in enumerate(_union(mine, theirs), start=1):
        if ours.get(key) != others.get(key):
            texts = [told_row(section, rows[key], names) if key in rows else "" for rows in (ours, others)]
            if any(texts):
                name = row_name(section, {}, place)
                found.append(Choice(f"row-{key}", name, *texts, default=MINE if key in ours else THEIRS))
    if _other_order(mine, theirs):
        found.append(Choice(ORDER, _("Order"), _in_order(section, mine, names), _in_order(section, theirs, names)))
    return found


def resolved(section: Section, mine: Data, theirs: Data, posted: QueryDict) -> dict[str, Any]:
    """The section as it was chosen (`keep-<key>`: mine or theirs); what is not posted is as it was offered."""
    data: dict[str, Any] = {
        one.key: (theirs if posted.get(f"keep-{name_of(one)}") == THEIRS else mine).get(one.key)
        for one in section.fields
    }
    if section.rows:
        ours, others = _by_key(mine), _by_key(theirs)
        first, second = (theirs, mine) if posted.get(f"keep-{ORDER}") == THEIRS else (mine, theirs)
        rows = []
        for key in _union(first, second):
            kept = posted.get(f"keep-row-{key}", MINE if key in ours else THEIRS)
            row = (others if kept == THEIRS else ours).get(key)
            if row is not None:
                rows.append(row)
        data[ROWS] = rows
    return data


def _by_key(data: Data) -> dict[str, Any]:
    return {row["key"]: row for row in rows_of(data)}


def _union(first: Data, second: Data) -> list[str]:
    return list(dict.fromkeys(row["key"] for data in (first, second) for row in rows_of(data)))


def _other_order(mine: Data, theirs: Data) -> bool:
    ours, others = _by_key(mine), _by_key(theirs)
    return [key for key in ours if key in others] != [key for key in others if key in ours]


def _in_order(section: Section, data: Data, names: Names) -> str:
    return "\n".join(told_row(section, row, names).partition("\n")[0] for row in rows_of(data))
