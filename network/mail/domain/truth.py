"""Whether what a mail says is still true, asked in the transaction that begins its hand-over.

A mail may wait for hours: meanwhile deadlines move, drafts are sent, accounts are closed. What is planned from a deadline
is asked of the deadline's own app again, with its row locked, so that no change slips in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from network.deadlines import DEADLINES, DeadlineKind
from network.mail.messages import DIGEST
from network.mail.models import BouncedAddress, MailChoice, MailPause, OutgoingMail
from network.mail.queries.due import DUE_TEXT, NO_LONGER_TRUE, SWITCHED_OFF, in_order
from network.outgoing import KINDS

# Why a mail is superseded, as `error` has it; beside the two words of `queries.due`.
TOO_LATE = "too late"
RECIPIENT_GONE = "recipient gone"
ACCOUNT_CLOSED = "account closed"
NEWER = "newer reminder"
NOTHING_TO_SAY = "nothing to say"


def with_doubts(mails: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
    """The mails with what can speak against them: `is_off`, `is_bounced`, `is_paused`, and their account and rule."""
    off = MailChoice.objects.filter(user=OuterRef("recipient"), kind=OuterRef("kind"), by_mail=False)
    # Kept in lower case; of what stands in front of the @ only few servers make a difference.
    bounced = BouncedAddress.objects.filter(email=OuterRef("lower_email"))
    return mails.select_related("recipient", "rule").annotate(
        is_off=Exists(off),
        lower_email=Lower("to_email"),
        is_bounced=Exists(bounced),
        is_paused=Exists(MailPause.objects.filter(ended_at=None)),
    )


def lock_subjects(rows: Iterable[OutgoingMail]) -> None:
    """Keep the deadlines that these mails speak of as they are until the transaction ends. Before the mails' own rows:

    whoever changes a deadline locks it first and its mails afterwards.
    """
    subjects = {(row.deadline, row.subject_id) for row in rows if row.deadline in DEADLINES}
    for name, subject_id in sorted(subjects, key=str):
        meta = DEADLINES[name].model._meta
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT FROM "{meta.db_table}" WHERE "{meta.pk.column}" = %s FOR SHARE', [subject_id])


def why_not(row: OutgoingMail, now: datetime) -> str:
    """The reason why this mail (of `with_doubts`) need not go out any more, or nothing."""
    kind = KINDS.get(row.kind)
    if row.not_after is not None and now >= row.not_after:
        return TOO_LATE
    if row.recipient is None and (row.deadline or row.kind == DIGEST.kind):
        return RECIPIENT_GONE
    if row.recipient is not None and not row.recipient.is_active:
        # A planned one is planned anew where the account is opened again.
        return NO_LONGER_TRUE if row.deadline else ACCOUNT_CLOSED
    if row.is_off and kind is not None and not kind.mandatory:
        return SWITCHED_OFF
    return _why_not_planned(row, now) if row.deadline else ""


def _why_not_planned(row: OutgoingMail, now: datetime) -> str:
    kind = DEADLINES.get(row.deadline)
    if kind is None or not _is_ahead(kind, row, now):
        return NO_LONGER_TRUE
    if row.kind == kind.moved.kind:
        audiences = list(kind.audiences)
    elif row.rule is not None and row.rule.active and row.rule.audience in kind.audiences:
        audiences = [row.rule.audience]
    else:
        return NO_LONGER_TRUE
    if not any(_is_concerned(kind, audience, row) for audience in audiences):
        return NO_LONGER_TRUE
    return NEWER if row.kind != kind.moved.kind and _has_newer(row, kind) else ""


def _is_ahead(kind: DeadlineKind, row: OutgoingMail, now: datetime) -> bool:
    """Whether the deadline stands as it was when the mail was planned, and has not passed."""
    try:
        sql, params = in_order(kind.rows().filter(pk=row.subject_id))
    except EmptyResultSet:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT due_local AT TIME ZONE zone > %s FROM ({sql}) deadline(subject_id, due_local, zone) "  # noqa: S608
            f"WHERE {DUE_TEXT} = %s",
            [now, *params, row.due],
        )
        found = cursor.fetchone()
    return bool(found and found[0])


def _is_concerned(kind: DeadlineKind, audience: str, row: OutgoingMail) -> bool:
    try:
        sql, params = in_order(kind.audiences[audience].people())
    except EmptyResultSet:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT FROM ({sql}) person(subject_id, user_id) WHERE subject_id = %s AND user_id = %s)",  # noqa: S608
            [*params, row.subject_id, row.recipient_id],
        )
        return bool(cursor.fetchone()[0])


def _has_newer(row: OutgoingMail, kind: DeadlineKind) -> bool:
    """Whether a later stage was planned for the same person and moment: after a downtime only the newest goes out."""
    later = OutgoingMail.objects.filter(
        deadline=row.deadline, subject_id=row.subject_id, recipient_id=row.recipient_id, due=row.due, pk__gt=row.pk
    )
    return later.exclude(kind=kind.moved.kind).exists()
