"""Whether what a mail says is still true, asked in the transaction that begins its hand-over.

A mail may wait for hours: meanwhile deadlines move, drafts are sent, accounts are closed. What is planned from a deadline
is asked of the deadline's own app again, with its row locked, so that no change slips in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection

from network.deadlines import DEADLINES, DeadlineKind
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.mail.queries.due import DUE_TEXT, NO_LONGER_TRUE, SWITCHED_OFF, in_order
from network.outgoing import KINDS

# Why a mail is superseded, as `error` has it; beside the two words of `queries.due`.
TOO_LATE = "too late"
RECIPIENT_GONE = "recipient gone"
ACCOUNT_CLOSED = "account closed"
NEWER = "newer reminder"
NOTHING_TO_SAY = "nothing to say"


# Hand-written: asked once for every mail, and Django composes it longer than the database answers.
DOUBTS = """
reader.is_active AS account_open, CASE WHEN rule.active THEN rule.audience END AS rule_audience,
    EXISTS (SELECT FROM mail_mailchoice choice
        WHERE choice.user_id = mail.recipient_id AND choice.kind = mail.kind AND NOT choice.by_mail) AS is_off,
    EXISTS (SELECT FROM mail_bouncedaddress bounced WHERE bounced.email = lower(mail.to_email)) AS is_bounced,
    EXISTS (SELECT FROM mail_mailpause WHERE ended_at IS NULL) AS is_paused
FROM mail_outgoingmail mail
    LEFT JOIN people_user reader ON reader.id = mail.recipient_id
    LEFT JOIN mail_reminderrule rule ON rule.id = mail.rule_id
"""
LEASED = f"SELECT {DOUBTS} WHERE mail.id = %s AND status = 'inflight' AND lease_until = %s FOR UPDATE OF mail"
PARTS = f"SELECT mail.*, {DOUBTS} WHERE mail.digest_id = %s ORDER BY mail.id"


@dataclass(frozen=True)
class Doubted:
    """A mail with what may speak against it. `account_open` is None where it has no account, `rule_audience` where it has no

    rule that is on.
    """

    row: OutgoingMail
    account_open: bool | None
    rule_audience: str | None
    is_off: bool
    is_bounced: bool
    is_paused: bool


def lock_leased(claimed: OutgoingMail) -> Doubted | None:
    """The mail, locked, where the lease under which it was claimed still holds: nobody has changed it then."""
    with connection.cursor() as cursor:
        cursor.execute(LEASED, [claimed.pk, claimed.lease_until])
        doubts = cursor.fetchone()
    if doubts is None:
        return None
    doubted = Doubted(claimed, *doubts)
    if doubted.account_open is None:
        claimed.recipient = None
    return doubted


def parts_of(digest: OutgoingMail) -> list[Doubted]:
    """The mails that went into a digest."""
    doubts = [field.name for field in fields(Doubted)][1:]
    parts: Iterable[Any] = OutgoingMail.objects.raw(PARTS, [digest.pk])
    return [Doubted(part, *(getattr(part, doubt) for doubt in doubts)) for part in parts]


def lock_subjects(rows: Iterable[OutgoingMail]) -> None:
    """Keep the deadlines that these mails speak of as they are until the transaction ends. Before the mails' own rows:

    whoever changes a deadline locks it first and its mails afterwards.
    """
    subjects = {(row.deadline, row.subject_id) for row in rows if row.deadline in DEADLINES}
    for name, subject_id in sorted(subjects, key=str):
        meta = DEADLINES[name].model._meta
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT FROM "{meta.db_table}" WHERE "{meta.pk.column}" = %s FOR SHARE', [subject_id])


def why_not(doubted: Doubted, now: datetime) -> str:
    """The reason why this mail need not go out any more, or nothing."""
    row = doubted.row
    kind = KINDS.get(row.kind)
    if row.not_after is not None and now >= row.not_after:
        return TOO_LATE
    if doubted.account_open is None and (row.deadline or row.kind == DIGEST.kind):
        return RECIPIENT_GONE
    if doubted.account_open is False:
        # A planned one is planned anew where the account is opened again.
        return NO_LONGER_TRUE if row.deadline else ACCOUNT_CLOSED
    if doubted.is_off and kind is not None and not kind.mandatory:
        return SWITCHED_OFF
    return _why_not_planned(row, doubted.rule_audience, now) if row.deadline else ""


def _why_not_planned(row: OutgoingMail, rule_audience: str | None, now: datetime) -> str:
    kind = DEADLINES.get(row.deadline)
    if kind is None or not _is_ahead(kind, row, now):
        return NO_LONGER_TRUE
    tells_move = kind.moved is not None and row.kind == kind.moved.kind
    audiences = [code for code in kind.audiences if tells_move or code == rule_audience]
    if not any(_is_concerned(kind, audience, row) for audience in audiences):
        return NO_LONGER_TRUE
    return NEWER if not tells_move and _has_newer(row, kind) else ""


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
    return (later.exclude(kind=kind.moved.kind) if kind.moved else later).exists()
