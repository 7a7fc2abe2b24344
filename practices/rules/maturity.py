"""How well proven a practice is: computed from its evidence, never typed, and explained in words.

    emerging     under 12 months, or no measured result
    promising    at least 12 months, and one indicator with baseline and value
    good         promising, and an external evaluation or at least 2 settings, and a peer review on the four criteria
                 whose scores are 3 or more on average
    transferred  good, and another city that tries it or has it in place, confirmed by the city that wrote it

Each step needs all steps before it. `maturity_of` is the only place that decides; `explain` says the same in sentences.
Only finished reviews of peers from elsewhere count, and of these only the newest: those of the version that was reviewed
last, or what staff wrote down after it.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, ngettext

from network.frame.moments import day_text, known_day_text
from network.frame.names import number_text
from network.precision import Precision
from practices.enums import EvidenceKind, Maturity
from practices.models import Adoption, PeerReview, Practice

MONTHS = 12
SETTINGS = 2
# The mean of all scores of all peers: 3 says "sufficiently" (`rules.reviewing.SCALE`).
LEAST_SCORE = Decimal(3)
# Evidence of these kinds counts as an external evaluation where it is independent of those who ran the practice.
EXTERNAL = frozenset({EvidenceKind.EXTERNAL_EVALUATION, EvidenceKind.ACADEMIC_STUDY})


@dataclass(frozen=True)
class Facts:
    """What the steps are judged by.

    started_on, started_precision: the start and how exactly it is known; ended_on: the end, None while it runs;
    measured: results with baseline and value; settings: places it ran in; evaluated: an external evaluation exists;
    reviews: peer reviews that count, score: the mean of all their scores, reviewed_on: the day of the last; adoptions: other
    cities that took it up, as both cities say.
    """

    started_on: datetime.date | None = None
    started_precision: str = Precision.DAY
    ended_on: datetime.date | None = None
    measured: int = 0
    settings: int = 1
    evaluated: bool = False
    reviews: int = 0
    score: Decimal | None = None
    reviewed_on: datetime.date | None = None
    adoptions: int = 0

    @property
    def convinced(self) -> bool:
        """Whether peers reviewed it and their scores suffice."""
        return self.score is not None and self.score >= LEAST_SCORE


def facts_from(
    practice: Practice,
    results: Iterable[Any],
    evidence: Iterable[Any],
    reviews: Iterable[PeerReview],
    adoptions: Iterable[Adoption],
) -> Facts:
    """The facts of a practice with these rows; results and evidence as stored or as a version says them.

    A result counts as measured where it has a baseline, evidence as an external evaluation where it is independent and
    of an external kind, an adoption where it is another city's and counts (`Adoption.counts`: confirmed by the city that
    wrote the practice, and being tried or in place). `reviews` are finished and public; which of them count: `counting`.
    """
    peers = counting(reviews, practice.city_id)
    return Facts(
        started_on=practice.started_on,
        started_precision=practice.started_precision,
        ended_on=practice.ended_on,
        measured=sum(row.baseline is not None for row in results),
        settings=practice.settings_count,
        evaluated=any(row.independent and row.kind in EXTERNAL for row in evidence),
        reviews=len(peers),
        score=score_of(peers),
        reviewed_on=max((row.reviewed_on for row in peers), default=None),
        adoptions=sum(row.counts and row.city_id != practice.city_id for row in adoptions),
    )


def counting(reviews: Iterable[PeerReview], city: int) -> list[PeerReview]:
    """Of the public reviews of that city's practice those that count: of peers from elsewhere, the newest version's only."""
    rounds: dict[int | None, list[PeerReview]] = {}
    for row in reviews:
        if row.city_id != city:
            rounds.setdefault(row.version_id, []).append(row)
    return max(rounds.values(), key=lambda rows: max((row.reviewed_on, row.pk) for row in rows), default=[])


def score_of(reviews: Iterable[PeerReview]) -> Decimal | None:
    """The mean of all scores of these reviews, None where there are none."""
    scores = [score for row in reviews for score in row.scores]
    return Decimal(sum(scores)) / len(scores) if scores else None


@dataclass(frozen=True)
class Reason:
    """One sentence of the explanation: something that is there, or something the next step needs."""

    met: bool
    text: str


@dataclass(frozen=True)
class Explanation:
    """The level, what speaks for it, and what the next step needs (nothing for the highest)."""

    level: Maturity
    because: tuple[Reason, ...]
    needs: tuple[Reason, ...]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """All sentences as `{% maturity_mark %}` takes them: what is there first."""
        return [{"met": reason.met, "text": reason.text} for reason in (*self.because, *self.needs)]


def has_run_long_enough(facts: Facts, today: datetime.date) -> bool:
    """Whether 12 months of work lie between start and today (or the end). An inexact start counts from its last day."""
    complete = complete_on(facts)
    return complete is not None and complete <= (min(today, facts.ended_on) if facts.ended_on else today)


def complete_on(facts: Facts) -> datetime.date | None:
    """The day on which it has run, or would have run, for 12 months; None where nobody knows when it began.

    12 months after 29 February end on 28 February. An inexact start counts from its last day.
    """
    if facts.started_on is None:
        return None
    return months_later(_last_day(facts.started_on, facts.started_precision), MONTHS)


def months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last of that month: a year after 29 February is 28 February."""
    months += day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def maturity_of(facts: Facts, today: datetime.date) -> Maturity:
    """The level on that day, by the table above."""
    if not has_run_long_enough(facts, today) or not facts.measured:
        return Maturity.EMERGING
    if not (facts.evaluated or facts.settings >= SETTINGS) or not facts.convinced:
        return Maturity.PROMISING
    return Maturity.TRANSFERRED if facts.adoptions else Maturity.GOOD


def explain(facts: Facts, today: datetime.date) -> Explanation:
    """Why the practice has its level, and what it needs for the next, in the active language."""
    level = maturity_of(facts, today)
    reasons = list(_first_step(facts, today))
    if level != Maturity.EMERGING:
        reasons += _second_step(facts)
    if level in {Maturity.GOOD, Maturity.TRANSFERRED}:
        reasons += _third_step(facts)
    return Explanation(
        level, tuple(reason for reason in reasons if reason.met), tuple(reason for reason in reasons if not reason.met)
    )


def _first_step(facts: Facts, today: datetime.date) -> Iterator[Reason]:
    complete = complete_on(facts)
    if facts.started_on is None or complete is None:
        yield Reason(False, _("To become promising it needs a known start, 12 months ago or earlier."))
    elif has_run_long_enough(facts, today):
        start = known_day_text(facts.started_on, facts.started_precision)
        yield Reason(True, _("It has run for 12 months or longer, since %(day)s.") % {"day": start})
    elif facts.ended_on and facts.ended_on < complete:
        yield Reason(False, _("To become promising it would have needed 12 months of work; it ended before."))
    else:
        text = _("To become promising it needs 12 months of work: that is on %(day)s.")
        yield Reason(False, text % {"day": day_text(complete)})
    if facts.measured:
        text = ngettext(
            "%(count)d result is measured before and after.",
            "%(count)d results are measured before and after.",
            facts.measured,
        )
        yield Reason(True, text % {"count": facts.measured})
    else:
        yield Reason(False, _("To become promising it needs one result measured before and after."))


def _second_step(facts: Facts) -> Iterator[Reason]:
    if facts.evaluated:
        yield Reason(True, _("It was evaluated from outside."))
    if facts.settings >= SETTINGS:
        text = ngettext("It ran in %(count)d place.", "It ran in %(count)d places.", facts.settings)
        yield Reason(True, text % {"count": facts.settings})
    elif not facts.evaluated:
        yield Reason(False, _("To become good it needs an evaluation from outside, or a second place."))
    if not facts.reviews or facts.score is None or facts.reviewed_on is None:
        yield Reason(False, _("To become good it needs a review by peers on the four criteria."))
        return
    told = {"score": number_text(round(facts.score, 1)), "day": day_text(facts.reviewed_on)}
    if facts.convinced:
        text = _("Peers from elsewhere reviewed it on %(day)s and gave %(score)s of 5 points on average.")
        yield Reason(True, text % told)
    else:
        text = _("To become good it needs 3 points on average from its peers; on %(day)s they gave %(score)s of 5.")
        yield Reason(False, text % told)


def _third_step(facts: Facts) -> Iterator[Reason]:
    if facts.adoptions:
        text = ngettext(
            "%(count)d other city has taken it up.", "%(count)d other cities have taken it up.", facts.adoptions
        )
        yield Reason(True, text % {"count": facts.adoptions})
    else:
        yield Reason(False, _("To become transferred it needs another city that has taken it up."))


def _last_day(day: datetime.date, precision: str) -> datetime.date:
    """The last day on which something known only to the month or year can have begun."""
    if precision == Precision.YEAR:
        return datetime.date(day.year, 12, 31)
    if precision == Precision.MONTH:
        return day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day
