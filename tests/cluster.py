"""A Postgres cluster of its own for every test run, so that a portal that runs on this machine is never touched.

Loaded with `-p tests.cluster` (pyproject.toml), because pytest-django reads the settings before any conftest.py.
Workers of pytest-xdist share the cluster of their controller; pytest-django gives each of them its own database, a copy
of the one that `tests.prepared` migrated.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from network.embedded import catalogues, postgres
from network.embedded.places import EmbeddedError
from tests import prepared

PREFIX = "koine-test-"
# Settings of a developer's shell that would lead a test to something real.
DANGEROUS = ("CELERY_BROKER_URL", "REDIS_URL", "KOINE_BASE_URL", "KOINE_MEDIA_DIR", "ALLOWED_HOSTS", "SECRET_KEY")
NO_DATABASE = {"--help", "-h", "--version", "-V", "--markers", "--fixtures", "--collect-only", "--co"}


class Run:
    """The cluster of this test run: a folder under the temporary folder, locked while the run lives."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.folder.chmod(0o755)  # the database's account must get through
        self.lock = lock(self.folder)
        prepared.put(self.folder)
        self.server = postgres.start(self.folder, postgres.THROW_AWAY)

    def end(self) -> None:
        """Stop the server and leave nothing behind."""
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.lock is not None:
            self.lock.close()


def lock(folder: Path) -> IO[str] | None:
    """Take the folder for this process; None where another run that lives has it."""
    handle = open(folder / "run.lock", "a")  # noqa: SIM115 - held as long as the run lives
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        return None
    return handle


def sweep() -> None:
    """Remove the folders of test runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid != os.geteuid() or not (folder / "run.lock").exists():
                continue
            handle = lock(folder)
            if handle is not None:
                shutil.rmtree(folder, ignore_errors=True)
                handle.close()


_runs: list[Run] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    if "PYTEST_XDIST_WORKER" not in os.environ and not NO_DATABASE.intersection(args):
        for name in DANGEROUS:
            os.environ.pop(name, None)
        sweep()
        catalogues.compile_all()
        try:
            run = Run()
        except EmbeddedError as error:
            raise pytest.UsageError(str(error)) from error
        _runs.append(run)
        os.environ["DATABASE_URL"] = run.server.url()
        os.environ["KOINE_STATE_DIR"] = str(run.folder)
    try:
        return (yield)
    except BaseException:
        pytest_unconfigure()
        raise


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    while _runs:
        _runs.pop().end()
