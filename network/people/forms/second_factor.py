"""Codes, apps and passkeys: allauth's forms in the portal's words, and a code that really works only once."""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from network.people import demo
from network.people.gateways.counters import counters_work
from network.people.rules.roles import demands_second_factor
from network.text import ascii_digits, clean_line

MEMORY_SECONDS = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)


class CodeField:
    """Mixed into the forms that ask a code: digits of any script, spaces ignored.

    A code of the app is good for one sign-in. allauth forgets a used code after one period, but takes codes of the
    periods before and after too, so a used one would be good again: it is remembered for all of them here.
    """

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update(
            {"inputmode": "numeric", "dir": "ltr", "autocapitalize": "off", "spellcheck": "false"}
        )
        field.label = _("Code")
        field.help_text = _("The six digits that your app shows now, or one of your recovery codes.")
        field.error_messages["required"] = _("Enter the code.")

    def clean_code(self) -> str:
        code = ascii_digits(clean_line(self.cleaned_data["code"])).replace(" ", "").replace("-", "")
        self.cleaned_data["code"] = code
        if demands_second_factor(self.user) and not counters_work():
            raise get_adapter().validation_error("incorrect_code")
        if demo.accepts(self.user, code):
            self.authenticator = Authenticator.objects.get(user_id=self.user.pk, type=Authenticator.Type.TOTP)
            self.authenticator.user = self.user
            return code
        code = super().clean_code()  # type: ignore[misc]
        of_app = self.authenticator.type == Authenticator.Type.TOTP
        if of_app and not cache.add(f"people.code.{self.user.pk}.{code}", "used", MEMORY_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code

    @property
    def demo_code(self) -> str:
        """The code to help a stranger in, for a demonstration account in a demonstration; empty otherwise."""
        return demo.code_of(self.user)


class CodeForm(CodeField, base.AuthenticateForm):
    pass


class ConfirmCodeForm(CodeField, base.ReauthenticateForm):
    pass


class SetUpAppForm(totp.ActivateTOTPForm):
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs.update({"inputmode": "numeric", "dir": "ltr"})
        field.label, field.help_text = _("Code"), _("The six digits that your app shows now.")
        field.error_messages["required"] = _("Enter the code.")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = ascii_digits(clean_line(self.cleaned_data["code"]))
        return super().clean_code()


class KeyName:
    """Mixed into the forms that name a passkey."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        field.label, field.help_text = _("Name"), _("So that you know it again, for example “Work laptop”.")
        field.max_length = 100
        field.error_messages["required"] = _("Enter a name.")

    def clean_name(self) -> str:
        self.cleaned_data["name"] = clean_line(self.cleaned_data["name"])[:100]
        theirs = getattr(super(), "clean_name", None)
        return theirs() if theirs else self.cleaned_data["name"]


class AddPasskeyForm(KeyName, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Sign in with this passkey alone, without a password")
            self.fields["passwordless"].help_text = _("Your device then asks for your fingerprint, face or PIN.")


class RenamePasskeyForm(KeyName, webauthn.EditWebAuthnForm):
    pass
