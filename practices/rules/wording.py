"""What differs between two texts, word by word, in every script. Pure functions.

Words are matched by the longest runs they share (Ratcliff and Obershelp, as `difflib` does); a space belongs to the word
before it. Long texts are compared by paragraphs, and very long ones not at all: they count as replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from network.text import WRITTEN_WORD

TOKEN = re.compile(rf"(?:{WRITTEN_WORD.pattern}|[^\w\s])[^\S\n]*|\n+|\s+")
LINE = re.compile(r"[^\n]*\n+|[^\n]+")
# How many pairs of words (or paragraphs) are compared at most: a thousand with a thousand.
MOST_PAIRS = 1_000_000


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of text that stayed, came or went."""

    change: Change
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """How one text became the other, in reading order: what went stands before what came in its place."""
    if before == after:
        return [Piece(Change.SAME, after)] if after else []
    found = _compared(TOKEN.findall(before), TOKEN.findall(after))
    if found is None:
        found = _compared(LINE.findall(before), LINE.findall(after))
    if found is None:
        found = [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]
    return _joined(found)


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Piece] | None:
    """The pieces of two lists of words or paragraphs; None where they are too long to be compared."""
    start = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    rest = min(len(old), len(new)) - start
    end = next((n for n in range(rest) if old[-1 - n] != new[-1 - n]), rest)
    a, b = old[start : len(old) - end], new[start : len(new) - end]
    if len(a) * len(b) > MOST_PAIRS:
        return None
    found = [Piece(Change.SAME, "".join(new[:start]))]
    # The space after a word does not make it another word: what stayed is told as it stands now.
    matcher = SequenceMatcher(None, [one.rstrip() for one in a], [one.rstrip() for one in b], autojunk=False)
    for verb, from_a, to_a, from_b, to_b in matcher.get_opcodes():
        if verb == "equal":
            found.append(Piece(Change.SAME, "".join(b[from_b:to_b])))
            continue
        found.append(Piece(Change.REMOVED, "".join(a[from_a:to_a])))
        found.append(Piece(Change.ADDED, "".join(b[from_b:to_b])))
    return [*found, Piece(Change.SAME, "".join(new[len(new) - end :]))]


def _joined(found: Iterable[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece; nothing where there is no text."""
    joined: list[Piece] = []
    for piece in found:
        if not piece.text:
            continue
        if joined and joined[-1].change == piece.change:
            joined[-1] = Piece(piece.change, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return joined


def moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Of the keys that both orders hold, those that stand at another place: the fewest that had to be moved."""
    places = {key: place for place, key in enumerate(before)}
    kept = [key for key in after if key in places]
    # The longest run of keys that stand in their old order stayed; the others were moved.
    best: list[list[str]] = []
    for key in kept:
        before_it: list[str] = max((run for run in best if places[run[-1]] < places[key]), key=len, default=[])
        best.append([*before_it, key])
    longest: list[str] = max(reversed(best), key=len, default=[])
    stayed = set(longest)
    return set(kept) - stayed
