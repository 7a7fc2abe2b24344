"""What a concept of the classification may say: the bounds of its words and of its place in the tree."""

from __future__ import annotations

import re
from collections.abc import Iterable

# A tree of themes, sub-themes and their parts; deeper ones nobody finds their way in.
LEVELS = 3
LABEL = 120
HIDDEN = 60
NOTE = 2000
MATCHES = 20
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# https://www.w3.org/TR/skos-reference/#mapping: what a concept matches is named by its own address.
ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def is_code(text: str) -> bool:
    """Whether a concept may have this code: small letters, digits and single hyphens."""
    return len(text) <= 60 and bool(CODE.fullmatch(text))


def are_addresses(texts: Iterable[str]) -> bool:
    """Whether all of these can stand as addresses of concepts elsewhere."""
    return all(len(text) <= 300 and ADDRESS.fullmatch(text) for text in texts)


def in_both(exact: Iterable[str], close: Iterable[str]) -> set[str]:
    """Addresses that are said to mean exactly the same and only nearly the same: of the two, one is untrue."""
    return set(exact) & set(close)
