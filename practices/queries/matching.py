"""What a person typed, as the search understands it.

The words of the query are folded as the documents were (`network.text`), function words are left out, and what remains
must all be found (AND). Each word is looked for in its own form and, so that an ending does not hide it, by its
beginning: a word that is not of Arabic script loses letters at its end by its length,

    letters   1-2      3-4     5 (ending in a vowel or s)   6     7-8    9 and more
    prefix    none     whole   one letter off               one   two    three

so that ένταξη, ένταξης and εντάξεις, integrering and integreringen, municipality and municipalities find each other.
Words of Arabic script are lightly stemmed by `network.text` and looked for by their stem. A record where the very word
stands ranks above one that only begins alike. This is a measure for today; stems per language replace the table later.

Nothing of what is typed reaches Postgres as an operator: only letters, digits and underscores, in quotes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from network.text import ARABIC_LETTER, LATIN_PAIRS, clean_line, lexemes, normalise, tokens, word_forms
from practices.rules.stopwords import STOP_WORDS

# A query is read up to this many characters and meaningful words; the rest is left out.
MOST_CHARACTERS = 300
MOST_WORDS = 10
# What a word of five letters may lose at its end: a vowel, or the s of a plural.
ENDINGS = frozenset("aeiouysαεηιουωσ")


@dataclass(frozen=True)
class Term:
    """One word of a query: the forms that match exactly and the beginnings that match too."""

    forms: tuple[str, ...]
    prefixes: tuple[str, ...]

    def fits(self, form: str) -> bool:
        """Whether an indexed form is found by this term."""
        return form in self.forms or form.startswith(self.prefixes)

    def tsquery(self, weight: str) -> str:
        suffix = f":{weight}" if weight else ""
        exact = [f"'{form}'{suffix}" for form in self.forms]
        return "(" + " | ".join([*exact, *(f"'{prefix}':*{weight}" for prefix in self.prefixes)]) + ")"


@dataclass(frozen=True)
class Meant:
    """Terms of a query (by their places in it) that together name concepts: `hate speech`, `ρητορική μίσους`."""

    terms: frozenset[int]
    concepts: tuple[int, ...]


def concept_lexeme(concept: int) -> str:
    """The lexeme under which texts that name a concept are indexed, in whatever language: `c#12`.

    No word of a text and nothing typed can be taken for it: `#` is part of no word.
    """
    return f"c#{concept}"


def key_lexeme(key: int) -> str:
    """The lexeme of what a practice is filtered by (`rules.facets.key`): `k#33554433`."""
    return f"k#{key}"


# Stands in one row of each practice, that of its original language; in those of practices that other cities took up.
ORIGINAL_LEXEME = "o#1"
REUSED_LEXEME = "r#1"
# Blocks of practices that were recorded one after the other, of 2 to these powers: `a13#5` stands in the rows of the
# practices 40,960 to 49,151. `practices_found` (migration `search_keys`) looks into the newest blocks first.
BLOCKS = (11, 13, 15, 17, 19, 21)


def block_lexemes(practice: int) -> list[str]:
    """The lexemes of the blocks that a practice lies in."""
    return [f"a{power}#{practice >> power}" for power in BLOCKS]


def any_of(lexemes: Iterable[str]) -> str:
    """A tsquery that one of the lexemes answers."""
    return "(" + " | ".join(f"'{lexeme}'" for lexeme in lexemes) + ")"


@dataclass(frozen=True)
class Query:
    """A query: as it is shown again, and as terms; without terms nothing is filtered.

    words: all its words in order, folded, function words too. meant: the concepts it names, where somebody has looked
    (`queries.meaning`): records that name the same concept in other words, of any language, are then found as well.
    """

    text: str
    terms: tuple[Term, ...]
    words: tuple[tuple[str, ...], ...] = field(default=(), compare=False)
    meant: tuple[Meant, ...] = ()
    # Whether one of the words is enough.
    loose: bool = False
    # Words judged already: a page of results holds the same words again and again.
    judged: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.terms)

    @property
    def concepts(self) -> list[int]:
        """The concepts it names."""
        return list(dict.fromkeys(concept for meant in self.meant for concept in meant.concepts))

    def tsquery(self, weight: str = "") -> str:
        """In Postgres' tsquery notation, every term needed (one, where it is loose); `weight` (A to D) restricts where the

        words stand.
        """
        return self._joined([term.tsquery(weight) for term in self.terms])

    def loosened(self) -> Query:
        """The same query where one of its words is enough."""
        return replace(self, loose=True, judged={})

    def _joined(self, parts: list[str]) -> str:
        return f"({' | '.join(parts)})" if self.loose and parts else " & ".join(parts)

    def widened(self) -> str:
        """The same where instead of words that name a concept the record may name it in any other words."""
        lone = [term.tsquery("") for n, term in enumerate(self.terms) if not any(n in one.terms for one in self.meant)]
        named = []
        for one in self.meant:
            words = " & ".join(self.terms[n].tsquery("") for n in sorted(one.terms))
            named.append(" | ".join([f"({words})", *(f"'{concept_lexeme(concept)}'" for concept in one.concepts)]))
        return self._joined([*lone, *(f"({either})" for either in named)])

    def fits(self, word: str) -> bool:
        """Whether a word as people wrote it is found by one of the terms."""
        if word not in self.judged:
            self.judged[word] = any(term.fits(form) for forms in lexemes(word) for form in forms for term in self.terms)
        return self.judged[word]

    def may_stand_in(self, text: str) -> bool:
        """A quick look: False only where no word of the text is found. Folded forms are parts of the folded text."""
        folded = LATIN_PAIRS.sub(lambda pair: pair[0][0], normalise(text))
        return any(part in folded for term in self.terms for part in (*term.prefixes, *term.forms))


def beginning_of(form: str) -> str:
    """The beginning by which a folded word is looked for; nothing for words of one or two letters."""
    length = len(form)
    if length < 3:
        return ""
    if ARABIC_LETTER.search(form) or length < 5:
        return form
    if length == 5:
        return form[:-1] if form[-1] in ENDINGS else form
    return form[: -1 if length == 6 else -2 if length < 9 else -3]


def parse(typed: str) -> Query:
    """Read what was typed: at most 300 characters and 10 meaningful words, each once."""
    shown = clean_line(typed[: 4 * MOST_CHARACTERS])
    if len(shown) > MOST_CHARACTERS:
        whole, _space, _half_a_word = shown[:MOST_CHARACTERS].rpartition(" ")
        shown = whole or shown[:MOST_CHARACTERS]
    terms: dict[tuple[str, ...], Term] = {}
    words = []
    for word in tokens(normalise(shown)):
        forms = word_forms(word)
        words.append(forms)
        if word in STOP_WORDS or not word.strip("_"):
            continue
        terms[forms] = Term(forms, tuple(filter(None, dict.fromkeys(beginning_of(form) for form in forms))))
        if len(terms) == MOST_WORDS:
            break
    return Query(shown, tuple(terms.values()), tuple(words))
