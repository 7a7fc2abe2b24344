"""What the tests of the machinery share."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def state() -> Iterator[Path]:
    """A state directory that the database's account can enter (pytest's own temporary folders are closed to it)."""
    folder = Path(tempfile.mkdtemp(prefix="koine-state-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
