"""Development's mailbox: every mail becomes a file that `/desk/mailbox/` shows. Never configured in production."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{6}-[0-9]{1,3}")


class MailboxBackend(BaseEmailBackend):
    """Django e-mail backend writing one .eml file a message into KOINE_MAILBOX_DIR."""

    def send_messages(self, email_messages) -> int:
        folder = Path(settings.KOINE_MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for index, message in enumerate(email_messages):
            name = f"{timezone.now():%Y%m%d-%H%M%S-%f}-{index}"
            (folder / f"{name}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)


@dataclass(frozen=True)
class Received:
    """One mail of the mailbox: file name without ending, headers and both bodies."""

    name: str
    subject: str
    to: str
    date: str
    text: str
    html: str


def _read(path: Path) -> Received:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    bodies = {kind: part.get_content() if (part := message.get_body((kind,))) else "" for kind in ("plain", "html")}
    return Received(
        path.stem, str(message["Subject"]), str(message["To"]), str(message["Date"]), bodies["plain"], bodies["html"]
    )


def newest(limit: int = 50) -> list[Received]:
    """The newest mails first."""
    folder = Path(settings.KOINE_MAILBOX_DIR)
    return [_read(path) for path in sorted(folder.glob("*.eml"), reverse=True)[:limit]]


def one(name: str) -> Received | None:
    """The mail with that name; None where there is none."""
    path = Path(settings.KOINE_MAILBOX_DIR) / f"{name}.eml"
    return _read(path) if NAME.fullmatch(name) and path.is_file() else None
