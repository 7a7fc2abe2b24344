"""The columns of the practices' book: a sheet for the records, and one for each kind of rows that a record has.

They are made from `rules.sections`, so that a new field of the form is a new column by itself. Each has a code for ever
(`about.title`, `results.value`), which stands in a sheet's second row: by it a column is known whatever its heading, its
place, or the language of the book. Pictures and documents are no columns: they are uploaded on the pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext as _, ngettext, override

from network.frame.names import language_name
from network.languages import CODES, DEFAULT
from network.text import normalise
from practices.queries.scheme import scheme
from practices.rules.sections import FILES, SECTIONS, Field, Kind, Section
from practices.rules.writing import MAX_CONCEPTS

ID, CITY, LANGUAGE = "practice.id", "practice.city", "practice.language"
HEAD = (ID, CITY, LANGUAGE)
# In a sheet of rows: which practice a row belongs to.
OF = "practice"
BETWEEN = "; "
PARTS = re.compile(r"[;؛\n]")
YES = frozenset({"1", "true", "x", "yes"})
NO = frozenset({"", "0", "false", "no"})


@dataclass(frozen=True)
class Place:
    """What a column of a sheet is about: a field of a section."""

    section: Section
    field: Field

    @property
    def code(self) -> str:
        """Its code in the second row."""
        return f"{self.section.key}.{self.field.key}"


def _written(fields: Iterable[Field]) -> list[Field]:
    return [one for one in fields if one.kind not in FILES]


MAIN: tuple[Place, ...] = tuple(Place(section, one) for section in SECTIONS for one in _written(section.fields))
# A kind of row that can't be written without a file has no sheet.
ROW_SECTIONS: tuple[Section, ...] = tuple(
    section
    for section in SECTIONS
    if section.rows and not any(one.needed and one.kind in FILES for one in section.rows)
)
ROWS: dict[str, tuple[Place, ...]] = {
    section.key: tuple(Place(section, one) for one in _written(section.rows)) for section in ROW_SECTIONS
}
BY_CODE: dict[str, Place] = {place.code: place for places in (MAIN, *ROWS.values()) for place in places}
assert len(BY_CODE) == len(MAIN) + sum(map(len, ROWS.values())), "a section has a field and a row's field of one name"


class Unreadable(ValueError):
    """A cell that can't be understood; the sentence is for the person."""


def offered(one: Field, code: str) -> list[str]:
    """What a drop-down of the column offers to a reader of `code`; nothing where there is nothing to choose from."""
    match one.kind:
        case Kind.CHOICE:
            return [str(label) for _value, label in one.choices]
        case Kind.FLAG:
            return [_("yes"), _("no")]
        case Kind.CONCEPTS:
            return [concept.label(code) for _depth, concept in scheme().walk(one.concept_kind, code)]
    return []


def written(one: Field, value: Any, code: str) -> str:
    """A stored value as it stands in a cell, in words where there are words; `read` gives the same again."""
    match one.kind:
        case Kind.CHOICE:
            return str(dict(one.choices).get(value, value or ""))
        case Kind.FLAG:
            return _("yes") if value else _("no")
        case Kind.CONCEPTS:
            known = scheme().by_code
            return BETWEEN.join(known[one].label(code) if one in known else one for one in value or ())
    return str(value or "")


def read(one: Field, text: str) -> Any:
    """A cell as `rules.writing.clean_section` takes it: words of any language as codes. Unreadable where it is neither."""
    match one.kind:
        case Kind.CHOICE:
            return _choice(one, text) if text else ""
        case Kind.FLAG:
            return _flag(text)
        case Kind.CONCEPTS:
            parts = list(filter(None, (part.strip() for part in PARTS.split(text))))
            if len(parts) > MAX_CONCEPTS:
                raise Unreadable(_("Name at most %(limit)d.") % {"limit": MAX_CONCEPTS})
            return [_concept(one, part) for part in parts]
    return text


def _choice(one: Field, text: str) -> str:
    found = _words_of(one.choices).get(normalise(text))
    if found is None:
        labels = BETWEEN.join(str(label) for _value, label in one.choices)
        raise Unreadable(_("“%(text)s” is none of these: %(words)s.") % {"text": text[:60], "words": labels})
    return found


@lru_cache(maxsize=64)
def _words_of(choices: tuple[tuple[str, Any], ...]) -> dict[str, str]:
    """The words of a choice in every language, as searching sees them, and its codes."""
    found: dict[str, str] = {}
    for code in CODES:
        with override(code):
            for value, label in choices:
                found.setdefault(normalise(str(label)), value)
    return found | {normalise(value): value for value, _label in choices}


@lru_cache(maxsize=1)
def _flags() -> dict[str, bool]:
    found = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    for code in CODES:
        with override(code):
            found.setdefault(normalise(_("yes")), True)
            found.setdefault(normalise(_("no")), False)
    return found


def _flag(text: str) -> bool:
    found = _flags().get(normalise(text))
    if found is None:
        raise Unreadable(_("“%(text)s” is neither yes nor no.") % {"text": text[:60]})
    return found


def _concept(one: Field, text: str) -> str:
    """The code of a concept, of that kind and in use, by its code or its label in any language."""
    known = scheme()
    found = known.resolve(text)
    if found is None:
        wanted = normalise(text)
        alike = [
            concept
            for concept in known.concepts.values()
            if concept.kind == one.concept_kind and any(normalise(label) == wanted for label in concept.labels.values())
        ]
        found = alike[0] if alike else None
    if found is None or found.kind != one.concept_kind or found.archived:
        raise Unreadable(
            _("“%(text)s” is not in the list of “%(question)s”.") % {"text": text[:60], "question": one.label}
        )
    return found.code


def read_language(text: str) -> str:
    """The code of a language by its code or its name in any language."""
    wanted = normalise(text)
    if text in CODES:
        return text
    for code in CODES:
        with override(code):
            for named in CODES:
                if normalise(language_name(named)) == wanted:
                    return named
    raise Unreadable(_("“%(text)s” is no language of Koine.") % {"text": text[:60]})


def head_heading(code: str) -> str:
    """The heading of a column that no section has."""
    return {
        ID: _("Your name for the practice"),
        CITY: _("City"),
        LANGUAGE: _("Language it is written in"),
    }[code]


def head_hint(code: str) -> str:
    """What is said beside its cells."""
    return {
        ID: _("Any number or word that you use for it, always the same. By it the practice is found again."),
        CITY: _("The city whose practice it is."),
        LANGUAGE: _("The language of all texts in this row."),
    }[code]


def hint_of(one: Field) -> str:
    """What is said beside the cells of a field: its hint, and its bounds."""
    said = [str(one.hint)] if one.hint else []
    if one.words:
        most = ngettext("At most %(max)s word", "At most %(max)s words", one.words) % {"max": one.words}
        said.append(f"{most}.")
    if one.kind == Kind.CONCEPTS:
        said.append(_("Several with a semicolon between them."))
    return " ".join(said)


def language_offers() -> Sequence[str]:
    """The languages to choose from, by name, the reader's first."""
    mine = get_language() or DEFAULT
    return [language_name(code) for code in sorted(CODES, key=lambda code: code != mine)]
