"""The form of one section of a record, made from `rules.sections`. It parses; what is wrong is marked, never refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _, ngettext

from network.frame.names import number_text
from network.languages import CODES, native_name
from practices.queries.told import row_name
from practices.rules.completeness import LIMITS
from practices.rules.sections import FILES, Field, Kind, Section, name_of
from practices.rules.writing import ROWS, faults_of

FIGURES = (Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.YEAR)
NOT_CHOSEN = ("", _("Not chosen"))


class Ticks(forms.Widget):
    """Many values of one name, drawn by the page itself (`practices/record_concepts.html`)."""


@dataclass(frozen=True)
class Line:
    """A field ready for the page: its field of the form, and what the table says of it."""

    one: Field
    field: Any

    @property
    def is_file(self) -> bool:
        """Whether a file is named here."""
        return self.one.kind in FILES

    @property
    def is_picture(self) -> bool:
        """Whether that file is a picture."""
        return self.one.kind == Kind.PICTURE

    @property
    def is_concepts(self) -> bool:
        """Whether concepts are chosen here."""
        return self.one.kind == Kind.CONCEPTS

    @property
    def max_words(self) -> int | None:
        """The most words, where they are counted."""
        return self.one.words or None

    @property
    def max_characters(self) -> int | None:
        """The most characters, told where words are not counted and people write freely."""
        return self.one.characters if self.one.kind == Kind.LINE and not self.one.words else None

    @property
    def optional(self) -> bool:
        """Whether it may stay empty, which is told."""
        return not self.one.needed


@dataclass(frozen=True)
class RowLines:
    """A row ready for the page. `place` counts from 1; `name` is what it is called, `title` what was written first in it."""

    key: str
    name: str
    title: str
    place: int
    last: bool
    lines: list[Line]


class SectionForm(forms.Form):
    """The fields of a section and of its rows, always bound to what is stored or was typed.

    `language` is the one the record is written in; `everything` marks what is missing too (after an attempt to submit);
    `fresh` is the key of a row that was just added: its first field is where people write on.
    """

    use_required_attribute = False

    def __init__(
        self,
        section: Section,
        data: Mapping[str, Any],
        language: str,
        *,
        everything: bool = False,
        fresh: str = "",
    ) -> None:
        values = {name_of(one): data.get(one.key) for one in section.fields}
        rows = data.get(ROWS) or []
        for row in rows:
            values |= {name_of(one, row["key"]): row.get(one.key) for one in section.rows}
        super().__init__(data=values)
        self.section, self.said, self.everything = section, data, everything
        for one in section.fields:
            self.fields[name_of(one)] = _field(one, language)
        for row in rows:
            for place, one in enumerate(section.rows):
                made = _field(one, language)
                if row["key"] == fresh and not place:
                    made.widget.attrs["autofocus"] = True
                self.fields[name_of(one, row["key"])] = made

    def clean(self) -> dict[str, Any]:
        """Mark the faults; the form's verdict is never a reason not to save."""
        known = {one.key: one for one in (*self.section.fields, *self.section.rows)}
        for fault in faults_of(self.section, self.said, everything=self.everything):
            self.add_error(name_of(known[fault.field], fault.row_key), fault.text)
        return self.cleaned_data

    def lines(self) -> list[Line]:
        """The section's own fields in their order."""
        return [Line(one, self[name_of(one)]) for one in self.section.fields]

    def rows(self) -> Iterator[RowLines]:
        """The rows in their order."""
        rows = self.said.get(ROWS) or []
        for place, row in enumerate(rows, start=1):
            lines = [Line(one, self[name_of(one, row["key"])]) for one in self.section.rows]
            written = next((row.get(one.key) for one in self.section.rows if one.kind in {Kind.LINE, Kind.TEXT}), "")
            name = row_name(self.section, row, place)
            yield RowLines(row["key"], name, str(written or "")[:80], place, place == len(rows), lines)


def _field(one: Field, language: str) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "help_text": _hint(one), "required": False}
    written_in = {"lang": language} if one.translated else {}
    match one.kind:
        case Kind.TEXT:
            rows = 4 if one.words <= 150 else 9
            widget: forms.Widget = forms.Textarea(attrs={"rows": rows, **written_in})
            return forms.CharField(widget=widget, strip=False, **common)
        case Kind.CONCEPTS:
            return forms.Field(widget=Ticks(), **common)
        case Kind.FLAG:
            return forms.BooleanField(**common)
        case Kind.CHOICE:
            if one.pressed:
                return forms.CharField(widget=forms.RadioSelect(choices=one.choices), **common)
            return forms.CharField(widget=forms.Select(choices=[NOT_CHOSEN, *one.choices]), **common)
        case kind if kind in FIGURES:
            widget = forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr", "class": "short"})
            return forms.CharField(widget=widget, **common)
        case Kind.WHEN | Kind.DAY:
            return forms.CharField(widget=forms.TextInput(attrs={"dir": "ltr", "class": "short"}), **common)
        case Kind.LINK:
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr"}), **common)
        case kind if kind in FILES:
            return forms.CharField(widget=forms.HiddenInput(), **common)
        case _:
            return forms.CharField(widget=forms.TextInput(attrs=written_in), **common)


def _hint(one: Field) -> Any:
    if not one.least:
        return one.hint
    least = ngettext(
        "At least %(count)s word is recommended.", "At least %(count)s words are recommended.", one.least
    ) % {"count": number_text(one.least)}
    return f"{one.hint} {least}" if one.hint else least


def typed_section(section: Section, posted: QueryDict) -> dict[str, Any]:
    """What a request posted for a section; what was not posted counts as emptied. Rows stand in the order of `row`."""
    typed: dict[str, Any] = {one.key: _posted(one, name_of(one), posted) for one in section.fields}
    if section.rows:
        typed[ROWS] = [
            {"key": key, **{one.key: _posted(one, name_of(one, key), posted) for one in section.rows}}
            for key in dict.fromkeys(posted.getlist("row"))
        ]
    return typed


def _posted(one: Field, name: str, posted: QueryDict) -> Any:
    return posted.getlist(name) if one.kind == Kind.CONCEPTS else posted.get(name, "")


def posted_pairs(section: Section, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The other way round: a section as the pairs that a form would post for it."""
    pairs = [pair for one in section.fields for pair in _pairs(one, name_of(one), data.get(one.key))]
    for row in data.get(ROWS) or ():
        pairs.append(("row", row["key"]))
        pairs += [pair for one in section.rows for pair in _pairs(one, name_of(one, row["key"]), row.get(one.key))]
    return pairs


def _pairs(one: Field, name: str, value: Any) -> list[tuple[str, str]]:
    if one.kind == Kind.CONCEPTS:
        return [(name, code) for code in value or ()]
    if one.kind == Kind.FLAG:
        return [(name, "on")] if value else []
    return [(name, str(value or ""))]


class FileForm(forms.Form):
    """One file; what it is and may be is the domain's business."""

    use_required_attribute = False
    file = forms.FileField(allow_empty_file=True, error_messages={"required": _("Choose a file.")})

    def __init__(self, *args: Any, label: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].label = label


class SubmitForm(forms.Form):
    """What is said with a version that is handed in; of what is public already, whether the change is a small one."""

    use_required_attribute = False
    note = forms.CharField(
        label=_("What is new"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who decide, and for the history of the practice."),
    )
    minor = forms.BooleanField(
        label=_("A small change: nothing of the meaning is new"), help_text=_("Its history says so."), required=False
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        """`first`: nothing of it was public before."""
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["minor"]


class DiscardForm(forms.Form):
    """Why a version is given up."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Why do you give it up?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words why you give it up.")},
    )


class NewRecordForm(forms.Form):
    """What a new record begins with. `cities`: (slug, name) of those the person writes for."""

    use_required_attribute = False
    city = forms.ChoiceField(label=_("City"), error_messages={"required": _("Choose the city.")})
    language = forms.ChoiceField(
        label=_("Language you write in"),
        choices=[(code, native_name(code)) for code in CODES],
        help_text=_("The record is written in this language. Others are added as translations later."),
        error_messages={"required": _("Choose a language.")},
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=LIMITS["title"].characters,
        help_text=_("What somebody elsewhere would look for. You can change it later."),
        error_messages={"required": _("Enter a title.")},
    )

    def __init__(self, *args: Any, cities: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        city = self.fields["city"]
        assert isinstance(city, forms.ChoiceField)
        city.choices = cities
        if len(cities) == 1:
            city.widget = forms.HiddenInput()
