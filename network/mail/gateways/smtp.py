"""Handing mails to an SMTP server, phase by phase (RFC 5321), so that what failed is known for what it is.

Until the line with the final dot has been handed over a mail is certainly not delivered; from then on only the server's
answer tells. Python's `sendmail` and Django's backend raise the same exception for both. (Every error of smtplib is an OSError.)
"""

from __future__ import annotations

import contextlib
import email
import email.policy
import re
import secrets
import socket
from collections.abc import Sequence
from email.generator import BytesGenerator
from email.policy import Compat32
from email.utils import parseaddr
from functools import lru_cache
from io import BytesIO
from smtplib import SMTP
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from network.mail.gateways.outcomes import NoServer, Postponed, Refused, Unclear
from network.mail.rules.addresses import is_address, on_the_wire

CLOSING = 421
QUIT_SECONDS = 2
LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
LONGEST_LINE = 998
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
# RFC 3463, X.1.*: the address. X.1.7 and X.1.8 are about the sender's.
ABOUT_RECIPIENT = re.compile(r"5\.1\.(?!7$|8$)\d+")


class Uncut(Compat32):
    """Headers are cut only where RFC 5322 insists: an address of List-Unsubscribe or a Message-ID stays on its header's line.

    What needs no cutting is not searched for places to cut, which took a tenth of a mail's whole time.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        line = f"{name}: {value}"
        if line.isascii() and line.isprintable() and len(line) < LONGEST_LINE:
            return line.encode() + self.linesep.encode()
        return super().fold_binary(name, value)


WIRE = Uncut(max_line_length=LONGEST_LINE, linesep="\r\n")
WIRE_UTF8 = email.policy.SMTPUTF8.clone(max_line_length=LONGEST_LINE)


class SmtpBackend(EmailBackend):
    """Django's e-mail backend for a real server; raises what `outcomes` lists. One mail goes to all its recipients or to none.

    The line stays open between mails: after a refusal it is reset, and one that broke is opened again by the next mail.
    """

    connection: SMTP | None
    _partial_connection: SMTP | None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.carried = 0

    def open(self) -> bool:
        """Open the line where it is not; True where it was opened now. Raises NoServer."""
        if self.connection is not None:
            return False
        try:
            super().open()
            assert self.connection is not None
            assert self.connection.sock is not None
            # The final dot is a small packet of its own, which must not wait for the acknowledgement of the one before.
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.ehlo_or_helo_if_needed()
        except OSError as error:
            self.close()
            raise NoServer(_told(error)) from error
        self.carried = 0
        return True

    def close(self) -> None:
        """Say goodbye where somebody listens, and close the line whatever happens."""
        for line in (self.connection, self._partial_connection):
            if line is not None:
                with contextlib.suppress(OSError):
                    if line.sock is not None:
                        line.sock.settimeout(QUIT_SECONDS)
                        line.quit()
                line.close()
        self.connection = self._partial_connection = None

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Hand the mails over one by one; the first that is not accepted raises."""
        opened = self.open()
        try:
            for message in email_messages:
                self._carry(message)
        finally:
            if opened:
                self.close()
        return len(email_messages)

    # --- one mail -----------------------------------------------------------------------------------------------------

    def _carry(self, message: EmailMessage) -> None:
        sender, *recipients = (_envelope(address) for address in (message.from_email, *message.recipients()))
        international = not all(address.isascii() for address in [sender, *recipients])
        content = _bytes_of(message)
        if international:
            content = _international(content, recipients)
        self._begin(sender, len(content), international)
        for recipient in recipients:
            self._expect("RCPT", self._ask("RCPT", f"RCPT TO:<{recipient}>"))
        self._expect("DATA", self._ask("DATA", "DATA"), wanted=3)
        self._hand_over(content)
        self.carried += 1

    def _begin(self, sender: str, size: int, international: bool) -> None:
        """MAIL FROM. A line that carried mails before and is closed now says nothing about this one: open a new one, once."""
        for again in (self.carried > 0, False):
            self.open()
            try:
                command = f"MAIL FROM:<{sender}>{self._options(size, international)}"
                self._expect("MAIL", self._ask("MAIL", command))
                return
            except Postponed:
                if self.connection is not None or not again:
                    raise

    def _options(self, size: int, international: bool) -> str:
        line = self.connection
        assert line is not None
        options = f" SIZE={size}" if line.has_extn("size") else ""
        if line.has_extn("8bitmime"):
            options += " BODY=8BITMIME"
        if international:
            if not line.has_extn("smtputf8"):
                raise Refused(
                    "the mail server takes no letters outside ASCII in an address (no SMTPUTF8)", code="5.6.7"
                )
            options += " SMTPUTF8"
        return options

    def _ask(self, phase: str, command: str) -> tuple[int, str]:
        """Send a command and read the answer. A line that breaks here is known to have delivered nothing."""
        line = self.connection
        assert line is not None
        try:
            line.send(command.encode() + b"\r\n")
            return _answer(line)
        except OSError as error:
            self.close()
            raise Postponed(f"{phase}: {_told(error)}", line_lost=True) from error

    def _expect(self, phase: str, answer: tuple[int, str], wanted: int = 2) -> None:
        """Go on where the answer begins with the wanted digit; otherwise leave the line ready for the next mail, and raise."""
        code, words = answer
        if code // 100 == wanted:
            return
        told = f"{phase}: {code} {words}"
        if code == CLOSING or code // 100 not in (4, 5):
            self.close()
        else:
            self._reset()
        if code // 100 == 5 and _about_this_mail(phase, code):
            found = ENHANCED.match(words)
            enhanced = found.group() if found else ""
            wrong = phase == "RCPT" and bool(ABOUT_RECIPIENT.fullmatch(enhanced))
            raise Refused(told, code=enhanced, about_recipient=wrong)
        raise Postponed(told)

    def _hand_over(self, content: bytes) -> None:
        line = self.connection
        assert line is not None
        body = LINE_START_DOT.sub(b"..", content)
        try:
            line.send(body if body.endswith(b"\r\n") else body + b"\r\n")
        except OSError as error:
            self.close()
            raise Postponed(f"DATA: {_told(error)}", line_lost=True) from error
        try:
            line.send(b".\r\n")
            answer = _answer(line)
        except OSError as error:
            self.close()
            raise Unclear(f"end of DATA: {_told(error)}") from error
        if answer[0] // 100 not in (2, 4, 5):
            self.close()
            raise Unclear(f"end of DATA: {answer[0]} {answer[1]}")
        self._expect("end of DATA", answer)

    def _reset(self) -> None:
        """RSET, so that the next mail begins afresh; a line that does not understand even that is closed."""
        line = self.connection
        assert line is not None
        try:
            line.send(b"RSET\r\n")
            understood = _answer(line)[0] // 100 == 2
        except OSError:
            understood = False
        if not understood:
            self.close()


@lru_cache(maxsize=256)
def _envelope(address: str) -> str:
    bare = parseaddr(address)[1]
    if not is_address(bare):
        raise Refused(f"not an address: {address[:300]}")
    return on_the_wire(bare)


def _about_this_mail(phase: str, code: int) -> bool:
    """Whether a 5xx is about the mail or its recipient. At MAIL only its size (552) is: the sender is the same for all,

    and 530 and its like tell of the account; no mail is given up for a fault of the portal's set-up.
    """
    return code == 552 if phase == "MAIL" else code not in (503, 530, 534, 535, 538)


def _answer(line: SMTP) -> tuple[int, str]:
    code, words = line.getreply()
    return code, words.decode(errors="replace").replace("\n", " ")[:500]


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _bytes_of(message: EmailMessage) -> bytes:
    whole, made = BytesIO(), message.message()
    if made.is_multipart():
        # Python would search the whole text for a boundary that it does not hold.
        made.set_boundary(f"koine-{secrets.token_hex(16)}")
    BytesGenerator(whole, mangle_from_=False, policy=WIRE).flatten(made)
    return whole.getvalue()


def _international(content: bytes, recipients: list[str]) -> bytes:
    """The mail with its recipients in UTF-8 headers (RFC 6532): Django writes an encoded word where none may stand."""
    parsed = email.message_from_bytes(content, policy=WIRE_UTF8)
    del parsed["To"]
    parsed["To"] = ", ".join(recipients)
    return parsed.as_bytes()
