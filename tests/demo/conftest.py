from __future__ import annotations

import pytest


@pytest.fixture
def demo(loaded, db):
    """The loaded demonstration, with the database open."""
    return loaded
