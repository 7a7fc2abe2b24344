"""Making one concept of two, and several of one, with the practices that they classify."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.pagecache import forget_pages
from network.languages import CODES
from network.people.models import User
from network.translation.models import text_in
from practices.domain.themes import (
    changed,
    cleaned_words,
    create_theme,
    held,
    refuse_too_deep,
    refuse_unlike,
    scheme_held,
)
from practices.models import Concept, Practice, new_mark
from practices.rules.practices import can_manage_themes

# Both go through the table in one statement, whatever the number of practices.
TAG = """
INSERT INTO practices_practice_themes (practice_id, concept_id)
SELECT practice_id, %s FROM practices_practice_themes WHERE concept_id = %s AND practice_id = ANY(%s)
ON CONFLICT DO NOTHING
"""
UNTAG = "DELETE FROM practices_practice_themes WHERE concept_id = %s AND practice_id = ANY(%s)"


@dataclass(frozen=True)
class Part:
    """A concept that comes out of a split: its code for ever, its labels by language, and which practices go there."""

    code: str
    labels: Mapping[str, str]
    practices: Sequence[int] = ()


@transaction.atomic
def merge_themes(theme: Concept, into: Concept, *, by: User, reason: str) -> Concept:
    """Make `theme` a part of history: what it classified is classified by `into`, which is found by its words too.

    Its code leads to `into` for ever, and so do codes that were merged into it before; what was part of it is part of
    `into`. Answers `into`. DomainError: `same`, `kind`, `archived`, `circle` where `into` is part of `theme`, `too_deep`.
    """
    insist(can_manage_themes(by))
    scheme_held()
    because(reason)
    rows = {
        row.pk: row for row in Concept.objects.select_for_update().filter(pk__in=[theme.pk, into.pk]).order_by("pk")
    }
    theme, into = rows[theme.pk], rows[into.pk]
    if theme == into:
        raise DomainError(_("Choose another theme to merge into."), code="same")
    if theme.replaced_by_id:
        raise DomainError(_("This theme was merged into another one: use that."), code="replaced")
    refuse_unlike(theme, into)
    for part in theme.narrower.filter(archived_at__isnull=True).order_by("pk"):
        refuse_too_deep(part, into)
    retag(theme, into, _held_practices(theme))
    theme.narrower.update(broader=into, mark=new_mark())
    theme.replaces.update(replaced_by=into, mark=new_mark())
    theme.replaced_by, theme.archived_at, theme.broader = into, theme.archived_at or timezone.now(), None
    changed(theme)
    into.hidden_labels = _words_of_both(into, theme)
    return changed(into)


@transaction.atomic
def split_theme(theme: Concept, parts: Sequence[Part], *, by: User, reason: str) -> list[Concept]:
    """Make new concepts that are part of this one, and classify the named practices by them instead of it.

    A practice may go to several parts; those that are named nowhere stay. DomainError: `no_parts`, `not_its` where a
    practice does not have this concept, and as `create_theme`.
    """
    theme = held(theme, by, reason)
    if not parts:
        raise DomainError(_("Name one new theme at least."), code="no_parts")
    mine = _held_practices(theme)
    named = {pk for part in parts for pk in part.practices}
    if not named <= set(mine):
        raise DomainError(_("Only practices of this theme can go to a part of it."), code="not_its")
    made = []
    for place, part in enumerate(parts):
        new = create_theme(
            part.code, part.labels, by=by, kind=theme.kind, position=theme.position + place, broader=theme
        )
        _run(TAG, new.pk, theme.pk, list(part.practices))
        made.append(new)
    _run(UNTAG, theme.pk, sorted(named))
    forget_pages()
    changed(theme)
    return made


def retag(theme: Concept, into: Concept, practices: Iterable[int]) -> None:
    """Classify these practices by `into` instead of `theme`."""
    keys = list(practices)
    _run(TAG, into.pk, theme.pk, keys)
    _run(UNTAG, theme.pk, keys)
    forget_pages()


def _held_practices(theme: Concept) -> list[int]:
    """The practices of a concept, held: whoever is editing one of them has finished.

    Read again once they are held: what was taken out of the concept meanwhile is none of them.
    """
    rows = Practice.objects.filter(themes=theme).select_for_update(of=("self",)).order_by("pk")
    list(rows.values_list("pk", flat=True))
    through = Practice.themes.through.objects.filter(concept=theme).order_by("practice_id")
    return list(through.values_list("practice_id", flat=True))


def _words_of_both(into: Concept, theme: Concept) -> dict[str, list[str]]:
    """The words that find either: the label of what is gone becomes one of them."""
    words = {}
    for code in CODES:
        said = [*into.hidden_labels.get(code, ()), text_in(theme, "label", code), *theme.hidden_labels.get(code, ())]
        words[code] = cleaned_words(said, text_in(into, "label", code))
    return {code: said for code, said in words.items() if said}


def _run(statement: str, *parameters: int | list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
