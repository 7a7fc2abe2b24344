"""The whole classification in memory: its tree, its names, and the words that name a concept.

About 120 concepts are read on every page of the library and at every indexing, and change once a month. So each process
keeps what it last read, with a stamp that any change of a concept changes, and reads again when the stamp differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Count, Sum

from network.collation import sort_key
from network.frame.pagecache import kept
from network.languages import CODES, fallbacks
from network.text import lexemes
from network.translation.models import column
from practices.models import Concept
from practices.rules.stopwords import STOP_WORDS

Stamp = tuple[int, int]
COLUMNS = (
    "id", "code", "kind", "broader_id", "replaced_by_id", "archived_at", "hidden_labels",
    *(column("label", code) for code in CODES),
)  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A concept with its names. labels: preferred ones by language; hidden: further words by language."""

    id: int
    code: str
    kind: str
    broader: int | None
    replaced_by: int | None
    archived: bool
    labels: Mapping[str, str]
    hidden: Mapping[str, list[str]]

    def label(self, code: str) -> str:
        """Its name for a reader of that language, else in English, else in any other."""
        return next((self.labels[one] for one in fallbacks(code) if self.labels.get(one)), self.code)


@dataclass
class Words:
    """A tree of folded words: what follows a word in some label, and which concepts are named when one stops here."""

    following: dict[str, Words] = field(default_factory=dict)
    concepts: set[int] = field(default_factory=set)

    def add(self, label: str, concept: int) -> None:
        """Take a label in; one that holds function words only names nothing."""
        words = lexemes(label)
        if not any(form not in STOP_WORDS for forms in words for form in forms):
            return
        ends = [self]
        for forms in words:
            ends = [end.following.setdefault(form, Words()) for end in ends for form in forms]
        for end in ends:
            end.concepts.add(concept)

    def longest(self, words: list[tuple[str, ...]], start: int) -> tuple[int, set[int]]:
        """The longest label that begins with the word at `start`: where it ends (exclusive) and what it names."""
        end, named, standing = start, set[int](), [self]
        for place in range(start, len(words)):
            standing = [node.following[form] for node in standing for form in words[place] if form in node.following]
            if not standing:
                break
            if reached := set().union(*(node.concepts for node in standing)):
                end, named = place + 1, reached
        return end, named

    def stand_in(self, words: list[tuple[str, ...]]) -> Iterator[tuple[int, int, set[int]]]:
        """Every label in a row of folded words, longest first and none inside another: start, end, concepts."""
        place = 0
        while place < len(words):
            # Nearly no word of a text begins a label.
            if self.following.keys().isdisjoint(words[place]):
                place += 1
                continue
            end, named = self.longest(words, place)
            if named:
                yield place, end, named
            place = max(end, place + 1)


@dataclass(frozen=True)
class Scheme:
    """Every concept by id, those of the archive too. What is asked for by name or tree leaves the archive out."""

    concepts: Mapping[int, Named]
    # The trees that were asked for, by kind and language: every page of the library draws three.
    drawn: dict[tuple[str, str], list[tuple[int, Named]]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def by_code(self) -> dict[str, Named]:
        return {one.code: one for one in self.concepts.values()}

    @cached_property
    def parts(self) -> dict[int | None, list[Named]]:
        """What stands directly under each concept; under None the tops."""
        found: dict[int | None, list[Named]] = {}
        for one in self.concepts.values():
            if not one.archived:
                found.setdefault(one.broader, []).append(one)
        return found

    @cached_property
    def words(self) -> dict[str, Words]:
        """The labels of each language, preferred and hidden, as trees of folded words."""
        found = {code: Words() for code in CODES}
        for one in self.concepts.values():
            if one.archived:
                continue
            for code in CODES:
                for label in (one.labels.get(code, ""), *one.hidden.get(code, ())):
                    found[code].add(label, one.id)
        return found

    def resolve(self, code: str) -> Named | None:
        """The concept of that code, or the one that it was merged into; None where there is no such code."""
        found = self.by_code.get(code)
        return self.concepts[found.replaced_by] if found and found.replaced_by else found

    def with_parts(self, concept: int) -> list[int]:
        """The concept and everything narrower, at any depth."""
        found, waiting = [], [concept]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting += [part.id for part in self.parts.get(one, ())]
        return found

    def height(self, concept: int) -> int:
        """How many levels the concept and what is narrower take; 1 where nothing is."""
        return 1 + max((self.height(part.id) for part in self.parts.get(concept, ())), default=0)

    def above(self, concept: int) -> list[Named]:
        """What the concept is part of, the top first."""
        found, at = [], self.concepts[concept].broader
        while at is not None:
            found.append(self.concepts[at])
            at = self.concepts[at].broader
        return found[::-1]

    def in_order(self, parts: Iterable[Named], code: str) -> list[Named]:
        """Concepts in the reader's alphabet."""
        return sorted(parts, key=lambda one: sort_key(one.label(code), code))

    def walk(self, kind: str, code: str) -> list[tuple[int, Named]]:
        """The concepts of a kind as the branches of their tree, each level in the reader's alphabet: depth, concept."""
        if (kind, code) not in self.drawn:
            self.drawn[kind, code] = list(self._walked(kind, code))
        return self.drawn[kind, code]

    def _walked(self, kind: str, code: str) -> Iterator[tuple[int, Named]]:
        tops = [one for one in self.parts.get(None, ()) if one.kind == kind]
        waiting = [(0, one) for one in reversed(self.in_order(tops, code))]
        while waiting:
            depth, one = waiting.pop()
            yield depth, one
            waiting += [(depth + 1, part) for part in reversed(self.in_order(self.parts.get(one.id, ()), code))]


_read: tuple[Stamp, Scheme] | None = None


def stamp() -> Stamp:
    """Differs whenever a concept was added or changed: every change draws a new mark. One query."""
    told = Concept.objects.order_by().aggregate(count=Count("pk"), marks=Sum("mark"))
    return told["count"], int(told["marks"] or 0)


def scheme(*, fresh: bool = False) -> Scheme:
    """The classification as it is now. Without `fresh` a change may be missed for as long as kept pages miss it."""
    global _read
    now = stamp() if fresh else kept("practices.scheme.stamp", stamp)
    known = _read
    if known is None or known[0] != now:
        known = _read = (now, Scheme({one.id: one for one in _concepts()}))
    return known[1]


def _concepts() -> Iterator[Named]:
    for row in Concept.objects.order_by("position", "code").values(*COLUMNS):
        yield Named(
            id=row["id"],
            code=row["code"],
            kind=row["kind"],
            broader=row["broader_id"],
            replaced_by=row["replaced_by_id"],
            archived=row["archived_at"] is not None,
            labels={code: row[column("label", code)] or "" for code in CODES},
            hidden=row["hidden_labels"],
        )
