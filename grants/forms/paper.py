"""What staff say of an application that came on paper before they type it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from grants.domain.paper import Paper
from grants.queries.staff import funder_named
from network.frame.inputs import WallField
from network.people.domain.organisations import OrganisationData
from network.people.enums import OrganisationKind
from network.people.forms.organisations import country_choices
from network.people.models import LANGUAGE_CHOICES


class PaperForm(forms.Form):
    """When it arrived, who applies, and whom to invite."""

    arrived = WallField(
        label=_("When did the paper arrive?"),
        error_messages={"required": _("Say when it arrived."), "invalid": _("Write a day and an hour.")},
    )
    organisation = forms.CharField(
        label=_("Which organisation applies?"),
        help_text=_("Its name as it is registered here. A list of names opens as you write."),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "organisations", "autocomplete": "off"}),
        error_messages={"required": _("Say who applies.")},
    )
    is_new = forms.BooleanField(label=_("It is not registered here yet: register it"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        help_text=_("Only for one that is new here."),
        choices=[("", _("Choose a kind")), *OrganisationKind.choices],
        required=False,
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    email = forms.EmailField(
        label=_("E-mail address of the applicant"),
        help_text=_("If there is one on the paper: its person is invited to own the application."),
        required=False,
        error_messages={"invalid": _("Enter an address like name@example.org.")},
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=LANGUAGE_CHOICES, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices  # type: ignore[attr-defined]
        self.fields["language"].initial = get_language() or "en"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name = data.get("organisation")
        if not name:
            return data
        if data.get("is_new"):
            if not data.get("kind"):
                self.add_error("kind", _("Choose what kind of organisation it is."))
            return data
        found = funder_named(name)
        if not found:
            self.add_error("organisation", _("No organisation of this name is registered. Is it new here?"))
        elif len(found) > 1:
            self.add_error(
                "organisation", _("Several organisations have this name. Write the short name in its address.")
            )
        else:
            data["found"] = found[0]
        return data

    def paper(self) -> Paper:
        """The answers as the domain takes them."""
        data = self.cleaned_data
        new = None
        if data["is_new"]:
            new = OrganisationData(data["organisation"], data["kind"], data["country"])
        return Paper(data["arrived"], data.get("found"), new, data["email"], data["language"] or get_language() or "en")
