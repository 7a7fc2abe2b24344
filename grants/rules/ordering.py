"""The order of a form's questions: where each stands, and whether a question that depends on another comes after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grants.enums import FieldKind
from grants.models.questions import DECIDING, TICKED, Texts

Raw = dict[str, Any]


@dataclass(frozen=True)
class Broken:
    """A condition that can't hold: of which question, on which other, and whether that one is gone, late, or lost the answer."""

    name: Texts
    key: str
    on: str
    fault: str


def values_of(field: Raw) -> list[str]:
    """The answers by which another question can be asked; none where the kind has none."""
    if field["kind"] not in DECIDING:
        return []
    return [TICKED] if field["kind"] == FieldKind.DECLARATION else [one["value"] for one in field.get("options") or ()]


def broken(sections: Sequence[Raw]) -> Broken | None:
    """The first condition of the form that can't hold; None where all can."""
    every = {field["key"] for section in sections for field in section["fields"]}
    before: dict[str, list[str]] = {}
    for section in sections:
        for field in section["fields"]:
            if when := field.get("when"):
                on = when["field"]
                if on not in every:
                    return Broken(field["label"], field["key"], on, "gone")
                if on not in before:
                    return Broken(field["label"], field["key"], on, "late")
                if not when["is"] or not set(when["is"]) <= set(before[on]):
                    return Broken(field["label"], field["key"], on, "answer")
            before[field["key"]] = values_of(field)
    return None


def find_section(sections: Sequence[Raw], key: str) -> int | None:
    """The place of a section; None where there is none of that key."""
    return next((n for n, one in enumerate(sections) if one["key"] == key), None)


def find_question(sections: Sequence[Raw], key: str) -> tuple[int, int] | None:
    """The place of a question: of its section and within it; None where there is none of that key."""
    return next(
        ((s, f) for s, section in enumerate(sections) for f, one in enumerate(section["fields"]) if one["key"] == key),
        None,
    )


def earlier(sections: Sequence[Raw], key: str, section: str = "") -> list[Raw]:
    """The questions before one by whose answers it can be asked; for a new one those up to the end of its section."""
    found: list[Raw] = []
    for one in sections:
        for field in one["fields"]:
            if field["key"] == key:
                return found
            if values_of(field):
                found.append(field)
        if one["key"] == section:
            return found
    return found


def depending(sections: Sequence[Raw], key: str) -> list[Raw]:
    """The questions that are asked by the answer to one."""
    return [field for one in sections for field in one["fields"] if (field.get("when") or {}).get("field") == key]
