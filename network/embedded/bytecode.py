"""Compile the house's own code once, as pip does with packages: each program of a portal then starts without doing it again.

Python keeps what it compiles only where it may write (PYTHONDONTWRITEBYTECODE, a checkout of another account); there all five
programs of a start would compile the same four hundred files.
"""

from __future__ import annotations

import compileall
from pathlib import Path

from network.embedded.places import ROOT

PACKAGES = ("network", "cities", "practices", "grants")


def compile_all(root: Path = ROOT) -> bool:
    """Compile what has changed since; answer whether all of it could be. What can't be is compiled when it is imported."""
    done = [bool(compileall.compile_dir(root / package, quiet=2)) for package in PACKAGES]
    return all(done)
