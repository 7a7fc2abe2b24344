"""The kinds of questions of a form as one table: which settings each has, and how large a form may grow."""

from __future__ import annotations

from grants.enums import FieldKind
from grants.models.questions import AMOUNT, TITLE

MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_COLUMNS = 40, 200, 50, 12
MOST_WORDS, MOST_CHARACTERS = 10_000, 100_000
LONGEST_TITLE, LONGEST_LABEL, LONGEST_HELP, LONGEST_OPTION = 160, 300, 3_000, 200

TEXT = ("max_words", "max_characters")
BOUNDS = ("min", "max")
# Beside text, help, required and identifying, which every kind has. A kind that is not here can't be built.
SETTINGS: dict[str, tuple[str, ...]] = {
    "short_text": (*TEXT, "weight"),
    "long_text": (*TEXT, "weight"),
    "number": (*BOUNDS, "weight"),
    "money": (*BOUNDS, "weight"),
    "date": ("weight",),
    "choice": ("options", "weight"),
    "choices": ("options", "weight"),
    "themes": ("max_choices", "weight"),
    "table": ("columns", "max_rows", "weight"),
    "budget": ("options", "max_rows", "weight"),
    "milestones": ("max_rows", "weight"),
    "indicators": ("max_rows", "weight"),
    "organisation": (),
    "address": (),
    "file": ("weight",),
    "declaration": (),
}
# Answers by which another question can be asked or passed over; a declaration's one value is "yes".
ASKABLE = ("choice", "choices", "declaration")
# Kinds that a question may change between: what was answered reads the same.
ALIKE = (frozenset({"short_text", "long_text"}), frozenset({"choice", "choices"}))
# By convention lists show an application by these two answers, so they stay what they are.
KEPT: dict[str, str] = {TITLE: "short_text", AMOUNT: "money"}
COLUMN_KINDS = ("short_text", "number", "money", "date")


def settings_of(kind: str) -> tuple[str, ...]:
    """The settings that a kind has beside those of every kind."""
    return SETTINGS.get(kind, ())


def alike(key: str, kind: str) -> list[FieldKind]:
    """The kinds to which a question of this kind may change, itself among them."""
    if key in KEPT:
        return [FieldKind(kind)]
    group = next((one for one in ALIKE if kind in one), frozenset({kind}))
    return [one for one in FieldKind if one in group]
