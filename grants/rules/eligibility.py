"""Which answers to the eligibility questions pass. Pure: nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from grants.enums import QuestionKind
from grants.models import EligibilityCriterion


def passes(criterion: EligibilityCriterion, answer: Any) -> bool:
    """Whether an answer is one of those `criterion.accepted` names; a question without such a list takes any answer."""
    accepted = criterion.accepted
    if answer is None:
        return False
    match criterion.kind:
        case QuestionKind.YES_NO:
            return "answer" not in accepted or answer is accepted["answer"]
        case QuestionKind.CHOICE:
            return "choices" not in accepted or answer in accepted["choices"]
        case _:
            return _within(answer, accepted)


def _within(answer: Any, accepted: dict[str, str]) -> bool:
    try:
        amount = Decimal(str(answer))
    except InvalidOperation:
        return False
    return Decimal(accepted.get("min", "0")) <= amount and ("max" not in accepted or amount <= Decimal(accepted["max"]))


def failed_keys(criteria: Iterable[EligibilityCriterion], answers: dict[str, Any]) -> list[str]:
    """The keys of blocking questions whose answer is refused, in the order of the questions."""
    return [one.key for one in criteria if one.blocking and not passes(one, answers.get(one.key))]


@dataclass(frozen=True)
class Fit:
    """How answers given for one round stand to the questions of another: how many of its own they leave open."""

    left: int

    @property
    def whole(self) -> bool:
        """Whether every question of it is answered."""
        return self.left == 0


def fit_of(criteria: Iterable[EligibilityCriterion], answers: dict[str, tuple[str, Any]]) -> Fit | None:
    """None where an answer given is one that this round refuses. `answers`: {key: (kind of the question, answer)}.

    Questions of the same key and kind are the same question: rounds that begin like another keep its keys.
    """
    left = 0
    for one in criteria:
        kind, answer = answers.get(one.key, ("", None))
        if kind != one.kind or answer is None:
            left += 1
        elif one.blocking and not passes(one, answer):
            return None
    return Fit(left)
