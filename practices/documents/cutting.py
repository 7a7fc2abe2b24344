"""Shortening texts honestly: at the end of a sentence, and where a sentence alone is too long, of a word."""

from __future__ import annotations

import re

ELLIPSIS = "…"
# A sentence's end in the scripts of our languages: full stop, exclamation, question (also ؟ and the Greek ;), ۔ and …,
# with what closes after it. What goes on in a small letter is an abbreviation.
END = re.compile(r"(?<=[.!?؟۔…])[\"'”’»)\]]*\s+(?![a-zà-öø-ÿα-ωά-ώ\d])")
GREEK_END = re.compile(r"(?<=[.!?;…])[\"'”’»)\]]*\s+(?![a-zà-öø-ÿα-ωά-ώ\d])")


def clipped(text: str, most: int) -> str:
    """The text, or its beginning of at most `most` characters, to the end of a word where there is one, with an ellipsis."""
    if len(text) <= most:
        return text
    start = text[: most - 1]
    whole, space, _half_a_word = start.rpartition(" ")
    return (whole if space and len(whole) > most // 2 else start).rstrip(" ,;:–-،؛") + ELLIPSIS


def sentences(text: str, language: str, longest: int) -> list[str]:
    """The sentences of a paragraph, in order. One of more than `longest` characters stands in parts of whole words."""
    found: list[str] = []
    start = 0
    ends = [match.end() for match in (GREEK_END if language == "el" else END).finditer(text)]
    for end in [*ends, len(text)]:
        found += _parts(text[start:end].strip(), longest)
        start = end
    return found


def _parts(sentence: str, longest: int) -> list[str]:
    parts = []
    while len(sentence) > longest:
        space = sentence.rfind(" ", longest // 2, longest)
        at = space if space > 0 else longest
        parts.append(sentence[:at].rstrip())
        sentence = sentence[at:].lstrip()
    return [*parts, sentence] if sentence else parts
