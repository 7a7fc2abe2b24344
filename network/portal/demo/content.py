"""Reading the files of the demonstration."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read(name: str, key: str = "") -> list[dict[str, Any]]:
    """The records of `<name>.json`; they stand under the key of the same name unless another one is given."""
    records: list[dict[str, Any]] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))[key or name]
    return records


def practices() -> list[dict[str, Any]]:
    """The records of practices, one file each, in order of their addresses."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((HERE / "practices").glob("*.json"))]


def known_day(told: dict[str, str] | None) -> tuple[datetime.date | None, str]:
    """A day and how exactly it is known, from {"date", "precision"}; nothing known gives (None, "day")."""
    if not told:
        return None, "day"
    return datetime.date.fromisoformat(told["date"]), told["precision"]


def figure(told: str | float) -> Decimal:
    """A figure as a decimal, without the noise of binary fractions."""
    return Decimal(str(told))


def number(told: str | float | None) -> Decimal | None:
    """A figure that may be unknown."""
    return None if told is None else figure(told)


def texts(told: str | dict[str, str] | None, languages: tuple[str, ...] = ("en",)) -> dict[str, str]:
    """Texts by language code; one text for all (`%`) is the same in each of `languages`."""
    if not told:
        return {}
    return dict.fromkeys(languages, told) if isinstance(told, str) else told


def source(told: str | None) -> str:
    """Where a fact comes from, in words a reader understands: the files' short marks written out."""
    words = re.sub(r"\bseed (\d{3})\b", r"founding document \1", told or "")
    return re.sub(r"\bpublic: ", "public page: ", words)
