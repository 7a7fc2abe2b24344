"""One portal per state directory: who holds it, and at which address."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from network.embedded.places import EmbeddedError

MARK = ".koine"


class AlreadyRunning(EmbeddedError):
    """Another portal holds the state directory; `address` is where it answers ('' while it starts)."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"Koine is already running at {address}" if address else "Koine is already starting.")


class Claim:
    """The state directory is ours until `release`, or until this process ends in whatever way.

    The kernel holds the lock, so a crash never leaves one behind.
    """

    def __init__(self, state: Path) -> None:
        """Take the state directory. AlreadyRunning where another portal has it; EmbeddedError where it is not ours."""
        self.state = state
        if not (state / MARK).exists():
            if any(state.iterdir()):
                raise EmbeddedError(f"{state} holds other things; KOINE_STATE_DIR must name an empty or new folder.")
            (state / MARK).write_text("Koine keeps its local data here; `make reset` removes it.\n")
        self._file: IO[str] = open(state / "portal.lock", "a+")  # noqa: SIM115 - held until release
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            address = self._file.read().strip()
            self._file.close()
            raise AlreadyRunning(address) from error
        self._file.seek(0)
        # An address that nobody took back: the last portal was killed, and its children may still be ending.
        self.after_a_kill = bool(self._file.read())
        self.publish("")

    def publish(self, address: str) -> None:
        """Let others know where the portal answers."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(address)
        self._file.flush()
        os.fsync(self._file.fileno())

    def release(self) -> None:
        """Give the state directory free."""
        self.publish("")
        self._file.close()
