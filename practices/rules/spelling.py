"""How near two words are to each other, as people mistype them. Pure functions of folded words.

A letter too many, one missing, one wrong or two that changed places count one each (optimal string alignment). Two words
that differ by one meet where each loses one letter at most, and most that differ by two where the typed one loses two: so
what is near a typed word is found by comparing these remains, without looking at any other word (after SymSpell). Long
words meet also by how they begin and end.
"""

from __future__ import annotations

from functools import lru_cache

from network.text import transliterate

SHORTEST, LONGEST = 3, 30
# Up to this length the remains of a typed word without two letters are looked for too: there are 120 of them.
TWO_LETTERS_OFF = 16
# Words of that many letters meet by their first four and their last five.
LONG, FIRST, LAST = 8, 4, 5


def without_a_letter(word: str) -> set[str]:
    """Everything that is left of a word without one of its letters."""
    return {word[:n] + word[n + 1 :] for n in range(len(word))}


def ends(word: str) -> set[str]:
    """How a long word begins and ends."""
    return {f"^{word[:FIRST]}", f"{word[-LAST:]}$"} if len(word) >= LONG else set()


def near(form: str) -> list[str]:
    """By what an indexed word is found: itself and itself without a letter, in its own script and in Latin letters."""
    words = {form}
    if not form.isascii():
        words.add(transliterate(form).replace(" ", ""))
    return sorted(words.union(*map(without_a_letter, words), *map(ends, words)))


def remains(typed: str) -> set[str]:
    """What of a typed word is looked for among what indexed words are found by."""
    found = {typed, *without_a_letter(typed)}
    if allowed(typed) > 1 and len(typed) <= TWO_LETTERS_OFF:
        found |= {word for one in without_a_letter(typed) for word in without_a_letter(one)}
    return {word for word in found if len(word) >= SHORTEST - 1} | ends(typed)


def allowed(typed: str) -> int:
    """How many letters of a word may be mistyped."""
    return 1 if len(typed) < 6 else 2


@lru_cache(maxsize=2_000)
def distance(first: str, second: str) -> int:
    """How many letters apart two words are."""
    before: list[int] = []
    last = list(range(len(second) + 1))
    for n, letter in enumerate(first, start=1):
        row = [n]
        for m, other in enumerate(second, start=1):
            best = min(row[m - 1] + 1, last[m] + 1, last[m - 1] + (letter != other))
            if n > 1 and m > 1 and letter == second[m - 2] and first[n - 2] == other:
                best = min(best, before[m - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
