"""An SMTP server on loopback that keeps what it gets and misbehaves as a test wants it.

`sink.script["rcpt"] = ["451 4.2.0 later"]`: the first RCPT is answered so, later ones properly. Besides answers: `drop`
closes the line, `stall` says nothing more, and at the end of a mail `take+drop` and `take+stall` keep it first. Phases:
hello, ehlo, mail, rcpt, data, body (while it comes in), end, rset.

    python -m tests.mail.sink <log>     a process of its own: prints its port, notes each mail in the log, ends with stdin
"""

from __future__ import annotations

import os
import re
import socketserver
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

EXTENSIONS = ("SIZE 10000000", "8BITMIME", "SMTPUTF8")


@dataclass(frozen=True)
class Taken:
    """A mail that was taken: whom it came from and went to, its bytes, its Message-ID."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message_id(self) -> str:
        found = re.search(rb"^Message-ID: *(\S+)", self.content, re.MULTILINE | re.IGNORECASE)
        return found[1].decode() if found else ""


class Dropped(Exception):
    """The line is to be closed."""


def path_of(command: str) -> str:
    """The address of a MAIL or RCPT command; a quoted one may hold brackets."""
    found = re.fullmatch(r"\w+ \w+:<(.*)>(?: \w+(?:=\S+)?)*", command)
    return found[1] if found else ""


class Talk(socketserver.StreamRequestHandler):
    """One line. Commands beyond those of RFC 5321 are not understood."""

    server: Sink
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.server.lines += 1
        try:
            self.act("hello", "220 sink")
            while command := self.rfile.readline():
                self.server.commands.append(command.decode().strip())
                self.answer(self.server.commands[-1])
        except (Dropped, OSError):
            pass

    def answer(self, command: str) -> None:
        verb = command[:4].upper()
        if verb == "EHLO":
            self.act("ehlo", "\r\n".join(f"250-{one}" for one in ("sink", *self.server.extensions)) + "\r\n250 HELP")
        elif verb == "MAIL":
            self.sender, self.recipients = path_of(command), []
            self.act("mail", "250 2.1.0 ok")
        elif verb == "RCPT":
            if self.act("rcpt", "250 2.1.5 ok").startswith("2"):
                self.recipients.append(path_of(command))
        elif verb == "DATA":
            if self.act("data", "354 go on").startswith("3"):
                self.take()
        elif verb == "QUIT":
            self.say("221 bye")
            raise Dropped
        else:
            self.act(verb.lower(), "250 2.0.0 ok")

    def take(self) -> None:
        content = bytearray()
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise Dropped
            content += line[1:] if line.startswith(b".") else line
            if self.server.script.get("body"):
                self.act("body", "")
        wish = self.server.next_wish("end") or "250 2.0.0 taken"
        if wish.startswith(("take", "2")):
            self.server.keep(Taken(self.sender, self.recipients, bytes(content)))
        self.obey(wish.removeprefix("take+"))

    def act(self, phase: str, usual: str) -> str:
        return self.obey(self.server.next_wish(phase) or usual)

    def obey(self, wish: str) -> str:
        if wish == "drop":
            raise Dropped
        if wish == "stall":
            self.server.ended.wait(60)
            raise Dropped
        self.say(wish)
        return wish

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    """The server. `taken` are the mails, `commands` all that was said to it, `lines` how often somebody connected."""

    daemon_threads = allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, log: Path | None = None, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Talk)
        self.script: defaultdict[str, list[str]] = defaultdict(list)
        self.extensions: tuple[str, ...] = EXTENSIONS
        self.taken: list[Taken] = []
        self.commands: list[str] = []
        self.lines = 0
        self.ended = threading.Event()
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else None

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def next_wish(self, phase: str) -> str:
        return self.script[phase].pop(0) if self.script.get(phase) else ""

    def keep(self, mail: Taken) -> None:
        """Note the mail before it is answered: what the log lacks was never said yes to."""
        if self.log is None:
            self.taken.append(mail)
        else:
            os.write(self.log, f"{mail.message_id} {' '.join(mail.recipients)}\n".encode())

    def start(self) -> Sink:
        """Serve from a thread."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()


if __name__ == "__main__":
    sink = Sink(Path(sys.argv[1])).start()
    print(sink.port, flush=True)
    sys.stdin.read()
