"""The criteria of a round: written in every language of its fund, weighed, put in order, before the round opens."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _, ngettext

from grants.domain.asking import keep_shown
from grants.domain.funds import STALE, STILL_THERE
from grants.domain.rounds import NewCriterion, add_criterion, hold_round, place_earlier
from grants.models import Criterion, Round
from grants.rules.rounds import WHOLE
from grants.rules.seen import criterion_mark
from network.doors import DomainError
from network.people.models import User
from network.text import clean_line, clean_text
from network.translation.models import texts_of, write

MOST_CRITERIA, HIGHEST_SCORE, LONGEST_NAME, LONGEST_GUIDANCE = 20, 100, 120, 3_000


def _check(new: NewCriterion) -> None:
    if not any(clean_line(text) for text in new.name.values()):
        raise DomainError(_("A criterion needs a name."), code="name")
    if any(len(clean_line(text)) > LONGEST_NAME for text in new.name.values()):
        most = {"most": LONGEST_NAME}
        raise DomainError(
            ngettext("A name has at most %(most)d character.", "A name has at most %(most)d characters.", LONGEST_NAME)
            % most,
            code="name",
        )
    if any(len(text) > LONGEST_GUIDANCE for text in new.guidance.values()):
        most = {"most": LONGEST_GUIDANCE}
        raise DomainError(
            ngettext(
                "A text has at most %(most)d character.", "A text has at most %(most)d characters.", LONGEST_GUIDANCE
            )
            % most,
            code="guidance",
        )
    if not 1 <= new.weight <= WHOLE:
        raise DomainError(_("A weight is between 1 and 100 per cent."), code="weight")
    if not 0 <= new.minimum < new.maximum <= HIGHEST_SCORE:
        raise DomainError(_("The highest score is above the lowest, and at most 100."), code="maximum")


def _keep_whole(locked: Round) -> None:
    """What everybody sees stays complete: the languages of its texts, and weights that add up."""
    keep_shown(locked)
    if locked.published and sum(locked.criteria.order_by().values_list("weight", flat=True)) != WHOLE:
        raise DomainError(
            _("Everybody sees these weights, so they add up to 100. Take the round back to change several of them."),
            code="weight",
        )


@transaction.atomic
def judge_by(round_: Round, new: NewCriterion, *, by: User, at: datetime) -> Criterion:
    """Put a criterion at the end. DomainError where the round has opened, `by` may not, or it lacks something."""
    locked = hold_round(round_, "criteria", by=by, at=at)
    _check(new)
    if locked.criteria.count() >= MOST_CRITERIA:
        raise DomainError(
            ngettext("A round has at most %(most)d criterion.", "A round has at most %(most)d criteria.", MOST_CRITERIA)
            % {"most": MOST_CRITERIA},
            code="many",
        )
    row = add_criterion(locked, new, by=by)
    _keep_whole(locked)
    return row


@transaction.atomic
def change_criterion(criterion: Criterion, new: NewCriterion, *, seen: str, by: User, at: datetime) -> Criterion:
    """Write a criterion anew; languages not named stay. `seen`: `rules.seen.criterion_mark` of what `by` read.

    DomainError as `judge_by`, and where somebody changed it since or took it away.
    """
    locked = hold_round(criterion.round, "criteria", by=by, at=at)
    row = _row(criterion)
    if criterion_mark(row) != seen:
        raise DomainError(STALE, code="stale")
    _check(new)
    write(row, "name", {code: clean_line(text) for code, text in new.name.items()})
    write(row, "guidance", {code: clean_text(text) for code, text in new.guidance.items()})
    if not texts_of(row, "name"):
        raise DomainError(_("A criterion needs a name."), code="name")
    row.weight, row.minimum, row.maximum = new.weight, new.minimum, new.maximum
    row.save()
    _keep_whole(locked)
    return row


def _row(criterion: Criterion) -> Criterion:
    row = Criterion.objects.select_for_update().filter(pk=criterion.pk).first()
    if row is None:
        raise DomainError(_("Somebody took this criterion away meanwhile."), code="gone")
    return row


@transaction.atomic
def drop_criterion(criterion: Criterion, *, seen: str, by: User, at: datetime) -> None:
    """Take a criterion away. `seen`: `rules.seen.criterion_mark` of what `by` read.

    DomainError where `by` may not, the round has opened, somebody changed it since or took it away, or everybody would
    see weights that don't add up.
    """
    locked = hold_round(criterion.round, "criteria", by=by, at=at)
    row = _row(criterion)
    if criterion_mark(row) != seen:
        raise DomainError(STILL_THERE, code="stale")
    row.delete()
    _keep_whole(locked)


@transaction.atomic
def raise_criterion(criterion: Criterion, *, by: User, at: datetime) -> None:
    """Name a criterion one place earlier; the first one stays the first. DomainError where `by` may not, or the round has opened."""
    locked = hold_round(criterion.round, "criteria", by=by, at=at)
    place_earlier(list(locked.criteria.order_by("position", "id")), criterion.pk)
