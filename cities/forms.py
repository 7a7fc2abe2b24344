"""The letter to a city, and what its officers write about it, as typed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.domain import About, CityDetails, ContactDetails, ContactLetter, ImageDetails, details_of
from cities.domain.contacts import MESSAGE_MAX
from cities.enums import ContactKind, ImageKind
from cities.models import City, CityContact
from network.people.forms.writers import WriterForm
from network.text import ascii_digits, clean_text
from network.translation.models import texts_of

NUMBER = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "class": "short"})
BETWEEN_DIGITS = re.compile(r"[\s.,٬'’]+")


def whole_number(written: str) -> int | None:
    """A whole number as people write it, in the digits and with the separators of any script; None for nothing."""
    digits = BETWEEN_DIGITS.sub("", ascii_digits(written))
    if not digits:
        return None
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise forms.ValidationError(_("Enter a whole number."))
    return int(digits)


class LetterForm(WriterForm):
    """A letter. Who is signed in writes as themselves."""

    field_order = ("to", "name", "email", "message", "website")

    to = forms.ChoiceField(label=_("To"), required=False)
    message = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your message.")},
    )

    def __init__(self, *args: Any, contacts: list[CityContact], user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _("The city sees it and answers to it.")
        self.writer = user if user.is_authenticated else None
        if self.writer:
            del self.fields["name"], self.fields["email"]
        self.contacts = {str(contact.pk): contact for contact in contacts if contact.email}
        if len(self.contacts) > 1:
            names = [(key, " – ".join(filter(None, [one.name, one.role]))) for key, one in self.contacts.items()]
            self.fields["to"].choices = [("", _("The city")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["to"]

    def clean_message(self) -> str:
        message = clean_text(self.cleaned_data["message"])
        if not message:
            raise forms.ValidationError(_("Write your message."))
        if len(message) > MESSAGE_MAX:
            raise forms.ValidationError(_("The message is longer than 5,000 characters. Make it shorter."))
        return message

    def letter(self, language: str, about: About | None = None) -> ContactLetter:
        """What is sent, once the form is valid."""
        data = self.cleaned_data
        if self.writer:
            data = {**data, "name": str(self.writer), "email": self.writer.email}
        return ContactLetter(
            name=data["name"], email=data["email"], message=data["message"], language=language, about=about
        )

    def chosen(self) -> CityContact | None:
        """The contact the visitor chose; None: the city."""
        return self.contacts.get(self.cleaned_data.get("to", ""))


class CityPageForm(forms.Form):
    """What a city's officer tells on its page. The profile is written in one language, the reader's."""

    profile = forms.CharField(label=_("Profile"), required=False, widget=forms.Textarea(attrs={"rows": 10}))
    website = forms.CharField(
        label=_("Website"), required=False, max_length=200, widget=forms.URLInput(attrs={"autocomplete": "url"})
    )
    population = forms.CharField(label=_("Population"), required=False, max_length=20, widget=NUMBER)
    population_year = forms.CharField(label=_("Year of that figure"), required=False, max_length=8, widget=NUMBER)
    population_source = forms.CharField(label=_("Source of that figure"), required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_population(self) -> int | None:
        return whole_number(self.cleaned_data["population"])

    def clean_population_year(self) -> int | None:
        return whole_number(self.cleaned_data["population_year"])

    @classmethod
    def about(cls, city: City, code: str) -> CityPageForm:
        """The form with what is on record now."""
        return cls(
            initial={
                "profile": texts_of(city, "profile").get(code, ""),
                "website": city.website,
                "population": city.population,
                "population_year": city.population_year,
                "population_source": city.population_source,
                "version": city.version,
            }
        )

    def details(self, city: City, code: str) -> CityDetails:
        """What is on record, with what was typed in its place."""
        typed = {name: value for name, value in self.cleaned_data.items() if name not in {"profile", "version"}}
        known = details_of(city)
        changed = typed["population"] != city.population
        return replace(
            known,
            **typed,
            profile={**known.profile, code: self.cleaned_data["profile"]},
            population_approximate=known.population_approximate and not changed,
        )


class ContactForm(forms.Form):
    """A contact of the city."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Enter a name.")})
    role = forms.CharField(label=_("Office"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("For"), choices=ContactKind.choices, initial=ContactKind.GENERAL)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Never shown. Letters from the page go to it."),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.org.")},
    )
    public = forms.BooleanField(label=_("Show name and office on the page"), required=False, initial=True)

    def details(self, code: str, day: str) -> ContactDetails:
        """The contact as of that day (ISO), its office in the reader's language."""
        data = self.cleaned_data
        return ContactDetails(
            name=data["name"], kind=data["kind"], roles={code: data["role"]}, email=data["email"],
            public=data["public"], as_of=day,
        )  # fmt: skip


class PictureForm(forms.Form):
    """A photo or logo of the city."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG or WebP, at most 5 MB."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=ImageKind.choices, initial=ImageKind.PHOTO)
    alt = forms.CharField(
        label=_("Description for those who do not see it"),
        max_length=250,
        error_messages={"required": _("Describe the picture.")},
    )
    caption = forms.CharField(label=_("Caption"), required=False, max_length=300)
    credit = forms.CharField(
        label=_("Made by"), max_length=200, error_messages={"required": _("Say who made the picture.")}
    )

    def details(self, code: str) -> ImageDetails:
        """What is said about the picture, in the reader's language."""
        data = self.cleaned_data
        return ImageDetails(
            kind=data["kind"], credit=data["credit"], alt={code: data["alt"]}, caption={code: data["caption"]}
        )
