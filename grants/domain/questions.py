"""A question or section of a form as its page holds it, made into what stands in the form: cleaned, bounded, with keys that stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.text import slugify
from django.utils.translation import gettext as _, ngettext

from grants.enums import FieldKind
from grants.models.questions import CHOSEN, MOST_CHOSEN, MOST_ROWS, Texts
from grants.rules import kinds
from network.doors import DomainError
from network.languages import LANGUAGES
from network.text import clean_line, clean_text, transliterate

Raw = dict[str, Any]
LONGEST_KEY = 34


@dataclass(frozen=True)
class Wording:
    """A section's title and help in some languages."""

    title: Texts
    help: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """An answer of a list, a category of a budget or a column of a table. `value` is empty for a new one; `kind` is a column's."""

    label: Texts
    value: str = ""
    kind: str = "short_text"


OneLine = TypeVar("OneLine", bound=Line)


@dataclass(frozen=True)
class Asking:
    """A question as its page holds it. Texts are in some languages; settings that its kind does not have are passed over.

    `when`: the key of an earlier question and the answers to it by which this one is asked.
    """

    kind: str
    label: Texts
    help: Texts = field(default_factory=dict)
    required: bool = False
    identifying: bool = False
    max_words: int | None = None
    max_characters: int | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    weight: int | None = None
    max_rows: int | None = None
    max_choices: int | None = None
    options: Sequence[Line] = ()
    columns: Sequence[Line] = ()
    when: tuple[str, tuple[str, ...]] | None = None


def free_key(texts: Texts, taken: set[str], otherwise: str) -> str:
    """A key made of a text, the English one where there is one, that nothing else here has."""
    words = texts.get("en") or next((text for text in texts.values() if text), "")
    stem = slugify(transliterate(words))[:LONGEST_KEY].strip("-_") or otherwise
    return next(one for n in range(len(taken) + 1) if (one := f"{stem}-{n + 1}" if n else stem) not in taken)


def merged(there: Texts, typed: Mapping[str, str], longest: int, code: str, *, line: bool = True) -> Texts:
    """The texts with those typed in their languages; languages not named stay. DomainError (of `code`) where one is too long."""
    clean = clean_line if line else clean_text
    texts = {**there, **{language: clean(text) for language, text in typed.items() if language in LANGUAGES}}
    if any(len(text) > longest for text in texts.values()):
        raise DomainError(
            ngettext(
                "This text has more than %(most)d character.", "This text has more than %(most)d characters.", longest
            )
            % {"most": longest},
            code=code,
        )
    return {language: texts[language] for language in LANGUAGES if texts.get(language)}


def worded(there: Raw, wording: Wording) -> Raw:
    """A section with this title and help. DomainError without a title."""
    title = merged(there.get("title") or {}, wording.title, kinds.LONGEST_TITLE, "title")
    if not title:
        raise DomainError(_("A section needs a title."), code="title")
    help_ = merged(there.get("help") or {}, wording.help, kinds.LONGEST_HELP, "help", line=False)
    return {**there, "title": title, "help": help_}


def asked(there: Raw, asking: Asking, key: str) -> Raw:
    """The question as it stands in the form: `there` with what was typed. DomainError with the field's name where something is wrong."""
    if asking.kind not in kinds.SETTINGS:
        raise DomainError(_("Choose how the question is answered."), code="kind")
    if there and asking.kind not in kinds.alike(key, there["kind"]):
        raise DomainError(_("This question stays of its kind. Add another one instead."), code="kind")
    label = merged(there.get("label") or {}, asking.label, kinds.LONGEST_LABEL, "label")
    if not label:
        raise DomainError(_("Write the question."), code="label")
    raw: Raw = {
        "key": key,
        "kind": str(asking.kind),
        "label": label,
        "help": merged(there.get("help") or {}, asking.help, kinds.LONGEST_HELP, "help", line=False),
        "required": asking.required,
        "identifying": asking.identifying,
    }
    for name in kinds.settings_of(asking.kind):
        raw[name] = CLEANED[name](there, asking)
    low, high = raw.get("min"), raw.get("max")
    if low is not None and high is not None and Decimal(low) > Decimal(high):
        raise DomainError(_("The smallest number is above the largest."), code="min")
    if asking.when:
        raw["when"] = {"field": asking.when[0], "is": list(asking.when[1])}
    return raw


def _whole(name: str, low: int, high: int, usual: int | None = None) -> Any:
    def clean(there: Raw, asking: Asking) -> int | None:
        value: int | None = getattr(asking, name)
        value = usual if value is None else value
        if value is not None and not low <= value <= high:
            raise DomainError(_("Write a number from %(low)d to %(high)d.") % {"low": low, "high": high}, code=name)
        return value

    return clean


def _bound(name: str) -> Any:
    def clean(there: Raw, asking: Asking) -> str | None:
        value: Decimal | None = getattr(asking, name)
        if value is not None and not (value.is_finite() and 0 <= value <= 10**11):
            raise DomainError(_("Write a number from 0 to 100,000,000,000."), code=name)
        if value is not None and asking.kind == FieldKind.NUMBER and value != value.to_integral_value():
            raise DomainError(_("Enter a whole number."), code=name)
        return None if value is None else f"{value.normalize():f}"

    return clean


def _options(there: Raw, asking: Asking) -> list[Raw]:
    known = there.get("options") or []
    lines = [row for _line, row in lined(known, asking.options, "value", kinds.MOST_OPTIONS, "options")]
    if asking.kind in {FieldKind.CHOICE, FieldKind.CHOICES} and len(lines) < 2:
        raise DomainError(_("A list has at least two answers."), code="options")
    return [{"value": line["value"], "label": line["label"]} for line in lines]


def _columns(there: Raw, asking: Asking) -> list[Raw]:
    known = there.get("columns") or []
    lines = [row for _line, row in lined(known, asking.columns, "key", kinds.MOST_COLUMNS, "columns")]
    if not lines:
        raise DomainError(_("A table has at least one column."), code="columns")
    if any(line["kind"] not in kinds.COLUMN_KINDS for line in lines):
        raise DomainError(_("Choose what stands in each column."), code="columns")
    return [{"key": line["key"], "label": line["label"], "kind": line["kind"]} for line in lines]


def lined(there: Sequence[Raw], typed: Sequence[OneLine], name: str, most: int, code: str) -> list[tuple[OneLine, Raw]]:
    """The lines as typed, each with what stands in the form; one without words in any language goes. A known one keeps its

    value, a new one gets one. DomainError (of `code`) where there are more than `most`, or one is too long.
    """
    known = {one[name]: one for one in there}
    kept: list[tuple[OneLine, Texts]] = []
    for line in typed:
        label = merged(known.get(line.value, {}).get("label") or {}, line.label, kinds.LONGEST_OPTION, code)
        if label:
            kept.append((line, label))
    if len(kept) > most:
        raise DomainError(
            ngettext("There is at most %(most)d line here.", "There are at most %(most)d lines here.", most)
            % {"most": most},
            code=code,
        )
    taken = {line.value for line, _label in kept if line.value in known}
    rows: list[tuple[OneLine, Raw]] = []
    used: set[str] = set()
    for line, label in kept:
        value = line.value if line.value in known and line.value not in used else free_key(label, taken, "answer")
        taken.add(value)
        used.add(value)
        rows.append((line, {name: value, "label": label, "kind": line.kind}))
    return rows


CLEANED: dict[str, Any] = {
    "max_words": _whole("max_words", 1, kinds.MOST_WORDS),
    "max_characters": _whole("max_characters", 1, kinds.MOST_CHARACTERS),
    "weight": _whole("weight", 0, 100),
    "max_rows": _whole("max_rows", 1, MOST_ROWS),
    "max_choices": _whole("max_choices", 1, MOST_CHOSEN, CHOSEN),
    "min": _bound("min"),
    "max": _bound("max"),
    "options": _options,
    "columns": _columns,
}
