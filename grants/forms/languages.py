"""Forms with a text in several languages, beside each other: a field a language, the language of the fund first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from network.doors import DomainError
from network.frame.names import language_name
from network.languages import direction


class InLanguages(forms.Form):
    """A form whose texts have a field for each of `codes`, called `<name>_<code>`."""

    def __init__(self, *args: Any, codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(codes)
        self.texts: list[str] = []

    def speak(self, name: str, *, rows: int = 0) -> None:
        """Add the fields of a text: lines, or paragraphs of so many rows. How long it may be the domain says."""
        self.texts.append(name)
        for code in self.codes:
            attrs = {"lang": code, "dir": direction(code)}
            widget: Any = forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
            label = language_name(code)
            self.fields[f"{name}_{code}"] = forms.CharField(
                label=label[:1].upper() + label[1:], required=False, max_length=10_000, widget=widget, strip=False
            )

    def group(self, name: str) -> list[BoundField]:
        """The fields of a text, to stand beside each other; an empty one says so where another language has words."""
        fields = [self[f"{name}_{code}"] for code in self.codes]
        if any(field.value() for field in fields):
            for field in fields:
                field.help_text = field.help_text or ("" if field.value() else _("Not translated yet"))
        return fields

    @property
    def groups(self) -> dict[str, list[BoundField]]:
        """The fields of each text by its name, as templates take them."""
        return {name: self.group(name) for name in self.texts}

    def spoken(self, name: str) -> dict[str, str]:
        """The text as typed, by language."""
        return {code: self.cleaned_data.get(f"{name}_{code}") or "" for code in self.codes}

    def set_texts(self, name: str, texts: Mapping[str, str]) -> None:
        """Begin with these texts."""
        for code in self.codes:
            self.initial[f"{name}_{code}"] = texts.get(code, "")

    def place(self, refusal: DomainError) -> str:
        """Put the sentence beside the field of its code, of a text beside its first language, and answer ""; else the sentence."""
        for name in (refusal.code, f"{refusal.code}_{self.codes[0]}"):
            if name in self.fields and not self.fields[name].widget.is_hidden:
                self.add_error(name, str(refusal))
                return ""
        return str(refusal)

    def read_again(self, seen: str) -> None:
        """Let the form that was refused as old be sent once more, over what its person has now seen."""
        data: Any = self.data.copy()
        data[self.add_prefix("seen")] = seen
        self.data = data
