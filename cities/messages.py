"""The messages this app sends."""

from django.utils.translation import gettext_lazy as _

from network.outgoing import Message, declare

# Secret: the letter is between the visitor and the city; its text is wiped once it is sent, and staff can't read it.
CONTACT = Message("cities.contact", _("Letter to a city"), secret=True)


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(CONTACT)
