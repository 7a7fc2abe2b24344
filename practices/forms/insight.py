"""Which span of time, and which language, staff look at."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from network.languages import LANGUAGES
from practices.forms.filters import KnownChoice
from practices.queries.insight import PERIODS

DAYS = {30: _("the last 30 days"), 90: _("the last 90 days"), 365: _("the last 365 days")}


class InsightFilter(forms.Form):
    """Both optional; what can't be understood is the usual span and every language."""

    days = KnownChoice(label=_("Period"), required=False, choices=[(str(span), DAYS[span]) for span in PERIODS])
    language = KnownChoice(
        label=_("Language of the page"),
        required=False,
        choices=[("", _("Any")), *((code, language.native_name) for code, language in LANGUAGES.items())],
    )

    def span(self) -> int:
        """How many days."""
        self.is_valid()
        return int(self.cleaned_data.get("days") or PERIODS[0])

    def code(self) -> str:
        """The language, or nothing for all."""
        self.is_valid()
        return self.cleaned_data.get("language", "")
