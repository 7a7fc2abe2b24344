"""What a reviewer writes: scores with reasons, advice, a note. As it is stored while it is written, and what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from network.languages import LANGUAGES
from network.markup import without_markup
from network.text import clean_line, clean_text, count_words
from practices.enums.reviews import Criterion, Recommendation
from practices.rules.completeness import Limit

REASON, NOTE = Limit(150, 2_000), Limit(400, 5_000)
# What is longer was not typed by a person; it is not even kept.
MAX_CHARACTERS = 50_000
SCORES = ("1", "2", "3", "4", "5")
# What each score means: a scale without words is five scales.
SCALE = (
    gettext_lazy("1: not at all"),
    gettext_lazy("2: a little"),
    gettext_lazy("3: sufficiently"),
    gettext_lazy("4: well"),
    gettext_lazy("5: in an exemplary way"),
)
QUESTIONS = {
    Criterion.RELEVANCE: gettext_lazy("Does it answer a need that is shown, and that other cities have too?"),
    Criterion.PARTICIPATION: gettext_lazy("Did those whom it concerns help to decide and to do it?"),
    Criterion.IMPACT: gettext_lazy("Is it shown what became different, and that this work made it so?"),
    Criterion.TRANSFERABILITY: gettext_lazy("Could your city take it up with what is told here?"),
}


@dataclass(frozen=True)
class Lack:
    """One thing to put right before a review can be handed in: its field, and the sentence for people."""

    field: str
    text: str


def reason_of(criterion: str) -> str:
    """The field that holds the reason of a score."""
    return f"{criterion}_reason"


def clean_review(typed: Mapping[str, Any]) -> dict[str, Any]:
    """A review as it is stored: as typed, without control characters; of markup what it says. Nothing is required, and too much is kept too."""
    data: dict[str, Any] = {}
    for criterion in Criterion.values:
        data[criterion] = clean_line(str(typed.get(criterion) or ""))[:10]
        data[reason_of(criterion)] = clean_text(without_markup(str(typed.get(reason_of(criterion)) or "")))
    data["recommendation"] = clean_line(str(typed.get("recommendation") or ""))[:10]
    data["note"] = clean_text(without_markup(str(typed.get("note") or "")))
    data["language"] = clean_line(str(typed.get("language") or ""))[:5]
    data["named"] = typed.get("named") in {True, "on", "true", "1"}
    return data


def longest(data: Mapping[str, Any]) -> int:
    """The characters of the longest text."""
    return max((len(text) for text in data.values() if isinstance(text, str)), default=0)


def lacks_of(data: Mapping[str, Any]) -> list[Lack]:
    """All that keeps a review from being handed in, in the order of the form."""
    found = []
    for criterion in Criterion:
        name = {"criterion": criterion.label}
        reason = data.get(reason_of(criterion)) or ""
        if data.get(criterion) not in SCORES:
            found.append(Lack(criterion, _("Give “%(criterion)s” 1 to 5 points.") % name))
        if not reason:
            found.append(Lack(reason_of(criterion), _("Say why you gave “%(criterion)s” these points.") % name))
        found += _too_long(reason_of(criterion), reason, REASON, str(criterion.label))
    if data.get("recommendation") not in Recommendation.values:
        found.append(Lack("recommendation", _("Choose what you advise.")))
    found += _too_long("note", data.get("note") or "", NOTE, _("Note to the city"))
    if data.get("language") not in LANGUAGES:
        found.append(Lack("language", _("Choose the language you write in.")))
    return found


def _too_long(field: str, text: str, limit: Limit, name: str) -> list[Lack]:
    words = count_words(text)
    if words <= limit.words and len(text) <= limit.characters:
        return []
    over = max(words - limit.words, 1)
    said = ngettext(
        "“%(question)s” is %(over)d word too long. At most %(max)d words.",
        "“%(question)s” is %(over)d words too long. At most %(max)d words.",
        over,
    )
    return [Lack(field, said % {"question": name, "over": over, "max": limit.words})]
