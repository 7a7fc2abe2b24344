"""What the pages about mail are sent."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from network.people.models import LANGUAGE_CHOICES


class ChoicesForm(forms.Form):
    """The switches of the preferences: `shown` names the kinds that stood on the page, `by_mail` those switched on."""

    data: QueryDict

    def wanted(self) -> dict[str, bool]:
        """Kind -> by mail. What the page did not show is not said: it stays as it is."""
        on = set(self.data.getlist("by_mail"))
        return {kind: kind in on for kind in self.data.getlist("shown")}


class LanguageForm(forms.Form):
    """The language in which mails are written."""

    preferred_language = forms.ChoiceField(
        label=_("Language of the mails we send you"), choices=LANGUAGE_CHOICES, widget=forms.Select
    )


class SeenForm(forms.Form):
    """`up_to`: the newest notice that stood on the page."""

    up_to = forms.IntegerField(min_value=0)
