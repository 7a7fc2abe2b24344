"""The outbox's two doors: a letter is queued in the transaction that causes it, and a person may move what waits."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.audit.context import because
from network.doors import DomainError
from network.jobs import enqueue
from network.languages import DEFAULT, LANGUAGES
from network.mail.enums import NEXT, Status
from network.mail.models import OutgoingMail
from network.mail.rules.addresses import domain_of, is_address
from network.mail.rules.staff import is_text_gone
from network.outgoing import KINDS, Letter
from network.text import clean_line

KEY_LENGTH = 200


def _key(key: str) -> str:
    """The logical key as the column holds it: a long one keeps its start and a digest of the whole, so that two stay two."""
    return key if len(key) <= KEY_LENGTH else f"{key[: KEY_LENGTH - 65]}:{hashlib.sha256(key.encode()).hexdigest()}"


def _can_be_answered(address: str) -> bool:
    # A header of a mail that needs no SMTPUTF8 itself can't name an address that does.
    return is_address(address) and address.rpartition("@")[0].isascii()


def carry(letter: Letter) -> None:
    """Queue a letter in the running transaction. The same key again changes nothing.

    What is not an address becomes a failed row for staff to see: the act that caused the mail is not undone by it.
    """
    to = letter.to
    deliverable = is_address(to.email)
    row = OutgoingMail(
        key=_key(letter.key),
        kind=letter.message.kind,
        klass=letter.message.klass,
        recipient_id=to.user_id,
        to_email=clean_line(to.email)[:254],
        to_domain=domain_of(to.email) if deliverable else "",
        to_name=clean_line(to.name)[:200],
        reply_to=letter.reply_to if _can_be_answered(letter.reply_to) else "",
        language=to.language if to.language in LANGUAGES else DEFAULT,
        context=letter.context,
        status=Status.QUEUED if deliverable else Status.FAILED,
        error="" if deliverable else "not an address",
    )
    with transaction.atomic():
        # Not `get_or_create`: two transactions with one key must both go on, and only one row may be.
        OutgoingMail.objects.bulk_create([row], ignore_conflicts=True)
        enqueue("mail.send")


@transaction.atomic
def move(mail_id: int, to: Status, *, reason: str) -> OutgoingMail:
    """A person's lever: retry (`queued`), release, or abort a mail. Refuses what `enums.NEXT` does not list, and to send

    what has no text any more.
    """
    row = OutgoingMail.objects.select_for_update().get(pk=mail_id)
    if to not in NEXT[Status(row.status)]:
        raise DomainError(
            _("This can’t be done with a mail in the state “%(state)s”.") % {"state": row.get_status_display()},
            code="state",
        )
    if to == Status.QUEUED and is_text_gone(row):
        raise DomainError(_("Its text is gone from the portal. The person can ask for a new one."), code="gone")
    if not clean_line(reason):
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(clean_line(reason))
    row.status, row.next_try_at, row.attempts, row.held_for = to, timezone.now(), 0, ""
    if to == Status.SENT:
        row.sent_at = row.smtp_started_at or timezone.now()
    kind = KINDS.get(row.kind)
    if to in {Status.SENT, Status.ABORTED} and (kind is None or kind.secret):
        row.context, row.reply_to = {}, ""
    row.save(update_fields=["status", "next_try_at", "attempts", "held_for", "sent_at", "context", "reply_to"])
    if to == Status.QUEUED:
        enqueue("mail.send")
    return row
