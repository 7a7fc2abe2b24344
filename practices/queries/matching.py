"""What a person typed, as the search understands it.

The words of the query are folded as the documents were (`network.text`), function words are left out, and what remains
must all be found (AND). Each word is looked for in its own form and by its stem in each language (`rules.stems`), since
the language of typing is not known: skola finds skolornas in Swedish texts and ένταξη finds εντάξεις in Greek ones. A
long word is also the beginning of longer ones: bibliotek finds biblioteksbuss. Words of Arabic script are lightly stemmed
by `network.text` whatever their language, and looked for as beginnings.

A record where the very word stands ranks above one where it is bent. Nothing of what is typed reaches Postgres as an
operator: only letters, digits and underscores, in quotes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from network.text import ARABIC_LETTER, JOINER, LATIN_PAIRS, clean_line, lexemes, normalise, tokens, word_forms
from practices.rules.stems import stem, stems
from practices.rules.stopwords import STOP_WORDS

# A query is read up to this many characters and meaningful words; the rest is left out.
MOST_CHARACTERS = 300
MOST_WORDS = 10
SHORTEST_STEM = 3
# Words of Latin and Greek script that are the beginning of longer ones have that many letters.
BEGINNING = 6


@dataclass(frozen=True)
class Term:
    """One word of a query: the forms that match exactly, the beginnings that match too, and its stem by language."""

    forms: tuple[str, ...]
    prefixes: tuple[str, ...]
    stems: tuple[tuple[str, str], ...] = ()

    @cached_property
    def whole(self) -> list[str]:
        """The words that match as they stand. A bare stem stands in a text of its language as a word of its own."""
        bare = [left for _code, left in self.stems if len(left) >= SHORTEST_STEM and left not in STOP_WORDS]
        return list(dict.fromkeys([*self.forms, *bare]))

    @cached_property
    def bent(self) -> list[tuple[str, str]]:
        """What matches words that are bent: what is left of them, and a tsquery of the texts where that counts.

        It counts in texts of the languages that leave it: the Finnish `polic` of policy is no English police. Most
        languages leave the same, so it is looked for in all texts but those of the others: a lexeme for each language
        would cost the index twice as much.
        """
        languages: dict[str, list[str]] = {}
        for code, left in self.stems:
            languages.setdefault(left, []).append(language_lexeme(code))
        most = max(languages, key=lambda left: len(languages[left]), default="")
        others = [mark for left, marks in languages.items() if left != most for mark in marks]
        but = f"!{any_of(others)}" if others else ""
        return [(left, but if left == most else any_of(marks)) for left, marks in languages.items()]

    def fits(self, form: str) -> bool:
        """Whether an indexed form, of any language, is found by this term."""
        if form in self.forms or form.startswith(self.prefixes):
            return True
        # No stem changes the first letter: most words are told apart by it.
        return form[0] == self.forms[0][0] and any(stem(form, code) == wanted for code, wanted in self.stems)

    def tsquery(self, weight: str = "", *, scored: bool = False) -> str:
        """In Postgres' tsquery notation. `scored`: without the languages, whose marks would count as hits."""
        suffix = f":{weight}" if weight else ""
        either = [f"'{word}'{suffix}" for word in self.whole]
        for left, texts in self.bent:
            bent = f"'{stem_lexeme(left)}'{suffix}"
            either.append(f"({bent} & {texts})" if texts and not scored else bent)
        return "(" + " | ".join([*either, *(f"'{prefix}':*{weight}" for prefix in self.prefixes)]) + ")"


@dataclass(frozen=True)
class Meant:
    """Terms of a query (by their places in it) that together name concepts: `hate speech`, `ρητορική μίσους`."""

    terms: frozenset[int]
    concepts: tuple[int, ...]


def stem_lexeme(stem: str) -> str:
    """The lexeme of words that are bent, by what is left of them: `s#skol`."""
    return f"s#{stem}"


def language_lexeme(code: str) -> str:
    """The lexeme of texts in a language: `l#sv`."""
    return f"l#{code}"


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
# practices 40,960 to 49,151. `practices_found` (migration `search_function`) looks into the newest blocks first.
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

    @property
    def alone(self) -> tuple[str, ...]:
        """The forms of its only word: whatever has one of them is found. None where there are several words."""
        return self.terms[0].forms if len(self.terms) == 1 else ()

    def without_beginnings(self, words: frozenset[str]) -> Query:
        """The same query where these words are not looked for as beginnings of longer ones."""
        if not any(term.prefixes and words.intersection(term.forms) for term in self.terms):
            return self
        terms = (replace(term, prefixes=()) if words.intersection(term.forms) else term for term in self.terms)
        return replace(self, terms=tuple(terms), judged={})

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

    def widened(self, *, scored: bool = False) -> str:
        """The same where instead of words that name a concept the record may name it in any other words. `scored`: what

        the rank is counted by.
        """
        terms = [term.tsquery(scored=scored) for term in self.terms]
        lone = [words for n, words in enumerate(terms) if not any(n in one.terms for one in self.meant)]
        named = []
        for one in self.meant:
            words = " & ".join(terms[n] for n in sorted(one.terms))
            named.append(" | ".join([f"({words})", *(f"'{concept_lexeme(concept)}'" for concept in one.concepts)]))
        return self._joined([*lone, *(f"({either})" for either in named)])

    def fits(self, word: str) -> bool:
        """Whether a word as people wrote it is found by one of the terms."""
        if word not in self.judged:
            self.judged[word] = any(term.fits(form) for form in forms_of(word) for term in self.terms)
        return self.judged[word]

    def may_stand_in(self, text: str) -> bool:
        """A quick look: False only where no word of the text is found, but for words whose second letter changes."""
        folded = LATIN_PAIRS.sub(lambda pair: pair[0][0], normalise(text))
        return any(form[:2] in folded for term in self.terms for form in term.forms)


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> tuple[str, ...]:
    """The forms of a word as people wrote it. Kept: texts are made of the same words."""
    return tuple(form for forms in lexemes(word) for form in forms)


def beginning_of(form: str) -> str:
    """The beginning by which a folded word is looked for; nothing for short ones."""
    return form if len(form) >= (3 if ARABIC_LETTER.search(form) else BEGINNING) else ""


def term_of(forms: tuple[str, ...]) -> Term:
    """A word, by the forms it is indexed under."""
    prefixes = filter(None, map(beginning_of, forms))
    return Term(forms, tuple(dict.fromkeys(prefixes)), tuple(stems(forms[0]).items()))


def parse(typed: str) -> Query:
    """Read what was typed: at most 300 characters and 10 meaningful words, each once."""
    shown = clean_line(typed[: 4 * MOST_CHARACTERS])
    if len(shown) > MOST_CHARACTERS:
        whole, _space, _half_a_word = shown[:MOST_CHARACTERS].rpartition(" ")
        shown = whole or shown[:MOST_CHARACTERS]
    terms: dict[tuple[str, ...], Term] = {}
    words = []
    # What is joined by an invisible mark is looked for by its parts: others write them as two words.
    for word in tokens(shown.replace(JOINER, " ")):
        forms = word_forms(word)
        words.append(forms)
        if word in STOP_WORDS or not word.strip("_"):
            continue
        terms[forms] = term_of(forms)
        if len(terms) == MOST_WORDS:
            break
    return Query(shown, tuple(terms.values()), tuple(words))
