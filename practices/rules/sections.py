"""A record as its city writes it: sections of fields and rows. What is stored, what is wrong with it, and what it means.

This table is the only place that says what a record holds. The form is made from it, a version is stored by it, a
difference is told by it, and what a program or a spreadsheet sends goes through it too. While it is written a section may
hold anything; only submitting asks for all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from practices.enums import ConditionKind, EvidenceKind, LessonKind, Licence, Prevention, Running
from practices.rules.completeness import LIMITS

# Euro and the currencies of the networks' cities (ISO 4217), the commonest first.
CURRENCIES = (
    "EUR", "GBP", "SEK", "DKK", "NOK", "ISK", "CHF", "USD", "CAD", "AUD", "NZD", "PLN", "CZK", "HUF", "RON", "BGN", "UAH",
    "TRY", "ILS", "JOD", "LBP", "IQD", "TND", "MAD", "EGP", "KES", "NGN", "GHS", "ZAR", "XOF", "INR", "PKR", "BDT", "LKR",
    "IDR", "MYR", "PHP", "THB", "JPY", "KRW", "BRL", "MXN", "COP", "CLP", "PEN", "ARS",
)  # fmt: skip


class Kind(StrEnum):
    """How a field is written and read. WHEN is a day, month or year; CONCEPTS are codes of the classification."""

    LINE = "line"
    TEXT = "text"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    YEAR = "year"
    WHEN = "when"
    DAY = "day"
    CHOICE = "choice"
    CONCEPTS = "concepts"
    FLAG = "flag"
    LINK = "link"
    PICTURE = "picture"
    DOCUMENT = "document"


FILES = (Kind.PICTURE, Kind.DOCUMENT)
# Up to so many answers are shown as a list.
PRESSED = 6


@dataclass(frozen=True)
class Field:
    """A field: its name in data and columns, how it is read, what it is called, and its bounds.

    words: at most so many, as `network.text.count_words` counts; least: recommended so many; characters: the column's.
    needed: submitting asks for it. translated: it has one text per language.
    """

    key: str
    kind: Kind
    label: Any
    hint: Any = ""
    words: int = 0
    least: int = 0
    characters: int = 0
    needed: bool = False
    translated: bool = False
    choices: tuple[tuple[str, Any], ...] = ()
    concept_kind: str = ""

    @property
    def pressed(self) -> bool:
        """Whether its answers stand as a list to press; more of them, and those that may stay open, are a drop-down."""
        return self.kind == Kind.CHOICE and self.needed and len(self.choices) <= PRESSED


@dataclass(frozen=True)
class Section:
    """A page of the form. `rows` are the fields of each of up to `most` rows; `row` is what one of them is called."""

    key: str
    title: Any
    help: Any = ""
    fields: tuple[Field, ...] = ()
    rows: tuple[Field, ...] = ()
    row: Any = ""
    most: int = 0
    least_rows: int = 0
    # What a section without any row says when it is not needed.
    empty: Any = field(default="", compare=False)


def name_of(one: Field, row: str = "") -> str:
    """A field's name in a page: of the section, or of the row of that key. None can be called `revision` or `act`."""
    return f"r-{row}-{one.key}" if row else f"f-{one.key}"


def _line(key: str, label: Any, *, words: int = 0, characters: int = 200, **more: Any) -> Field:
    return Field(key, Kind.LINE, label, words=words, characters=characters, **more)


def _text(key: str, label: Any, words: int, **more: Any) -> Field:
    return Field(key, Kind.TEXT, label, words=words, characters=words * 20, translated=True, **more)


def _limited(key: str, kind: Kind, label: Any, **more: Any) -> Field:
    limit = LIMITS[key]
    return Field(key, kind, label, words=limit.words, characters=limit.characters, translated=True, **more)


WHEN_HINT = _("A day, a month or a year: 2 9 2019, 9 2019 or 2019.")
SECTIONS: tuple[Section, ...] = (
    Section(
        "about",
        _("What it is"),
        fields=(
            _limited("title", Kind.LINE, _("Title"), needed=True, hint=_("What somebody elsewhere would look for.")),
            _limited("strapline", Kind.LINE, _("In one line"), hint=_("For whom, what, and to what end.")),
            _line("area", _("Area"), translated=True, hint=_("The districts or places, if not the whole city.")),
            Field("running", Kind.CHOICE, _("Status"), choices=tuple(Running.choices), needed=True),
            Field("started_on", Kind.WHEN, _("Started"), needed=True, hint=WHEN_HINT),
            Field("ended_on", Kind.DAY, _("Ended"), hint=_("Day, month, year. Leave it empty while it runs.")),
            Field(
                "settings_count", Kind.WHOLE, _("Places it ran in"), hint=_("Districts, schools or cities: a number.")
            ),
            _line("source", _("Source"), characters=300, hint=_("Where this was published before, if it was.")),
            Field(
                "licence",
                Kind.CHOICE,
                _("Licence"),
                choices=tuple(Licence.choices),
                hint=_("How others may use the text."),
            ),
        ),
    ),
    Section(
        "classification",
        _("Themes"),
        help=_("By these it is found in every language. Choose what it is really about; two or three are enough."),
        fields=(
            Field("themes", Kind.CONCEPTS, _("Themes"), concept_kind="theme", needed=True),
            Field("groups", Kind.CONCEPTS, _("Target groups"), concept_kind="target_group"),
            Field("approaches", Kind.CONCEPTS, _("Approaches"), concept_kind="approach"),
            Field("prevention", Kind.CHOICE, _("Level of prevention"), choices=tuple(Prevention.choices)),
        ),
    ),
    Section(
        "summary",
        _("Summary"),
        fields=(
            _limited(
                "summary",
                Kind.TEXT,
                _("Summary"),
                needed=True,
                least=75,
                hint=_("The whole practice, for busy readers."),
            ),
        ),
    ),
    Section(
        "story",
        _("The story"),
        fields=(
            _limited("challenge", Kind.TEXT, _("The challenge"), needed=True, hint=_("What was wrong, and for whom?")),
            _limited("goals", Kind.TEXT, _("Goals"), needed=True, hint=_("What was to be different afterwards?")),
            _limited("actions", Kind.TEXT, _("What was done"), needed=True, hint=_("Step by step, as it went.")),
            _limited(
                "participation",
                Kind.TEXT,
                _("Who took part"),
                needed=True,
                hint=_("Who decided, who did the work, who came?"),
            ),
        ),
    ),
    Section(
        "blocks",
        _("Building blocks"),
        help=_("The pieces another city could take up by itself."),
        row=_("Building block"),
        most=12,
        rows=(
            _line("title", _("Name"), words=15, needed=True, translated=True),
            _text("text", _("What it is"), 150),
            _text("factors", _("What makes it work"), 100),
            _text("lesson", _("What it taught"), 100),
        ),
    ),
    Section(
        "resources",
        _("Money and staff"),
        fields=(
            Field("total_cost", Kind.MONEY, _("Cost in all")),
            Field("yearly_cost", Kind.MONEY, _("Cost a year")),
            Field("currency", Kind.CHOICE, _("Currency"), choices=tuple((code, code) for code in CURRENCIES)),
            Field("price_year", Kind.YEAR, _("Prices of the year")),
            Field("staff", Kind.NUMBER, _("Staff, in full-time posts"), hint=_("For example 1.5.")),
            _text("funding", _("Where the money comes from"), 100),
        ),
    ),
    Section(
        "actors",
        _("Who does it"),
        fields=(_line("lead_organisation", _("Led by"), hint=_("The office or organisation that answers for it.")),),
        row=_("Partner"),
        most=30,
        rows=(_line("name", _("Name"), needed=True), _line("role", _("As what"), translated=True)),
    ),
    Section(
        "results",
        _("Results"),
        help=_("What was measured. One result with a value before and after makes a practice promising."),
        row=_("Result"),
        most=20,
        rows=(
            _line("indicator", _("What was measured"), characters=300, needed=True, translated=True),
            _line(
                "unit", _("Unit"), characters=80, translated=True, hint=_("For example per cent, or people a month.")
            ),
            Field("baseline", Kind.NUMBER, _("Before")),
            Field("value", Kind.NUMBER, _("After"), needed=True),
            Field("sample", Kind.WHOLE, _("How many were measured")),
            _line("method", _("How it was measured"), characters=300, translated=True),
        ),
    ),
    Section(
        "evidence",
        _("Evidence"),
        help=_("Studies and documents, also those that speak against it."),
        row=_("Piece of evidence"),
        most=20,
        rows=(
            _line("title", _("Title"), characters=300, needed=True, translated=True),
            Field("kind", Kind.CHOICE, _("Kind"), choices=tuple(EvidenceKind.choices), needed=True),
            Field("independent", Kind.FLAG, _("Made by people who did not run the practice")),
            Field("year", Kind.YEAR, _("Year")),
            Field("url", Kind.LINK, _("Address"), characters=500, hint=_("Where it can be read: https://…")),
            Field("file", Kind.DOCUMENT, _("Document"), hint=_("PDF, up to 10 MB.")),
            _text("side_effects", _("Side effects"), 100, hint=_("What else happened that nobody meant.")),
        ),
    ),
    Section(
        "lessons",
        _("Lessons"),
        help=_("What did not work helps others most."),
        row=_("Lesson"),
        most=20,
        rows=(
            Field("kind", Kind.CHOICE, _("Kind"), choices=tuple(LessonKind.choices), needed=True),
            _text("text", _("Lesson"), 400, needed=True),
        ),
    ),
    Section(
        "transfer",
        _("For other cities"),
        help=_("What another city must have, decide or know before it begins."),
        row=_("Condition"),
        most=20,
        rows=(
            Field("kind", Kind.CHOICE, _("Kind"), choices=tuple(ConditionKind.choices), needed=True),
            _text("text", _("What is needed"), 100, needed=True),
        ),
    ),
    Section(
        "pictures",
        _("Pictures"),
        help=_("Only pictures that you may use, of people who agreed to be shown."),
        row=_("Picture"),
        most=8,
        rows=(
            Field("file", Kind.PICTURE, _("Picture"), needed=True, hint=_("PNG, JPEG or WebP, up to 5 MB.")),
            _line(
                "alt",
                _("Description for those who do not see it"),
                characters=300,
                needed=True,
                translated=True,
                hint=_("What the picture shows, in a sentence."),
            ),
            _line("caption", _("Caption"), characters=300, translated=True),
            _line("credit", _("Credit"), needed=True, hint=_("Who made it.")),
        ),
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}
