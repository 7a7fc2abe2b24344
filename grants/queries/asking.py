"""The eligibility questions of a round as the pages show them on which they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext as _

from grants.enums import QuestionKind
from grants.models import EligibilityCriterion, Round
from grants.models.questions import language_of, say
from grants.queries.answers import told
from grants.queries.form_words import texts_in_words
from grants.rules.seen import eligibility_mark
from grants.rules.wording import lacking, question_texts
from network.frame.names import language_name, money_text
from network.languages import CODES
from network.translation.models import texts_of

Item = dict[str, Any]


def question_rows(round_: Round) -> list[Item]:
    """The eligibility questions in their order, with the fund's languages in which each lacks a text, and its mark. One query."""
    code = get_language() or "en"
    return [
        {
            "row": one,
            "text": told(texts_of(one, "question"), code),
            "lacking": [language_name(language) for language in lacking(question_texts(one), round_.fund.languages)],
            "mark": eligibility_mark(one),
        }
        for one in round_.eligibility.order_by("position", "id")
    ]


def question_languages(round_: Round, row: EligibilityCriterion | None) -> list[str]:
    """The languages in which a question is written: those of the fund, the first one first, then others in which it has texts."""
    languages = list(round_.fund.languages)
    written = {code for texts in question_texts(row) for code, text in texts.items() if text} if row else set()
    return [*languages, *(code for code in CODES if code in written and code not in languages)]


def eligibility_in_words(row: EligibilityCriterion, typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """A question as it stands, for somebody who typed something else: its texts that differ, and what passes."""
    code = get_language() or "en"
    names = {
        "question": _("Question"),
        "help": _("Help"),
        "refusal": _("What somebody reads whose answer ends the check"),
    }
    found = [line for name, label in names.items() for line in texts_in_words(name, label, texts_of(row, name), typed)]
    match row.kind:
        case QuestionKind.YES_NO:
            passing = _("Yes") if row.accepted.get("answer", True) else _("No")
            found.append(_fact(_("The answer with which somebody can apply"), passing, code))
        case QuestionKind.CHOICE:
            passes = set(row.accepted.get("choices", ()))
            for one in row.options:
                word = _("Answer with which somebody can apply") if one["value"] in passes else _("Other answer")
                found.append(_fact(word, say(one["label"], code), language_of(one["label"], code)))
        case _:
            bounds = {
                "min": _("Smallest amount with which somebody can apply"),
                "max": _("Largest amount with which somebody can apply"),
            }
            for bound, word in bounds.items():
                if bound in row.accepted:
                    found.append(_fact(word, money_text(row.accepted[bound], row.round.fund.currency), code))
    ends = _("Another answer ends the check: this fund can’t support them")
    return [*found, _fact(ends, _("Yes") if row.blocking else _("No"), code)]


def _fact(name: str, text: str, language: str) -> dict[str, str]:
    return {"name": name, "text": text, "language": language}
