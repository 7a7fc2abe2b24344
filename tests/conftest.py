"""What every test can ask for. The database cluster of the run is tests/cluster.py's."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from network.embedded import broker as embedded_broker
from tests.demonstration import demonstration, loaded  # noqa: F401  (fixtures that tests ask for)
from tests.guards import *  # noqa: F403  (fixtures every test uses)


@pytest.fixture
def own_media(settings, tmp_path: Path) -> Path:
    """A folder for uploads of the test's own: for what sweeps, so that it takes nothing from tests whose rows it can't see."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded_broker.Broker]:
    """A broker that lives as long as this test process, for tests that need real queues."""
    started = embedded_broker.start(Path(tmp_path_factory.mktemp("broker")))
    yield started
    started.stop()


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every garbage collection, and collect more seldom: a tenth of all computing time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)
