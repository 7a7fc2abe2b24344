"""The small forms around an application."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.people.models import Organisation


class OrganisationChoice(forms.Form):
    """For which organisation one applies; with one organisation there is nothing to choose."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Which organisation applies?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose the organisation that applies."),
            "invalid_choice": _("Choose one of your organisations."),
        },
    )

    def __init__(self, organisations: list[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ids = [one.pk for one in organisations]
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=ids).order_by("slug")
        if len(organisations) == 1:
            self.fields["organisation"].initial = organisations[0].pk


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("Choose a file"),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file first."),
        },
    )


class WithdrawForm(forms.Form):
    """Why an application is withdrawn."""

    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words why you withdraw.")},
    )
