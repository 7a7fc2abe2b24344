"""Compile the message catalogues (.po, tracked) to what Django reads (.mo, not tracked), without gettext's msgfmt.

    python -m network.embedded.catalogues [--tidy]

Only what is older than its source is compiled, so calling it on every start costs a few milliseconds.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from network.embedded.places import ROOT


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every catalogue of the house: `locale/<language>/LC_MESSAGES/*.po`."""
    yield from sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))


# What gettext writes anew at each run, and where some of its versions break a line of references.
HEADERS = re.compile(r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To): .*\n', re.MULTILINE)
BROKEN_REFERENCES = re.compile(r"^(#: .*)\n#: ", re.MULTILINE)


def tidy(source: Path) -> None:
    """Write a catalogue as every version of gettext would: no date of its own, the references of a text in one line."""
    said = source.read_text(encoding="utf-8")
    plain = HEADERS.sub("", said)
    while (joined := BROKEN_REFERENCES.sub(r"\1 ", plain)) != plain:
        plain = joined
    if plain != said:
        source.write_text(plain, encoding="utf-8")


def compile_one(source: Path) -> Path:
    """Compile one catalogue. Fuzzy and empty entries are left out, as msgfmt does, so the original shows instead.

    The file appears in one move: a portal that starts at this moment reads the old one or the new one. OSError, with
    the line, where the catalogue can't be parsed.
    """
    target = source.with_suffix(".mo")
    fresh = source.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(source)).save_as_mofile(str(fresh))
    fresh.replace(target)
    return target


def compile_all(root: Path = ROOT) -> int:
    """Compile what has changed; answer how many that were."""
    changed = [
        source
        for source in sources(root)
        if not (target := source.with_suffix(".mo")).exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns
    ]
    for source in changed:
        compile_one(source)
    return len(changed)


if __name__ == "__main__":
    if "--tidy" in sys.argv[1:]:
        for catalogue in sources():
            tidy(catalogue)
    print(f"{compile_all()} catalogues compiled")
