"""The engine's own messages. Their texts are `templates/mail/mail.*`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from network.outgoing import Message, MessageClass, declare

# Not to be switched off by itself: a person switches off the kinds that would go into it.
DIGEST = Message("mail.digest", _("Several reminders in one mail"), MessageClass.REMINDER)
# To operators: the tick held mail back, and a person decides.
HELD = Message("mail.held", _("Mail was held back for you to look at"))


def declare_all() -> None:
    """Make the engine's own messages known."""
    declare(DIGEST, HELD)
