"""The classification as it comes with Koine: reading its files, and loading them into the portal.

`practices/scheme/*.json` hold the concepts in the order of the tree, one kind to a file:

    {"kind": "theme", "concepts": [{"code": "housing", "broader": "access-to-services", "note": "…",
      "exact": ["http://eurovoc.europa.eu/1690"], "close": [],
      "names": {"en": ["Housing", "homes", "flats"], "sv": ["Boende", "bostäder"], …}}, …]}

The first name of each language is the label, the others are words that find it. `exact` and `close` may be left out: the
addresses of the same or a similar concept in other vocabularies, each found in a source that docs/scheme-matches.md names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from network.audit.context import because
from network.frame.pagecache import forget_pages
from network.jobs import enqueue
from network.languages import CODES, DEFAULT
from network.translation.models import column
from practices.domain.themes import scheme_held
from practices.models import Concept, new_mark
from practices.rules.themes import LEVELS, MATCHES, are_addresses, in_both

FILES = Path(__file__).resolve().parent.parent / "scheme"
REASON = "The scheme as it comes with Koine"
# Positions of neighbours lie this far apart, so that staff can put one between them.
STEP = 10


@dataclass(frozen=True)
class Told:
    """What the files say of one concept. said: by column of the model, and `hidden_<language>`."""

    code: str
    kind: str
    broader: str
    said: dict[str, Any]


def read_scheme() -> list[Told]:
    """Every concept of the files, what is broader before what is narrower."""
    found: list[Told] = []
    for path in sorted(FILES.glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        for concept in file["concepts"]:
            found.append(read_concept(concept, file["kind"], STEP * len(found)))
    return found


def read_concept(concept: dict[str, Any], kind: str, position: int) -> Told:
    """One concept of a file. ValueError where its addresses in other vocabularies can't stand as they are."""
    names, exact, close = concept["names"], concept.get("exact", []), concept.get("close", [])
    for matches in (exact, close):
        if not are_addresses(matches) or len(set(matches)) != len(matches) or len(matches) > MATCHES:
            raise ValueError(f"{concept['code']}: each match is a whole address, once, and at most {MATCHES} are given")
    if twice := in_both(exact, close):
        raise ValueError(f"{concept['code']}: both exact and close: {', '.join(sorted(twice))}")
    said: dict[str, Any] = {column("label", code): names[code][0] for code in CODES}
    said |= {f"hidden_{code}": names[code][1:] for code in CODES}
    said |= {
        column("scope_note", DEFAULT): concept["note"],
        "broader": concept["broader"],
        "exact_match": exact,
        "close_match": close,
        "position": position,
    }
    return Told(concept["code"], kind, concept["broader"], said)


@dataclass(frozen=True)
class Loaded:
    """How many concepts came in, and how many that were there got something new."""

    added: int
    changed: int


@transaction.atomic
def load_scheme() -> Loaded:
    """Bring the portal's classification up to the files; a second time changes nothing.

    What staff changed stays: a text, a word, a place in the tree or a list of addresses in other vocabularies is only
    renewed where it still is what the files said the last time. Nothing is ever taken out of the archive, and a concept
    that was merged stays merged.
    """
    scheme_held()
    because(REASON)
    rows = {row.code: row for row in Concept.objects.select_for_update().order_by("pk")}
    added = changed = 0
    for told in read_scheme():
        row = rows.get(told.code)
        if row is None:
            rows[told.code] = row = Concept(code=told.code, kind=told.kind)
            _bring(row, told, rows)
            row.save(force_insert=True)
            added += 1
        elif row.from_scheme != told.said:
            # Only what finds a concept makes practices that were indexed before out of date.
            if _finding(row.from_scheme) != _finding(told.said):
                row.labelled_at = timezone.now()
            _bring(row, told, rows)
            row.mark = new_mark()
            row.save()
            changed += 1
    if added or changed:
        forget_pages()
        enqueue("practices.refresh")
    return Loaded(added, changed)


def _bring(row: Concept, told: Told, rows: dict[str, Concept]) -> None:
    """Write what the files say wherever nobody has said otherwise."""
    if not row.from_scheme and row.broader_id is None and (row.pk is None or not row.narrower.exists()):
        row.kind = told.kind
    hidden, brought = dict(row.hidden_labels), set()
    for name, new in told.said.items():
        now = _now(row, name)
        if now != row.from_scheme.get(name, _nothing(now)):
            continue
        if name == "broader":
            row.broader = _place(row, rows.get(new), rows)
        elif name.startswith("hidden_"):
            hidden[name.removeprefix("hidden_")] = new
        else:
            setattr(row, name, new)
        brought.add(name)
    _part(row, brought)
    row.hidden_labels = {code: hidden[code] for code in CODES if hidden.get(code)}
    row.from_scheme = told.said


def _part(row: Concept, brought: set[str]) -> None:
    """An address that staff put into the one list of matches is not brought into the other."""
    for mine, theirs in (("exact_match", "close_match"), ("close_match", "exact_match")):
        if mine in brought and theirs not in brought:
            setattr(row, mine, [one for one in getattr(row, mine) if one not in getattr(row, theirs)])


def _finding(said: dict[str, Any]) -> dict[str, Any]:
    """Of what the files say: by what a concept is found, its labels, words and place."""
    return {name: value for name, value in said.items() if name.startswith(("label_", "hidden_", "broader"))}


def _now(row: Concept, name: str) -> Any:
    if name == "broader":
        return row.broader.code if row.broader else ""
    if name.startswith("hidden_"):
        return row.hidden_labels.get(name.removeprefix("hidden_"), [])
    value = getattr(row, name)
    return "" if value is None else value


def _nothing(value: Any) -> Any:
    """What a column of that kind holds before anybody wrote into it."""
    return type(value)()


def _place(row: Concept, wanted: Concept | None, rows: dict[str, Concept]) -> Concept | None:
    """Where the concept can stand: below what the files name, or its successor; where that is not possible, as it is."""
    by_key = {one.pk: one for one in rows.values()}
    if wanted is not None and wanted.replaced_by_id:
        wanted = by_key[wanted.replaced_by_id]
    if wanted is None:
        return None
    above = list(_upwards(wanted, by_key))
    fits = wanted.kind == row.kind and not wanted.archived_at and row not in above and len(above) < LEVELS
    return wanted if fits else row.broader


def _upwards(row: Concept, by_key: dict[int, Concept]) -> Iterator[Concept]:
    at: Concept | None = row
    while at is not None:
        yield at
        at = by_key.get(at.broader_id) if at.broader_id else None
