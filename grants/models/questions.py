"""The typed shape of `FormVersion.sections`: what stands in that JSON, and how its texts are read in a language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grants.enums import FieldKind
from network.languages import fallbacks

Texts = dict[str, str]

# By convention these two answers are also the application's title and amount in lists.
TITLE, AMOUNT = "title", "amount_requested"


def say(texts: Texts, code: str) -> str:
    """A text in a language, or in English, or in any there is; nothing where there is none."""
    return next((texts[one] for one in fallbacks(code) if texts.get(one)), "")


def language_of(texts: Texts, code: str) -> str:
    """The language in which `say` answers."""
    return next((one for one in fallbacks(code) if texts.get(one)), code)


# Answered by rows of cells; by a few named parts; and with a list to choose from, by which other questions may be conditional.
GRIDS = frozenset({FieldKind.TABLE, FieldKind.BUDGET, FieldKind.MILESTONES, FieldKind.INDICATORS})
PARTED = frozenset({FieldKind.ORGANISATION, FieldKind.ADDRESS})
# Answered by ticking several.
SEVERAL = frozenset({FieldKind.CHOICES, FieldKind.THEMES})
DECIDING = frozenset({FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.DECLARATION})
# What a ticked declaration counts as in a condition.
TICKED = "yes"
# Rows of a grid that says nothing else, and the most that any may have.
ROWS, MOST_ROWS = 30, 100
# Themes of a question that says nothing else, and the most that any may let choose.
CHOSEN, MOST_CHOSEN = 3, 20


@dataclass(frozen=True)
class Column:
    """A column of a question of kind "table": its cells are short texts, numbers, money or days."""

    key: str
    label: Texts
    kind: FieldKind

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Column:
        """From JSON. KeyError or ValueError where it is not a column."""
        return cls(raw["key"], raw["label"], FieldKind(raw["kind"]))


@dataclass(frozen=True)
class When:
    """A question is asked only if the question `field` was answered with one of `values`."""

    field: str
    values: tuple[str, ...]

    @classmethod
    def read(cls, raw: dict[str, Any] | None) -> When | None:
        """From JSON; None where the question is always asked."""
        return cls(raw["field"], tuple(raw["is"])) if raw else None


@dataclass(frozen=True)
class Question:
    """One question of a form. `min` and `max` bound numbers and money; `max_words` and `max_characters` are limits that a
    draft may pass; `max_rows` is of grids, `max_choices` of themes; `weight` is what reviewers weigh the answer by, 0 to 100."""

    key: str
    kind: FieldKind
    label: Texts
    help: Texts
    required: bool
    max_words: int | None
    min: Decimal | None
    max: Decimal | None
    identifying: bool
    options: tuple[tuple[str, Texts], ...]
    max_characters: int | None = None
    weight: int | None = None
    columns: tuple[Column, ...] = ()
    max_rows: int = ROWS
    when: When | None = None
    max_choices: int = CHOSEN

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Question:
        """From JSON. KeyError or ValueError where it is not a question."""
        return cls(
            key=raw["key"],
            kind=FieldKind(raw["kind"]),
            label=raw["label"],
            help=raw.get("help") or {},
            required=bool(raw.get("required")),
            max_words=raw.get("max_words"),
            min=_decimal(raw.get("min")),
            max=_decimal(raw.get("max")),
            identifying=bool(raw.get("identifying")),
            options=tuple((option["value"], option["label"]) for option in raw.get("options") or ()),
            max_characters=raw.get("max_characters"),
            weight=raw.get("weight"),
            columns=tuple(Column.read(one) for one in raw.get("columns") or ()),
            max_rows=min(int(raw.get("max_rows") or ROWS), MOST_ROWS),
            when=When.read(raw.get("when")),
            max_choices=min(int(raw.get("max_choices") or CHOSEN), MOST_CHOSEN),
        )

    @property
    def written(self) -> bool:
        """Answered in the section's own form; files are sent by themselves."""
        return self.kind != FieldKind.FILE


@dataclass(frozen=True)
class Section:
    """One group of questions: one page of the form, one row of answers."""

    key: str
    title: Texts
    help: Texts
    questions: tuple[Question, ...]

    @classmethod
    def read(cls, raw: dict[str, Any]) -> Section:
        """From JSON. KeyError or ValueError where it is not a section."""
        questions = tuple(Question.read(one) for one in raw["fields"])
        return cls(key=raw["key"], title=raw["title"], help=raw.get("help") or {}, questions=questions)

    @property
    def written(self) -> tuple[Question, ...]:
        """Its questions without those for files."""
        return tuple(one for one in self.questions if one.written)

    @property
    def files(self) -> tuple[Question, ...]:
        """Its questions for files."""
        return tuple(one for one in self.questions if not one.written)


def _decimal(raw: Any) -> Decimal | None:
    return None if raw is None else Decimal(str(raw))
