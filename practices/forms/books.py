"""The practices' book as it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.workbooks import MAX_BYTES


class BookUpload(forms.Form):
    """The book to look at. What is too large is refused before it is read."""

    book = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("XLSX, made from the template, at most 5 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the file."), "empty": _("The file is empty.")},
    )

    def clean_book(self) -> Any:
        book = self.cleaned_data["book"]
        if book.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return book
