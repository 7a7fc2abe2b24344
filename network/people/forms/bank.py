"""What is asked about an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from network.people.rules.bank import bic_fault, compact, iban_fault

NUMBER = {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}


class BankForm(forms.Form):
    """An account, as it stands on a statement of the bank."""

    holder = forms.CharField(
        label=_("Account holder"),
        help_text=_("As it stands on the statement. It is the organisation’s account, not a person’s."),
        max_length=140,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the name in which the account is held, at most 140 characters.")},
    )
    iban = forms.CharField(
        label=_("IBAN"),
        help_text=_("Spaces do not matter."),
        max_length=60,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"required": _("Enter the IBAN.")},
    )
    bic = forms.CharField(label=_("BIC"), required=False, max_length=20, widget=forms.TextInput(attrs=NUMBER))
    contact = forms.EmailField(
        label=_("Who looks after the account"),
        help_text=_("An e-mail address. It hears at once when somebody enters another account."),
        max_length=254,
        error_messages={
            "required": _("Enter an e-mail address like name@example.org."),
            "invalid": _("Enter an e-mail address like name@example.org."),
        },
    )

    def clean_iban(self) -> str:
        number = compact(self.cleaned_data["iban"])
        if wrong := iban_fault(number):
            raise forms.ValidationError(wrong)
        return number

    def clean_bic(self) -> str:
        code = compact(self.cleaned_data["bic"])
        if wrong := bic_fault(code):
            raise forms.ValidationError(wrong)
        return code


class ConfirmForm(forms.Form):
    """What the second person says: an owner types the number anew, finance says how it was checked."""

    iban = forms.CharField(
        label=_("IBAN"),
        help_text=_("Type it from a statement of the bank. It must be the one that was entered."),
        max_length=60,
        widget=forms.TextInput(attrs=NUMBER),
        error_messages={"required": _("Enter the IBAN.")},
    )
    note = forms.CharField(
        label=_("How you checked that the account is the organisation’s"),
        help_text=_("For example: called the treasurer at the number in the register. Without the account number."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say how you checked that the account is the organisation’s.")},
    )

    def __init__(self, *args: Any, owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["note" if owner else "iban"]


class RefuseForm(forms.Form):
    """Why an account is not the organisation's."""

    reason = forms.CharField(
        label=_("Why it is not the organisation’s account"),
        help_text=_("The owners read it. Without the account number."),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why: the owners of the organisation read it.")},
    )
