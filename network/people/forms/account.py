"""allauth's forms in the portal's words: labels, hints and errors of our own, no placeholders."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as theirs
from django import forms
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _

PASSWORD_HINT = _("At least 12 characters. A few words that only you put together are good. Spaces are allowed.")


def _forgotten() -> str:
    return format_html('<a href="{}">{}</a>', reverse("account_reset_password"), gettext("Forgot your password?"))


FORGOTTEN = lazy(_forgotten, str)()
NEEDED = {
    "email": _("Enter your e-mail address."),
    "login": _("Enter your e-mail address."),
    "password": _("Enter your password."),
    "password1": _("Enter a password."),
    "password2": _("Enter the same password again."),
    "oldpassword": _("Enter your present password."),
}
LABELS = {
    "email": _("E-mail address"),
    "login": _("E-mail address"),
    "password": _("Password"),
    "password1": _("Password"),
    "password2": _("The same password again"),
    "oldpassword": _("Present password"),
}


class OurWords:
    """Mixed into allauth's forms: our labels and errors; long passwords are not cut; nothing stands in for a label."""

    fields: dict[str, forms.Field]
    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in LABELS:
                field.label = self.labels.get(name, LABELS[name])
                field.help_text = self.hints.get(name, "")
                field.error_messages["required"] = NEEDED[name]
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = _("Enter an e-mail address like name@example.org.")


class SignInForm(OurWords, theirs.LoginForm):
    hints = {"password": FORGOTTEN}


class SignUpForm(OurWords, theirs.SignupForm):
    hints = {"email": _("We send a link to it: open it to finish."), "password1": PASSWORD_HINT}


class NewAddressForm(OurWords, theirs.AddEmailForm):
    labels = {"email": _("New e-mail address")}
    hints = {"email": _("We send a link to it. Your present address stays until you open that link.")}


class NewPasswordForm(OurWords, theirs.ChangePasswordForm):
    labels = {"password1": _("New password"), "password2": _("The new password again")}
    hints = {"password1": PASSWORD_HINT}


class FirstPasswordForm(OurWords, theirs.SetPasswordForm):
    hints = {"password1": PASSWORD_HINT}


class ForgottenPasswordForm(OurWords, theirs.ResetPasswordForm):
    pass


class ResetPasswordForm(OurWords, theirs.ResetPasswordKeyForm):
    labels = {"password1": _("New password"), "password2": _("The new password again")}
    hints = {"password1": PASSWORD_HINT}


class ConfirmPasswordForm(OurWords, theirs.ReauthenticateForm):
    hints = {"password": FORGOTTEN}
