"""What staff type to give one application more time."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from network.frame.inputs import WallField


class FindForm(forms.Form):
    """Which application: its reference, or the code that its people told."""

    which = forms.CharField(
        label=_("Reference or code"),
        help_text=_("K-000123, or the code that stands on the application’s page. Its people can tell you."),
        max_length=300,
        error_messages={"required": _("Write the reference or the code.")},
    )


class ExtensionForm(forms.Form):
    """Until when, and why."""

    until = WallField(
        label=_("It may be sent until"),
        error_messages={"required": _("Say until when."), "invalid": _("Write a day and an hour.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The owners and editors of the application read it, and it is kept in the history."),
        max_length=300,
        error_messages={"required": _("Give a reason: its owners and editors read it.")},
    )
