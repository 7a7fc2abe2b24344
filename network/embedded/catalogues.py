"""Compile the message catalogues (.po, tracked) to what Django reads (.mo, not tracked), without gettext's msgfmt.

    python -m network.embedded.catalogues

Only what is older than its source is compiled, so calling it on every start costs a few milliseconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import polib

from network.embedded.places import ROOT


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Every catalogue of the house: `locale/<language>/LC_MESSAGES/*.po`."""
    yield from sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))


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
    print(f"{compile_all()} catalogues compiled")
