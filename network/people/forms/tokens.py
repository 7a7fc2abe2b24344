"""A new API token."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from network.people.domain.tokens import LIFETIMES
from network.people.enums import TokenRight

DAYS = [(days, ngettext_lazy("%(count)d day", "%(count)d days", "count") % {"count": days}) for days in LIFETIMES]


class TokenForm(forms.Form):
    """Its name, what it may do, and for how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The system that will use it, for example “Content system of the press office”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the token a name, such as that of the system that will use it.")},
    )
    right = forms.ChoiceField(
        label=_("What the program may do"),
        choices=TokenRight.choices,
        initial=TokenRight.READ,
        widget=forms.RadioSelect,
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=90)
