"""The classification: adding concepts, naming them, moving them in their tree, taking them out of use.

Every verb waits for the others (`scheme_held`), so that a tree that was checked is still so when it is written. What
changes the words that find a concept queues the indexing of all practices where they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.jobs import enqueue
from network.languages import DEFAULT, LANGUAGES
from network.locks import hold_lock
from network.people.models import User
from network.text import clean_line, clean_text, normalise
from network.translation.models import column
from practices.enums import ConceptKind
from practices.models import Concept, new_mark
from practices.queries.scheme import scheme
from practices.rules.practices import can_manage_themes
from practices.rules.themes import HIDDEN, LABEL, LEVELS, MATCHES, NOTE, are_addresses, in_both, is_code

Words = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class ThemeChanges:
    """What becomes different in a concept; what is empty or None stays.

    labels and scope_notes: texts by language; hidden: all the words that find it, for each language named; broader:
    what it becomes part of where `moved` (None: nothing).
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    scope_notes: Mapping[str, str] = field(default_factory=dict)
    hidden: Words = field(default_factory=dict)
    exact_match: Sequence[str] | None = None
    close_match: Sequence[str] | None = None
    position: int | None = None
    moved: bool = False
    broader: Concept | None = None


def scheme_held() -> None:
    """Wait until nobody else changes the classification; nobody will until the transaction ends."""
    hold_lock("practices.scheme")


@transaction.atomic
def create_theme(
    code: str,
    labels: Mapping[str, str],
    *,
    by: User,
    kind: str = ConceptKind.THEME,
    position: int = 0,
    broader: Concept | None = None,
    changes: ThemeChanges | None = None,
) -> Concept:
    """A new concept of the scheme. Its code is kept for ever; an English label is needed (DomainError `no_label`)."""
    insist(can_manage_themes(by))
    scheme_held()
    if not is_code(code):
        raise DomainError(_("A code is made of small letters a to z, digits and hyphens."), code="code")
    if Concept.objects.filter(code=code).exists():
        raise DomainError(_("Another theme has this code."), code="taken")
    theme = Concept(code=code, kind=ConceptKind(kind), position=position)
    _put_below(theme, broader)
    _name(theme, labels)
    _write(theme, changes or ThemeChanges())
    theme.save(force_insert=True)
    enqueue("practices.reindex_theme", theme_id=theme.pk)
    return theme


@transaction.atomic
def edit_theme(theme: Concept, changes: ThemeChanges, *, by: User, reason: str = "") -> Concept:
    """Change what a concept says and where it stands; practices are found by its new words once the job has run."""
    theme = held(theme, by, reason)
    if changes.moved:
        _put_below(theme, changes.broader)
    _name(theme, changes.labels)
    _write(theme, changes)
    return changed(theme, worded=bool(changes.labels or changes.hidden or changes.moved))


def rename_theme(theme: Concept, labels: Mapping[str, str], *, by: User, reason: str = "") -> Concept:
    """Change the labels in the named languages; its practices are found by the new ones once the job has run."""
    return edit_theme(theme, ThemeChanges(labels=labels), by=by, reason=reason)


def set_hidden_labels(theme: Concept, hidden: Words, *, by: User, reason: str = "") -> Concept:
    """Replace the words that find a concept, in the named languages. Those that repeat its label are left out."""
    return edit_theme(theme, ThemeChanges(hidden=hidden), by=by, reason=reason)


def move_theme(theme: Concept, broader: Concept | None, *, by: User, reason: str = "") -> Concept:
    """Make a concept, with all that is narrower, part of another one of its kind, or (None) one of the tops.

    DomainError: `circle` where it would become part of itself, `kind`, `too_deep`, `archived`.
    """
    return edit_theme(theme, ThemeChanges(moved=True, broader=broader), by=by, reason=reason)


@transaction.atomic
def archive_theme(theme: Concept, *, by: User, reason: str) -> Concept:
    """Take a concept out of use: nothing new is classified by it. Practices that have it keep it, its page stays."""
    theme = held(theme, by, reason)
    if theme.archived_at:
        raise DomainError(_("This theme is in the archive already."), code="already")
    if scheme(fresh=True).parts.get(theme.pk):
        raise DomainError(_("Other themes are part of it. Move them or put them into the archive first."), code="parts")
    theme.archived_at = timezone.now()
    return changed(theme)


@transaction.atomic
def restore_theme(theme: Concept, *, by: User, reason: str) -> Concept:
    """Bring a concept out of the archive; one that was merged stays merged."""
    theme = held(theme, by, reason)
    if not theme.archived_at:
        raise DomainError(_("This theme is not in the archive."), code="already")
    if theme.replaced_by_id:
        raise DomainError(_("This theme was merged into another one: use that."), code="replaced")
    theme.archived_at = None
    _put_below(theme, theme.broader)
    return changed(theme)


def held(theme: Concept, by: User, reason: str = "") -> Concept:
    """The concept as it is now, held until the transaction ends, with the scheme; the reason goes into the history."""
    insist(can_manage_themes(by))
    scheme_held()
    theme = Concept.objects.select_for_update().get(pk=theme.pk)
    if reason:
        because(reason)
    return theme


def changed(theme: Concept, *, worded: bool = True) -> Concept:
    """Save a concept; `worded` where other words find it now, it finds other practices, or they are found by others."""
    theme.mark = new_mark()
    if worded:
        theme.labelled_at = timezone.now()
    theme.save()
    if worded:
        enqueue("practices.reindex_theme", theme_id=theme.pk)
    return theme


def refuse_unlike(theme: Concept, other: Concept) -> None:
    """DomainError where the other concept can't take this one in: of another kind, out of use, or a part of it."""
    if other.archived_at:
        raise DomainError(_("That theme is in the archive."), code="archived")
    if other.kind != theme.kind:
        raise DomainError(_("Choose a theme of the same kind."), code="kind")
    if theme.pk and other.pk in scheme(fresh=True).with_parts(theme.pk):
        raise DomainError(_("A theme can’t become part of itself, or of what is part of it."), code="circle")


def refuse_too_deep(theme: Concept, broader: Concept) -> None:
    """DomainError where the concept, as part of the other one, would reach below the last level."""
    known = scheme(fresh=True)
    if len(known.above(broader.pk)) + 1 + (known.height(theme.pk) if theme.pk else 1) > LEVELS:
        raise DomainError(_("The tree has three levels: this would make a fourth."), code="too_deep")


def _put_below(theme: Concept, broader: Concept | None) -> None:
    if broader is not None:
        broader = Concept.objects.get(pk=broader.pk)
        refuse_unlike(theme, broader)
        refuse_too_deep(theme, broader)
    theme.broader = broader


def _name(theme: Concept, labels: Mapping[str, str]) -> None:
    for code, label in labels.items():
        setattr(theme, column("label", code), clean_line(label)[:LABEL])
    if not getattr(theme, column("label", DEFAULT)):
        raise DomainError(_("Enter an English label."), code="no_label")


def _write(theme: Concept, changes: ThemeChanges) -> None:
    for code, note in changes.scope_notes.items():
        setattr(theme, column("scope_note", code), clean_text(note)[:NOTE])
    for code in changes.hidden:
        if code not in LANGUAGES:
            raise DomainError(_("Koine does not know that language."), code="language")
    given = {**theme.hidden_labels, **changes.hidden}
    # Looked through anew after each change of a label: a word that became the name is none that is hidden.
    words = {code: cleaned_words(said, getattr(theme, column("label", code)) or "") for code, said in given.items()}
    theme.hidden_labels = {code: words[code] for code in LANGUAGES if words.get(code)}
    for name in ("exact_match", "close_match"):
        if (matches := getattr(changes, name)) is not None:
            setattr(theme, name, _addresses(matches))
    if (changes.exact_match, changes.close_match) != (None, None) and in_both(theme.exact_match, theme.close_match):
        raise DomainError(_("An address is either of the same concept or of a similar one, not both."), code="both")
    if changes.position is not None:
        theme.position = changes.position


def cleaned_words(said: Iterable[str], label: str) -> list[str]:
    """Words that find a concept, each once however it is accented, without the one that is its name; 60 at most."""
    found: dict[str, str] = {}
    for words in said:
        line = clean_line(words)[:LABEL]
        if (folded := normalise(line)) and folded != normalise(label):
            found.setdefault(folded, line)
    return list(found.values())[:HIDDEN]


def _addresses(matches: Sequence[str]) -> list[str]:
    kept = list(dict.fromkeys(filter(None, (clean_line(match) for match in matches))))
    if len(kept) > MATCHES or not are_addresses(kept):
        raise DomainError(_("Write whole addresses that begin with https://, at most 20."), code="address")
    return kept
