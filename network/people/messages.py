"""The messages this app sends. Their texts are `templates/mail/<kind>.*`; allauth's own mails are led here by the adapter."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network.outgoing import Message, MessageClass, declare

CONFIRM_ADDRESS = Message("people.confirm_address", _("Confirm your e-mail address"), secret=True)
RESET_PASSWORD = Message("people.reset_password", _("Choose a new password"), secret=True)
NO_ACCOUNT = Message("people.no_account", _("No account with this address"), secret=True)
ALREADY_AN_ACCOUNT = Message("people.already_an_account", _("You already have an account"), secret=True)
ACCOUNT_CHANGED = Message("people.account_changed", _("Something about your sign-in changed"))
TOKEN_MADE = Message("people.token_made", _("An API token was made with your account"))
VERIFICATION = Message("people.verification", _("Your organisation was verified, or could not be"))
MERGED = Message("people.merged", _("Two organisations were merged into one"))
CHECK_EXPIRES = Message(
    "people.check_expires",
    _("Before a due-diligence check expires"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before a due-diligence check that you recorded expires."),
)
VERIFICATION_ENDS = Message(
    "people.verification_ends",
    _("Before the verification of your organisation ends"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before the verification of an organisation ends that you own."),
)
BANK_ASKED = Message("people.bank_asked", _("Somebody entered bank details of your organisation"))
BANK_DECIDED = Message("people.bank_decided", _("Bank details of your organisation were confirmed or refused"))
INVITATION = Message("people.invitation", _("Invitation into an organisation"), secret=True)

# What allauth asks to send, by the end of its template's name.
LINKS = {
    "email_confirmation_signup": CONFIRM_ADDRESS,
    "email_confirmation": CONFIRM_ADDRESS,
    "password_reset_key": RESET_PASSWORD,
    "unknown_account": NO_ACCOUNT,
    "account_already_exists": ALREADY_AN_ACCOUNT,
}
# Notices without a link: the same mail, told apart by `event` in its context.
EVENTS = (
    "password_changed",
    "password_set",
    "password_reset",
    "email_changed",
    "email_deleted",
    "email_confirm",
    "totp_activated",
    "totp_deactivated",
    "recovery_codes_generated",
    "webauthn_added",
    "webauthn_removed",
)


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(CONFIRM_ADDRESS, RESET_PASSWORD, NO_ACCOUNT, ALREADY_AN_ACCOUNT, ACCOUNT_CHANGED, TOKEN_MADE, INVITATION)
    declare(VERIFICATION, VERIFICATION_ENDS, CHECK_EXPIRES, MERGED)
    declare(BANK_ASKED, BANK_DECIDED)
