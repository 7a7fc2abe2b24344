"""What can become of handing a mail over, as the sender has to tell it apart. Another exception of a backend is `Unclear`."""

from __future__ import annotations


class Refused(Exception):
    """The server will never take this mail. `code` is the enhanced status code (RFC 3463) or nothing.

    `about_recipient` tells whether the address itself is wrong, so that no other mail need be tried.
    """

    def __init__(self, words: str, *, code: str = "", about_recipient: bool = False) -> None:
        super().__init__(words)
        self.code, self.about_recipient = code, about_recipient


class Postponed(Exception):
    """Certainly not delivered, and worth another try. `line_lost`: not the server's word, but its silence."""

    def __init__(self, words: str, *, line_lost: bool = False) -> None:
        super().__init__(words)
        self.line_lost = line_lost


class NoServer(Exception):
    """There is no server to talk to, or it does not let us in: no mail was tried."""


class Unclear(Exception):
    """All of the mail was handed over, and no answer came: it may be delivered."""
