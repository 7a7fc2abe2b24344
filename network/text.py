"""What Koine does to text before it stores, compares or counts it. Pure functions, no domain words.

`normalise` is the only truth of searching: documents and queries both go through it, so that accents, Arabic letter
variants, Persian and Urdu look-alikes, tatweel, zero-width joiners and digits of any script do not hide a match.
Sources: Unicode UAX #15 (NFKD), UAX #9 (bidi controls), CLDR alternate letters for ar/fa/ur.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Letters that NFKD leaves apart but readers type for one another.
LETTERS = str.maketrans(
    {
        "ı": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ß": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe",
        "þ": "th", "Þ": "th", "ð": "d", "Ð": "d", "ς": "σ",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ئ": "ي", "ؤ": "و",
        "ة": "ه", "ۀ": "ه", "ہ": "ه", "ۂ": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "ڪ": "ك", "ں": "ن", "ـ": None, "ء": None,
        "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "ʼ": "'",
    }
)  # fmt: skip
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
BIDI_CONTROLS = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
LINE_BREAKS = re.compile(r"[\r\n\u0085\u2028\u2029\t\x0b\x0c]+")
WORD = re.compile(r"\w+", re.UNICODE)
SPACES = re.compile(r"\s+")
UNCOUNTED = frozenset({"Mn", "Me", "Mc", "Cf"})
# A word of text as people wrote it: its marks and joiners belong to it, so that a highlight covers the whole word.
WRITTEN_WORD = re.compile(
    r"\w(?:[\w\u00ad\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u2060])*"
)
ARABIC_LETTER = re.compile(r"[\u0620-\u06ff]")
# Light stemming of Arabic-script words after Larkey, Ballesteros and Connell (2007, "light10"), with the Persian
# plural and the Urdu oblique plural added; each ending is tried once, in this order, and three letters always stay.
ARABIC_ARTICLES = (("وال", 3), ("بال", 3), ("كال", 3), ("فال", 3), ("ال", 2))
ARABIC_ENDINGS = ("هايي", "هاي", "ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")
# What a Latin keyboard without the letter types for å, æ/ä, ø/ö and ü: both spellings become one.
LATIN_PAIRS = re.compile(r"aa|ae|oe|ue")
WORD_LENGTH = 80
# The zero-width non-joiner, and a letter of no language here that stands for it until a word is taken apart.
JOINER, JOINT = "\u200c", "\u02d1"


class _Folding(dict):
    """`str.translate`'s table of what becomes of each decomposed character, filled as characters turn up."""

    def __missing__(self, point: int) -> str | None:
        character = chr(point)
        self[point] = None if unicodedata.combining(character) else LETTERS.get(point, digit(character))
        return self[point]


FOLDING = _Folding()


def normalise(text: str) -> str:
    """Text as searching sees it: compatibility-decomposed, marks and invisibles dropped, letters unified, casefolded."""
    if not text.isascii():
        text = INVISIBLE.sub("", text.translate(LETTERS))
        text = unicodedata.normalize("NFKD", text).translate(FOLDING)
    return SPACES.sub(" ", text.casefold().replace("ς", "σ")).strip()


def digit(character: str) -> str:
    """A decimal digit of any script as its ASCII digit; any other character as it is."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def ascii_digits(text: str) -> str:
    """Text with the digits of every script turned into ASCII ones, so that ٣٬٥٠٠ reads as a number."""
    return "".join(digit(c) for c in text)


def transliterate(text: str) -> str:
    """Text in Latin letters, normalised: Αθήνα, أثينا and Афины can be found by what a Latin keyboard types."""
    return normalise(anyascii(text))


def tokens(text: str) -> list[str]:
    """The words of normalised text, in order."""
    return WORD.findall(normalise(text))


@lru_cache(maxsize=20_000)
def word_forms(word: str) -> tuple[str, ...]:
    """The forms under which one word of normalised text is indexed and looked up; the first is the likeliest.

    Latin: the pairs aa, ae, oe, ue become one letter (Aarhus and Århus, Koebenhavn and København meet). Arabic script,
    whatever its language: article and joined conjunction dropped, light stemming of the ending; where the first letter
    may as well belong to the word (و, لل), both readings are given. Cut at 80 characters.
    """
    word = word[:WORD_LENGTH]
    if not ARABIC_LETTER.search(word):
        return (LATIN_PAIRS.sub(lambda pair: pair[0][0], word),)
    readings = [word]
    if word.startswith("و") and len(word) >= 4:
        readings.append(word[1:])
    bare = [form for reading in readings for form in _without_article(reading)]
    return tuple(dict.fromkeys(_without_ending(form) for form in bare))


def lexemes(text: str) -> list[tuple[str, ...]]:
    """The words of a text in order, each as the forms it is found under.

    Persian and Urdu join what belongs together by an invisible mark that others leave out, or write as a space: such a
    word is found as one and by its parts.
    """
    if JOINER not in text:
        return [word_forms(word) for word in tokens(text)]
    return [_joined_forms(word) if JOINT in word else word_forms(word) for word in tokens(text.replace(JOINER, JOINT))]


def _joined_forms(word: str) -> tuple[str, ...]:
    parts = [part for part in word.split(JOINT) if len(part) > 1]
    return tuple(dict.fromkeys(form for one in (word.replace(JOINT, ""), *parts) for form in word_forms(one)))


def _without_article(word: str) -> list[str]:
    for article, left in ARABIC_ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= left:
            return [word[len(article) :]]
    if word.startswith("لل") and len(word) >= 5:
        return [word[1:], word[2:]]
    return [word]


def _without_ending(word: str) -> str:
    for ending in ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
    return word


def clean_line(text: str) -> str:
    """One line of plain text for a name, title or subject: no line breaks, controls or bidi overrides, single spaces, NFC."""
    text = LINE_BREAKS.sub(" ", text)
    text = BIDI_CONTROLS.sub("", CONTROLS.sub("", text))
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_text(text: str) -> str:
    """Plain text of several lines: controls and bidi overrides dropped, line ends as \\n, at most one empty line between."""
    text = CONTROLS.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    )
    text = BIDI_CONTROLS.sub("", unicodedata.normalize("NFC", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def count_words(text: str) -> int:
    """How many words a limit counts: runs of non-space characters that hold at least one letter or digit.

    `static/js/counter.js` counts the same way in the browser. Scripts without spaces are not among Koine's languages.
    """
    return sum(1 for run in text.split() if any(c.isalnum() for c in run))


def count_characters(text: str) -> int:
    """How many characters a limit counts: code points in NFC without marks and invisible ones, a line end as one.

    Vowel signs, accents and zero-width joiners cost nothing; `static/js/counter.js` counts the same way.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return sum(1 for c in plain if unicodedata.category(c) not in UNCOUNTED)
