"""When a round is open: the one place that says so, in Python (`moment_of`, `standing_of`) and in SQL (`running`); and
until when one application of it may be written, which staff may extend (`moment_for`, `accepts`, `running_for`).

A test holds the two together. What may still be changed of a round goes by where it stands, so it is here too.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grants.enums import FormKind, FundStatus, Moment
from grants.models import Application, Round
from network.doors import Allowed, Denied, Verdict

NOT_YET = _("This round is not open yet.")
CLOSED = _("This round is closed.")
# What the weights of a round's criteria add up to, in per cent.
WHOLE = 100
# Why something of a round stays as it is.
BY_MOVING = _("People plan by this time. Move it with a reason: whoever was reminded is told.")
HAS_OPENED = _("The round has opened.")
TERMS_STAND = _("People write by these terms, so they stay until the round closes.")
HAS_CLOSED = _("The round has closed.")
NOT_CLOSED = _("The result is told once the round has closed.")


def moment_of(round_: Round, at: datetime) -> Moment:
    """Where the round stands at `at`: half open, so the second of `closes_at` is already past the deadline.

    upcoming | opens_at <= open < closes_at <= grace < closes_at + grace_seconds <= closed
    """
    return _moment(round_, round_.closes_at, at)


def _moment(round_: Round, closes_at: datetime, at: datetime) -> Moment:
    if at < round_.opens_at:
        return Moment.UPCOMING
    if at < closes_at:
        return Moment.OPEN
    if at < closes_at + timedelta(seconds=round_.grace_seconds):
        return Moment.GRACE
    return Moment.CLOSED


def moment_for(application: Application, at: datetime) -> Moment:
    """The same for one application, whose time may end later than its round's (`Application.closes_at`)."""
    return _moment(application.round, application.closes_at, at)


def is_sealed(round_: Round, at: datetime) -> bool:
    """Whether nobody may read applications of it yet: sealed rounds open their letters once nothing can arrive any more."""
    return round_.sealed and moment_of(round_, at) != Moment.CLOSED


def standing_of(round_: Round, at: datetime) -> Moment:
    """Where the round stands for those who would like to begin: as `moment_of`, and closed with its fund."""
    return moment_of(round_, at) if round_.fund.status == FundStatus.OPEN else Moment.CLOSED


def standing_in(standing: str, at: datetime) -> Q:
    """The rounds that stand so for those who would like to begin: what `standing_of` says, with the grace as closed."""
    opened = Q(fund__status=FundStatus.OPEN)
    match standing:
        case Moment.UPCOMING:
            return opened & Q(opens_at__gt=at)
        case Moment.OPEN:
            return opened & Q(opens_at__lte=at, closes_at__gt=at)
        case _:
            return ~opened | Q(closes_at__lte=at)


def running(at: datetime, prefix: str = "") -> Q:
    """The rounds, seen from a query by `prefix`, that everybody may know of and whose moment is open at `at`."""
    return Q(
        **{
            f"{prefix}published": True,
            f"{prefix}fund__status__in": [FundStatus.OPEN, FundStatus.CLOSED],
            f"{prefix}opens_at__lte": at,
            f"{prefix}closes_at__gt": at,
        }
    )


def startable(at: datetime) -> Q:
    """The rounds in which anybody may start an application at `at`: what `can_start_in` allows, as a query."""
    return running(at) & Q(fund__status=FundStatus.OPEN)


def running_for(at: datetime, prefix: str = "") -> Q:
    """The applications, seen from a query by `prefix`, whose own time is open at `at`: as `moment_for`, as a query."""
    longer = Q(
        **{
            f"{prefix}round__published": True,
            f"{prefix}round__fund__status__in": [FundStatus.OPEN, FundStatus.CLOSED],
            f"{prefix}round__opens_at__lte": at,
            f"{prefix}extended_until__gt": at,
        }
    )
    return running(at, f"{prefix}round__") | longer


def ended(at: datetime) -> Q:
    """The applications whose own time is over at `at`, the grace not counted."""
    return Q(round__closes_at__lte=at) & (Q(extended_until__isnull=True) | Q(extended_until__lte=at))


def accepts(application: Application, at: datetime) -> bool:
    """Whether an application under way may still be written and sent: open, or within the grace, or extended."""
    return moment_for(application, at) in {Moment.OPEN, Moment.GRACE}


def can_see_round(user: Any, round_: Round) -> Verdict:
    """Published rounds of funds that are no draft are everybody's."""
    if round_.published and round_.fund.status != FundStatus.DRAFT:
        return Allowed()
    return Denied(_("This round is not published."))


def can_start_in(round_: Round, at: datetime) -> Verdict:
    """Whether anybody may start an application in this round now."""
    if isinstance(seen := can_see_round(None, round_), Denied):
        return seen
    match standing_of(round_, at):
        case Moment.OPEN:
            return Allowed()
        case Moment.UPCOMING:
            return Denied(NOT_YET)
        case _:
            return Denied(CLOSED)


# --- what may be changed ----------------------------------------------------------------------------------------------

TIMES = ("opens", "closes", "zone")
RESULT = ("awarded", "projects")
SIZES = ("award_min", "award_max", "tiers")
TERMS = ("grace_seconds", "max_per_organisation", "sealed", "blind", "eligibility", "criteria", *SIZES)
# What may still move while people write, and only for their good: never shorter, fewer, or open to earlier eyes.
ONE_WAY = {
    "grace_seconds": _("While the round is open the grace can only become longer."),
    "max_per_organisation": _("While the round is open this number can only grow."),
    "sealed": _("Applicants were told that nobody reads before the round closes. That stays."),
}


def fixed_of(round_: Round, at: datetime) -> dict[str, Any]:
    """What can't be changed of the round at `at`, each with the reason that is shown beside it.

    Everything is free until the round is shown to everyone. Then its closing moves by `move_closing` alone; from its
    opening on its terms stay, but for ONE_WAY; once it has closed only its title, its result and its source are open.
    """
    if not round_.published:
        return dict.fromkeys(RESULT, NOT_CLOSED) if moment_of(round_, at) != Moment.CLOSED else {}
    match moment_of(round_, at):
        case Moment.UPCOMING:
            return {"closes": BY_MOVING, "zone": BY_MOVING, **dict.fromkeys(RESULT, NOT_CLOSED)}
        case Moment.CLOSED:
            return dict.fromkeys((*TIMES, *TERMS, "form"), HAS_CLOSED)
        case _:
            stands = [name for name in TERMS if name not in ONE_WAY]
            return {
                "opens": HAS_OPENED,
                "closes": BY_MOVING,
                "zone": HAS_OPENED,
                **dict.fromkeys(stands, TERMS_STAND),
                **dict.fromkeys(RESULT, NOT_CLOSED),
            }


def backwards_of(round_: Round, at: datetime, wanted: dict[str, Any]) -> str | None:
    """The first of the wanted terms that would go the wrong way while people write; None where all are fair."""
    if not round_.published or moment_of(round_, at) not in {Moment.OPEN, Moment.GRACE}:
        return None
    return next((name for name in ONE_WAY if name in wanted and wanted[name] < getattr(round_, name)), None)


def missing_of(round_: Round) -> list[str]:
    """What a round still needs before it can be shown to everyone, in words. Two queries."""
    weights = list(round_.criteria.order_by().values_list("weight", flat=True))
    checks = (
        (bool(weights), _("the criteria by which applications are judged")),
        (not weights or sum(weights) == WHOLE, _("criteria whose weights add up to 100 per cent")),
        (round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).exists(), _("its questions")),
    )
    return [str(what) for there, what in checks if not there]
