"""Which texts of a round are not written yet in a language: in its criteria, its eligibility questions and its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grants.enums import FormKind
from grants.models import EligibilityCriterion, Round
from grants.models.questions import Texts
from network.translation.models import texts_of


class Place(StrEnum):
    """Where a text stands that is missing."""

    TITLE = "title"
    CRITERION = "criterion"
    ELIGIBILITY = "eligibility"
    SECTION = "section"
    QUESTION = "question"


@dataclass(frozen=True)
class Gap:
    """Something that lacks a text in `codes`: where, its key or number there, and its name in the languages it has."""

    place: Place
    key: str
    name: Texts
    codes: tuple[str, ...]


def lacking(texts: Iterable[Texts], codes: Sequence[str]) -> tuple[str, ...]:
    """The languages in which one of the texts is missing, of those that are written in any language."""
    written = [there for one in texts if (there := {code for code, text in one.items() if text})]
    whole = set.intersection(*written) if written else set(codes)
    return tuple(code for code in codes if code not in whole)


def texts_in(field: dict[str, Any]) -> list[Texts]:
    """Every text of a question of a form as it stands in JSON: its own, its help, its options' and its columns'."""
    parts = [*(field.get("options") or ()), *(field.get("columns") or ())]
    return [field.get("label") or {}, field.get("help") or {}, *(one["label"] for one in parts)]


def question_texts(row: EligibilityCriterion) -> list[Texts]:
    """Every text of an eligibility question, the question itself first."""
    texts = [texts_of(row, name) for name in ("question", "help", "refusal")]
    return [*texts, *(option["label"] for option in row.options)]


def form_gaps(sections: Sequence[dict[str, Any]], codes: Sequence[str]) -> list[Gap]:
    """What a form lacks in these languages, in its order."""
    found = []
    for section in sections:
        missing = lacking([section.get("title") or {}, section.get("help") or {}], codes)
        found.append(Gap(Place.SECTION, section["key"], section.get("title") or {}, missing))
        found += [
            Gap(Place.QUESTION, field["key"], field.get("label") or {}, lacking(texts_in(field), codes))
            for field in section["fields"]
        ]
    return [gap for gap in found if gap.codes]


def gaps_of(round_: Round, codes: Sequence[str]) -> list[Gap]:
    """What a round lacks in these languages, in the order of its pages; of its form the newest published version. Three queries."""
    title = texts_of(round_, "title")
    found = [Gap(Place.TITLE, "", title, tuple(code for code in codes if code not in title))]
    for one in round_.eligibility.order_by("position", "id"):
        texts = question_texts(one)
        found.append(Gap(Place.ELIGIBILITY, str(one.pk), texts[0], lacking(texts, codes)))
    for row in round_.criteria.order_by("position", "id"):
        name, guidance = texts_of(row, "name"), texts_of(row, "guidance")
        found.append(Gap(Place.CRITERION, str(row.pk), name, lacking([name, guidance], codes)))
    form = round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number").first()
    if form is not None:
        found += form_gaps(form.sections, codes)
    return [gap for gap in found if gap.codes]


def codes_in(gaps: Iterable[Gap]) -> list[str]:
    """The languages in which something is missing, in the order in which they are met."""
    return list(dict.fromkeys(code for gap in gaps for code in gap.codes))
