"""Which questions of a form are asked, given the answers so far. Pure functions.

A question with a condition is asked only while the question it hangs on is asked too and was answered with one of its
values. What was written to a question that is not asked any more stays in the draft, and is not sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from grants.enums import FieldKind
from grants.models.questions import TICKED, Question, Section, say

Answers = Mapping[str, Mapping[str, Any]]


def values_of(question: Question, answer: Any) -> frozenset[str]:
    """What an answer counts as in a condition."""
    match question.kind:
        case FieldKind.CHOICE:
            return frozenset({str(answer)} if answer else ())
        case FieldKind.CHOICES:
            return frozenset(answer or ())
        case FieldKind.DECLARATION:
            return frozenset({TICKED} if answer else ())
        case _:
            return frozenset()


def asked_of(sections: Iterable[Section], answers: Answers) -> frozenset[str]:
    """The keys of the questions that are asked. Conditions look back: only at questions that come earlier."""
    said: dict[str, frozenset[str]] = {}
    for section in sections:
        data = answers.get(section.key, {})
        for question in section.questions:
            when = question.when
            if when is None or said.get(when.field, frozenset()) & set(when.values):
                said[question.key] = values_of(question, data.get(question.key))
    return frozenset(said)


def sections_asked(sections: Iterable[Section], asked: frozenset[str]) -> list[Section]:
    """The sections of which something is asked."""
    return [section for section in sections if any(one.key in asked for one in section.questions)]


def condition_text(question: Question, on: Question, code: str) -> str:
    """A question's condition in words."""
    label = say(on.label, code)
    if on.kind == FieldKind.DECLARATION or not question.when:
        return _("Only if you confirm “%(question)s”.") % {"question": label}
    names = [say(texts, code) for value, texts in on.options if value in question.when.values]
    quoted = ""
    for name in names:
        one = _("“%(answer)s”") % {"answer": name}
        quoted = _("%(first)s or %(second)s") % {"first": quoted, "second": one} if quoted else one
    return _("Only if you answer %(answers)s to “%(question)s”.") % {"answers": quoted, "question": label}
