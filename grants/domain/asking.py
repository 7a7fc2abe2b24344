"""The questions of the eligibility check: written language by language, put in order, taken away, before a round opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _, ngettext

from grants.domain.rounds import hold_round, insist_complete, place_earlier
from grants.enums import QuestionKind
from grants.models import EligibilityCriterion, Round
from grants.models.questions import Texts
from network.doors import DomainError
from network.people.models import User
from network.text import clean_line, clean_text, transliterate
from network.translation.models import texts_of, write

MOST_QUESTIONS, MOST_OPTIONS, LONGEST_OPTION = 20, 20, 200


@dataclass(frozen=True)
class Asked:
    """A question as its page holds it, its texts in one language `code`.

    kind yes_no: `answer` is the one that passes. choice: `passing` and `other` are the lines of the two groups of options;
    the first line of a group is the same option in every language. money: from `low` to `high`, None where not bound.
    A question that is not `blocking` is asked, and no answer ends the check.
    """

    code: str
    kind: str
    question: str
    help: str = ""
    refusal: str = ""
    answer: bool = True
    passing: Sequence[str] = field(default_factory=tuple)
    other: Sequence[str] = field(default_factory=tuple)
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
    key = _free(slugify(transliterate(asked.question))[:30].strip("-") or "question", {one.key for one in there})
    row = EligibilityCriterion(round=locked, key=key, position=max((one.position for one in there), default=0) + 1)
    _write(row, asked)
    keep_shown(locked)
    return row


@transaction.atomic
def rewrite(criterion: EligibilityCriterion, asked: Asked, *, by: User, at: datetime) -> EligibilityCriterion:
    """Change a question; texts in other languages stay. DomainError as `ask`."""
    locked = hold_round(criterion.round, "eligibility", by=by, at=at)
    row = _write(_row(criterion), asked)
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
    code = asked.code
    row.kind, row.blocking = asked.kind, asked.blocking
    write(row, "question", {code: clean_line(asked.question)[:300]})
    write(row, "help", {code: clean_text(asked.help)})
    write(row, "refusal", {code: clean_text(asked.refusal)})
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
    passing_there = set(row.accepted.get("choices", ()))
    groups = [
        _lined([one for one in row.options if one["value"] in passing_there], asked.passing, asked.code),
        _lined([one for one in row.options if one["value"] not in passing_there], asked.other, asked.code),
    ]
    if not groups[0]:
        raise DomainError(_("Write at least one answer with which somebody can apply."), code="passing")
    if len(groups[0]) + len(groups[1]) < 2:
        raise DomainError(_("A list has at least two answers."), code="other")
    taken: set[str] = set()
    for option in (*groups[0], *groups[1]):
        if not option["value"] or option["value"] in taken:
            stem = slugify(transliterate(next(iter(option["label"].values()))))[:30].strip("-") or "answer"
            option["value"] = _free(stem, taken | {one["value"] for group in groups for one in group})
        taken.add(option["value"])
    row.options = [*groups[0], *groups[1]]
    row.accepted = {"choices": [option["value"] for option in groups[0]]}


def _lined(there: list[dict[str, Any]], lines: Sequence[str], code: str) -> list[dict[str, Any]]:
    """A group's options with these lines as their labels in that language; one without words in any language goes."""
    cleaned = [clean_line(line) for line in lines]
    if any(len(line) > LONGEST_OPTION for line in cleaned) or len(cleaned) > MOST_OPTIONS:
        raise DomainError(_("A list has at most 20 answers of at most 200 characters each."), code="passing")
    rows: list[dict[str, Any]] = []
    for n in range(max(len(there), len(cleaned))):
        known: dict[str, Any] = there[n] if n < len(there) else {"value": "", "label": {}}
        label: Texts = {**known["label"], code: cleaned[n] if n < len(cleaned) else ""}
        label = {language: text for language, text in label.items() if text}
        if label:
            rows.append({"value": known["value"], "label": label})
    return rows


def _write_bounds(row: EligibilityCriterion, asked: Asked) -> None:
    if asked.low is None and asked.high is None:
        raise DomainError(_("Write the smallest amount, the largest or both."), code="low")
    if asked.low is not None and asked.high is not None and asked.low > asked.high:
        raise DomainError(_("The smallest amount is larger than the largest."), code="low")
    bounds = {"min": asked.low, "max": asked.high}
    row.options, row.accepted = [], {name: str(amount) for name, amount in bounds.items() if amount is not None}


def _free(stem: str, taken: set[str]) -> str:
    return next(one for n in range(len(taken) + 1) if (one := f"{stem}-{n + 1}" if n else stem) not in taken)


@transaction.atomic
def drop_question(criterion: EligibilityCriterion, *, by: User, at: datetime) -> None:
    """Take a question away. DomainError where `by` may not, or the round has opened."""
    hold_round(criterion.round, "eligibility", by=by, at=at)
    EligibilityCriterion.objects.filter(pk=criterion.pk).delete()


@transaction.atomic
def raise_question(criterion: EligibilityCriterion, *, by: User, at: datetime) -> None:
    """Ask a question one place earlier; the first one stays the first. DomainError as `drop_question`."""
    locked = hold_round(criterion.round, "eligibility", by=by, at=at)
    place_earlier(list(locked.eligibility.order_by("position", "id")), criterion.pk)
