"""When a round is open: the one place that says so. Everything that asks, asks `moment_of`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from grants.enums import FundStatus, Moment
from grants.models import Round
from network.doors import Allowed, Denied, Verdict

NOT_YET = _("This round is not open yet.")
CLOSED = _("This round is closed.")


def moment_of(round_: Round, at: datetime) -> Moment:
    """Where the round stands at `at`: half open, so the second of `closes_at` is already past the deadline.

    upcoming | opens_at <= open < closes_at <= grace < closes_at + grace_seconds <= closed
    """
    if at < round_.opens_at:
        return Moment.UPCOMING
    if at < round_.closes_at:
        return Moment.OPEN
    if at < round_.closes_at + timedelta(seconds=round_.grace_seconds):
        return Moment.GRACE
    return Moment.CLOSED


def accepts(round_: Round, at: datetime) -> bool:
    """Whether what is under way may still be written and sent: open, or within the grace."""
    return moment_of(round_, at) in {Moment.OPEN, Moment.GRACE}


def can_see_round(user, round_: Round) -> Verdict:
    """Published rounds of funds that are no draft are everybody's."""
    if round_.published and round_.fund.status != FundStatus.DRAFT:
        return Allowed()
    return Denied(_("This round is not published."))


def can_start_in(round_: Round, at: datetime) -> Verdict:
    """Whether anybody may start an application in this round now."""
    if isinstance(seen := can_see_round(None, round_), Denied):
        return seen
    if round_.fund.status != FundStatus.OPEN:
        return Denied(CLOSED)
    match moment_of(round_, at):
        case Moment.OPEN:
            return Allowed()
        case Moment.UPCOMING:
            return Denied(NOT_YET)
        case _:
            return Denied(CLOSED)
