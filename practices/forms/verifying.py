"""What a city answers when it is asked whether a practice is still true."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices.enums.verifying import VerificationKind
from practices.forms.reviews import DAY, DAY_ERRORS
from practices.rules.verifying import NOTE_LIMIT


class StillTrueForm(forms.Form):
    """Still true, changed or ended; `version` is the practice's counter when it was read."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    answer = forms.ChoiceField(
        label=_("Is it still true?"),
        choices=[
            (VerificationKind.STILL_TRUE, _("Yes: it is still as described")),
            (VerificationKind.CHANGED, _("It has changed: I will write a new version")),
            (VerificationKind.ENDED, _("It has ended: the page stays and says so")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the three answers."),
            "invalid_choice": _("Choose one of the three answers."),
        },
    )
    ended_on = forms.DateField(
        label=_("If it has ended: on which day?"),
        help_text=_("Leave it empty if nobody knows the day."),
        required=False,
        widget=DAY,
        error_messages=DAY_ERRORS,
    )
    note = forms.CharField(
        label=_("Note"),
        help_text=_("For your city and those who decide about its practices. Readers do not see it."),
        required=False,
        max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, on_behalf: bool = False, **more: Any) -> None:
        """`on_behalf`: whoever fills it in is no officer of the city, and says how they know."""
        super().__init__(*args, **more)
        if on_behalf:
            note = self.fields["note"]
            note.label, note.required = _("How do you know?"), True
            note.help_text = _(
                "You are no officer of this city and say it on its behalf. The reason stays in the history."
            )
            note.error_messages["required"] = _(
                "You are no officer of this city. Say how you know: it stays in the history."
            )

    def clean_ended_on(self) -> datetime.date | None:
        """An end that does not lie ahead."""
        day = self.cleaned_data["ended_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("The end lies ahead. Say so once it has ended."))
        return day
