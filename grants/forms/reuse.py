"""From which earlier application answers are taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.forms.applications import OrganisationChoice
from network.people.models import Organisation

CHOOSE = _("Choose one of the applications.")


class EarlierForm(forms.Form):
    """One earlier application."""

    earlier = forms.ChoiceField(
        label=_("Earlier application"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, choices: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["earlier"].choices = choices  # type: ignore[attr-defined]


class StartForm(OrganisationChoice):
    """For which organisation, and with whose answers one begins, where there are earlier ones."""

    def __init__(
        self, organisations: list[Organisation], choices: list[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(organisations, *args, **kwargs)
        if choices:
            self.fields["earlier"] = forms.ChoiceField(
                label=_("Begin with the answers of an earlier application"),
                help_text=_("What fits comes over. You can change all of it."),
                choices=[("", _("Begin empty")), *choices],
                required=False,
                error_messages={"invalid_choice": CHOOSE},
            )
