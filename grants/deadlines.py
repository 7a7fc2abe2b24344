"""The deadline this app registers: a round closes, and somebody has a draft in it that was never sent."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Case, DateTimeField, F, Func, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from grants.enums import ApplicationRole, State
from grants.messages import ROUND_CLOSES, ROUND_MOVED
from grants.models import ApplicationMember, Round
from grants.queries.scopes import name_with_fund
from grants.rules.applications import WRITERS
from grants.rules.rounds import running
from network.deadlines import Audience, DeadlineKind, DefaultRule, register_deadline
from network.frame.moments import left_text, moment_text, yours_text, zone_of
from network.mail.queries.told import told_before

NAME = "grants.round_closes"
DRAFTS = "drafts"


class AtTimeZone(Func):
    """What clocks in a zone (IANA) show at a moment: a timestamp without time zone."""

    template = "(%(expressions)s)"
    arg_joiner = " AT TIME ZONE "
    arity = 2
    output_field = DateTimeField()


def wall_time(moment: str, zone: str) -> Case:
    """The wall time of a column in the zone of another. A zone that the database does not know must not stop the
    planner, which leaves such a row out and tells of it: UTC stands in for it here."""
    known = Func(F(zone), function="mail_knows_zone", output_field=BooleanField())
    return Case(When(known, then=AtTimeZone(F(moment), F(zone))), default=AtTimeZone(F(moment), Value("UTC")))


def rows() -> QuerySet:
    """(round, closing time on the round's own clocks, zone) of every open round."""
    return (
        Round.objects.filter(running(timezone.now()))
        .order_by()
        .annotate(due_local=wall_time("closes_at", "timezone"))
        .values_list("pk", "due_local", "timezone")
    )


def _unfinished() -> QuerySet[ApplicationMember]:
    """Who owns or writes a draft, never sent, in an open round. A draft that was sent and reopened has a valid version."""
    return ApplicationMember.objects.filter(
        running(timezone.now(), "application__round__"),
        role__in=WRITERS,
        user__is_active=True,
        application__state=State.DRAFT,
        application__current_version__isnull=True,
    )


def people() -> QuerySet:
    """(round, person), each pair once, however many drafts they have there."""
    return _unfinished().order_by().values_list("application__round_id", "user_id").distinct()


def describe(round_id: int, user_id: int) -> dict[str, Any]:
    """What a reminder says to this person now, in the active language. Two queries.

    `was` is the closing time the person was told before and `later` whether the new one is later; both are empty where
    nothing else was told. LookupError where the round does not stand open any more, or no draft of theirs waits in it.
    """
    found = list(
        _unfinished()
        .filter(application__round=round_id, user=user_id)
        .select_related("user", "application__organisation", "application__round__fund")
        .order_by("application_id")
    )
    if not found:
        raise LookupError(f"round {round_id} has no draft of {user_id}")
    round_, user = found[0].application.round, found[0].user
    zone = round_.timezone
    wall = round_.closes_at.astimezone(zone_of(zone)).replace(tzinfo=None)
    was = told_before(NAME, round_id, user_id, f"{wall.isoformat(timespec='seconds')} {zone}")
    drafts = [
        {
            "organisation": str(one.application.organisation),
            "title": one.application.title,
            "url": settings.KOINE_BASE_URL + one.application.get_absolute_url(),
        }
        for one in found
    ]
    path = found[0].application.get_absolute_url() if len(found) == 1 else reverse("portal:desk")
    return {
        "title": gettext("Your draft for %(fund)s") % {"fund": round_.fund},
        "when": moment_text(round_.closes_at, zone),
        "url": settings.KOINE_BASE_URL + path,
        "path": path,
        "fund": str(round_.fund),
        "round": str(round_),
        "yours": yours_text(round_.closes_at, zone, user.time_zone),
        "left": left_text(round_.closes_at - timezone.now()),
        "was": moment_text(was, zone) if was else "",
        "later": bool(was and was < round_.closes_at),
        "drafts": drafts,
        "owns": all(one.role == ApplicationRole.OWNER for one in found),
    }


def name_of(round_id: int) -> str:
    """The round with its fund, in the active language; nothing where it is gone."""
    round_ = Round.objects.select_related("fund").filter(pk=round_id).first()
    return name_with_fund(round_) if round_ else ""


def _before(days: int | None = None, hours: int | None = None) -> DefaultRule:
    return DefaultRule(DRAFTS, ROUND_CLOSES.kind, days=days, at=time(9) if days else None, hours=hours)


ROUND_CLOSING = DeadlineKind(
    name=NAME,
    title=_("A round closes"),
    model=Round,
    rows=rows,
    audiences={DRAFTS: Audience(_("Owners and editors of an unfinished draft"), people)},
    messages=(ROUND_CLOSES,),
    moved=ROUND_MOVED,
    describe=describe,
    name_of=name_of,
    rules=(_before(days=7), _before(days=3), _before(hours=24), _before(hours=3)),
)


def register() -> None:
    """Make the closing of rounds known to the engine."""
    register_deadline(ROUND_CLOSING)
