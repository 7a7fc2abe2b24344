"""What is asked of owners and staff about an organisation's verification."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import DocumentKind

YEARS = 2


class DocumentForm(forms.Form):
    """One document and what it shows."""

    kind = forms.ChoiceField(
        label=_("What does it show?"),
        choices=[("", _("Choose a kind")), *DocumentKind.choices],
        error_messages={"required": _("Choose what the document shows.")},
    )
    file = forms.FileField(
        label=_("Choose a file"),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file first."),
        },
    )


class VerifyForm(forms.Form):
    """Until when the organisation counts as verified, and what staff went by."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What you went by"),
        help_text=_("For example: the register’s extract of this week. The members read it."),
        required=False,
        max_length=300,
    )
    until = forms.DateField(
        label=_("Verified until"),
        help_text=_("The last day. After it the organisation asks again. Empty: until further notice."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Enter a day such as 2026-11-30.")},
    )

    @staticmethod
    def beginning(version: int) -> dict[str, object]:
        """What the form begins with: two years from today."""
        today = timezone.localdate()
        return {"seen": version, "until": today.replace(year=today.year + YEARS, day=min(today.day, 28))}


class RefuseForm(forms.Form):
    """Why an organisation could not be verified."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it can’t be verified"),
        help_text=_("The members of the organisation read it. Say what they can do."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why: the members of the organisation read it.")},
    )
