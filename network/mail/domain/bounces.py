"""What mail servers report later: a mail that did not arrive, and an address that takes nothing any more."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.mail.enums import Status
from network.mail.models import BouncedAddress, OutgoingMail
from network.mail.rules.addresses import on_the_wire
from network.mail.rules.staff import can_run_mail
from network.people.models import User
from network.text import clean_line

# RFC 3463: class (5 for ever, 4 for now), subject, detail.
CODE = re.compile(r"([45])\.(\d{1,3})\.(\d{1,3})")
# Of class 5, what is about this mail or about us and not about the address: a full mailbox, a mail too large, its
# content, somebody's policy, our own address, and mails that only waited too long. The next mail may well arrive.
NOT_THE_ADDRESS = ("5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3", "5.4.5", "5.4.7", "5.6", "5.7")
SAID = "bounced"
WORDS = 500
# A report that is older than the sending it speaks of is of an earlier sending; clocks of servers differ by this much.
SKEW = timedelta(minutes=10)


class Taken(StrEnum):
    """What came of a report."""

    FAILED = "failed"  # the mail did not arrive, and its row says so
    NOTED = "noted"  # it is late; the server goes on trying
    REPEATED = "repeated"  # known already, or of an earlier sending
    UNKNOWN = "unknown"  # no mail of ours has that Message-ID
    FOREIGN = "foreign"  # the mail is ours, and the address is not whom it went to


@dataclass(frozen=True)
class Bounce:
    """A report about one mail and one recipient.

    `code` is the enhanced status code (RFC 3463), `gave_up` that the server tries no more though the code is 4.x.x,
    `at` when it happened (aware; None: now).
    """

    message_id: str
    email: str
    code: str
    diagnostic: str = ""
    at: datetime | None = None
    gave_up: bool = False


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one: without regard to case, other scripts in the domain in either form."""
    try:
        return on_the_wire(one.strip()).lower() == on_the_wire(other.strip()).lower()
    except ValidationError:
        return False


@transaction.atomic
def take_bounce(bounce: Bounce) -> Taken:
    """Write down what a server reports of a mail it had taken; the same report again changes nothing.

    Counts only for the address that the mail went to: whoever forges a report about somebody else's address achieves
    nothing. Where the mail did not arrive its row becomes `failed`; where the address itself is at fault no more mail is
    sent to it until a person lifts that. Raises ValueError for a code that is none.
    """
    code = CODE.fullmatch(bounce.code)
    if code is None:
        raise ValueError(f"{bounce.code!r} is not a status code as 5.1.1")
    row = (
        OutgoingMail.objects.select_for_update()
        .filter(message_id=f"<{bounce.message_id.strip().strip('<>')}>")
        .order_by("id")
        .first()
    )
    if row is None:
        return Taken.UNKNOWN
    if not _same(row.to_email, bounce.email):
        return Taken.FOREIGN
    at = min(bounce.at or timezone.now(), timezone.now())
    handed_over = row.sent_at or row.smtp_started_at
    if row.error.startswith(SAID) or handed_over is None or at < handed_over - SKEW:
        return Taken.REPEATED
    words = clean_line(bounce.diagnostic)[:WORDS]
    if code[1] == "4" and not bounce.gave_up:
        said = f"late {bounce.code} {words}".strip()
        if row.status != Status.SENT or row.error == said:
            return Taken.REPEATED
        row.error = said
        row.save(update_fields=["error"])
        return Taken.NOTED
    row.error = f"{SAID} {bounce.code} {words}".strip()
    if row.status == Status.SENT:
        row.status = Status.FAILED
    row.save(update_fields=["status", "error"])
    if code[1] == "5" and not is_about_the_mail(bounce.code):
        BouncedAddress.objects.bulk_create(
            [BouncedAddress(email=row.to_email.lower(), code=bounce.code, diagnostic=words, bounced_at=at)],
            update_conflicts=True,
            unique_fields=["email"],
            update_fields=["code", "diagnostic", "bounced_at"],
        )
    return Taken.FAILED


def take_bounces(bounces: Iterable[Bounce]) -> list[Taken]:
    """Take reports one by one, each in its own transaction, and tell what became of each."""
    return [take_bounce(bounce) for bounce in bounces]


def is_about_the_mail(code: str) -> bool:
    """Whether a code of class 5 speaks of this mail, or of us, rather than of the address."""
    return any(code == one or code.startswith(f"{one}.") for one in NOT_THE_ADDRESS)


@transaction.atomic
def lift_bounce(bounced_id: int, *, reason: str, by: User) -> None:
    """Let mail go to the address again. DomainError where `by` may not, without a reason, and where it is lifted already."""
    insist(can_run_mail(by))
    reason = clean_line(reason)[:300]
    if not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(reason)
    if not BouncedAddress.objects.filter(pk=bounced_id).delete()[0]:
        raise DomainError(_("Mail goes to this address already."), code="gone")
