"""The practices of a collection: which, in which order, under which chapters, with which words.

Several people may arrange one collection at once. What each one typed is sent with what they had read (`Typed`): where
nobody else changed that, it is saved; where somebody did, both stand side by side (`Clash`) and nothing is overwritten.
Moves are relative, one after the other: two people's moves both count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.people.models import User
from network.text import clean_line
from practices.domain.collections import locked_collection, touched
from practices.models import Collection, CollectionChapter, CollectionItem, Practice
from practices.rules.collections import COMMENT, MOST_CHAPTERS, MOST_PRACTICES, TITLE, can_edit_collection


@dataclass(frozen=True)
class Added:
    """What became of the practices that were to be added: how many were, stood there already, are not public, had no room."""

    added: int
    known: int
    gone: int
    over: int


@transaction.atomic
def add_practices(collection: Collection, practices: Iterable[int], *, by: User) -> Added:
    """Put public practices at the end, in this order, each once; as many as there is room for."""
    current = locked_collection(collection.pk)
    insist(can_edit_collection(by, current))
    wanted = list(dict.fromkeys(practices))
    public = set(Practice.objects.visible_to(by).filter(pk__in=wanted).order_by().values_list("pk", flat=True))
    arranged = _arranged(current)
    there = {item.practice_id for item in arranged.items}
    new = [pk for pk in wanted if pk in public and pk not in there]
    room = max(0, MOST_PRACTICES - len(there))
    # The end of the collection is the end of its last chapter.
    last = arranged.chapters[-1] if arranged.chapters else None
    start = len(arranged.of(last.pk if last else None))
    CollectionItem.objects.bulk_create(
        CollectionItem(collection=current, practice_id=pk, chapter=last, position=start + n, added_by=by)
        for n, pk in enumerate(new[:room])
    )
    if new[:room]:
        touched(current)
    known = sum(1 for pk in wanted if pk in public and pk in there)
    return Added(len(new[:room]), known, len(wanted) - len(new) - known, len(new[room:]))


@dataclass(frozen=True)
class Typed:
    """What a field of the form held when it was opened, and what it holds now."""

    was: str
    now: str


@dataclass(frozen=True)
class Clash:
    """A field that somebody else changed meanwhile: what one typed, and what stands there."""

    mine: str
    theirs: str


@dataclass(frozen=True)
class Arrangement:
    """All that the form holds: comments and chapters of practices, by practice; titles, by chapter. A chapter is named by
    its id, none by nothing."""

    comments: Mapping[int, Typed] = field(default_factory=dict)
    chapters: Mapping[int, Typed] = field(default_factory=dict)
    titles: Mapping[int, Typed] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """A button of the form. verb: up, down, first, remove (a practice), chapter_up, chapter_down, chapter_remove (a chapter),
    chapter_add (`title`)."""

    verb: str
    thing: int = 0
    title: str = ""


@dataclass(frozen=True)
class Clashes:
    """What could not be saved without asking, by practice or chapter."""

    comments: dict[int, Clash] = field(default_factory=dict)
    chapters: dict[int, Clash] = field(default_factory=dict)
    titles: dict[int, Clash] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.comments or self.chapters or self.titles)


@transaction.atomic
def arrange(collection: Collection, typed: Arrangement, step: Step | None = None, *, by: User) -> Clashes:
    """Save what was typed, then take the step. What clashes is left as it stands and answered; all else is saved.

    Practices and chapters that somebody removed meanwhile are passed over. DomainError, and nothing is saved: not allowed,
    a text too long (code comment or title, or new_title), too many chapters.
    """
    current = locked_collection(collection.pk)
    insist(can_edit_collection(by, current))
    _insist_on_lengths(typed)
    arranged = _arranged(current)
    clashes = Clashes(
        comments=_merge_comments(arranged, typed.comments),
        chapters=_merge_chapters(arranged, typed.chapters),
        titles=_merge_titles(arranged, typed.titles),
    )
    if step is not None:
        _take(arranged, step)
    arranged.save()
    touched(current)
    return clashes


class _Arranged:
    """Chapters and practices as they stand, changed in memory; `save` writes what differs."""

    def __init__(self, collection: Collection, chapters: list[CollectionChapter], items: list[CollectionItem]) -> None:
        self.collection, self.chapters, self.items = collection, chapters, items
        self.was = {id(row): _state(row) for row in self.rows}

    @property
    def rows(self) -> list[CollectionChapter | CollectionItem]:
        """All that may change."""
        return [*self.chapters, *self.items]

    def of(self, chapter: int | None) -> list[CollectionItem]:
        """The practices of a chapter, in order."""
        return [item for item in self.items if item.chapter_id == chapter]

    @property
    def places(self) -> list[int | None]:
        """Where practices may stand, in order: before the first chapter, then in each."""
        return [None, *(chapter.pk for chapter in self.chapters)]

    def put(self, item: CollectionItem, chapter: int | None, at: int | None = None) -> None:
        """Let the practice stand in that chapter, at the end or as number `at`."""
        self.items.remove(item)
        item.chapter_id = chapter
        others = self.of(chapter)
        if at is None or at >= len(others):
            self.items.append(item)
        else:
            self.items.insert(self.items.index(others[at]), item)

    def save(self) -> None:
        """Number chapters and practices as they stand now, and write the rows that changed."""
        for n, chapter in enumerate(self.chapters):
            chapter.position = n
        for place in self.places:
            for n, item in enumerate(self.of(place)):
                item.position = n
        for row in self.rows:
            if _state(row) != self.was.get(id(row)):
                row.save()


def _state(row: CollectionChapter | CollectionItem) -> tuple[object, ...]:
    if isinstance(row, CollectionChapter):
        return row.title, row.position
    return row.comment, row.chapter_id, row.position


def _arranged(collection: Collection) -> _Arranged:
    chapters = list(CollectionChapter.objects.filter(collection=collection).order_by("position", "id"))
    items = list(CollectionItem.objects.filter(collection=collection).order_by("position", "id"))
    return _Arranged(collection, chapters, items)


def _insist_on_lengths(typed: Arrangement) -> None:
    if any(len(clean_line(one.now)) > COMMENT for one in typed.comments.values()):
        raise DomainError(_("A comment has at most 300 characters. Make it shorter."), code="comment")
    for one in typed.titles.values():
        if not clean_line(one.now) or len(clean_line(one.now)) > TITLE:
            raise DomainError(_("Enter a title for each chapter, at most 200 characters."), code="title")


def _merged(typed: Typed, current: str) -> tuple[str, Clash | None]:
    """What is to stand, and the clash where both changed it to something else."""
    now, was = clean_line(typed.now), clean_line(typed.was)
    if now in (was, current):
        return current, None
    if was == current:
        return now, None
    return current, Clash(mine=now, theirs=current)


def _merge_comments(arranged: _Arranged, typed: Mapping[int, Typed]) -> dict[int, Clash]:
    clashes = {}
    for item in arranged.items:
        if one := typed.get(item.practice_id):
            item.comment, clash = _merged(one, item.comment)
            if clash:
                clashes[item.practice_id] = clash
    return clashes


def _merge_titles(arranged: _Arranged, typed: Mapping[int, Typed]) -> dict[int, Clash]:
    clashes = {}
    for chapter in arranged.chapters:
        if one := typed.get(chapter.pk):
            chapter.title, clash = _merged(one, chapter.title)
            if clash:
                clashes[chapter.pk] = clash
    return clashes


def _merge_chapters(arranged: _Arranged, typed: Mapping[int, Typed]) -> dict[int, Clash]:
    clashes, known = {}, {str(chapter.pk) for chapter in arranged.chapters} | {""}
    for item in list(arranged.items):
        one = typed.get(item.practice_id)
        # A chapter that was removed meanwhile, or is none of this collection's, is nowhere to go.
        if one is None or one.now not in known:
            continue
        current = str(item.chapter_id or "")
        wanted, clash = _merged(one, current)
        if clash:
            clashes[item.practice_id] = clash
        elif wanted != current:
            arranged.put(item, int(wanted) if wanted else None)
    return clashes


def _take(arranged: _Arranged, step: Step) -> None:
    if step.verb == "chapter_add":
        _add_chapter(arranged, step.title)
    elif step.verb.startswith("chapter_"):
        chapter = next((one for one in arranged.chapters if one.pk == step.thing), None)
        if chapter is not None:
            _step_chapter(arranged, chapter, step.verb)
    else:
        item = next((one for one in arranged.items if one.practice_id == step.thing), None)
        if item is not None:
            _step_item(arranged, item, step.verb)


def _step_item(arranged: _Arranged, item: CollectionItem, verb: str) -> None:
    """Up and down lead across chapters: above the first of a chapter is the end of the one before."""
    place, mates = item.chapter_id, arranged.of(item.chapter_id)
    at, number = mates.index(item), arranged.places.index(place)
    if verb == "remove":
        arranged.items.remove(item)
        item.delete()
    elif verb == "first":
        arranged.put(item, None, 0)
    elif verb == "up" and at > 0:
        arranged.put(item, place, at - 1)
    elif verb == "up" and number > 0:
        arranged.put(item, arranged.places[number - 1])
    elif verb == "down" and at < len(mates) - 1:
        arranged.put(item, place, at + 1)
    elif verb == "down" and number < len(arranged.places) - 1:
        arranged.put(item, arranged.places[number + 1], 0)


def _step_chapter(arranged: _Arranged, chapter: CollectionChapter, verb: str) -> None:
    """A chapter moves with its practices; those of one that is removed go to the end of the one before."""
    at = arranged.chapters.index(chapter)
    if verb == "chapter_remove":
        for item in arranged.of(chapter.pk):
            arranged.put(item, arranged.places[at])
        arranged.chapters.remove(chapter)
        arranged.save()
        chapter.delete()
    elif verb == "chapter_up" and at > 0:
        arranged.chapters[at - 1 : at + 1] = [chapter, arranged.chapters[at - 1]]
    elif verb == "chapter_down" and at < len(arranged.chapters) - 1:
        arranged.chapters[at : at + 2] = [arranged.chapters[at + 1], chapter]


def _add_chapter(arranged: _Arranged, title: str) -> None:
    told = clean_line(title)
    if not told or len(told) > TITLE:
        raise DomainError(_("Enter the title of the new chapter, at most 200 characters."), code="new_title")
    if len(arranged.chapters) >= MOST_CHAPTERS:
        raise DomainError(_("A collection has at most 30 chapters."), code="new_title")
    made = CollectionChapter.objects.create(collection=arranged.collection, title=told, position=len(arranged.chapters))
    arranged.chapters.append(made)
    arranged.was[id(made)] = _state(made)
