"""Writing a practice: its facts and its texts, in one language at a time."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.models import User
from network.precision import Precision
from network.text import clean_line, clean_text, count_words
from network.translation.models import column, texts_of
from practices.domain.addresses import hold_addresses, insist_on_slug, slugs_like
from practices.domain.maturity import refresh_maturity
from practices.domain.search import index_practice
from practices.enums import OPEN, Licence, Running, State
from practices.models import Concept, Practice, PracticeNarrative, text_label
from practices.rules.completeness import CARD_FIELDS, LIMITS, SECTIONS, TEXT_FIELDS, complete_languages
from practices.rules.practices import can_create_practice, can_edit_practice
from practices.rules.verifying import due_after

LINES = frozenset({"title", "strapline"})


@dataclass(frozen=True)
class PracticeFacts:
    """What a record says besides its texts. themes: codes of concepts; settings: the number of places it ran in."""

    themes: tuple[str, ...] = ()
    running: str = Running.RUNNING
    started_on: datetime.date | None = None
    started_precision: str = Precision.DAY
    ended_on: datetime.date | None = None
    settings: int = 1
    source: str = ""
    licence: str = ""
    demo: bool = False


@dataclass(frozen=True)
class NewPractice:
    """A new record: whose, in which language it was first written, its texts by language and field, and its facts.

    Without a slug one is made from the original title.
    """

    city: City
    original_language: str
    texts: Mapping[str, Mapping[str, str]]
    facts: PracticeFacts = field(default_factory=PracticeFacts)
    slug: str = ""


@transaction.atomic
def create_practice(new: NewPractice, *, by: User) -> Practice:
    """A draft. Nobody but the city's officers sees it until it is published.

    DomainError: not allowed, an unknown language or theme, no title in the original language, a text over its limit,
    an end before the start, a slug that is taken.
    """
    insist(can_create_practice(by, new.city))
    if new.original_language not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    texts = {code: cleaned(said) for code, said in new.texts.items()}
    title = texts.get(new.original_language, {}).get("title", "")
    if not title:
        raise DomainError(_("Enter a title in the original language."), code="no_title")
    practice = Practice(slug=_free_slug(new.slug, title), city=new.city, original_language=new.original_language)
    narrative = PracticeNarrative()
    for code, said in texts.items():
        _put(practice, narrative, code, said)
    _set_facts(practice, new.facts)
    practice.languages = complete_languages(_texts_by_field(practice, narrative))
    practice.save(force_insert=True)
    narrative.practice = practice
    narrative.save(force_insert=True)
    practice.themes.set(usable_themes(held_themes(new.facts.themes), ()))
    refresh_maturity(practice)
    return practice


@transaction.atomic
def edit_practice(
    practice: Practice, facts: PracticeFacts, *, by: User, expected_version: int | None = None
) -> Practice:
    """Replace the facts of a record; a published one is found by its new themes at once. Errors as `set_texts`."""
    # Concepts before the practice, as merging them does: two who hold one each and wait for the other would never end.
    held = held_themes(facts.themes)
    practice = _locked(practice, by, expected_version)
    insist_on_no_version(practice)
    _set_facts(practice, facts)
    practice.review_due_on = due_after(practice.running, practice.verified_on)
    practice.version += 1
    practice.updated_at = timezone.now()
    practice.save()
    practice.themes.set(usable_themes(held, practice.themes.values_list("pk", flat=True)))
    refresh_maturity(practice)
    index_practice(practice)
    return practice


@transaction.atomic
def set_texts(
    practice: Practice, language: str, texts: Mapping[str, str], *, by: User, expected_version: int | None = None
) -> Practice:
    """Write the named texts in one language; fields not named stay. Keeps `languages` and the search rows true.

    DomainError: not allowed, in the archive, a text over its limit, `changed` where somebody saved since
    `expected_version`, `version` where the original is being rewritten, `incomplete` where it would leave a published practice without its whole original.
    """
    if language not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    practice = _locked(practice, by, expected_version)
    if language == practice.original_language:
        insist_on_no_version(practice)
    narrative = PracticeNarrative.objects.select_for_update().get(practice=practice)
    _put(practice, narrative, language, cleaned(texts))
    practice.languages = complete_languages(_texts_by_field(practice, narrative))
    if practice.state == State.PUBLISHED and practice.original_language not in practice.languages:
        raise DomainError(
            _("A published practice keeps its title, its summary and every section in the original language."),
            code="incomplete",
        )
    practice.version += 1
    practice.updated_at = timezone.now()
    practice.save()
    narrative.save()
    index_practice(practice)
    return practice


def cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are stored: plain, without control characters, within their limits; DomainError otherwise."""
    kept = {}
    for name, text in texts.items():
        if name not in TEXT_FIELDS:
            raise ValueError(f"{name} is not a text of a practice")
        kept[name] = (clean_line if name in LINES else clean_text)(text)
        limit, words = LIMITS[name], count_words(kept[name])
        if words > limit.words or len(kept[name]) > limit.characters:
            raise DomainError(
                _("%(text)s: at most %(limit)d words; this has %(count)d. Make it shorter.")
                % {"text": text_label(name).capitalize(), "limit": limit.words, "count": words},
                code="too_long",
            )
    return kept


def _locked(practice: Practice, by: User, expected_version: int | None) -> Practice:
    locked = Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=practice.pk)
    insist(can_edit_practice(by, locked))
    if expected_version is not None and expected_version != locked.version:
        raise DomainError(_("Somebody changed this practice while you were writing. Look at it again."), code="changed")
    return locked


def insist_on_no_version(practice: Practice) -> None:
    """DomainError `version` while a version of the record is on its way: publishing it would undo what is written here."""
    if practice.record_versions.filter(state__in=OPEN).exists():
        raise DomainError(
            _("A new version of this practice is on its way. Change it there, or wait until it is decided."),
            code="version",
        )


def _put(practice: Practice, narrative: PracticeNarrative, code: str, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        setattr(practice if name in CARD_FIELDS else narrative, column(name, code), text)


def _texts_by_field(practice: Practice, narrative: PracticeNarrative) -> dict[str, dict[str, str]]:
    return {
        **{name: texts_of(practice, name) for name in CARD_FIELDS},
        **{name: texts_of(narrative, name) for name in SECTIONS},
    }


def _set_facts(practice: Practice, facts: PracticeFacts) -> None:
    if facts.started_on and facts.ended_on and facts.ended_on < facts.started_on:
        raise DomainError(_("The end lies before the start."), code="dates")
    practice.running = Running(facts.running)
    practice.started_on = facts.started_on
    practice.started_precision = Precision(facts.started_precision)
    practice.ended_on = facts.ended_on
    practice.settings_count = facts.settings
    practice.source = clean_line(facts.source)[:300]
    practice.licence = Licence(facts.licence) if facts.licence else ""
    practice.demo = facts.demo


def held_themes(codes: tuple[str, ...]) -> list[Concept]:
    """The concepts of these codes, or those they were merged into, held so that no merging passes by."""
    rows = Concept.objects.only("id", "code", "archived_at", "replaced_by_id")
    found = list(rows.select_for_update(no_key=True).filter(code__in=codes).order_by("pk"))
    if unknown := set(codes) - {theme.code for theme in found}:
        raise DomainError(_("There is no theme “%(code)s”.") % {"code": min(unknown)}, code="theme")
    successors = rows.filter(pk__in=[theme.replaced_by_id for theme in found if theme.replaced_by_id])
    return [*(theme for theme in found if not theme.replaced_by_id), *successors.order_by("pk")]


def usable_themes(themes: list[Concept], kept: Iterable[int]) -> list[Concept]:
    """The same where nothing is newly classified by what is out of use."""
    had = set(kept)
    if gone := [theme.code for theme in themes if theme.archived_at and theme.pk not in had]:
        raise DomainError(
            _("The theme “%(code)s” is no longer used. Choose another.") % {"code": gone[0]}, code="theme"
        )
    return themes


def _free_slug(wanted: str, title: str) -> str:
    """The wanted slug, or one of the title that nobody has or had. DomainError where the wanted one is taken or no slug."""
    hold_addresses()
    if wanted:
        insist_on_slug(wanted)
        return wanted
    base = slugify(title, allow_unicode=True)[:100].strip("-") or "practice"
    taken = slugs_like(base)
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)
