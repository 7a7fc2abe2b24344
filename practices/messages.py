"""The messages this app sends, each in its reader's language. Their texts are `templates/mail/<kind>.*`."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy as _

from network.frame.links import in_language
from network.languages import DEFAULT
from network.outgoing import Addressee, Message, declare, send
from network.people.enums import MemberRole
from network.people.models import User
from practices.models import CollectionInvitation, SavedSearch
from practices.queries.cards import Card

ALERT = Message(
    "practices.alert",
    _("New practices in a saved search"),
    mandatory=False,
    about=_("When practices are published that fit a search you saved, as often as you asked for it."),
)
COLLECTION_INVITATION = Message("practices.collection_invitation", _("Invitation to a collection of practices"))
# A letter names the newest; the rest is a number and a link.
NAMED = 10


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(ALERT, COLLECTION_INVITATION)


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


def send_collection_invitation(invitation: CollectionInvitation) -> None:
    """Tell the address that it was invited, in its account's language, else in that of whoever invites. The same mail
    goes to an address without an account."""
    known = User.objects.filter(email__iexact=invitation.email).first()
    language = known.preferred_language if known else get_language() or DEFAULT
    path = in_language(reverse("practices:collection_invitation", args=[invitation.collection.opaque_id]), language)
    send(
        COLLECTION_INVITATION,
        key=f"practices.collection_invitation:{invitation.pk}",
        to=Addressee(invitation.email, language, known.display_name if known else "", known.pk if known else None),
        context={
            "inviter": invitation.invited_by.display_name,
            "collection": invitation.collection.title,
            "writes": invitation.role != MemberRole.VIEWER,
            "path": path,
            "url": settings.KOINE_BASE_URL + path,
        },
    )
