"""What people are told of a network's label: the city that holds it, and before it expires also the network."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from network.frame.moments import day_text
from network.outgoing import Message, MessageClass, declare, send
from network.people.models import User
from network.translation.models import best_text
from practices.enums.labels import LabelEvent
from practices.messages.reviews import to, writers_of
from practices.models import Label
from practices.queries.adoptions import name_of, title_of

LABEL = Message("practices.label", _("A network’s label of your practice"), MessageClass.DECISION)
LABEL_ENDS = Message(
    "practices.label_ends",
    _("Before a label expires"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before a label of your city’s practice expires, or a label that your network gave."),
)


def declare_labels() -> None:
    """Make the kinds known to the mail engine."""
    declare(LABEL, LABEL_ENDS)


def send_label(label: Label, event: LabelEvent, *, by: User) -> None:
    """Tell the officers of the city that wrote the practice; nobody what they did themselves."""
    for user in writers_of(label.practice.city):
        if user.pk == by.pk:
            continue
        with translation.override(user.preferred_language):
            context = {
                **told(label, user.preferred_language),
                "event": event.value,
                "grounds": label.grounds,
                "grounds_language": label.language,
                "reason": label.withdrawn_because,
            }
        send(LABEL, key=f"practices.label:{label.pk}:{event.value}:{user.pk}", to=to(user), context=context)


def told(label: Label, code: str, *, desk: bool = False) -> dict[str, Any]:
    """What a reader of `code` is told of a label, loaded with its practice, city, kind and network, in the active language.

    `desk`: they are led to where it is renewed, else to the practice.
    """
    practice, network = label.practice, label.kind.network
    title = title_of(practice, code)
    path = reverse("practices:labels", args=[practice.slug]) if desk else practice.get_absolute_url()
    return {
        "label": best_text(label.kind, "name", code)[0] or label.kind.slug,
        "network": best_text(network, "name", code)[0] or network.abbreviation or network.slug,
        "title": title.text,
        "title_language": title.language,
        "city": name_of(practice.city, code),
        "when": day_text(label.valid_until),
        "path": path,
        "url": settings.KOINE_BASE_URL + path,
    }
