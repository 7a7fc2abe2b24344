"""Which answers of an earlier application fit a form. Pure functions.

Questions of the same key and kind are the same question: copies and next rounds keep keys.
"""

from __future__ import annotations

from typing import Any

from grants.enums import FieldKind
from grants.models import Fund
from grants.models.questions import Question
from grants.rules.answers import clean_answer, is_empty
from grants.rules.grids import cells_of
from grants.rules.themes import followed, not_offered
from network.languages import DEFAULT


def fitted(question: Question, earlier: Question, answer: Any, fund: Fund | None = None) -> Any:
    """The answer as this question can take it; None where it does not fit: of another kind, or nothing of it is known here.

    Of several choices, of themes (those that `fund` offers) and of tables the part that is known comes over. A declaration is made anew each time.
    """
    if question.kind != earlier.kind or question.kind == FieldKind.DECLARATION or is_empty(earlier, answer):
        return None
    options = {value for value, _label in question.options}
    match question.kind:
        case FieldKind.CHOICE:
            return answer if answer in options else None
        case FieldKind.CHOICES:
            return clean_answer(question, [one for one in answer if one in options]) or None
        case FieldKind.THEMES:
            odd = {one.code for one in not_offered(fund, answer, DEFAULT)}
            return [one for one in followed(answer) if one not in odd][: question.max_choices] or None
        case FieldKind.TABLE:
            known = {cell.key for cell in cells_of(question)}
            rows = [row for row in answer if any(row.get(key) for key in known)]
            return clean_answer(question, rows[: question.max_rows]) or None
        case _:
            return clean_answer(question, answer) or None
