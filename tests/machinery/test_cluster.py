"""Every test run has a database cluster of its own, and leaves nothing behind even when it is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from network.embedded.places import ROOT
from tests import cluster
from tests.machinery.portal import wait_for

INNER = """
import os, time
from pathlib import Path

def test_inner():
    Path(os.environ["REPORT"]).write_text(os.environ["DATABASE_URL"] + "\\n" + os.environ["KOINE_STATE_DIR"])
    time.sleep(float(os.environ["SLEEP"]))
"""


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A test that tells where its database is, and may sleep over it."""
    path = tmp_path / "test_inner.py"
    path.write_text(INNER)
    return path


def run(inner: Path, sleep: float) -> subprocess.Popen[bytes]:
    """A test run of its own, in a shell that points at somebody's real database."""
    report = inner.with_name("report")
    report.unlink(missing_ok=True)
    outer = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "PYTEST_CURRENT_TEST")
    process = subprocess.Popen(
        [
            *[sys.executable, "-m", "pytest", "-p", "tests.cluster", "-p", "no:django", "-p", "no:cacheprovider"],
            *["-c", os.devnull, "--rootdir", str(inner.parent), "-q", str(inner)],
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in outer}
        | {"REPORT": str(report), "SLEEP": str(sleep), "DATABASE_URL": "postgres://koine@real.example/koine"},
        stdout=subprocess.DEVNULL,
    )
    wait_for(lambda: report.exists() and "\n" in report.read_text(), 20)
    return process


def servers(folder: str) -> list[psutil.Process]:
    """The Postgres processes that work in the folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(folder in word for word in process.info["cmdline"] or []):
            found.append(process)
    return found


def test_a_run_never_uses_the_configured_database_and_removes_its_own(inner: Path) -> None:
    process = run(inner, sleep=0)
    address, folder = inner.with_name("report").read_text().split("\n")
    assert "real.example" not in address
    assert cluster.PREFIX in address
    assert folder != os.environ["KOINE_STATE_DIR"]
    assert process.wait(20) == 0
    assert not Path(folder).exists()
    assert servers(folder) == []


def test_a_killed_run_leaves_no_server_and_the_next_removes_its_folder(inner: Path) -> None:
    process = run(inner, sleep=60)
    folder = inner.with_name("report").read_text().split("\n")[1]
    assert servers(folder) != []
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: servers(folder) == [], 15)
    assert Path(folder).is_dir()
    began = time.monotonic()
    cluster.sweep()
    assert not Path(folder).exists()
    assert Path(os.environ["KOINE_STATE_DIR"]).is_dir(), "a run that lives was swept"
    assert time.monotonic() - began < 5
