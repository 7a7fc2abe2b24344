"""What an organisation says of itself, and whom it invites."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy as _

from network.frame.names import locale_of
from network.people.domain.organisations import ADDRESS_MAX, OrganisationData
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind
from network.people.models import Organisation
from network.people.rules.numbers import canonical, fault

# CLDR's two-letter codes that are no country: the European Union, the eurozone, the United Nations, outlying Oceania,
# pseudo-accents and "unknown".
NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    named = [
        (code, str(name))
        for code, name in locale_of(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in NO_COUNTRY
    ]
    return tuple(sorted(named, key=lambda pair: pair[1]))


def country_choices() -> list[tuple[str, Any]]:
    """Countries by their name in the reader's language (ISO 3166 alpha-2 code, name)."""
    return [("", _("Choose a country")), *_countries(get_language() or "en")]


class OrganisationForm(forms.Form):
    """The record of an organisation, with a row for each register number it has and one more."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As it stands in its statutes."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Enter the organisation’s name.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        choices=[("", _("Choose a kind")), *OrganisationKind.choices],
        error_messages={"required": _("Choose what kind of organisation it is.")},
    )
    country = forms.ChoiceField(
        label=_("Country"), error_messages={"required": _("Choose the country where it is registered.")}
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Enter the whole address of the website, with https://.")},
    )
    address = forms.CharField(
        label=_("Postal address"),
        help_text=_(
            "Street, postcode and town, as on a letter. Funders see it in your applications; it is not published."
        ),
        required=False,
        max_length=ADDRESS_MAX,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
        error_messages={"max_length": _("Enter the address in at most 500 characters.")},
    )
    description = forms.CharField(
        label=_("What it does"),
        help_text=_("Two or three sentences."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        numbers: list[tuple[str, str]] = []
        if organisation is not None:
            numbers = list(organisation.identifiers.values_list("scheme", "number"))
            initial = {
                name: getattr(organisation, name)
                for name in ("name", "kind", "country", "website", "address", "description")
            }
            for row, (scheme, number) in enumerate(numbers):
                initial |= {f"scheme_{row}": scheme, f"number_{row}": number}
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = country_choices  # type: ignore[attr-defined]
        self.rows = len(numbers) + 1
        self.standing = set(numbers)
        for row in range(self.rows):
            self.fields[f"scheme_{row}"] = forms.ChoiceField(
                label=_("Public register"), required=False, choices=[("", _("None")), *IdentifierScheme.choices]
            )
            self.fields[f"number_{row}"] = forms.CharField(
                label=_("Number in the register"),
                required=False,
                max_length=64,
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in range(self.rows):
            scheme, number = cleaned.get(f"scheme_{row}"), cleaned.get(f"number_{row}")
            if scheme and not number:
                self.add_error(f"number_{row}", _("Enter the number in this register, or choose “None”."))
            if number and not scheme:
                self.add_error(f"scheme_{row}", _("Choose the register of this number."))
            if scheme and number:
                kept = canonical(scheme, number)
                wrong = None if (scheme, kept) in self.standing else fault(scheme, kept)
                if wrong:
                    self.add_error(f"number_{row}", wrong)
        return cleaned

    def field_of(self, pair: tuple[str, str]) -> str:
        """The field in which a number (scheme, number) was typed, in whatever form."""
        scheme, number = pair
        for row in range(self.rows):
            typed = self.cleaned_data.get(f"number_{row}") or ""
            if self.cleaned_data.get(f"scheme_{row}") == scheme and canonical(scheme, typed) == canonical(
                scheme, number
            ):
                return f"number_{row}"
        return f"number_{self.rows - 1}"

    def data_of(self) -> OrganisationData:
        """The answers as the domain takes them."""
        given = self.cleaned_data
        pairs = tuple(
            (given[f"scheme_{row}"], given[f"number_{row}"]) for row in range(self.rows) if given[f"number_{row}"]
        )
        return OrganisationData(
            given["name"],
            given["kind"],
            given["country"],
            given["website"],
            given["description"],
            pairs,
            given["address"],
        )


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Enter the address of the person you invite."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("What the person may do"),
        choices=[
            (MemberRole.EDITOR, _("Editor: writes and sends applications")),
            (MemberRole.VIEWER, _("Viewer: reads")),
            (MemberRole.OWNER, _("Owner: also invites and removes members")),
        ],
        initial=MemberRole.EDITOR,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person may do.")},
    )


class MemberRoleForm(forms.Form):
    """A member's new role."""

    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices)
