"""Which kinds of message a person may switch off."""

from __future__ import annotations

from django.utils.translation import gettext as _, gettext_lazy

from network.doors import Allowed, Denied, Verdict
from network.outgoing import KINDS

NO_SUCH_KIND = gettext_lazy("The portal sends no mail of this kind any more.")
NO_ACCOUNT = gettext_lazy("The account of this link was removed. It gets no mail any more.")


def can_choose(kind: str) -> Verdict:
    """May people say whether they want this kind by mail? Not where it is mandatory, nor where there is no such kind."""
    message = KINDS.get(kind)
    if message is None:
        return Denied(NO_SUCH_KIND)
    if message.mandatory:
        return Denied(_("“%(title)s” always comes by mail: it can’t be switched off.") % {"title": message.title})
    return Allowed()
