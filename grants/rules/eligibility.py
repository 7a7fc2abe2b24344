"""Which answers to the eligibility questions pass. Pure: nothing is read or written."""

from __future__ import annotations

from collections.abc import Iterable
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
