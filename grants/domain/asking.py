"""The questions of the eligibility check: written in the fund's languages, put in order, taken away, before a round opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _, ngettext

from grants.domain.funds import STALE, STILL_THERE
from grants.domain.questions import Line, free_key, lined, merged
from grants.domain.rounds import hold_round, insist_complete, place_earlier
from grants.enums import QuestionKind
from grants.models import EligibilityCriterion, Round
from grants.models.questions import Texts
from grants.rules.seen import eligibility_mark
from network.doors import DomainError
from network.people.models import User
from network.translation.models import texts_of, write

MOST_QUESTIONS, MOST_OPTIONS = 20, 20
LONGEST = {"question": 300, "help": 2_000, "refusal": 2_000}


@dataclass(frozen=True)
class Answer(Line):
    """An answer of a list; with one that `passes` somebody can apply."""

    passes: bool = False


@dataclass(frozen=True)
class Asked:
    """A question as its page holds it, its texts in some languages; those not named stay.

    kind yes_no: `answer` is the one that passes. choice: `answers` in their order. money: from `low` to `high`, None where
    not bound. A question that is not `blocking` is asked, and no answer ends the check.
    """

    kind: str
    question: Texts
    help: Texts = field(default_factory=dict)
    refusal: Texts = field(default_factory=dict)
    answer: bool = True
    answers: Sequence[Answer] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    blocking: bool = True


@transaction.atomic
def ask(round_: Round, asked: Asked, *, by: User, at: datetime) -> EligibilityCriterion:
    """Put a question at the end of the round's eligibility check. DomainError where the round has opened, or it lacks something."""
    locked = hold_round(round_, "eligibility", by=by, at=at)
    there = list(locked.eligibility.all())
    if len(there) >= MOST_QUESTIONS:
        raise DomainError(
            ngettext(
                "An eligibility check has at most %(most)d question.",
                "An eligibility check has at most %(most)d questions.",
                MOST_QUESTIONS,
            )
            % {"most": MOST_QUESTIONS},
            code="many",
        )
    key = free_key(asked.question, {one.key for one in there}, "question")
    row = EligibilityCriterion(round=locked, key=key, position=max((one.position for one in there), default=0) + 1)
    _write(row, asked)
    keep_shown(locked)
    return row


@transaction.atomic
def rewrite(
    criterion: EligibilityCriterion, asked: Asked, *, seen: str, by: User, at: datetime
) -> EligibilityCriterion:
    """Change a question; texts in other languages stay. `seen`: `rules.seen.eligibility_mark` of what `by` read.

    DomainError as `ask`, and where somebody changed it since or took it away.
    """
    locked = hold_round(criterion.round, "eligibility", by=by, at=at)
    row = _row(criterion)
    if eligibility_mark(row) != seen:
        raise DomainError(STALE, code="stale")
    _write(row, asked)
    keep_shown(locked)
    return row


def keep_shown(locked: Round) -> None:
    """DomainError where everybody sees the round already and a text of it is not in each of the fund's languages."""
    if not locked.published:
        return
    try:
        insist_complete(locked)
    except DomainError as gaps:
        advice = _("Everybody sees this round in these languages. Take it back, change it, then show it again.")
        raise DomainError(f"{gaps} {advice}", code="incomplete") from gaps


def _row(criterion: EligibilityCriterion) -> EligibilityCriterion:
    row = EligibilityCriterion.objects.select_for_update().filter(pk=criterion.pk).first()
    if row is None:
        raise DomainError(_("Somebody took this question away meanwhile."), code="gone")
    return row


def _write(row: EligibilityCriterion, asked: Asked) -> EligibilityCriterion:
    row.kind, row.blocking = asked.kind, asked.blocking
    for name, longest in LONGEST.items():
        typed: Texts = getattr(asked, name)
        texts = merged(texts_of(row, name), typed, longest, name, line=name == "question")
        write(row, name, {code: texts.get(code, "") for code in typed})
    if not texts_of(row, "question"):
        raise DomainError(_("Write the question."), code="question")
    if asked.blocking and not texts_of(row, "refusal"):
        raise DomainError(_("Say what somebody reads whose answer ends the check."), code="refusal")
    match asked.kind:
        case QuestionKind.YES_NO:
            row.options, row.accepted = [], {"answer": asked.answer}
        case QuestionKind.CHOICE:
            _write_options(row, asked)
        case _:
            _write_bounds(row, asked)
    row.save()
    return row


def _write_options(row: EligibilityCriterion, asked: Asked) -> None:
    lines = lined(row.options, asked.answers, "value", MOST_OPTIONS, "answers")
    passing = [option["value"] for line, option in lines if line.passes]
    if not passing:
        raise DomainError(_("Say of at least one answer that somebody can apply with it."), code="answers")
    if len(lines) < 2:
        raise DomainError(_("A list has at least two answers."), code="answers")
    row.options = [{"value": option["value"], "label": option["label"]} for _line, option in lines]
    row.accepted = {"choices": passing}


def _write_bounds(row: EligibilityCriterion, asked: Asked) -> None:
    if asked.low is None and asked.high is None:
        raise DomainError(_("Write the smallest amount, the largest or both."), code="low")
    if asked.low is not None and asked.high is not None and asked.low > asked.high:
        raise DomainError(_("The smallest amount is larger than the largest."), code="low")
    bounds = {"min": asked.low, "max": asked.high}
    row.options, row.accepted = [], {name: str(amount) for name, amount in bounds.items() if amount is not None}


@transaction.atomic
def drop_question(criterion: EligibilityCriterion, *, seen: str, by: User, at: datetime) -> None:
    """Take a question away. `seen`: `rules.seen.eligibility_mark` of what `by` read.

    DomainError where `by` may not, the round has opened, or somebody changed it since or took it away.
    """
    hold_round(criterion.round, "eligibility", by=by, at=at)
    row = _row(criterion)
    if eligibility_mark(row) != seen:
        raise DomainError(STILL_THERE, code="stale")
    row.delete()


@transaction.atomic
def raise_question(criterion: EligibilityCriterion, *, by: User, at: datetime) -> None:
    """Ask a question one place earlier; the first one stays the first. DomainError where `by` may not, or the round has opened."""
    locked = hold_round(criterion.round, "eligibility", by=by, at=at)
    place_earlier(list(locked.eligibility.order_by("position", "id")), criterion.pk)
