"""A letter to everybody who writes a draft in a round."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LetterForm(forms.Form):
    """What it is about, and what it says; it goes out in the words it is written in."""

    subject = forms.CharField(
        label=_("What is it about?"),
        max_length=120,
        error_messages={
            "required": _("Write what the letter is about."),
            "max_length": _("At most 120 characters."),
        },
    )
    body = forms.CharField(
        label=_("Your letter"),
        help_text=_("It goes out in the language you write it in, with the fund’s name and the deadline below."),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": _("Write the letter."),
            "max_length": _("At most 5,000 characters."),
        },
    )
