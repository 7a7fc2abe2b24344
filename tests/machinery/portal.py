"""A portal that a test starts with `make run`'s own program, and the means to see what it leaves behind."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg2

from network.embedded import postgres
from network.embedded.places import ROOT, service_user

# Generous: beside others on a busy machine. What a start may cost is told in CPU seconds (test_portal.py).
START_SECONDS = 120.0
STOP_SECONDS = 25.0
RUN = [sys.executable, "-m", "network.embedded.run"]
# What a test's own environment would change in the portal that it starts.
OURS = {"DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "KOINE_STATE_DIR", "CI"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Portal:
    """A portal that a test has started, and all that it left on the machine."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if name not in OURS},
            "KOINE_STATE_DIR": str(state),
            "PORT": str(self.port),
            "KOINE_DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "tests.machinery.tiny",
        }
        self.log = state.with_name(state.name + ".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.tree: list[psutil.Process] = []

    def start(self, *arguments: str, command: list[str] | None = None) -> Portal:
        """Start it and wait until it says where it is."""
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command or [*RUN, *arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: "Koine is at" in self.said() or self.process.poll() is not None, START_SECONDS)
        assert f"Koine is at http://127.0.0.1:{self.port}/" in self.said(), self.said()
        self.tree = psutil.Process(self.process.pid).children(recursive=True)
        return self

    def said(self) -> str:
        """What it has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def page(self, path: str = "/healthz") -> str:
        """What its web server answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def memory(self) -> dict[int, float]:
        """Megabytes of each of its processes, shared pages counted once (Pss in smaps_rollup, proc(5))."""
        found = {}
        for process in [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]:
            with contextlib.suppress(OSError):  # a database connection may just have closed
                facts = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
                found[process.pid] = int(re.findall(r"^Pss:\s+(\d+) kB", facts, re.MULTILINE)[0]) / 1024
        return found

    def cpu_seconds(self) -> float:
        """What it has cost so far: its processes, and those that have ended."""
        spent = 0.0
        for process in [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                spent += sum(process.cpu_times()[:4])
        return spent

    def again(self) -> subprocess.CompletedProcess[str]:
        """A second start on the same state directory."""
        return self.call("run")

    def call(self, module: str, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        """Run another program of network.embedded on the same state directory."""
        return subprocess.run(
            [sys.executable, "-m", f"network.embedded.{module}", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=answer,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
            check=False,
        )

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Ask its database."""
        data = self.state / f"postgres-{postgres.binaries().major}"
        address = postgres.url(postgres.socket_folder(data, service_user()))
        with contextlib.closing(psycopg2.connect(address)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def left(self) -> list[str]:
        """The processes of its tree that are still alive."""
        alive = []
        for process in self.tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                if process.status() != psutil.STATUS_ZOMBIE:
                    alive.append(" ".join(process.cmdline()[:4]))
        return alive

    def kill_all(self) -> None:
        """The last resort of a failed test."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for process in self.tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.log.unlink(missing_ok=True)


def wait_for(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
