"""Texts that read like practices to an index: real words of six languages, as often as Zipf's law says.

The commonest words are those of the demonstration's practices; rarer ones are made of two of them, so that a vocabulary
has the long tail of a real one.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter

from network.portal.demo.content import practices
from network.text import WORD

LANGUAGES = ("en", "el", "ar", "it", "sv", "fr")
VOCABULARY = 20_000
FEWEST_LETTERS = 3


class Vocabulary:
    """The words of one language, the commonest first; the n-th is drawn with a weight of 1/n."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.chance = chance
        counted: Counter[str] = Counter()
        for told in practices():
            for text in told["texts"].get(language, {}).values():
                words = WORD.findall(text.casefold())
                counted.update(word for word in words if len(word) >= FEWEST_LETTERS and word.isalpha())
        head = [word for word, _times in counted.most_common(VOCABULARY)]
        tail: dict[str, None] = {}
        while len(head) + len(tail) < VOCABULARY:
            word = chance.choice(head)[:6] + chance.choice(head)[-6:]
            if word not in counted:
                tail[word] = None
        self.words = [*head, *tail]
        self.weights = list(itertools.accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def text(self, words: int) -> str:
        """That many words, as a sentence."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=words)).capitalize() + "."

    def line(self, words: int) -> str:
        """That many words, without a full stop."""
        return self.text(words)[:-1]
