"""The order of names in the reader's alphabet, by sort keys of our own.

The database sorts by code point (no ICU in the embedded server), and Python can't collate either. A name becomes a list
of letters: the alphabet's own letters rank as that language's dictionaries rank them, every other letter by its base
letter after dropping marks. Source of the alphabets: Unicode CLDR collation charts (sv, fi, da, nb, is, es, ar, fa, ur).
Other scripts follow the reader's own: a Greek name in an English list stands after Z.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count

from network.text import normalise

LATIN = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
GREEK = "α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ σ τ υ φ χ ψ ω"
ARABIC = "ا ب ت ث ج ح خ د ذ ر ز س ش ص ض ط ظ ع غ ف ق ك ل م ن ه و ي"
PERSIAN = "ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ك گ ل م ن و ه ي"
URDU = "ا ب پ ت ٹ ث ج چ ح خ د ڈ ذ ر ڑ ز ژ س ش ص ض ط ظ ع غ ف ق ك گ ل م ن و ه ي"
# Letters that are no variants but letters of their own, with their places; "aa" is å where it once was written so.
ALPHABETS: dict[str, tuple[str, ...]] = {
    "sv": (LATIN + " å ä ö", GREEK, ARABIC),
    "fi": (LATIN + " å ä ö", GREEK, ARABIC),
    "da": (LATIN + " æ ø å", GREEK, ARABIC),
    "nb": (LATIN + " æ ø å", GREEK, ARABIC),
    "is": ("a á b c d ð e é f g h i í j k l m n o ó p q r s t u ú v w x y ý z þ æ ö", GREEK, ARABIC),
    "es": (LATIN.replace(" o", " ñ o"), GREEK, ARABIC),
    "el": (GREEK, LATIN, ARABIC),
    "ar": (ARABIC, LATIN, GREEK),
    "fa": (PERSIAN, LATIN, GREEK),
    "ur": (URDU, LATIN, GREEK),
}
SAME = {"da": {"aa": "å", "ä": "æ", "ö": "ø"}, "nb": {"aa": "å", "ä": "æ", "ö": "ø"}, "sv": {"æ": "ä", "ø": "ö"}}
LAST = 10_000


@lru_cache(maxsize=32)
def _ranks(code: str) -> dict[str, int]:
    places = count(1)
    return {letter: next(places) for script in ALPHABETS.get(code, (LATIN, GREEK, ARABIC)) for letter in script.split()}


@lru_cache(maxsize=50_000)
def sort_key(text: str, code: str) -> tuple[tuple[int, ...], str]:
    """The key by which `text` stands in a list read in the language `code`; equal letters fall back on the text itself."""
    ranks = _ranks(code)
    lowered = text.casefold()
    for written, letter in SAME.get(code, {}).items():
        lowered = lowered.replace(written, letter)
    places: list[int] = []
    for character in lowered:
        if character in ranks:
            places.append(ranks[character])
            continue
        for base in normalise(character):
            if base.isalnum():
                places.append(ranks.get(base, LAST + ord(base) if base.isalpha() else ord(base) - LAST))
    return tuple(places), text
