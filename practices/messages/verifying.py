"""What a city's officers are told of the yearly confirmation of its practices."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cities.queries.contacts import officers_of
from network.frame.moments import day_text
from network.outgoing import Message, MessageClass, declare, send
from network.people.models import User
from practices.messages.reviews import to
from practices.models import Practice, Verification
from practices.queries.verifying import title_and_city, version_on_its_way

CONFIRM_DUE = Message(
    "practices.confirm_due",
    _("Before a practice is to be confirmed"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("Before the day by which your city is to say whether a practice of yours is still true, once a year."),
)
CONFIRM_LATE = Message(
    "practices.confirm_late",
    _("A practice was not confirmed in time"),
    MessageClass.REMINDER,
    mandatory=False,
    about=_("When that day has passed and readers see that nobody has confirmed the practice."),
)
CONFIRM_NOW = Message("practices.confirm_now", _("You are asked whether a practice is still true"))


def declare_verifying() -> None:
    """Make the kinds known to the mail engine."""
    declare(CONFIRM_DUE, CONFIRM_LATE, CONFIRM_NOW)


def send_confirm_now(line: Verification, *, by: User) -> None:
    """Tell the city's officers (those of its networks where it has none) that `by` asks now: once per time of asking; nobody
    what they did themselves."""
    practice = line.practice
    for user in officers_of(practice.city):
        if user.pk == by.pk:
            continue
        with translation.override(user.preferred_language):
            context = {**told_of(practice, user.preferred_language), "asker": by.display_name, "note": line.note}
        send(CONFIRM_NOW, key=f"practices.confirm_now:{line.pk}:{user.pk}", to=to(user), context=context)


def told_of(practice: Practice, code: str) -> dict[str, Any]:
    """What a letter to a reader of `code` says of the practice, in the active language; `on_its_way`: a new version is."""
    title, city = title_and_city(practice, code)
    path = reverse("practices:still_true", args=[practice.slug])
    return {
        "title": title.text,
        "title_language": title.language,
        "city": city,
        "verified": day_text(practice.verified_on) if practice.verified_on else "",
        "when": day_text(practice.review_due_on) if practice.review_due_on else "",
        "on_its_way": version_on_its_way(practice),
        "path": path,
        "url": settings.KOINE_BASE_URL + path,
    }
