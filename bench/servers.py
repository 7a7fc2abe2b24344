"""Programs of the portal that run as long as something is measured."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from network.embedded.places import ROOT
from network.embedded.processes import end, spawn

START_SECONDS = 60.0


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the portal, as long as the block lasts."""
    with log.open("wb") as output:
        process = spawn(command, env=environment, output=output, cwd=ROOT)
    try:
        yield process
    finally:
        end(process, signal.SIGTERM, 15)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, web: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the first answer. SystemExit with the log's end where the web server ends instead."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and web.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("The web server did not start:\n" + log.read_text(errors="replace")[-2000:])
