"""What a query may have meant where it finds little: the nearest words of the index, spelt as cities write them.

Only words that hardly any practice has are corrected. A word may be a letter or two away from one of the index, in any
language and, typed in Latin letters, in any script; two words may be one, or one two. What is proposed finds more with the
same filters than what was typed, else nothing is proposed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from cities.models import City
from network.text import WRITTEN_WORD, lexemes, tokens, transliterate, word_forms
from network.translation.models import column
from practices.models import Practice, PracticeNarrative
from practices.queries.finding import find
from practices.queries.matching import Query, Term, parse
from practices.queries.wanted import Wanted
from practices.rules.completeness import SECTIONS
from practices.rules.spelling import LONGEST, SHORTEST, allowed, distance, remains

# Below this number of practices something is proposed; a word that so few have may be mistyped.
FEW = 3
# How much commoner a word must be to be meant instead of one that some practice has.
COMMONER = 5
MOST_CORRECTED = 3
MOST_CANDIDATES = 300
# Practices that are read to see how a word is spelt.
READ = 3

KNOWN = """
SELECT n, (SELECT count(*) FROM practices_found(query::tsquery, '', %(few)s))
FROM unnest(%(queries)s::text[]) WITH ORDINALITY AS typed(query, n)
"""
CANDIDATES = """
SELECT form, language, practices FROM practices_searchword
WHERE near && %(remains)s::text[] AND char_length(form) BETWEEN %(shortest)s AND %(longest)s
ORDER BY practices DESC LIMIT %(most)s
"""
WHOLE = "SELECT form, language, practices FROM practices_searchword WHERE form = ANY(%(forms)s)"
STANDS_IN = """
SELECT e.practice_id, e.language FROM practices_found(%(query)s::tsquery, %(language)s, %(most)s) f
JOIN practices_searchentry e ON e.practice_id = f.practice_id AND e.language = %(language)s
WHERE e.tsv @@ %(query)s::tsquery LIMIT %(most)s
"""


@dataclass(frozen=True)
class Meant:
    """What was probably meant: the query with its words corrected, and how many practices it finds."""

    text: str
    total: int


@dataclass(frozen=True)
class Word:
    """A word, or two, of the index in the place of a typed one: as folded forms."""

    forms: tuple[str, ...]
    language: str
    practices: int
    away: int

    def likeliness(self, typed: str, code: str) -> tuple[float, ...]:
        """The larger, the likelier: near, common, of the reader's language, beginning alike."""
        alike = self.forms[0][:1] == typed[:1]
        return (-self.away, math.log1p(self.practices) + 2 * (self.language == code) + alike)


def did_you_mean(wanted: Wanted, code: str, total: int) -> Meant | None:
    """A better query for a reader of `code`, where the one typed found fewer than FEW practices; None where there is none.

    No statement where enough was found. Else one, and at most eight more where a word is not known.
    """
    if total >= FEW or not wanted.query:
        return None
    corrected = _corrected(wanted.query, code)
    if not corrected:
        return None
    text = _spelt(wanted.query, corrected)
    found = find(replace(wanted, query=parse(text), page=1), code, 1, 0).total
    return Meant(text, found) if found > total else None


def _corrected(query: Query, code: str) -> dict[Term, Word]:
    """The words that hardly any practice has, with what was probably meant by each."""
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"few": FEW, "queries": [term.tsquery() for term in query.terms]})
        known = dict(zip(query.terms, (row[1] for row in sorted(cursor.fetchall())), strict=True))
    written = {word_forms(word): word for word in tokens(query.text)}
    found: dict[Term, Word] = {}
    for term in sorted(query.terms, key=known.__getitem__):
        if known[term] >= FEW or len(found) == MOST_CORRECTED:
            break
        word = _nearest((*term.forms, written[term.forms]), code, known[term])
        if word is not None:
            found[term] = word
    return found


def _nearest(typed: tuple[str, ...], code: str, practices: int) -> Word | None:
    """The likeliest word for one that was typed, in any of its readings."""
    readings = [one for one in dict.fromkeys(typed) if SHORTEST <= len(one) <= LONGEST]
    if any(letter.isdigit() for letter in typed[-1]):
        return None
    candidates = [one for reading in readings for one in (*_mistyped(reading), *_apart(reading))]
    candidates = [one for one in candidates if one.practices > COMMONER * practices and not set(one.forms) & set(typed)]
    return max(candidates, key=lambda one: one.likeliness(typed[-1], code), default=None)


def _mistyped(typed: str) -> Iterable[Word]:
    slips = allowed(typed)
    asked: dict[str, Any] = {
        "remains": sorted(remains(typed)), "most": MOST_CANDIDATES,
        # In Latin letters a word may be longer than in its own.
        "shortest": (len(typed) - slips) // (2 if typed.isascii() else 1), "longest": len(typed) + slips,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATES, asked)
        rows = cursor.fetchall()
    for form, language, practices in rows:
        away = distance(typed, form)
        if typed.isascii() and not form.isascii():
            away = min(away, distance(typed, transliterate(form).replace(" ", "")))
        if away <= slips:
            yield Word((form,), language, practices, away)


def _apart(typed: str) -> Iterable[Word]:
    """The word as two that stand together in one language."""
    halves = [(typed[:n], typed[n:]) for n in range(SHORTEST, len(typed) - SHORTEST + 1)]
    if not halves:
        return
    with connection.cursor() as cursor:
        cursor.execute(WHOLE, {"forms": sorted({half for pair in halves for half in pair})})
        known = {(language, form): practices for form, language, practices in cursor.fetchall()}
    for language in {language for language, _form in known}:
        for first, second in halves:
            if (language, first) in known and (language, second) in known:
                yield Word((first, second), language, min(known[language, first], known[language, second]), 1)


def _spelt(query: Query, corrected: dict[Term, Word]) -> str:
    """The query as it was typed, but for the corrected words, as they are spelt where they stand; small where it was."""
    spelt = {
        term.forms: " ".join(spelling(form, word.language) for form in word.forms) for term, word in corrected.items()
    }

    def instead(typed: str) -> str:
        readings = lexemes(typed)
        word = spelt.get(readings[0], typed) if len(readings) == 1 else typed
        return word.lower() if typed == typed.lower() else word

    text, at = [], 0
    for typed in WRITTEN_WORD.finditer(query.text):
        text += [query.text[at : typed.start()], instead(typed[0])]
        at = typed.end()
    return "".join([*text, query.text[at:]])


def spelling(form: str, language: str) -> str:
    """How a folded word is written in practices of that language, the commonest way."""
    with connection.cursor() as cursor:
        cursor.execute(STANDS_IN, {"query": f"'{form}'", "language": language, "most": READ})
        ids = [row[0] for row in cursor.fetchall()]
    counted: Counter[str] = Counter()
    for text in _texts(ids, language):
        for word in WRITTEN_WORD.finditer(text):
            if any(form in readings for readings in lexemes(word[0])):
                counted[word[0]] += 1
    return next((word for word, _number in counted.most_common(1)), form)


def _texts(ids: list[int], language: str) -> Iterable[str]:
    fields = [column(name, language) for name in Practice.CARD]
    sections = [column(name, language) for name in SECTIONS]
    cities = City.objects.filter(practices__in=ids).order_by("pk").distinct()
    rows = [
        *Practice.objects.filter(pk__in=ids).order_by("pk").values_list(*fields),
        *PracticeNarrative.objects.filter(practice__in=ids).order_by("pk").values_list(*sections),
        *cities.values_list(column("name", language), "native_name"),
    ]
    return [text for row in rows for text in row if text]
