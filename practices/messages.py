"""The messages this app sends, each in its reader's language. Their texts are `templates/mail/<kind>.*`."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network.outgoing import Addressee, Message, declare, send
from practices.models import SavedSearch
from practices.queries.cards import Card

ALERT = Message(
    "practices.alert",
    _("New practices in a saved search"),
    mandatory=False,
    about=_("When practices are published that fit a search you saved, as often as you asked for it."),
)
# A letter names the newest; the rest is a number and a link.
NAMED = 10


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(ALERT)


def send_alert(search: SavedSearch, shown: Sequence[Card], count: int, up_to: int) -> None:
    """Tell the search's owner of new practices: how many, and those that are shown. Once per search and state of things.

    What a practice is called is in the owner's language or, said to be so, in its own.
    """
    user = search.user
    with translation.override(search.language):
        # In the language it was asked in: that is part of the question.
        path = f"{reverse('practices:list')}?{'&'.join(filter(None, (search.query, 'sort=newest')))}"
    with translation.override(user.preferred_language):
        context = {
            "name": search.name,
            "count": count,
            "more": count - len(shown),
            "practices": [
                {"title": card.title, "language": card.language, "where": card.where, "path": card.url}
                for card in shown
            ],
            "path": path,
            "url": settings.KOINE_BASE_URL + path,
            "change": reverse("practices:saved_search", args=[search.pk]),
        }
    to = Addressee(user.email, user.preferred_language, user.display_name, user.pk)
    send(ALERT, key=f"practices.alert:{search.pk}:{up_to}", to=to, context=context)
