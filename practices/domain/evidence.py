"""What speaks for a practice: measured results, evidence and peer reviews. Each recomputes the maturity."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.people.models import User
from network.text import clean_line, clean_text
from network.translation.models import column, write
from practices.domain.holding import lock_practice
from practices.domain.maturity import refresh_maturity
from practices.domain.practices import insist_on_no_version
from practices.domain.search import index_practice
from practices.enums import EvidenceKind, LessonKind
from practices.enums.reviews import Criterion
from practices.models import Evidence, Lesson, PeerReview, Practice, Result
from practices.rules.practices import can_edit_practice
from practices.rules.reviews import can_add_review

FIRST_YEAR = 1900
LARGEST = Decimal(10) ** 12


@dataclass(frozen=True)
class ResultFields:
    """A measured result. indicator, unit and method are texts by language; sample is how many were measured."""

    indicator: Mapping[str, str]
    value: Decimal
    baseline: Decimal | None = None
    unit: Mapping[str, str] = field(default_factory=dict)
    sample: int | None = None
    method: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EvidenceFields:
    """A document or study: its title by language, its kind, whether others than those who ran the practice wrote it."""

    kind: str
    title: Mapping[str, str]
    independent: bool = False
    year: int | None = None


@dataclass(frozen=True)
class Scores:
    """A peer's scores on the four criteria, each from 1 to 5."""

    relevance: int
    participation: int
    impact: int
    transferability: int
    reviewed_on: datetime.date | None = None


@transaction.atomic
def add_result(practice: Practice, fields: ResultFields, *, by: User) -> Result:
    """Write down a measured result; it stands after those already there. Not while a version is on its way."""
    practice = _locked(practice, by)
    insist_on_no_version(practice)
    for figure in (fields.value, fields.baseline):
        if figure is not None and (not figure.is_finite() or abs(figure) >= LARGEST):
            raise DomainError(_("That number is too large."), code="number")
    result = Result(
        practice=practice,
        value=fields.value,
        baseline=fields.baseline,
        sample=fields.sample,
        position=practice.results.count(),
    )
    _write(result, indicator=fields.indicator, unit=fields.unit, method=fields.method)
    return _added(result, practice)


@transaction.atomic
def add_evidence(practice: Practice, fields: EvidenceFields, *, by: User) -> Evidence:
    """Write down a document or study that speaks for or against the practice. Not while a version is on its way."""
    practice = _locked(practice, by)
    insist_on_no_version(practice)
    evidence = Evidence(
        practice=practice,
        kind=EvidenceKind(fields.kind),
        independent=fields.independent,
        year=_known_year(fields.year) if fields.year is not None else None,
        position=practice.evidence.count(),
    )
    _write(evidence, title=fields.title)
    return _added(evidence, practice)


@transaction.atomic
def add_lesson(practice: Practice, text: Mapping[str, str], *, kind: str = LessonKind.WORKED, by: User) -> Lesson:
    """Write down what was learnt, by language; it stands after the lessons already there. Not while a version is on its way."""
    practice = _locked(practice, by)
    insist_on_no_version(practice)
    lesson = Lesson(practice=practice, kind=LessonKind(kind), position=practice.lessons.count())
    write(lesson, "text", {code: clean_text(said) for code, said in text.items()})
    lesson.save(force_insert=True)
    index_practice(practice)
    return lesson


@transaction.atomic
def add_peer_review(practice: Practice, scores: Scores, *, by: User) -> PeerReview:
    """Staff write down what peers from another city gave elsewhere, 1 to 5 on each criterion; not the city that gains by it.

    What is reviewed here is handed in by its reviewers (`domain.reviewing`).
    """
    practice = lock_practice(practice.pk)
    insist(can_add_review(by, practice))
    given = {name: getattr(scores, name) for name in Criterion.values}
    if not all(1 <= score <= 5 for score in given.values()):
        raise DomainError(_("A score is a whole number from 1 to 5."), code="score")
    review = PeerReview(practice=practice, reviewed_on=scores.reviewed_on or timezone.localdate(), **given)
    return _added(review, practice)


def _locked(practice: Practice, by: User) -> Practice:
    locked = Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=practice.pk)
    insist(can_edit_practice(by, locked))
    return locked


def _added(row: Any, practice: Practice) -> Any:
    row.save(force_insert=True)
    refresh_maturity(practice)
    return row


def _known_year(year: int) -> int:
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise DomainError(_("Enter a year between 1900 and this year."), code="year")
    return year


def _write(row: models.Model, **texts: Mapping[str, str]) -> None:
    for name, by_language in texts.items():
        field: Any = row._meta.get_field(name)
        for code, text in by_language.items():
            line = clean_line(text)
            if len(line) > field.max_length:
                raise DomainError(
                    _("%(text)s: at most %(limit)d characters. Make it shorter.")
                    % {"text": str(field.verbose_name).capitalize(), "limit": field.max_length},
                    code="too_long",
                )
            setattr(row, column(name, code), line)
