"""The virus scanner: clamd where KOINE_CLAMD names one, otherwise none.

clamd's INSTREAM: `zINSTREAM\\0`, chunks as a four-byte big-endian length and that many bytes, a length of zero; the answer
ends in `OK`, `FOUND` or `ERROR` (clamd(8)).
"""

from __future__ import annotations

import logging
import socket
import struct
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext

log = logging.getLogger(__name__)
CHUNK = 64 * 1024
SECONDS = 60
# The test file that every scanner calls a virus (EICAR), in two parts so that no scanner finds it here.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scan(models.TextChoices):
    """What the virus scanner said of a file. Only clean files are given out."""

    PENDING = "pending", _("waiting to be checked")
    CLEAN = "clean", _("checked")
    INFECTED = "infected", _("infected")
    ERROR = "error", _("could not be checked")


class Readable(Protocol):
    """Anything that bytes can be read from."""

    def read(self, size: int = ..., /) -> bytes: ...


class Scanner(Protocol):
    """Says of a file whether it is clean. Answers `Scan.ERROR` rather than raising: nothing unchecked is given out."""

    # Whether it answers at once, so that a file need not wait for a background job.
    instant: bool

    def scan(self, file: Readable) -> Scan: ...


class NoScanner:
    """No scanner is configured: what passed the checks of kind and content counts as clean."""

    instant = True

    def scan(self, file: Readable) -> Scan:
        """Clean, unread."""
        return Scan.CLEAN


class ClamdScanner:
    """clamd over TCP (`host:port`) or a Unix socket (a path)."""

    instant = False

    def __init__(self, address: str) -> None:
        self.address = address

    @contextmanager
    def connected(self):
        """An open connection to clamd."""
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            target: str | tuple[str, int] = self.address
        else:
            host, _colon, port = self.address.rpartition(":")
            line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            target = (host, int(port))
        with line:
            line.settimeout(SECONDS)
            line.connect(target)
            yield line

    def scan(self, file: Readable) -> Scan:
        """Stream the file to clamd and read its answer."""
        try:
            with self.connected() as line:
                line.sendall(b"zINSTREAM\0")
                while chunk := file.read(CHUNK):
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
                line.sendall(struct.pack("!L", 0))
                answer = line.recv(4096).rstrip(b"\0").decode("utf-8", "replace")
        except (OSError, ValueError) as error:
            log.error("virus scanner at %s did not answer: %s", self.address, error)
            return Scan.ERROR
        if answer.endswith("OK"):
            return Scan.CLEAN
        if answer.endswith("FOUND"):
            log.warning("virus scanner: %s", answer)
            return Scan.INFECTED
        log.error("virus scanner answered %r", answer)
        return Scan.ERROR


class FakeScanner:
    """For tests and demonstrations: finds the EICAR test file, and nothing else."""

    instant = False

    def scan(self, file: Readable) -> Scan:
        """Infected where the EICAR text stands in the file."""
        return Scan.INFECTED if EICAR in file.read() else Scan.CLEAN


def scanner() -> Scanner:
    """The configured scanner: KOINE_CLAMD is empty (none), `fake`, `host:port` or a path."""
    address = settings.KOINE_CLAMD
    if not address:
        return NoScanner()
    return FakeScanner() if address == "fake" else ClamdScanner(address)


def note_of(scan: str) -> str:
    """What to know about a file that is not simply there; nothing of a clean one."""
    match scan:
        case Scan.CLEAN:
            return ""
        case Scan.PENDING:
            return pgettext("file", "(being checked for viruses)")
        case Scan.INFECTED:
            return pgettext("file", "(holds a virus and can’t be used)")
        case _:
            return pgettext("file", "(could not be checked)")
