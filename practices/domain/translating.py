"""Writing sections of a record in another language than its original: what was agreed in the original stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.people.models import User
from network.text import clean_line, clean_text
from network.translation.models import column
from practices.domain.holding import lock_practice
from practices.domain.search import index_practice
from practices.domain.versions import section_named
from practices.models import Practice, PracticeNarrative
from practices.queries.snapshot import PARTS, holds
from practices.rules.completeness import TEXT_FIELDS
from practices.rules.practices import can_edit_practice
from practices.rules.sections import Field, Kind
from practices.rules.writing import ROWS, fault_of


@transaction.atomic
def translate_sections(
    practice: Practice, language: str, sections: Mapping[str, Mapping[str, Any]], *, by: User
) -> Practice:
    """Write sections' texts in `language`; what is not named stays. `said["rows"]`: texts by row key and field.

    Title, strapline, summary and the story, by which a record counts as complete in a language, are `set_texts`'.
    DomainErrors: not allowed, in the archive, unknown section, language or row, `original` (that one is changed by a new
    version), a text above its limit; then nothing is written.
    """
    practice = lock_practice(practice.pk)
    insist(can_edit_practice(by, practice))
    if language not in LANGUAGES:
        raise DomainError(_("Koine does not know that language."), code="language")
    if language == practice.original_language:
        raise DomainError(_("This is the original. Change it in a new version."), code="original")
    narrative = PracticeNarrative.objects.select_for_update().get(practice=practice)
    for key, said in sections.items():
        section = section_named(key)
        for one, text in _texts([one for one in section.fields if one.key not in TEXT_FIELDS], said):
            setattr(practice if holds(Practice, one.key) else narrative, column(one.key, language), text)
        rows: Mapping[str, Mapping[str, Any]] = said.get(ROWS, {})
        for row in _rows(practice, key, rows):
            for one, text in _texts(section.rows, rows[str(row.key)]):
                setattr(row, column(one.key, language), text)
            row.save()
    practice.version += 1
    practice.updated_at = timezone.now()
    practice.save()
    narrative.save()
    index_practice(practice)
    return practice


def _texts(fields: Iterable[Field], said: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """The translated fields that are named, each with its text as it is stored."""
    found = []
    for one in fields:
        if one.translated and one.key in said:
            text = (clean_text if one.kind == Kind.TEXT else clean_line)(str(said[one.key]))
            if wrong := fault_of(one, text):
                raise DomainError(wrong[1], code=wrong[0])
            found.append((one, text))
    return found


def _rows(practice: Practice, key: str, named: Mapping[str, Any]) -> list[Any]:
    model: Any = PARTS.get(key)
    found = list(model.objects.select_for_update().filter(practice=practice, key__in=named)) if model and named else []
    if len(found) < len(named):
        raise DomainError(_("A row of this section is gone. Look at it again."), code="row")
    return found
