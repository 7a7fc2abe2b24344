"""Admitting cities to a network, and deciding about members. Decisions are only ever added, each with its own day."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import CODES
from network.membership.enums import WORKFLOW, DecisionKind, MemberKind, MembershipStatus
from network.membership.models import SINCE_EVER, Membership, MembershipDecision, Network, Region
from network.membership.rules import can_decide_membership, can_run_network, status_on
from network.precision import Precision
from network.text import clean_line, clean_text
from network.translation.models import write

# A decision that takes effect so far ahead is a slip of the pen.
FURTHEST_AHEAD = datetime.timedelta(days=3 * 366)
NEEDS_REASON = frozenset({DecisionKind.SUSPEND, DecisionKind.WITHDRAW, DecisionKind.EXCLUDE, DecisionKind.END})


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What is known of a membership. `joined_on` None: the day is not known; `known_on`: proved by then, no start.

    `act` and `role` by language code. `programme`: the network's programme it is about, empty for the network itself.
    """

    kind: str = MemberKind.FULL
    joined_on: datetime.date | None = None
    joined_precision: str = Precision.DAY
    known_on: datetime.date | None = None
    known_precision: str = Precision.DAY
    act: dict[str, str] = field(default_factory=dict)
    role: dict[str, str] = field(default_factory=dict)
    programme: str = ""
    founding: bool = False
    confirmed: bool = True
    region: Region | None = None
    source: str = ""


@transaction.atomic
def admit_member(network: Network, city: City, admission: Admission, *, by: Any, reason: str = "") -> Membership:
    """Take a city into a network at once: the membership and its approval, in effect since it joined.

    Where the day is not known, the approval is in effect since ever (0001-01-01): a member as far as anyone knows.
    Refuses a second membership of the same kind (and programme), and archived cities and networks.
    """
    insist(can_run_network(by, network))
    membership = _new_membership(network, city, admission)
    MembershipDecision.objects.create(
        membership=membership,
        kind=DecisionKind.APPROVE,
        effective_on=admission.joined_on or SINCE_EVER,
        precision=admission.joined_precision,
        reason=clean_text(reason),
        decided_by=by,
    )
    return membership


@transaction.atomic
def apply_for_city(network: Network, city: City, admission: Admission, *, by: Any) -> Membership:
    """Record that a city has applied. It is no member until `decide` approves it."""
    insist(can_run_network(by, network))
    return _new_membership(network, city, admission)


@transaction.atomic
def update_membership(membership: Membership, admission: Admission, *, version: int, by: Any) -> Membership:
    """Replace what is known of a membership, not its status. Refuses where it was changed since `version` was opened.

    Kind and programme stay: they are part of what was decided. A corrected joining day moves the first approval.
    """
    insist(can_decide_membership(by, membership))
    membership = Membership.objects.select_for_update().get(pk=membership.pk)
    if membership.version != version:
        raise DomainError(
            _("Somebody changed this membership while you were writing. Load the page again and repeat your change."),
            code="stale",
        )
    decisions = list(membership.decisions.order_by("effective_on", "id"))
    approval = next((one for one in decisions if one.kind == DecisionKind.APPROVE), None)
    joined = admission.joined_on or SINCE_EVER
    if approval is not None and approval.effective_on != joined:
        others = [one.effective_on for one in decisions if one.pk != approval.pk]
        if others and joined >= min(others):
            raise DomainError(_("The city can't have joined after a later decision about it."), code="order")
        approval.effective_on, approval.precision = joined, admission.joined_precision
        approval.save(update_fields=["effective_on", "precision"])
    _fill(membership, admission)
    membership.version += 1
    membership.save()
    return membership


@transaction.atomic
def decide(
    membership: Membership,
    kind: str,
    *,
    by: Any,
    effective_on: datetime.date | None = None,
    reason: str = "",
    requested_on: datetime.date | None = None,
    precision: str = Precision.DAY,
) -> MembershipDecision:
    """Record a decision about a membership, in effect from a day (today by default) that is told as exactly as known.

    Refuses what the workflow does not allow from the status on that day, a day before an earlier decision's, and a
    suspension, withdrawal, exclusion or end without a reason. Two deciders take turns: the second one is judged by
    what the first one decided.
    """
    insist(can_decide_membership(by, membership))
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    day = effective_on or timezone.localdate()
    reason = clean_text(reason)
    if day - timezone.localdate() > FURTHEST_AHEAD:
        raise DomainError(_("That day is more than three years ahead."), code="day")
    if requested_on and requested_on > day:
        raise DomainError(_("It can't take effect before it was requested."), code="day")
    if kind in NEEDS_REASON and not reason:
        raise DomainError(_("Say why."), code="reason")
    decisions = list(membership.decisions.order_by("effective_on", "id"))
    if decisions and day < decisions[-1].effective_on:
        raise DomainError(_("A later decision is on record. Choose a day after it."), code="order")
    status = status_on(decisions, day)
    if kind not in WORKFLOW[status]:
        raise DomainError(
            _("Not possible: on that day the city is “%(status)s”.") % {"status": MembershipStatus(status).label},
            code="state",
        )
    if reason:
        because(reason[:500])
    decision = MembershipDecision.objects.create(
        membership=membership,
        kind=kind,
        effective_on=day,
        precision=precision,
        requested_on=requested_on,
        reason=reason,
        decided_by=by,
    )
    if kind == DecisionKind.APPROVE and membership.joined_on is None and day != SINCE_EVER:
        membership.joined_on, membership.joined_precision = day, precision
    membership.version += 1
    membership.save(update_fields=["joined_on", "joined_precision", "version"])
    return decision


def _new_membership(network: Network, city: City, admission: Admission) -> Membership:
    if city.archived_at or network.archived_at:
        raise DomainError(_("An archived city or network takes no new members."), code="state")
    membership = Membership(network=network, city=city, kind=admission.kind)
    membership.programme = clean_line(admission.programme)[:80]
    same = Membership.objects.filter(network=network, city=city, kind=membership.kind, programme=membership.programme)
    if same.exists():
        raise DomainError(_("This city has a membership of this kind in this network."), code="twice")
    _fill(membership, admission)
    membership.save()
    return membership


def _fill(membership: Membership, admission: Admission) -> None:
    if admission.kind not in MemberKind or not {admission.joined_precision, admission.known_precision} <= set(
        Precision
    ):
        raise DomainError(_("Choose a kind of the list."), code="choice")
    if admission.region is not None and admission.region.network_id != membership.network_id:
        raise DomainError(_("This region belongs to another network."), code="region")
    if admission.joined_on and admission.joined_on > timezone.localdate() + FURTHEST_AHEAD:
        raise DomainError(_("That day is more than three years ahead."), code="day")
    for name, texts in (("act", admission.act), ("role", admission.role)):
        lines = {code: clean_line(texts.get(code, ""))[:250] for code in CODES}
        write(membership, name, {code: line or None for code, line in lines.items()})
    membership.region = admission.region
    membership.joined_on, membership.joined_precision = admission.joined_on, admission.joined_precision
    membership.known_on, membership.known_precision = admission.known_on, admission.known_precision
    membership.founding, membership.confirmed = admission.founding, admission.confirmed
    membership.source = clean_line(admission.source)[:300]
