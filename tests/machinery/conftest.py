"""What the tests of the machinery share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.machinery.portal import Portal


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory that the database's account can enter (pytest's own temporary folders are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix="koine-state-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def portal(state: Path) -> Iterator[Portal]:
    made = Portal(state)
    yield made
    made.kill_all()
