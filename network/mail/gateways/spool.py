"""A file in which a mail server of the machine collects what comes back (mbox, RFC 4155)."""

from __future__ import annotations

import mailbox
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

FIRST = b"From "


class NotASpool(Exception):
    """The file is not there, is no mbox, or is in another program's hands; the text says which (English)."""


class Spool:
    """An mbox file in our hands, as it was when it was opened."""

    def __init__(self, path: Path, box: mailbox.mbox) -> None:
        self._path, self._box = path, box
        self._size = path.stat().st_size
        self.keys: list[str] = list(box.keys())

    def read(self, key: str, at_most: int) -> bytes:
        """The beginning of a mail, without its separating line."""
        with self._box.get_file(key) as file:
            return bytes(file.read(at_most))

    def empty(self, keep: Collection[str]) -> None:
        """Take all mails out but those to keep, and but what a server that knows no locks has added meanwhile.

        In place: a new file would belong to whoever runs this, and the mail server could not write to it any more.
        """
        kept = b"".join(self._box.get_bytes(key, from_=True) + b"\n" for key in self.keys if key in keep)
        with self._path.open("r+b") as file:
            file.seek(self._size)
            rest = kept + file.read()
            file.seek(0)
            file.write(rest)
            file.truncate()


@contextmanager
def opened(path: Path) -> Iterator[Spool]:
    """The file, locked as mail programs lock it (fcntl and a .lock file beside it). Raises NotASpool."""
    try:
        with path.open("rb") as file:
            if file.read(len(FIRST)) not in {FIRST, b""}:
                raise NotASpool(f"{path} is no mbox file.")
        box = mailbox.mbox(path, create=False)
    except OSError as error:
        raise NotASpool(f"{path} can't be opened: {error.strerror}.") from error
    try:
        _lock(box, path)
        yield Spool(path, box)
    finally:
        box.unlock()
        box.close()


def _lock(box: mailbox.mbox, path: Path) -> None:
    try:
        box.lock()
    except mailbox.ExternalClashError as error:
        raise NotASpool(f"Another program works on {path}. Try again.") from error
    except OSError as error:
        raise NotASpool(f"{path} can't be locked: {error.strerror}.") from error
