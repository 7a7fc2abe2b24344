"""Reports of bounces as a mail provider's hook posts them: signed JSON."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

from network.mail.domain.bounces import CODE, Bounce

MOST = 1_000
TOLERANCE_SECONDS = 300
# The longest that is kept of each; what is longer is no report.
LENGTHS = {"message_id": 998, "email": 320, "code": 16, "diagnostic": 10_000, "at": 40}

# Halves of characters and nulls, which JSON may carry and no database keeps.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Malformed(ValueError):
    """The report can't be read; the sentence says where and why (English: programmers of the other side read it)."""


def signature_of(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the hex HMAC-SHA256 of the timestamp, a full stop and the body."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"sha256={digest}"


def is_signed(secret: str, timestamp: str, signature: str, body: bytes) -> bool:
    """Whether the signature is right; compared in a time that does not tell how much of it is."""
    return hmac.compare_digest(signature_of(secret, timestamp, body).encode(), signature.encode())


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether the timestamp (seconds since 1970) is within five minutes of now, to either side."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(now.timestamp() - int(timestamp)) <= TOLERANCE_SECONDS


def read_reports(body: bytes) -> list[Bounce]:
    """The reports of a body: one object or a list of up to 1,000. Raises Malformed; then none of them is to be taken.

    message_id, email and code (RFC 3463, as 5.1.1) are required; diagnostic, at (ISO 8601 with its offset) and gave_up
    (true: the server tries no more) are not. Other names are ignored: providers send more than we ask.
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not JSON in UTF-8.") from error
    reports = said if isinstance(said, list) else [said]
    if not 1 <= len(reports) <= MOST:
        raise Malformed(f"Send 1 to {MOST} reports at once.")
    return [_read(report, number) for number, report in enumerate(reports, start=1)]


def _read(report: Any, number: int) -> Bounce:
    if not isinstance(report, dict):
        raise Malformed(f"Report {number} is no object.")
    texts = {}
    for name, longest in LENGTHS.items():
        text = report.get(name, "")
        if not isinstance(text, str) or len(text) > longest or UNSTORABLE.search(text):
            raise Malformed(f"Report {number}: {name} is not a text of at most {longest} characters.")
        texts[name] = text.strip()
    for name in ("message_id", "email"):
        if not texts[name]:
            raise Malformed(f"Report {number}: {name} is missing.")
    if not CODE.fullmatch(texts["code"]):
        raise Malformed(f"Report {number}: code is not a status code of class 4 or 5, as 5.1.1 (RFC 3463).")
    gave_up = report.get("gave_up", False)
    if not isinstance(gave_up, bool):
        raise Malformed(f"Report {number}: gave_up is neither true nor false.")
    at = _moment(texts.pop("at"), number)
    return Bounce(**texts, at=at, gave_up=gave_up)


def _moment(text: str, number: int) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            raise ValueError("no offset")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed(f"Report {number}: at is not a moment with its offset, as 2026-11-30T17:00:00Z.") from error
