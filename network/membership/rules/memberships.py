"""A membership's status as a pure function of its decisions and a day, and who may decide.

The newest decision in force on the day tells: by the day it takes effect, and of several on one day by the order in
which they were recorded. No decision in force: the city has applied. `MembershipQuerySet.members_on` says the same in
SQL; a test holds the two together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Protocol

from network.doors import Verdict
from network.membership.enums import WORKFLOW, DecisionKind, MembershipStatus
from network.membership.models import Membership
from network.membership.rules.networks import can_run_network

LEADS_TO: dict[str, MembershipStatus] = {
    decision: status for possible in WORKFLOW.values() for decision, status in possible.items()
}


class Decided(Protocol):
    """What the status is computed from: a decision's kind, its day, and its place in the order of recording."""

    kind: str
    effective_on: datetime.date
    pk: int


def status_on(decisions: Iterable[Decided], day: datetime.date) -> MembershipStatus:
    """What the membership is on that day."""
    in_force = [(one.effective_on, one.pk, one.kind) for one in decisions if one.effective_on <= day]
    return LEADS_TO[max(in_force)[2]] if in_force else MembershipStatus.PENDING


def next_decisions(status: MembershipStatus) -> tuple[DecisionKind, ...]:
    """The decisions that are possible from a status, in the order of the workflow."""
    return tuple(WORKFLOW[status])


def can_decide_membership(user: Any, membership: Membership) -> Verdict:
    """May this person decide about the membership? Officers of its network, and operators."""
    return can_run_network(user, membership.network)
