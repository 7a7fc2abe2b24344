"""What leaves the building as a message, and the slot through which every floor hands it over.

An app declares its message classes in `messages.py`; a domain function calls `send` inside its own transaction. The
engine (`network.mail`) puts itself into the slot at start-up, so that floors below it can send without importing it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.core.exceptions import ImproperlyConfigured


class MessageClass(StrEnum):
    """What a failure means: a reminder may be repeated, a notice is retried, a decision of unclear outcome waits for a person."""

    REMINDER = "reminder"
    NOTICE = "notice"
    DECISION = "decision"


@dataclass(frozen=True)
class Message:
    """One kind of message: templates `mail/<kind>.subject.txt`, `mail/<kind>.txt`, `mail/<kind>.html`.

    `kind` is app.name (`grants.receipt`). `title` says in the reader's words what it is (preferences, staff list).
    `mandatory` ones can't be switched off by the person; of the others `about` says in a sentence when they come.
    `secret` ones carry a link that opens something: their context is wiped after sending, staff can't preview them, and
    they are no notice in the portal.
    """

    kind: str
    title: Any
    klass: MessageClass = MessageClass.NOTICE
    mandatory: bool = True
    secret: bool = False
    about: Any = ""


@dataclass(frozen=True)
class Addressee:
    """Who it goes to: an address, the language it is written in, and the account where there is one."""

    email: str
    language: str
    name: str = ""
    user_id: int | None = None


KINDS: dict[str, Message] = {}
_carrier: Callable[..., Any] | None = None


def declare(*messages: Message) -> None:
    """Make message kinds known; the same kind twice is a programming error."""
    for message in messages:
        if message.klass == MessageClass.DECISION and not message.mandatory:
            raise ImproperlyConfigured(f"message kind {message.kind}: a decision can't be switched off")
        if not message.mandatory and not message.about:
            raise ImproperlyConfigured(f"message kind {message.kind}: say when it comes (about)")
        if KINDS.get(message.kind, message) != message:
            raise ImproperlyConfigured(f"message kind {message.kind} is declared twice")
        KINDS[message.kind] = message


def carry_with(carrier: Callable[..., Any]) -> None:
    """Called once by the engine at start-up."""
    global _carrier
    _carrier = carrier


@dataclass(frozen=True)
class Letter:
    """A message on its way: kind, logical key (unique: the same key is sent once), addressee, and plain JSON context."""

    message: Message
    key: str
    to: Addressee
    context: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""


def send(
    message: Message, *, key: str, to: Addressee, context: dict[str, Any] | None = None, reply_to: str = ""
) -> None:
    """Hand a message over inside the running transaction; it goes out after commit, or never where that rolls back."""
    if _carrier is None:
        raise ImproperlyConfigured("no mail engine is installed")
    _carrier(Letter(message, key, to, context or {}, reply_to))
