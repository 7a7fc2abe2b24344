"""Bounces as mail servers send them back: delivery status notifications (RFC 3464, in a report of RFC 6522; RFC 6533 for
addresses in other scripts), and what Exim wrote before it knew of them (X-Failed-Recipients)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from network.mail.domain.bounces import CODE, Bounce

# What is longer is cut: the status stands near the beginning, and the original's headers follow it.
LARGEST = 2 * 1024 * 1024
MESSAGE_ID = re.compile(r"^Message-ID:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
ENCLOSED = re.compile(r"<([^<>]+)>")
FAILED = "failed"
DELAYED = "delayed"


class Unreadable(ValueError):
    """A mail that can't be taken apart."""


def bounces_in(raw: bytes) -> list[Bounce]:
    """The bounces that a mail reports, one a recipient; none where it is something else, whatever that is.

    Raises Unreadable, and nothing else, for what can't be taken apart: anybody may send anything to a bounce address.
    """
    try:
        # Not the default policy: its typed headers raise on some that are broken.
        message = email.message_from_bytes(raw[:LARGEST], policy=email.policy.compat32)
        return list(_by_status(message)) or list(_by_exim(message))
    except Exception as error:  # parts nested a thousand deep, say: the parser promises nothing
        raise Unreadable(type(error).__name__) from error


# --- RFC 3464 ---------------------------------------------------------------------------------------------------------


def _by_status(message: Message) -> Iterator[Bounce]:
    """One bounce for each recipient that a delivery-status part tells of."""
    if message.get_content_type() != "multipart/report" or not message.is_multipart():
        return
    parts = _parts(message)
    original = next(filter(None, map(_original_id, parts)), "")
    status = next((part for part in parts if part.get_content_type().endswith("delivery-status")), None)
    if not original or status is None:
        return
    _about_the_mail, *recipients = [*_blocks(status), Message()]
    for block in recipients:
        action = _text(block, "Action").split("(")[0].strip().lower()
        address = _address(_text(block, "Original-Recipient")) or _address(_text(block, "Final-Recipient"))
        code = _code(_text(block, "Status"), _text(block, "Diagnostic-Code"))
        if action in {FAILED, DELAYED} and address and code:
            when = _moment(_text(block, "Last-Attempt-Date") or _text(message, "Date"))
            yield Bounce(
                message_id=original,
                email=address,
                code=code,
                diagnostic=_typed(_text(block, "Diagnostic-Code")),
                at=when,
                gave_up=action == FAILED,
            )


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [part for part in payload if isinstance(part, Message)] if isinstance(payload, list) else []


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery-status part: the first about the mail, then one a recipient."""
    blocks: list[Message] = []
    # Python reads message/delivery-status into its groups, and message/global-delivery-status as one mail with a body.
    for group in _parts(part):
        blocks.append(group)
        body = group.get_payload(decode=True)
        if isinstance(body, bytes) and body.strip():
            blocks += [email.message_from_bytes(text) for text in re.split(rb"\r?\n[ \t]*\r?\n", body.strip())]
    if not blocks and isinstance(body := part.get_payload(decode=True), bytes):
        blocks = [email.message_from_bytes(text) for text in re.split(rb"\r?\n[ \t]*\r?\n", body.strip())]
    return blocks


def _original_id(part: Message) -> str:
    """The Message-ID of the mail that came back, of the part that holds it or its headers."""
    kind = part.get_content_type()
    if kind in {"message/rfc822", "message/global"}:
        return next((_text(inner, "Message-ID") for inner in _parts(part)), "")
    if kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
        body = part.get_payload(decode=True)
        inner = _parts(part)
        if isinstance(body, bytes):
            return _text(email.message_from_bytes(body), "Message-ID")
        return _text(inner[0], "Message-ID") if inner else ""
    return ""


def _address(field: str) -> str:
    """The address of `rfc822; name@example.org`; some servers put it between angle brackets."""
    kind, mark, address = field.partition(";")
    if not mark or kind.strip().lower() not in {"rfc822", "utf-8"}:
        return ""
    enclosed = ENCLOSED.search(address)
    return (enclosed[1] if enclosed else address).strip()


def _typed(field: str) -> str:
    """What stands after `smtp;`."""
    kind, mark, words = field.partition(";")
    return words.strip() if mark else kind.strip()


def _code(status: str, diagnostic: str) -> str:
    """The status code; where it says no more than "for ever" or "for now", the one in the server's own words."""
    found = CODE.search(status)
    if found and found[0][1:] == ".0.0" and (told := CODE.search(diagnostic)) and told[1] == found[1]:
        return told[0]
    return found[0] if found else ""


# --- Exim's own way -----------------------------------------------------------------------------------------------------


def _by_exim(message: Message) -> Iterator[Bounce]:
    """Exim names whom it gave up on in a header, and quotes the mail's headers in the text."""
    failed = _text(message, "X-Failed-Recipients")
    if not failed:
        return
    bodies = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
    text = "\n".join(body.decode("utf-8", "replace") for body in bodies if isinstance(body, bytes))
    # The headers of the mail that came back stand last; what precedes them may quote other mails.
    told, _mark, quoted = text.rpartition("\n------ This is a copy of")
    original = MESSAGE_ID.search(quoted)
    if not original:
        return
    words = " ".join(told.split())
    for address in (part.strip() for part in failed.split(",")):
        if "@" in address:
            about = words.partition(f" {address} ")[2] or words
            yield Bounce(
                message_id=original[1],
                email=address,
                code=_code("5.0.0", about),
                diagnostic=about.partition("------")[0],
                at=_moment(_text(message, "Date")),
                gave_up=True,
            )


# --- headers as they come ---------------------------------------------------------------------------------------------------


def _text(message: Message, name: str) -> str:
    """A header's text on one line, as UTF-8 (RFC 6532); a missing header is nothing."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "").split())


def _moment(text: str) -> datetime | None:
    """The moment of a date header; None for one that can't be read or has no zone."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else None
