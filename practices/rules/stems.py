"""Light stems: what is left of a word without the endings by which a language bends it, for the languages with endings.

Tables of our own, written for folded words (`network.text.normalise`: no accents, ö as o), after the light stemmers of
Savoy (2006) and the endings that the grammars give; small on purpose, because what is cut too short finds too much. Text in
Arabic script is stemmed by `network.text.word_forms`, whatever its language.

A text's language is known, that of a query is not: a typed word is looked for by its stem in each language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Endings = tuple[str, ...]
VOWELS = "aeiouy"
DOUBLED = re.compile(r"([bdfgklmnprst])\1$")


def _cut(word: str, endings: Endings, least: int) -> str:
    """The word without the longest of these endings that leaves `least` letters."""
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


def _by_length(endings: str) -> Endings:
    return tuple(sorted(endings.split(), key=len, reverse=True))


def english(word: str) -> str:
    """municipalities: municipaliti; repairing, repaired: repair; discrimination, discriminated: discriminat."""
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    shorter = _cut(word, ("ing", "ed"), 4)
    if shorter != word:
        word = DOUBLED.sub(r"\1", shorter)
    elif word.endswith("tion"):
        word = word[:-3]
    word = _cut(word, ("e",), 4)
    return word[:-1] + "i" if word.endswith("y") and len(word) > 3 and word[-2] not in VOWELS else word


def italian(word: str) -> str:
    """biblioteca, biblioteche: bibliotec; città: citt; uffici, ufficio: uffic."""
    word = _cut(word, ("a", "e", "i", "o", "u"), 3)
    word = _cut(word, ("i",), 4)
    return word[:-1] if word.endswith(("ch", "gh")) else word


def french(word: str) -> str:
    """réfugiées, réfugié: refugi; journaux, journal: journal."""
    if word.endswith("aux") and not word.endswith("eaux") and len(word) > 5:
        return word[:-3] + "al"
    word = _cut(word, ("s", "x"), 3)
    return _cut(_cut(word, ("e",), 3), ("e",), 4)


def spanish(word: str) -> str:
    """ciudades: ciudad; vecinas, vecino: vecin."""
    consonant_before = word[-3:-2] not in VOWELS
    return _cut(_cut(word, ("es", "s") if consonant_before else ("s",), 3), ("a", "e", "o"), 3)


GERMAN = _by_length("innen ern em en er es e n")
SWEDISH = _by_length(
    "ornas arnas ernas orna arna erna ena enas heten heterna ens ets ans ar er or en et an as es a e n s"
)
DANISH = _by_length("ernes erne enes ene ens ets er en et es e r s")
NORWEGIAN = _by_length("enes ene anes ane ens ets er en et es a e r s")
ICELANDIC = _by_length("arinnar anna arnir arnar irnir unum anum inum inn inni innar ina ins ar ir ur um in id a i u s")
GREEK = _by_length("ματων ματοσ ματα μα εων εωσ εισ ουσ ουν οσ ου οι ων ασ εσ ησ υσ α ε η ι ο υ ω")
OWNED = _by_length("mme nne nsa ni si")
CASES = _by_length(
    "eissa eista eita eilla eille issa issa ista illa ilta ille iksi ien iin ina ita ssa sta lla lta lle ksi tten ten den "
    "een en na ta an in on un a t n"
)


def german(word: str) -> str:
    """Häuser, Haus: haus; Schulen, Schule: schul; Museums: museum."""
    shorter = _cut(word, GERMAN, 3)
    return shorter if shorter != word else _cut(word, ("s",), 4)


def swedish(word: str) -> str:
    """skolornas, skolan, skolor: skol; städer: stad; böcker: bok."""
    word = _cut(word, SWEDISH, 3)
    return word[:-2] + "k" if word.endswith("ck") and len(word) == 4 else word


def danish(word: str) -> str:
    """kommunernes, kommune: kommun; fordomme: fordom."""
    return DOUBLED.sub(r"\1", _cut(word, DANISH, 3))


def norwegian(word: str) -> str:
    """ungdommene: ungdom; bøker: bok."""
    return DOUBLED.sub(r"\1", _cut(word, NORWEGIAN, 3))


def icelandic(word: str) -> str:
    """skólanum, skóli: skal; bókasöfnin, bókasafn: bokasafn. a and ö alternate, and ö reads as o here."""
    word = _cut(word, ICELANDIC, 3)
    head, last, tail = word.rpartition("o")
    return f"{head}a{tail}" if last and not any(vowel in tail for vowel in VOWELS) else word


def greek(word: str) -> str:
    """ένταξης, εντάξεων: ενταξ; γειτονιές: γειτονι."""
    return _cut(word, GREEK, 3)


def finnish(word: str) -> str:
    """kotoutumisen, kotoutuminen: kotoutumis; kirjastoissa: kirjast; kaupungeissa, kaupunki: kaupung."""
    word = _cut(word, OWNED, 5)
    for bent in ("uutta", "uuden", "yytta", "yyden"):
        if word.endswith(bent) and len(word) > 7:
            return word[: -len(bent)] + bent[:2] + "s"
    if word.endswith("nen") and len(word) > 5:
        return word[:-3] + "s"
    word = _cut(word, CASES, 4)
    word = _cut(_cut(word, ("i",), 4), ("a", "e", "i", "o", "u", "y"), 4)
    return word[:-2] + "ng" if word.endswith("nk") else word


STEMMERS: dict[str, Callable[[str], str]] = {
    "en": english, "el": greek, "it": italian, "sv": swedish, "fr": french, "da": danish, "nb": norwegian, "fi": finnish,
    "is": icelandic, "es": spanish, "de": german,
}  # fmt: skip
GREEK_LETTER = re.compile(r"[\u0370-\u03ff]")
LATIN_LETTER = re.compile(r"[a-z]")


@lru_cache(maxsize=50_000)
def stem(form: str, code: str) -> str:
    """What a folded word is without its ending in that language; the word itself where the language has no table, and

    where it is written in another script than the language.
    """
    stemmer = STEMMERS.get(code)
    letter = GREEK_LETTER if code == "el" else LATIN_LETTER
    return stemmer(form) if stemmer and letter.search(form) else form


@lru_cache(maxsize=5_000)
def stems(form: str) -> dict[str, str]:
    """The stem of a word in each language that has a table for its script."""
    if GREEK_LETTER.search(form):
        return {"el": stem(form, "el")}
    return {code: stem(form, code) for code in STEMMERS if code != "el"} if LATIN_LETTER.search(form) else {}
