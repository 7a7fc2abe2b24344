"""More time for one application, and telling people that their time has changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from grants.domain.rounds import hold_closing
from grants.domain.submission import move_application
from grants.domain.walls import closing_at
from grants.enums import State, Verb
from grants.messages import send_extended, send_rescheduled
from grants.models import Application, ApplicationMember, Extension, Round
from grants.rules.applications import EXTENDABLE, TO_CHANGE, WRITERS, can_extend_application
from network.audit.context import because
from network.doors import DomainError, insist
from network.mail.queries.told import told_people
from network.people.models import User
from network.text import clean_line

BATCH = 200


@transaction.atomic
def extend_application(application: Application, until: datetime, *, reason: str, by: User, at: datetime) -> Extension:
    """Let one application be written and sent until `until`, a wall time in the round's zone; its owners and editors are told why.

    The newest extension counts. A draft that has lapsed is a draft again; what is in screening is as it was when it had been
    sent: its version counts, its owner can change it, and at the new end it goes to screening with the version sent last.
    DomainError where `by` does not run the fund, without a reason, for wall times as `move_closing`, for a time that is
    past, that is no later than the round's closing, or that it has already, and for an application that was withdrawn.
    """
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("round__fund", "organisation", "form")
        .get(pk=application.pk)
    )
    hold_closing(locked.round)
    insist(can_extend_application(by, locked))
    reason = clean_line(reason)[:300]
    if not reason:
        raise DomainError(_("Give a reason: its owners and editors read it."), code="reason")
    if locked.state not in EXTENDABLE:
        raise DomainError(
            _("It was withdrawn for good. While the round is open its organisation can begin another one."),
            code="state",
        )
    moment = closing_at(until, locked.round.timezone)
    if moment <= at:
        raise DomainError(_("This time has passed. Choose one to come."), code="until")
    if moment <= locked.round.closes_at:
        raise DomainError(_("The round itself is open until then. Choose a later time."), code="until")
    if moment == locked.extended_until:
        raise DomainError(_("It has this time already."), code="until")
    because(reason)
    extension = Extension(application=locked, until=moment, reason=reason, granted_by=by, granted_at=at)
    extension.save()
    locked.extended_until = moment
    locked.save(update_fields=["extended_until"])
    was = State(locked.state)
    if was not in TO_CHANGE:
        move_application(locked, Verb.EXTEND, at=at)
    send_extended(extension, was)
    return extension


def tell_rescheduled(round_id: int) -> int:
    """Tell everybody who owns or writes a draft or a sent application of a round that was moved; returns how many.

    Each person once for each move. Who was reminded of the old time hears of it from the planner, and whoever has later
    time of their own is not concerned. May run twice: a mail's key names the move.
    """
    round_ = Round.objects.filter(pk=round_id, moved_from__isnull=False).first()
    if round_ is None or round_.moved_from is None:
        return 0
    was, move, told = round_.moved_from, f"{round_id}.{round_.version}", set[int]()
    reminded = told_people("grants.round_closes", round_id)
    members = list(
        ApplicationMember.objects.filter(
            application__round=round_, application__state__in=TO_CHANGE, role__in=WRITERS, user__is_active=True
        )
        .select_related("user", "application__round__fund", "application__organisation")
        .order_by("user_id", "application_id")
    )
    for start in range(0, len(members), BATCH):
        with transaction.atomic():
            for member in members[start : start + BATCH]:
                if member.user_id not in told and _concerned(member, was, reminded):
                    send_rescheduled(member, was, move)
                    told.add(member.user_id)
    # Moved again meanwhile: the next run tells of that.
    Round.objects.filter(pk=round_id, closes_at=round_.closes_at, version=round_.version).update(moved_from=None)
    return len(told)


def tell_waiting() -> int:
    """The same for rounds whose wake-up was lost; returns how many people."""
    waiting = Round.objects.filter(moved_from__isnull=False).order_by("id")
    return sum(tell_rescheduled(pk) for pk in list(waiting.values_list("pk", flat=True)))


def _concerned(member: ApplicationMember, was: datetime, reminded: set[int]) -> bool:
    application = member.application
    own, now = application.extended_until, application.round.closes_at
    if was == now or (own and own >= max(was, now)):
        return False
    never_sent = application.state == State.DRAFT and application.current_version_id is None
    return not (never_sent and member.user_id in reminded)
