"""The letter to a city, as typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.domain.contacts import MESSAGE_MAX, ContactLetter
from cities.models import CityContact
from network.text import clean_line, clean_text


class LetterForm(forms.Form):
    """A visitor's letter. `website` is a trap: people do not see it, programs fill it in."""

    to = forms.ChoiceField(label=_("To"), required=False)
    name = forms.CharField(
        label=_("Your full name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("The city sees it and answers to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter your e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
    )
    message = forms.CharField(
        label=_("Your message"),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your message.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, contacts: list[CityContact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contacts = {str(contact.pk): contact for contact in contacts if contact.email}
        if len(self.contacts) > 1:
            names = [(key, " – ".join(filter(None, [one.name, one.role]))) for key, one in self.contacts.items()]
            self.fields["to"].choices = [("", _("The city")), *names]  # type: ignore[attr-defined]
        else:
            del self.fields["to"]

    @property
    def trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))

    def clean_name(self) -> str:
        name = clean_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Enter your name."))
        return name

    def clean_message(self) -> str:
        message = clean_text(self.cleaned_data["message"])
        if not message:
            raise forms.ValidationError(_("Write your message."))
        if len(message) > MESSAGE_MAX:
            raise forms.ValidationError(_("The message is longer than 5,000 characters. Make it shorter."))
        return message

    def letter(self, language: str) -> ContactLetter:
        """What is sent, once the form is valid."""
        data = self.cleaned_data
        return ContactLetter(name=data["name"], email=data["email"], message=data["message"], language=language)

    def chosen(self) -> CityContact | None:
        """The contact the visitor chose; None: the city."""
        return self.contacts.get(self.cleaned_data.get("to", ""))
