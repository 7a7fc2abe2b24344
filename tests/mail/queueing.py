"""Mails queued for the tests of sending."""

from __future__ import annotations

from django.utils import timezone

from network.mail.models import OutgoingMail
from network.outgoing import Addressee, Message, send
from network.people.messages import INVITATION

CONTEXT = {"path": "/en/x/", "organisation": "Lamp", "inviter": "Owner", "role": "editor"}
NOUR = Addressee("nour@example.org", "en", "Nour")


def queue(key: str = "k", message: Message = INVITATION, to: Addressee = NOUR, **fields) -> OutgoingMail:
    send(message, key=key, to=to, context=CONTEXT)
    if fields:
        OutgoingMail.objects.filter(key=key).update(**fields)
    return OutgoingMail.objects.get(key=key)


def again() -> None:
    """Let the waiting time of every mail be over."""
    OutgoingMail.objects.update(next_try_at=timezone.now())


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("key", "status"))
