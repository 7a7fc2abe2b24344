"""Changing a round on record: its terms while that is fair, the sizes of its grants, whether everybody sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _, ngettext

from grants.domain.funds import STALE
from grants.domain.rounds import check_alone, check_terms, clean_title, hold_with_fund, insist_complete
from grants.domain.walls import at_local, closing_at
from grants.models import Round, Tier
from grants.models.questions import Texts
from grants.rules.rounds import HAS_CLOSED, ONE_WAY, backwards_of, fixed_of, missing_of
from grants.rules.seen import tiers_mark
from network.audit.context import because
from network.doors import DomainError
from network.frame.moments import zone_of
from network.frame.names import money_text
from network.people.models import User
from network.text import clean_line
from network.translation.models import texts_of, write

PLAIN = (
    "grace_seconds",
    "max_per_organisation",
    "sealed",
    "blind",
    "award_min",
    "award_max",
    "awarded",
    "projects",
    "source",
)
MOST_TIERS = 10


def _held(round_: Round, by: User, version: int | None) -> Round:
    """As `hold_with_fund`. DomainError also where it changed since `version` was read."""
    locked = hold_with_fund(round_, by=by)
    if version is not None and version != locked.version:
        raise DomainError(STALE, code="stale")
    return locked


def _keep(locked: Round, round_: Round) -> Round:
    locked.version += 1
    locked.save()
    round_.version = locked.version
    return locked


def walls_of(round_: Round) -> dict[str, Any]:
    """Opening and closing as clocks in the round's zone show them, and the zone: as `change_round` takes them."""
    there = zone_of(round_.timezone)
    return {
        "opens": round_.opens_at.astimezone(there).replace(tzinfo=None),
        "closes": round_.closes_at.astimezone(there).replace(tzinfo=None),
        "zone": round_.timezone,
    }


@transaction.atomic
def change_round(
    round_: Round, wanted: Mapping[str, Any], *, title: Texts | None = None, version: int, by: User, at: datetime
) -> Round:
    """Change a round on record. `wanted` has names of PLAIN, and opens, closes, zone as wall times; others stay.

    DomainError where something of it can't be changed at `at` (`rules.rounds.fixed_of`), would go the wrong way while
    people write, makes no sense, or somebody changed the round since `version`.
    """
    locked = _held(round_, by, version)
    now_there = walls_of(locked)
    changes = {
        name: value
        for name, value in wanted.items()
        if value != (now_there[name] if name in now_there else getattr(locked, name))
    }
    fixed = fixed_of(locked, at)
    for name in changes:
        if name in fixed:
            raise DomainError(fixed[name], code=name)
    if back := backwards_of(locked, at, changes):
        raise DomainError(ONE_WAY[back], code=back)
    for name in PLAIN:
        if name in changes:
            setattr(locked, name, clean_line(changes[name])[:300] if name == "source" else changes[name])
    if changes.keys() & now_there.keys():
        _move(locked, {**now_there, **changes}, at)
    if changes.keys() & {"award_min", "award_max"} and locked.tiers.exists():
        raise DomainError(_("The sizes of grants say the smallest and the largest."), code="award_min")
    if not (changes.keys() <= {"awarded", "projects", "source"}):
        check_terms(locked, locked.opens_at, locked.closes_at)
    if title is not None:
        before = texts_of(locked, "title")
        write(locked, "title", clean_title(title))
        lost = (before.keys() - texts_of(locked, "title").keys()) & set(locked.fund.languages)
        if locked.published and lost:
            raise DomainError(_("Everybody sees this title in a language of the fund, so it stays."), code="title")
        if not texts_of(locked, "title"):
            raise DomainError(_("A round needs a title."), code="title")
    return _keep(locked, round_)


def _move(locked: Round, walls: Mapping[str, Any], at: datetime) -> None:
    """Other moments, while they are free: a round that is shown already opens at a time to come."""
    opens_at, closes_at = at_local(walls["opens"], walls["zone"]), closing_at(walls["closes"], walls["zone"])
    if locked.published and opens_at <= at:
        raise DomainError(_("This time has passed. Choose one to come."), code="opens")
    others = locked.fund.rounds.order_by().exclude(pk=locked.pk)
    check_alone(others, opens_at, closes_at)
    locked.opens_at, locked.closes_at, locked.timezone = opens_at, closes_at, walls["zone"]
    locked.opens_hour_known = locked.closes_hour_known = True


# --- sizes of grants --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewTier:
    """A size of grant: from, to (both included), and what the applicant brings, in per cent of the grant."""

    minimum: Decimal
    maximum: Decimal
    match: int = 0


@transaction.atomic
def set_tiers(
    round_: Round, tiers: Sequence[NewTier], *, seen: str | None = None, by: User, at: datetime
) -> list[Tier]:
    """Say which sizes of grant there are; none: any amount between the smallest and the largest grant.

    The round's smallest and largest grant follow. `seen`: `rules.seen.tiers_mark` of what `by` read. DomainError where tiers
    overlap or leave amounts out between them, where people write already, and where somebody changed them since.
    """
    locked = _held(round_, by, None)
    if reason := fixed_of(locked, at).get("tiers"):
        raise DomainError(reason, code="tiers")
    if seen is not None and seen != tiers_mark(locked):
        raise DomainError(STALE, code="stale")
    ordered = sorted(tiers, key=lambda one: (one.minimum, one.maximum))
    _fit(ordered, locked.fund.currency)
    locked.tiers.all().delete()
    kept = [Tier(round=locked, minimum=one.minimum, maximum=one.maximum, match=one.match) for one in ordered]
    for tier in kept:
        tier.save()
    if kept:
        locked.award_min, locked.award_max = kept[0].minimum, kept[-1].maximum
    _keep(locked, round_)
    round_.award_min, round_.award_max = locked.award_min, locked.award_max
    return kept


def _fit(ordered: Sequence[NewTier], currency: str) -> None:
    if len(ordered) > MOST_TIERS:
        raise DomainError(
            ngettext("A round has at most %(most)d size.", "A round has at most %(most)d sizes.", MOST_TIERS)
            % {"most": MOST_TIERS},
            code="many",
        )
    for one in ordered:
        if one.minimum <= 0 or one.maximum < one.minimum:
            raise DomainError(_("A size goes from a smaller amount to a larger one."), code="sizes")
        if not 0 <= one.match <= 100:
            raise DomainError(_("Match funding is between 0 and 100 per cent of the grant."), code="match")
    for lower, upper in pairwise(ordered):
        told = {"low": money_text(lower.maximum, currency), "high": money_text(upper.minimum, currency)}
        if upper.minimum <= lower.maximum:
            text = _("Two sizes overlap: one goes up to %(low)s, the next begins at %(high)s.") % told
            raise DomainError(text, code="overlap")
        if upper.minimum - lower.maximum > 1:
            text = _("Nobody could ask for what lies between %(low)s and %(high)s: no size covers it.") % told
            raise DomainError(text, code="gap")


# --- shown to everyone ------------------------------------------------------------------------------------------------


@transaction.atomic
def show_round(round_: Round, *, by: User, at: datetime) -> Round:
    """Show a round to everyone. DomainError where something is missing, a text is not written in each of the fund's languages,

    or its closing has passed.
    """
    locked = _held(round_, by, None)
    if locked.published:
        raise DomainError(_("The round is shown to everyone already."), code="state")
    if missing := missing_of(locked):
        raise DomainError(_("The round still needs: %(what)s.") % {"what": ", ".join(missing)}, code="missing")
    if locked.closes_at <= at:
        raise DomainError(_("The closing time has passed. Choose another first."), code="past")
    insist_complete(locked)
    locked.published = round_.published = True
    return _keep(locked, round_)


@transaction.atomic
def hide_round(round_: Round, *, reason: str, by: User, at: datetime) -> Round:
    """Take a round back that nobody has begun to apply in. The reason is kept. DomainError where somebody has, or it has closed."""
    locked = _held(round_, by, None)
    if not locked.published:
        raise DomainError(_("The round is not shown to everyone."), code="state")
    reason = clean_line(reason)[:300]
    if not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    if locked.closes_at <= at:
        raise DomainError(HAS_CLOSED, code="closed")
    if locked.applications.exists():
        raise DomainError(_("People have begun to apply in this round, so it stays."), code="begun")
    because(reason)
    locked.published = round_.published = False
    return _keep(locked, round_)
