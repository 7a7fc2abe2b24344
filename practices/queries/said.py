"""A text with the language it is in, which is not always the reader's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from network.translation.models import text_in


@dataclass(frozen=True)
class Said:
    """A text and the language it is in."""

    text: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.text)


def first_said(row: Any, field: str, codes: Iterable[str]) -> Said:
    """A row's text in the first of these languages that it has one in; without any, nothing in the first."""
    wanted = list(codes)
    return next((Said(text, code) for code in wanted if (text := text_in(row, field, code))), Said("", wanted[0]))
