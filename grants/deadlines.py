"""The deadlines this app registers: a round closes, or the time that one application was given ends, and somebody has a

draft there that was never sent."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Case, DateTimeField, F, Func, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from grants.enums import ApplicationRole, State
from grants.messages import ROUND_CLOSES, ROUND_MOVED
from grants.models import Application, ApplicationMember, Round
from grants.queries.scopes import name_with_fund
from grants.rules.applications import WRITERS
from grants.rules.rounds import running, running_for
from network.deadlines import Audience, DeadlineKind, DefaultRule, register_deadline
from network.frame.moments import left_text, moment_text, yours_text, zone_of
from network.mail.queries.told import told_before

NAME, EXTENDED_NAME = "grants.round_closes", "grants.application_closes"
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


# Seen from a member: the application has a later end than its round.
EXTENDED = Q(application__extended_until__gt=F("application__round__closes_at"))


def _unfinished() -> QuerySet[ApplicationMember]:
    """Who owns or writes a draft, never sent, in an open round. A draft that was sent and reopened has a valid version."""
    return ApplicationMember.objects.filter(
        running_for(timezone.now(), "application__"),
        role__in=WRITERS,
        user__is_active=True,
        application__state=State.DRAFT,
        application__current_version__isnull=True,
    )


def _with_round() -> QuerySet[ApplicationMember]:
    """Of those, whose draft ends with its round; others are reminded of their own time (APPLICATION_CLOSING)."""
    return _unfinished().exclude(EXTENDED)


def people() -> QuerySet:
    """(round, person), each pair once, however many drafts they have there."""
    return _with_round().order_by().values_list("application__round_id", "user_id").distinct()


def describe(round_id: int, user_id: int) -> dict[str, Any]:
    """What a reminder says to this person now, in the active language. Two queries.

    `was` is the closing time the person was told before and `later` whether the new one is later; both are empty where
    nothing else was told. LookupError where the round does not stand open any more, or no draft of theirs waits in it.
    """
    found = list(
        _with_round()
        .filter(application__round=round_id, user=user_id)
        .select_related("user", "application__organisation", "application__round__fund")
        .order_by("application_id")
    )
    if not found:
        raise LookupError(f"round {round_id} has no draft of {user_id}")
    return _said(found, NAME, round_id)


def _said(found: list[ApplicationMember], deadline: str, subject_id: int) -> dict[str, Any]:
    """What is said of these drafts of one person, which end at the same moment."""
    round_, user, closes_at = found[0].application.round, found[0].user, found[0].application.closes_at
    zone = round_.timezone
    wall = closes_at.astimezone(zone_of(zone)).replace(tzinfo=None)
    was = told_before(deadline, subject_id, user.pk, f"{wall.isoformat(timespec='seconds')} {zone}")
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
        "when": moment_text(closes_at, zone),
        "url": settings.KOINE_BASE_URL + path,
        "path": path,
        "fund": str(round_.fund),
        "round": str(round_),
        "yours": yours_text(closes_at, zone, user.time_zone),
        "left": left_text(closes_at - timezone.now()),
        "was": moment_text(was, zone) if was else "",
        "later": bool(was and was < closes_at),
        "drafts": drafts,
        "owns": all(one.role == ApplicationRole.OWNER for one in found),
    }


def extended_rows() -> QuerySet:
    """(application, its own end on the round's clocks, zone) of every extended one whose time is open."""
    return (
        Application.objects.filter(running_for(timezone.now()), extended_until__gt=F("round__closes_at"))
        .order_by()
        .annotate(due_local=wall_time("extended_until", "round__timezone"))
        .values_list("pk", "due_local", "round__timezone")
    )


def extended_people() -> QuerySet:
    """(application, person) of unfinished drafts that were given more time."""
    return _unfinished().filter(EXTENDED).order_by().values_list("application_id", "user_id")


def describe_extended(application_id: int, user_id: int) -> dict[str, Any]:
    """The same for one application that was given more time. Two queries. LookupError as `describe`."""
    found = list(
        _unfinished()
        .filter(EXTENDED, application=application_id, user=user_id)
        .select_related("user", "application__organisation", "application__round__fund")
    )
    if not found:
        raise LookupError(f"application {application_id} is no extended draft of {user_id}")
    return _said(found, EXTENDED_NAME, application_id)


def extended_name(application_id: int) -> str:
    """Whose application it is, and in which round; nothing where it is gone."""
    one = Application.objects.select_related("organisation", "round__fund").filter(pk=application_id).first()
    return f"{one.organisation}: {name_with_fund(one.round)}" if one else ""


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


APPLICATION_CLOSING = DeadlineKind(
    name=EXTENDED_NAME,
    title=_("An extension ends"),
    model=Application,
    rows=extended_rows,
    audiences={DRAFTS: Audience(_("Owners and editors of an unfinished draft"), extended_people)},
    messages=(ROUND_CLOSES,),
    # Whoever gives it more time tells its people why (`messages.send_extended`).
    moved=None,
    describe=describe_extended,
    name_of=extended_name,
    rules=(_before(days=3), _before(hours=24), _before(hours=3)),
)


def register() -> None:
    """Make the closing of rounds, and the ends of extensions, known to the engine."""
    register_deadline(ROUND_CLOSING)
    register_deadline(APPLICATION_CLOSING)
