"""The messages this app sends, each in its reader's language. Their texts are `templates/mail/<kind>.*`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext_lazy as _

from cities.models import City
from cities.queries.contacts import officers_of
from network.frame.links import in_language
from network.languages import DEFAULT
from network.outgoing import Addressee, Message, declare, send
from network.people.enums import MemberRole
from network.people.models import User
from practices.messages.labels import declare_labels
from practices.messages.reviews import declare_reviews
from practices.messages.verifying import declare_verifying
from practices.models import Adoption, CollectionInvitation, SavedSearch
from practices.queries.adoptions import adoption_page
from practices.queries.cards import Card

ALERT = Message(
    "practices.alert",
    _("New practices in a saved search"),
    mandatory=False,
    about=_("When practices are published that fit a search you saved, as often as you asked for it."),
)
COLLECTION_INVITATION = Message("practices.collection_invitation", _("Invitation to a collection of practices"))
ADOPTION = Message(
    "practices.adoption",
    _("Another city takes up your city's practice"),
    mandatory=False,
    about=_("When another city says that it takes up a practice of your city, changes that, or takes it back."),
)
ADOPTION_ANSWERED = Message(
    "practices.adoption_answered",
    _("Answer to what your city took up"),
    mandatory=False,
    about=_("When a city confirms or questions that your city took up its practice."),
)
# A letter names the newest; the rest is a number and a link.
NAMED = 10


def declare_all() -> None:
    """Make this app's message kinds known to the mail engine."""
    declare(ALERT, COLLECTION_INVITATION, ADOPTION, ADOPTION_ANSWERED)
    declare_reviews()
    declare_verifying()
    declare_labels()


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


def send_adoption(adoption: Adoption, event: str, *, by: User) -> None:
    """Tell the officers of the city that wrote the practice: `recorded`, `changed` or `withdrawn` by the other one."""
    _send(ADOPTION, adoption, event, adoption.practice.city, by)


def send_answer(adoption: Adoption, event: str, *, by: User) -> None:
    """Tell the officers of the city that took the practice up: `confirmed` or `questioned` by the one that wrote it."""
    _send(ADOPTION_ANSWERED, adoption, event, adoption.city, by)


def _send(message: Message, adoption: Adoption, event: str, city: City, by: User) -> None:
    """Once for each version of an adoption and person; nobody is told what they did themselves."""
    for user in officers_of(city):
        if user.pk == by.pk:
            continue
        with translation.override(user.preferred_language):
            context = _told(adoption, event, user.preferred_language)
        to = Addressee(user.email, user.preferred_language, user.display_name, user.pk)
        send(message, key=f"{message.kind}:{adoption.pk}:{adoption.version}:{user.pk}", to=to, context=context)


def _told(adoption: Adoption, event: str, code: str) -> dict[str, Any]:
    """What a reader of `code` is told, in the active language."""
    page = adoption_page(adoption, code)
    path = reverse("practices:adoption", args=[adoption.practice.slug, adoption.pk])
    return {
        "event": event,
        "title": page.title.text,
        "title_language": page.title.language,
        "city": page.city,
        "author": page.author,
        "status": str(adoption.get_status_display()),
        "when": page.when,
        "what_changed": page.what_changed.text,
        "what_changed_language": page.what_changed.language,
        "result": page.result.text,
        "result_language": page.result.language,
        "question": page.question.text,
        "question_language": page.question.language,
        "path": path,
        "url": settings.KOINE_BASE_URL + path,
    }
