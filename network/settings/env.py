"""The one typed reader of the environment.

Every variable Koine reads is read through here, so that `VARIABLES` is the whole list; `docs/operating.md` documents
each of them and a test compares the two. A value that can't be understood stops the start with a sentence naming it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
KEY_BYTES = 32
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, kind, default as text, and whether its value is a secret."""

    name: str
    kind: str
    default: str
    secret: bool


VARIABLES: dict[str, Variable] = {}


def _read(name: str, kind: str, default: T, parse: Callable[[str], T], secret: bool) -> T:
    VARIABLES[name] = Variable(name, kind, "" if secret else str(default), secret)
    raw = os.environ.get(name)
    if raw is None:
        return default
    try:
        return parse(raw)
    except ValueError as error:
        shown = "its value" if secret else repr(raw)
        raise ImproperlyConfigured(f"{name}: {shown} is not a {kind}.") from error


def text(name: str, default: str = "", *, secret: bool = False) -> str:
    """The variable as text."""
    return _read(name, "text", default, str, secret)


def integer(name: str, default: int) -> int:
    """The variable as a whole number."""
    return _read(name, "whole number", default, int, False)


def flag(name: str, default: bool) -> bool:
    """The variable as yes or no: 1/0, true/false, yes/no, on/off."""

    def parse(raw: str) -> bool:
        value = raw.strip().lower()
        if value in TRUE:
            return True
        if value in FALSE:
            return False
        raise ValueError(raw)

    return _read(name, "yes or no", default, parse, False)


def words(name: str, default: tuple[str, ...] = (), *, secret: bool = False) -> list[str]:
    """The variable as a list separated by commas."""
    return _read(name, "list", list(default), lambda raw: [w.strip() for w in raw.split(",") if w.strip()], secret)


def keys(name: str) -> list[str]:
    """The variable as secret keys separated by commas, each 32 bytes in URL-safe base64 (as Fernet takes them)."""

    def parse(raw: str) -> list[str]:
        found = [word.strip() for word in raw.split(",") if word.strip()]
        if any(len(base64.urlsafe_b64decode(word)) != KEY_BYTES for word in found):
            raise ValueError(raw)
        return found

    return _read(name, "keys", [], parse, True)


def span(name: str, default: str) -> str:
    """The variable as two different times of day, `21:00-07:00`; empty where it is empty or `none`."""

    def parse(raw: str) -> str:
        if raw.strip().lower() in {"", "none"}:
            return ""
        start, stop = (time.fromisoformat(part.strip()) for part in raw.split("-"))
        if start == stop:
            raise ValueError(raw)
        return f"{start:%H:%M}-{stop:%H:%M}"

    return _read(name, "span of hours like 21:00-07:00", default, parse, False)


def required(name: str) -> str:
    """A secret that has no default: the start stops where it is missing."""
    value = text(name, "", secret=True)
    if not value:
        raise ImproperlyConfigured(f"{name} must be set.")
    return value
