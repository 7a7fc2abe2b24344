"""Deadlines that people are reminded of. Apps register kinds in `ready`; the engine (`network.mail`) plans from them.

Nothing is scheduled ahead: a kind says which rows have a deadline now, as wall time and IANA zone, and who is concerned.
Every minute the engine derives from that what is due; staff say in the admin how long before, and with which text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import CharField, DateTimeField, ExpressionWrapper, F, Model, QuerySet, Value

from network.outgoing import Message

ZONE = Value("UTC", output_field=CharField())
END_OF_DAY = timedelta(days=1, seconds=-1)


def at_end_of(day: str, later: timedelta = timedelta()) -> ExpressionWrapper:
    """The last second of a column's day, or of one so much later, as wall time."""
    return ExpressionWrapper(F(day) + END_OF_DAY + later, output_field=DateTimeField())


@dataclass(frozen=True)
class Audience:
    """Who is concerned: `people()` gives (subject_id, user_id) rows, each pair once, of open deadlines only."""

    title: Any
    people: Callable[[], QuerySet]


@dataclass(frozen=True)
class DefaultRule:
    """A rule that a new portal begins with: `days` before at the local time `at`, or `hours` before. Staff change it later."""

    audience: str
    message: str
    days: int | None = None
    at: time | None = None
    hours: int | None = None


def before(audience: str, message: str, days: int) -> DefaultRule:
    """A rule that reminds so many days before, at nine."""
    return DefaultRule(audience, message, days=days, at=time(9))


@dataclass(frozen=True)
class DeadlineKind:
    """One kind of deadline.

    rows: (subject_id, due_local, zone) of every open deadline, for the planner's one statement; `due_local` is a
        timestamp without zone, `zone` an IANA name, `subject_id` the key of `model`.
    audiences: by code, who may be reminded.
    messages: the reminders a rule may choose from. moved: told once to those who were reminded of another moment; None
        where whatever moves the deadline tells them itself.
    describe: what the texts say, in the language that is active, read at the time of sending: (subject_id, user_id) to
        plain JSON with at least `title`, `url` and `when`. LookupError where there is nothing to say any more.
    name_of: the deadline's name for staff, in the language that is active.
    """

    name: str
    title: Any
    model: type[Model]
    rows: Callable[[], QuerySet]
    audiences: Mapping[str, Audience]
    messages: tuple[Message, ...]
    moved: Message | None
    describe: Callable[[int, int], dict[str, Any]]
    name_of: Callable[[int], str]
    rules: tuple[DefaultRule, ...] = ()


DEADLINES: dict[str, DeadlineKind] = {}


def register_deadline(kind: DeadlineKind) -> None:
    """Make a kind of deadline known; the same name twice, or a default rule it can't follow, is a programming error."""
    if DEADLINES.get(kind.name, kind) != kind:
        raise ImproperlyConfigured(f"deadline {kind.name} is registered twice")
    texts = {message.kind for message in kind.messages}
    for rule in kind.rules:
        if (
            rule.audience not in kind.audiences
            or rule.message not in texts
            or (rule.days is None) == (rule.hours is None)
        ):
            raise ImproperlyConfigured(f"deadline {kind.name}: a default rule does not fit")
        if (rule.days is None) != (rule.at is None):
            raise ImproperlyConfigured(f"deadline {kind.name}: days before go with a local time")
    DEADLINES[kind.name] = kind
