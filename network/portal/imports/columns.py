"""The columns of the members' sheet: what each is called, how it is written, how it is read back in any language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, override

from network.languages import CODES, CORE, LANGUAGES
from network.membership.enums import MemberKind, MembershipStatus
from network.precision import Precision
from network.text import normalise

DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, and whether a sheet that comes in is read for it."""

    key: str
    words: Any
    read: bool = True

    def heading(self) -> str:
        """What stands above it, in the language that is active."""
        return str(self.words)


@dataclass(frozen=True)
class TextColumn(Column):
    """A translated text in one language: "Approving act (Svenska)"."""

    language: str = "en"

    def heading(self) -> str:
        return f"{self.words} ({LANGUAGES[self.language].native_name})"


TEXTS = {"act": gettext_lazy("Approving act"), "role": gettext_lazy("Part in the network")}
COLUMNS: tuple[Column, ...] = (
    Column("membership", gettext_lazy("Membership (leave as it is; empty for a new one)")),
    Column("city", gettext_lazy("City")),
    Column("city_address", gettext_lazy("City, as in its address")),
    Column("network", gettext_lazy("Network, as in its address")),
    Column("kind", gettext_lazy("Kind")),
    Column("programme", gettext_lazy("Programme")),
    Column("region", gettext_lazy("Region")),
    Column("status", gettext_lazy("Status today (changed by decisions only)")),
    Column("joined", gettext_lazy("Joined (year, year-month or date)")),
    Column("documented", gettext_lazy("Documented by (year, year-month or date)")),
    Column("founding", gettext_lazy("Founding member")),
    Column("confirmed", gettext_lazy("Confirmed")),
    *(TextColumn(f"{key}_{code}", words, language=code) for key, words in TEXTS.items() for code in CORE),
    Column("source", gettext_lazy("Source")),
    Column("version", gettext_lazy("Version (leave as it is)")),
)
CONTACTS: tuple[Column, ...] = (
    Column("contact", gettext_lazy("Contact of the city (not read back)"), read=False),
    Column("contact_email", gettext_lazy("E-mail address of the contact (not read back)"), read=False),
)


@lru_cache(maxsize=1)
def headings() -> dict[str, str]:
    """Every heading in every language, as searching sees it, with its key: a sheet may come from a colleague abroad."""
    found = {}
    for code in CODES:
        with override(code):
            for column in (*COLUMNS, *CONTACTS):
                found.setdefault(normalise(column.heading()), column.key)
    return found | {normalise(column.key): column.key for column in COLUMNS}


@lru_cache(maxsize=8)
def _words_of(choices: type) -> dict[str, str]:
    found = {}
    for code in CODES:
        with override(code):
            for value, label in choices.choices:  # type: ignore[attr-defined]
                found.setdefault(normalise(str(label)), value)
    return found | {normalise(value): value for value in choices.values}  # type: ignore[attr-defined]


@lru_cache(maxsize=1)
def _yes_and_no() -> dict[str, bool]:
    found = {"1": True, "true": True, "x": True, "0": False, "false": False, "": False}
    for code in CODES:
        with override(code):
            found.setdefault(normalise(_("yes")), True)
            found.setdefault(normalise(_("no")), False)
    return found


def _choice(choices: type, text: str, sentence: str) -> str:
    value = _words_of(choices).get(normalise(text))
    if value is None:
        labels = ", ".join(str(label) for label in choices.labels)  # type: ignore[attr-defined]
        raise ValueError(sentence % {"text": text, "words": labels})
    return value


def read_kind(text: str) -> str:
    """A kind of membership by its word in any language. ValueError with the sentence for the person."""
    return _choice(MemberKind, text, _("“%(text)s” is no kind of membership. Write one of: %(words)s."))


def read_status(text: str) -> str:
    """A status by its word in any language."""
    return _choice(MembershipStatus, text, _("“%(text)s” is no status. Write one of: %(words)s."))


def read_yes(text: str) -> bool:
    """Yes or no in any language, 1 or 0, x or nothing."""
    answer = _yes_and_no().get(normalise(text))
    if answer is None:
        raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return answer


def read_day(text: str) -> tuple[datetime.date | None, str]:
    """A year, year-month or date with its precision; (None, day) for nothing."""
    if not text:
        return None, Precision.DAY
    found = DAY.fullmatch(normalise(text))
    try:
        if found is None:
            raise ValueError(text)
        year, month, day = found.groups()
        precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return datetime.date(int(year), int(month or 1), int(day or 1)), precision
    except ValueError as error:
        raise ValueError(
            _("“%(text)s” is no day. Write it as 2015, 2015-09 or 2015-09-29.") % {"text": text}
        ) from error


def write_day(day: datetime.date | None, precision: str) -> str:
    """The reverse of `read_day`."""
    if day is None:
        return ""
    return day.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(Precision(precision), 10)]


def write_yes(holds: bool) -> str:
    """Yes or no in the language that is active."""
    return _("yes") if holds else _("no")


def keyed(rows: list[list[str]]) -> tuple[list[dict[str, str]], list[str]]:
    """Rows under their headings as (rows by key, headings nobody knows)."""
    known = headings()
    keys = [known.get(normalise(heading), "") for heading in rows[0]]
    strange = [heading for heading, key in zip(rows[0], keys, strict=True) if heading and not key]
    read = {column.key for column in COLUMNS}
    body = [{key: cell for key, cell in zip(keys, row, strict=False) if key in read} for row in rows[1:]]
    return body, strange


def told(columns: Iterable[Column]) -> dict[str, str]:
    """The headings of columns by key, for naming what changed."""
    return {column.key: column.heading() for column in columns}
