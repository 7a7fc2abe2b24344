"""How staff look through the applications of a round."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.enums import State


class ListForm(forms.Form):
    """Which of them: in which state, found by which words."""

    q = forms.CharField(
        label=_("Organisation, reference or title"),
        max_length=100,
        required=False,
        error_messages={"max_length": _("Search with at most 100 characters.")},
    )
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("all states")), *State.choices],
        required=False,
        error_messages={"invalid_choice": _("Choose a state of the list.")},
    )
