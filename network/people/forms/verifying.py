"""What is asked of owners and staff about an organisation's verification."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import CheckKind, CheckResult, DocumentKind

YEARS = 2
DAY = forms.DateInput(attrs={"type": "date", "class": "medium"}, format="%Y-%m-%d")
DAY_ERRORS = {"required": _("Choose the day."), "invalid": _("Enter a day such as 2026-11-30.")}


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
        widget=DAY,
        error_messages=DAY_ERRORS,
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


class CheckForm(forms.Form):
    """A due-diligence check: what was looked into, what came of it, and by what evidence."""

    kind = forms.ChoiceField(
        label=_("What was looked into"),
        choices=[("", _("Choose a kind")), *CheckKind.choices],
        error_messages={"required": _("Choose what was looked into.")},
    )
    result = forms.ChoiceField(
        label=_("What came of it"),
        choices=CheckResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what came of it.")},
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_(
            "What you saw and where: the register, the list, the report, with its date. Members don’t read it."
        ),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what you saw and where, in at most 4,000 characters.")},
    )
    checked_on = forms.DateField(label=_("Checked on"), widget=DAY, error_messages=DAY_ERRORS)
    expires_on = forms.DateField(
        label=_("Valid until"),
        help_text=_("You are reminded 30 and 7 days before. Empty: it does not expire."),
        required=False,
        widget=DAY,
        error_messages=DAY_ERRORS,
    )


class WithdrawCheckForm(forms.Form):
    """Why a check is taken back."""

    reason = forms.CharField(
        label=_("What was wrong with it"),
        help_text=_("It stays in the history."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what was wrong with the check.")},
    )


class MergeForm(forms.Form):
    """How one knows that two organisations are the same, and that it can't be undone."""

    source_version = forms.IntegerField(widget=forms.HiddenInput)
    target_version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("How you know that they are the same"),
        help_text=_("It stays in the history."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how you know that they are the same.")},
    )
    sure = forms.BooleanField(
        label=_("I have compared both. I know that this can’t be undone."),
        error_messages={"required": _("Confirm that you have compared both: this can’t be undone.")},
    )


class DistinctForm(forms.Form):
    """How one knows that two organisations are not the same."""

    reason = forms.CharField(
        label=_("How you know that they are not the same"),
        help_text=_("It stays in the history."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how you know that they are not the same.")},
    )
