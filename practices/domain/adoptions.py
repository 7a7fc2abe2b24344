"""Other cities take a practice up: one says so, the one that wrote the practice confirms or questions it.

By the table `enums.ADOPTIONS`. Each verb holds the practice first and then the adoption, so that two officers, or the two
cities, act one after the other; each counts anew how many
cities took the practice up and judges its maturity, and the officers of the other city are told.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.models import User
from network.text import clean_text, count_words
from network.translation.models import write
from practices.domain.maturity import refresh_maturity
from practices.domain.search import mark_practice
from practices.enums import ADOPTIONS, AdoptionState, AdoptionStatus, AdoptionVerb
from practices.messages import send_adoption, send_answer
from practices.models import Adoption, Practice
from practices.rules.adoptions import (
    ADOPTION_LIMITS,
    ALREADY,
    QUESTION_LIMIT,
    can_add_adoption,
    can_confirm_adoption,
    can_correct_adoption,
    can_question_adoption,
    can_record_adoption,
    can_withdraw_adoption,
    possible,
)
from practices.rules.completeness import Limit

FIRST_YEAR = 1900
# How far ahead a city may plan.
YEARS_AHEAD = 10
NAMES = {"what_changed": _("What changed"), "result": _("What came of it")}
RULES = {
    AdoptionVerb.CONFIRM: can_confirm_adoption,
    AdoptionVerb.QUESTION: can_question_adoption,
    AdoptionVerb.CORRECT: can_correct_adoption,
    AdoptionVerb.WITHDRAW: can_withdraw_adoption,
}


@dataclass(frozen=True)
class AdoptionFields:
    """What a city says of a practice that it takes up: how far it is, since which year or day, and in one language what it
    changed and what came of it. A plan may lie ahead."""

    status: str
    language: str
    what_changed: str
    result: str = ""
    year: int | None = None
    started_on: datetime.date | None = None


@transaction.atomic
def record_adoption(practice: Practice, city: City, fields: AdoptionFields, *, by: User) -> Adoption:
    """Say that a city takes a public practice up. It counts once the city that wrote it has confirmed it.

    One that was withdrawn begins anew. DomainError: not allowed, `state`, `own_city`, `already`, and as `correct_adoption`.
    """
    insist(can_record_adoption(by, city))
    practice = _held_practice(practice.pk)
    if not Practice.objects.visible_to(None).filter(pk=practice.pk).exists():
        raise DomainError(_("Only a published practice can be taken up."), code="state")
    adoption = _begun(practice, city)
    adoption.language = _language(fields.language)
    _say(adoption, fields)
    _keep(adoption, AdoptionState.RECORDED)
    send_adoption(adoption, "recorded", by=by)
    return adoption


@transaction.atomic
def add_adoption(
    practice: Practice,
    city: City,
    year: int,
    what_changed: Mapping[str, str] | None = None,
    *,
    by: User,
    status: str = AdoptionStatus.IN_PLACE,
    result: Mapping[str, str] | None = None,
) -> Adoption:
    """Staff write down what both cities agree on: another city took the practice up. Confirmed from the start."""
    practice = _held_practice(practice.pk)
    insist(can_add_adoption(by, practice))
    adoption = _begun(practice, city)
    adoption.status = AdoptionStatus(status)
    adoption.year, adoption.started_on = _known_year(year, adoption.status), None
    texts = {"what_changed": what_changed or {}, "result": result or {}}
    said = [code for code in (practice.original_language, *texts["what_changed"]) if texts["what_changed"].get(code)]
    adoption.language = said[0] if said else practice.original_language
    for name, by_language in texts.items():
        write(adoption, name, {code: _cleaned(name, text) for code, text in by_language.items()})
    _keep(adoption, AdoptionState.CONFIRMED)
    return adoption


@transaction.atomic
def correct_adoption(
    adoption: Adoption, fields: AdoptionFields, *, by: User, expected_version: int | None = None
) -> Adoption:
    """Change what the city says. Texts in another language than the first stand beside it, as its translation.

    What was questioned waits for the other city anew; what was confirmed stays so. DomainError: not allowed, `changed` by
    somebody since `expected_version`, `language`, `empty`, `year`, `dates`, `too_long`.
    """
    adoption, state = _moved(adoption, AdoptionVerb.CORRECT, by, expected_version)
    _say(adoption, fields)
    _keep(adoption, state)
    send_adoption(adoption, "changed", by=by)
    return adoption


@transaction.atomic
def confirm_adoption(adoption: Adoption, *, by: User, expected_version: int | None = None) -> Adoption:
    """The city that wrote the practice says: yes, they took it up from us."""
    adoption, state = _moved(adoption, AdoptionVerb.CONFIRM, by, expected_version)
    _keep(adoption, state)
    send_answer(adoption, "confirmed", by=by)
    return adoption


@transaction.atomic
def question_adoption(
    adoption: Adoption, reason: str, *, language: str, by: User, expected_version: int | None = None
) -> Adoption:
    """The city that wrote the practice doubts it, and says why, in `language`: it is public and counts no longer."""
    adoption, state = _moved(adoption, AdoptionVerb.QUESTION, by, expected_version)
    reason = clean_text(reason)
    if not reason:
        raise DomainError(_("Say what you doubt, so that the other city can mend it."), code="empty")
    _insist_on_length(str(_("Reason")), reason, QUESTION_LIMIT)
    because(reason)
    adoption.question, adoption.question_language = reason, _language(language)
    _keep(adoption, state, questioned=True)
    send_answer(adoption, "questioned", by=by)
    return adoption


@transaction.atomic
def withdraw_adoption(adoption: Adoption, *, by: User, expected_version: int | None = None) -> Adoption:
    """The city takes back that it takes the practice up; it may say so again later."""
    adoption, state = _moved(adoption, AdoptionVerb.WITHDRAW, by, expected_version)
    _keep(adoption, state)
    send_adoption(adoption, "withdrawn", by=by)
    return adoption


def _held_practice(practice: int) -> Practice:
    return Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=practice)


def _begun(practice: Practice, city: City) -> Adoption:
    """A new adoption, or the withdrawn one as if it were new; DomainError where there can't be one."""
    if city.pk == practice.city_id:
        raise DomainError(_("A city can't adopt its own practice. Name another city."), code="own_city")
    if city.archived_at:
        raise DomainError(_("This city is archived."), code="state")
    there = Adoption.objects.select_for_update().filter(practice=practice, city=city).first()
    if there and not possible(AdoptionVerb.RECORD, there):
        raise DomainError(ALREADY[AdoptionState.RECORDED], code="already")
    if not there:
        return Adoption(practice=practice, city=city, version=0)
    there.practice = practice
    there.recorded_at = timezone.now()
    for name in ADOPTION_LIMITS:
        write(there, name, dict.fromkeys(LANGUAGES, ""))
    return there


def _moved(
    adoption: Adoption, verb: AdoptionVerb, by: User, expected_version: int | None
) -> tuple[Adoption, AdoptionState]:
    """The adoption, held with its practice, and the state that the verb leads to."""
    practice = _held_practice(adoption.practice_id)
    held = Adoption.objects.select_for_update(of=("self",)).select_related("city").get(pk=adoption.pk)
    held.practice = practice
    insist(RULES[verb](by, held))
    if expected_version is not None and expected_version != held.version:
        raise DomainError(_("Somebody changed this while you were reading. Look at it again."), code="changed")
    return held, ADOPTIONS[AdoptionState(held.state)][verb].to


def _keep(adoption: Adoption, state: AdoptionState, *, questioned: bool = False) -> None:
    """Write it down in its state, and let its practice know."""
    adoption.state = state
    if not questioned:
        adoption.question = adoption.question_language = ""
    adoption.version += 1
    adoption.changed_at = timezone.now()
    adoption.save()
    refresh_adoptions(adoption.practice)


def refresh_adoptions(practice: Practice) -> None:
    """Count how many cities took the practice up, and judge its maturity by that."""
    count = Adoption.objects.filter(practice=practice).counting().order_by().count()
    if count != practice.adoptions_count:
        practice.adoptions_count = count
        practice.save(update_fields=["adoptions_count"])
        mark_practice(practice)
    refresh_maturity(practice)


def _say(adoption: Adoption, fields: AdoptionFields) -> None:
    status = AdoptionStatus(fields.status)
    if fields.started_on is None and fields.year is None:
        raise DomainError(_("Enter the year, or the first day."), code="year")
    year = fields.started_on.year if fields.started_on else fields.year
    if fields.started_on and fields.year and fields.year != year:
        raise DomainError(_("The year and the first day are not the same year."), code="dates")
    adoption.status, adoption.started_on = status, fields.started_on
    adoption.year = _known_year(year or 0, status)
    if fields.started_on and status != AdoptionStatus.PLANNED and fields.started_on > timezone.localdate():
        raise DomainError(_("The first day lies ahead: say that it is planned, or change the day."), code="dates")
    code = _language(fields.language)
    changed = _cleaned("what_changed", fields.what_changed)
    if not changed:
        raise DomainError(_("Say in a sentence or two what you do differently, or that nothing changed."), code="empty")
    write(adoption, "what_changed", {code: changed})
    write(adoption, "result", {code: _cleaned("result", fields.result)})


def _known_year(year: int, status: str) -> int:
    this_year = timezone.localdate().year
    last = this_year + YEARS_AHEAD if status == AdoptionStatus.PLANNED else this_year
    if not FIRST_YEAR <= year <= last:
        raise DomainError(
            _("Enter a year from %(first)d to %(last)d.") % {"first": FIRST_YEAR, "last": last}, code="year"
        )
    return year


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    return code


def _cleaned(name: str, text: str) -> str:
    kept = clean_text(text)
    _insist_on_length(str(NAMES[name]), kept, ADOPTION_LIMITS[name])
    return kept


def _insist_on_length(what: str, text: str, limit: Limit) -> None:
    words = count_words(text)
    if words > limit.words or len(text) > limit.characters:
        raise DomainError(
            _("%(text)s: at most %(limit)d words; this has %(count)d. Make it shorter.")
            % {"text": what, "limit": limit.words, "count": words},
            code="too_long",
        )
