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


# Python looks for cyclic garbage after every 700 new objects: a quarter of the time until the first test, a tenth after it.
gc.set_threshold(100_000, 20, 50)


def pytest_collection_finish() -> None:
    """Leave out of every later look what is loaded by now and stays."""
    gc.collect()
    gc.freeze()
