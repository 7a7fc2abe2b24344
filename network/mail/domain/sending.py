"""Sending: claim, make sure that it is still true, hand over, note the outcome; one commit per mail.

What is guaranteed: a mail whose cause is committed is a row, and a row is sent at least once; the same key is never
queued twice. A worker that dies between the server's yes and our commit leaves a lease that runs out; its reminder or
notice is sent again with the same Message-ID, its decision waits as `uncertain` for a person.
"""

from __future__ import annotations

import contextlib
import json
import logging
import random
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from network.jobs import enqueue
from network.mail.documents import compose, message_id, told
from network.mail.domain.bounces import Bounce, take_bounce
from network.mail.domain.claiming import BATCH, LEASE, TRIES, claim
from network.mail.domain.truth import NOTHING_TO_SAY, Doubted, lock_leased, lock_subjects, parts_of, why_not
from network.mail.enums import Status
from network.mail.gateways.outcomes import NoServer, Postponed, Refused
from network.mail.messages import DIGEST
from network.mail.models import OutgoingMail
from network.mail.rules.addresses import domain_of
from network.outgoing import KINDS, MessageClass

log = logging.getLogger(__name__)
RETRY_MINUTES = (1, 5, 15, 60, 240)
# A run ends before the next minute's begins, and wakes another one.
RUN_SECONDS = 50.0
# So many broken lines one after the other, and the server counts as away.
BROKEN_LINES = 3
# How long an outcome is offered again to a database that is away: a restart takes seconds.
NOTE_SECONDS = 20.0
# Longer than the talk about one mail takes, with a server that uses up EMAIL_TIMEOUT at every step.
ENOUGH = timedelta(minutes=4)
WAIT_FOR_SERVER = timedelta(minutes=1)
BOUNCED = "address bounced"


def send_all(seconds: float = RUN_SECONDS) -> int:
    """Send until nothing is due, over one line to the mail server; returns how many went out.

    Where that takes longer than `seconds`, another worker is woken to go on. A database or mail server that goes away
    ends the run with a warning; what it had leased is taken up again.
    """
    run = Run(seconds)
    run.go()
    if run.out_of_time:
        enqueue("mail.send")
    return run.sent


def send_due(limit: int = BATCH) -> int:
    """Send one batch of what is due; returns how many went out. One failing mail does not stop the others."""
    run = Run()
    run.go(limit, batches=1)
    return run.sent


class Stopped(Exception):
    """The run ends here; what is leased and not begun is due again after `wait`."""

    def __init__(self, why: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(why)
        self.wait = wait


def is_away(error: BaseException) -> bool:
    """Whether the database can't be reached. A connection that is cut in the middle of an answer is a bare DatabaseError

    to psycopg2; what the database itself complains of always has a class of its own.
    """
    return isinstance(error, (OperationalError, InterfaceError)) or type(error) is DatabaseError


@dataclass(frozen=True)
class Ready:
    """A mail whose hand-over is noted in its row: what it says, and its bytes to be."""

    row: OutgoingMail
    context: dict[str, Any]
    message: EmailMultiAlternatives


class Run:
    """One run of sending over one line to the mail server. A server that is away costs no mail one of its tries."""

    def __init__(self, seconds: float = RUN_SECONDS) -> None:
        self.line = get_connection()
        self.until = time.monotonic() + seconds
        self.sent = self.broken_lines = 0

    @property
    def out_of_time(self) -> bool:
        """Whether the run's time is over."""
        return time.monotonic() > self.until

    def go(self, limit: int = BATCH, batches: int | None = None) -> None:
        """Send batch after batch, until nothing is due or there is a reason to stop."""
        try:
            while batches != 0 and self._batch(limit):
                batches = None if batches is None else batches - 1
        except Stopped as stop:
            log.warning("sending stops: %s", stop)
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error):
                raise
            log.warning("the database went away: %s", error)
            connection.close_if_unusable_or_obsolete()
        finally:
            with contextlib.suppress(Exception):
                self.line.close()

    def _batch(self, limit: int) -> bool:
        claimed = claim(limit)
        wait: timedelta | None = timedelta(0)
        try:
            for row in claimed:
                self._open()
                self.send(row)
            wait = None
        except Stopped as stop:
            wait = stop.wait
            raise
        finally:
            if wait is not None:
                # Where the database is what went away, the lease runs out instead.
                with contextlib.suppress(DatabaseError, InterfaceError):
                    _give_back(claimed, wait)
        return bool(claimed)

    def _open(self) -> None:
        if self.out_of_time:
            raise Stopped("time is over")
        if self.broken_lines >= BROKEN_LINES:
            raise Stopped("the mail server keeps dropping the line", WAIT_FOR_SERVER)
        try:
            self.line.open()
        except (NoServer, OSError) as error:
            raise Stopped(f"no mail server: {error}", WAIT_FOR_SERVER) from error

    def send(self, claimed: OutgoingMail) -> None:
        """Send one claimed mail and note what became of it.

        Composing comes before the hand-over is noted: what fails there was certainly not sent. After it, a decision
        whose outcome is unclear (the line broke) waits for a person instead of being sent twice.
        """
        try:
            ready = begin(claimed)
        except Exception as error:
            if isinstance(error, Stopped) or is_away(error):
                raise
            log.exception("mail %s can't be composed", claimed.pk)
            claimed.attempts += 1
            _later(claimed, _words(error), attempts=claimed.attempts)
            return
        if ready is not None:
            self._hand_over(ready)

    def _hand_over(self, ready: Ready) -> None:
        row = ready.row
        broke = False
        try:
            self.line.send_messages([ready.message])
        except Refused as error:
            _refused(row, error)
        except (Postponed, NoServer) as error:
            broke = isinstance(error, NoServer) or error.line_lost
            _later(row, str(error))
        except Exception as error:
            log.warning("mail %s: outcome unclear: %s", row.pk, error)
            broke = True
            # Whatever it was, the next mail begins on a new line.
            with contextlib.suppress(Exception):
                self.line.close()
            if row.klass == MessageClass.DECISION:
                _note(row, status=Status.UNCERTAIN, error=_words(error))
            else:
                _later(row, _words(error))
        else:
            # The id again: a database that fell meanwhile may have forgotten it, and bounces name it.
            done = {"status": Status.SENT, "sent_at": timezone.now(), "error": "", "message_id": row.message_id}
            self.sent += _note(row, **done, **_kept(row, ready.context))
        self.broken_lines = self.broken_lines + 1 if broke else 0


def begin(claimed: OutgoingMail) -> Ready | None:
    """Begin the hand-over of a claimed mail, in one transaction: lock, make sure it is true, compose, note that it begins.

    None where it does not go out: it is not true any more, its address bounced, or another worker has it. Raises
    Stopped while all mail is paused, and what its templates raise; nothing is noted then.
    """
    with transaction.atomic():
        parts = parts_of(claimed) if claimed.kind == DIGEST.kind else []
        lock_subjects([claimed, *(part.row for part in parts)])
        leased = lock_leased(claimed)
        if leased is None:
            return None
        if leased.is_paused:
            raise Stopped("all mail is paused")
        row, now = leased.row, timezone.now()
        if leased.is_bounced:
            _note(row, status=Status.FAILED, error=BOUNCED)
            return None
        context, why = _say(leased, _still_true(parts, now), now)
        if why:
            _note(row, status=Status.SUPERSEDED, error=why, **_kept(row, row.context))
            return None
        row.message_id = row.message_id or message_id(row)
        message = compose(row, context)
        changes = {
            "attempts": row.attempts + 1,
            "message_id": row.message_id,
            "subject": message.subject[:250],
            "to_domain": domain_of(row.to_email),
            "smtp_started_at": now,
        }
        before = ""
        if claimed.lease_until is None or claimed.lease_until - now < ENOUGH:
            # Those before it took long: from here on the lease is this mail's own.
            changes["lease_until"] = now + LEASE
        elif row.klass != MessageClass.DECISION:
            # It need not be on the disk before the outcome is: a database that falls in between forgets that this was
            # begun, and the mail is sent again, as it would be anyway.
            before = "SET LOCAL synchronous_commit TO off;"
        _change(row, before, **changes)
    for name, value in changes.items():
        setattr(row, name, value)
    return Ready(row, context, message)


def _still_true(parts: list[Doubted], now: datetime) -> list[Doubted]:
    """Of a digest's parts, those that it may say. The others leave it, so that they are planned anew once true again."""
    true = []
    for part in parts:
        if why := why_not(part, now):
            OutgoingMail.objects.filter(pk=part.row.pk).update(digest=None, error=why)
        else:
            true.append(part)
    return true


def _say(mail: Doubted, parts: list[Doubted], now: datetime) -> tuple[dict[str, Any], str]:
    """What the mail says now, or why it need not go out. `parts`: of a digest, what it may say."""
    why = why_not(mail, now)
    if why:
        return {}, why
    if mail.row.kind != DIGEST.kind:
        context = _told(mail.row)
        return (context, "") if context is not None else ({}, NOTHING_TO_SAY)
    said = [context for part in parts if (context := _told(part.row)) is not None]
    return {"parts": said}, "" if said else NOTHING_TO_SAY


def _told(row: OutgoingMail) -> dict[str, Any] | None:
    try:
        return told(row)
    except (KeyError, IndexError):
        raise  # a fault of the app, not its word that there is nothing to say
    except LookupError:
        return None


def _kept(row: OutgoingMail, context: dict[str, Any]) -> dict[str, Any]:
    """What stays of the text of a mail that is done: nothing that opens something; of a planned one, what it said."""
    kind = KINDS.get(row.kind)
    if kind is None or kind.secret:
        return {"context": {}, "reply_to": ""}
    return {"context": context} if context != row.context else {}


def _note(row: OutgoingMail, **changes: Any) -> bool:
    """Note an outcome where the mail is still ours; False where it is not. A database that is away is asked again and again:

    what the mail server took must not be forgotten for a restart.
    """
    until = time.monotonic() + NOTE_SECONDS
    while True:
        try:
            return _change(row, "", lease_until=None, **changes)
        except (DatabaseError, InterfaceError) as error:
            if not is_away(error) or connection.in_atomic_block or time.monotonic() > until:
                raise
            connection.close()
            time.sleep(0.5)


def _change(row: OutgoingMail, before: str, /, **changes: Any) -> bool:
    """Change these columns where the lease still holds; False where it does not. `before` goes ahead of the statement.

    By hand: Django composes it longer than the database works.
    """
    columns = ", ".join(f"{name} = %s" for name in changes)
    values = [json.dumps(value, default=str) if isinstance(value, dict) else value for value in changes.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"{before} UPDATE mail_outgoingmail SET {columns} WHERE id = %s AND status = 'inflight' AND lease_until = %s",  # noqa: S608
            [*values, row.pk, row.lease_until],
        )
        return bool(cursor.rowcount)


def _later(row: OutgoingMail, error: str, **changes: Any) -> None:
    """Try again later, or give up where it was tried often enough."""
    log.warning("mail %s: %s", row.pk, error)
    if row.attempts >= TRIES:
        _note(row, status=Status.FAILED, error=error, **changes)
        return
    minutes = RETRY_MINUTES[min(row.attempts, len(RETRY_MINUTES)) - 1]
    wait = timedelta(minutes=minutes * random.uniform(0.8, 1.2))  # noqa: S311  (spreads retries, hides nothing)
    _note(row, status=Status.QUEUED, error=error, next_try_at=timezone.now() + wait, **changes)


def _refused(row: OutgoingMail, refusal: Refused) -> None:
    """The server's no is the end of this mail; where the address itself is wrong, of all mail to it."""
    log.warning("mail %s was refused: %s", row.pk, refusal)
    if _note(row, status=Status.FAILED, error=str(refusal)) and refusal.about_recipient:
        take_bounce(Bounce(row.message_id, row.to_email, refusal.code, str(refusal)))


def _give_back(rows: list[OutgoingMail], wait: timedelta) -> None:
    """Of these, what was not begun is due again after `wait`."""
    for until in {row.lease_until for row in rows}:
        leased = OutgoingMail.objects.filter(pk__in=[row.pk for row in rows], status=Status.INFLIGHT, lease_until=until)
        leased.filter(smtp_started_at=None).update(
            status=Status.QUEUED, lease_until=None, next_try_at=timezone.now() + wait
        )


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
