"""Planning: what is due now by the database's clock becomes rows of the outbox, one statement per kind of deadline.

Nothing is scheduled ahead and nothing is remembered but the rows: a key is made of deadline, rule, person and moment, so
that any number of planners at any time queue a reminder once, and a deadline that moves is reminded of anew.
"""

# ruff: noqa: S608  (composed of constants and of SQL that Django compiled; every value is a parameter)
from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.db import connection

from network.deadlines import DEADLINES, DeadlineKind
from network.mail.enums import Status
from network.mail.models import ReminderRule
from network.mail.queries import due
from network.mail.rules.quiet import quiet_hours
from network.outgoing import MessageClass

log = logging.getLogger(__name__)
TOLD = [Status.SENT, Status.INFLIGHT, Status.UNCERTAIN]
# The newest row that was given up because what it said was no longer true; where that is true again, its key is not free.
GIVEN_UP = """
    SELECT max(id) AS id, subject_id, recipient_id, {by}, due FROM mail_outgoingmail
    WHERE deadline = %s AND status = 'superseded' AND error = %s AND digest_id IS NULL
    GROUP BY subject_id, recipient_id, {by}, due"""
# When quiet hours end in each zone that somebody lives in; now, where it is not quiet there.
WAKE = """wake AS MATERIALIZED (
    SELECT name, CASE
        WHEN start > stop AND wall::time >= start THEN (wall::date + 1 + stop) AT TIME ZONE name
        WHEN wall::time < stop AND (start > stop OR wall::time >= start) THEN (wall::date + stop) AT TIME ZONE name
        ELSE now END AS at
    FROM (SELECT name, now, now AT TIME ZONE name AS wall FROM clock,
            (SELECT time_zone AS name FROM people_user WHERE is_active UNION SELECT 'UTC' OFFSET 0) lived
        WHERE EXISTS (SELECT FROM stage) AND mail_knows_zone(name) OFFSET 0) there,
        (SELECT %s::time AS start, %s::time AS stop) quiet)"""
RECIPIENT = "JOIN people_user reader ON reader.id = candidate.user_id AND reader.is_active"
# Whether the person switched the text off: looked up in a hash, not joined.
IS_OFF = "(candidate.user_id, candidate.message::text) IN (SELECT user_id, kind::text FROM off)"
# Half a million rows are sorted in memory, which takes half as long as hashing them where they come in order; compiling
# the statement would take longer than running it. For this transaction only.
FOR_MANY_ROWS = """SELECT set_config('work_mem', '64MB', true), set_config('enable_hashagg', 'off', true),
    set_config('jit', 'off', true); """


def plan(kind: DeadlineKind, now: datetime | None = None) -> int:
    """Queue the reminders of this kind that are due now and not planned yet; returns how many. One statement.

    Of several stages that have passed, only the newest, for each deadline and audience: after a downtime a person gets
    one reminder, not four. Nothing where the deadline has passed, the rule is off, or the account is closed. It waits
    until quiet hours end where the person lives, unless the deadline falls before that. Who switched the text off gets
    the row as a notice in the portal, not counted. `now` stands for the database's clock in tests.
    """
    made = due.deadlines(kind, now)
    due.moments(made, kind, hold=True)
    made.add(
        """stage AS MATERIALIZED (
            SELECT DISTINCT ON (subject_id, audience) moment.* FROM moment, clock
            WHERE fires_at <= now ORDER BY subject_id, audience, fires_at DESC, rule_id DESC)"""
    )
    due.people(made, kind, where="stage WHERE audience = {audience}", but_planned="stage")
    made.add("fresh AS MATERIALIZED (SELECT * FROM person)")
    made.add(due.ACCOUNT.format(of="fresh", column="user_id"))
    made.add("candidate AS (SELECT stage.*, user_id FROM fresh JOIN stage USING (audience, subject_id))")
    made.add(due.OFF, due.optional(kind.messages))
    made.add(WAKE, *(quiet_hours() or (None, None)))
    made.add(
        _insert(
            key="concat('deadline:', %s::text, ':', subject_id, ':r', rule_id, ':u', id, ':', due, ':again' || earlier)",
            earlier="given_up.id",
            next_try_at="CASE WHEN wake.at < due_at THEN wake.at ELSE now END",
            klass=f"'{MessageClass.REMINDER}'",
            off=IS_OFF,
            source=f"""clock, candidate {RECIPIENT}
                LEFT JOIN ({GIVEN_UP.format(by="rule_id")}) given_up ON given_up.subject_id = candidate.subject_id
                    AND given_up.recipient_id = candidate.user_id AND given_up.rule_id = candidate.rule_id
                    AND given_up.due = candidate.due
                JOIN wake ON wake.name = CASE WHEN reader.time_zone IN (SELECT name FROM wake)
                    THEN reader.time_zone ELSE 'UTC' END""",
        ),
        kind.name,
        *_values(kind),
        kind.name,
        due.NO_LONGER_TRUE,
    )
    return _run(made, kind)


def tell_moved(kind: DeadlineKind, now: datetime | None = None) -> int:
    """Queue "it has moved" for those who are still concerned and were last told another moment; returns how many.

    Told means: a reminder or such a notice went out, by itself or in a digest, or may have. Who had it as a notice in
    the portal only gets this one so too. Its key names what was told last: from A to B, back, and to B again tells
    three times, each once. One statement.
    """
    if kind.moved is None:
        return 0
    made = due.deadlines(kind, now)
    # Nearly no deadline ever moves: two looks into the index tell which did, before any of its mails is read.
    at_another = (
        "EXISTS (SELECT FROM mail_outgoingmail mail "
        "WHERE mail.deadline = %s AND mail.subject_id = deadline.subject_id AND mail.due::text {} deadline.due)"
    )
    made.add(
        f"""moved AS MATERIALIZED (
            SELECT deadline.* FROM deadline WHERE {at_another.format("<")} OR {at_another.format(">")})""",
        kind.name,
        kind.name,
    )
    made.add(
        """told AS NOT MATERIALIZED (
            SELECT mail.id, mail.subject_id, mail.recipient_id, mail.due, mail.error = %s AS silent,
                mail.due <> moved.due AS other
            FROM mail_outgoingmail mail JOIN moved USING (subject_id)
            LEFT JOIN mail_outgoingmail digest ON digest.id = mail.digest_id
            WHERE mail.deadline = %s AND (mail.status = ANY(%s::text[]) OR digest.status = ANY(%s::text[])
                OR mail.status = 'superseded' AND mail.error = %s))""",
        due.SWITCHED_OFF,
        kind.name,
        TOLD,
        TOLD,
        due.SWITCHED_OFF,
    )
    # Whoever never heard of another moment needs no sorting.
    made.add(
        "suspect AS MATERIALIZED (SELECT DISTINCT subject_id, recipient_id "
        "FROM (SELECT subject_id, recipient_id FROM told WHERE other OFFSET 0) others)"
    )
    made.add(
        """newest AS MATERIALIZED (
            SELECT DISTINCT ON (subject_id, recipient_id) told.* FROM told JOIN suspect USING (subject_id, recipient_id)
            ORDER BY subject_id, recipient_id, id DESC)"""
    )
    due.people(made, kind, where="newest WHERE other")
    made.add(
        """candidate AS MATERIALIZED (
            SELECT deadline.*, newest.id AS after_id, newest.silent, newest.recipient_id AS user_id, %s::text AS message,
                null::bigint AS rule_id
            FROM newest JOIN deadline USING (subject_id)
            WHERE other AND EXISTS (SELECT FROM person
                WHERE person.subject_id = newest.subject_id AND person.user_id = newest.recipient_id))""",
        kind.moved.kind,
    )
    made.add(due.ACCOUNT.format(of="candidate", column="user_id"))
    made.add(due.OFF, due.optional([kind.moved]))
    made.add(
        _insert(
            key="concat('changed:', %s::text, ':', subject_id, ':u', id, ':', due, ':after', earlier)",
            earlier="greatest(after_id, given_up.id)",
            next_try_at="now",
            klass=f"'{kind.moved.klass}'",
            off=f"silent OR {IS_OFF}",
            source=f"""clock, candidate {RECIPIENT}
                LEFT JOIN ({GIVEN_UP.format(by="kind")}) given_up ON given_up.subject_id = candidate.subject_id
                    AND given_up.recipient_id = candidate.user_id AND given_up.kind = candidate.message AND given_up.due = candidate.due""",
        ),
        kind.name,
        *_values(kind),
        kind.name,
        due.NO_LONGER_TRUE,
    )
    return _run(made, kind)


def _insert(*, key: str, earlier: str, next_try_at: str, klass: str, off: str, source: str) -> str:
    """`made`(by_mail): the rows that were new. In one order, so that planners at once wait for one another in turn.

    They are sorted before their texts are made (`OFFSET 0` keeps it so): what is sorted is small.
    """
    into = _into()
    return f"""made AS (
        INSERT INTO mail_outgoingmail ({into.names})
        SELECT {key}, message, {klass}, {due.FROM_READER},
            CASE WHEN off THEN 'superseded' ELSE 'queued' END, CASE WHEN off THEN %s ELSE '' END,
            next_try_at, due_at, %s, subject_id, due, rule_id{into.holes}
        FROM (
            SELECT candidate.subject_id, candidate.rule_id, candidate.message, candidate.due, due_at,
                {earlier} AS earlier, {off} AS off, {next_try_at} AS next_try_at,
                reader.id, reader.email, reader.display_name, reader.preferred_language
            FROM {source}
            WHERE (reader.id IN (SELECT id FROM account)) IS TRUE
            ORDER BY candidate.subject_id, candidate.user_id, candidate.rule_id OFFSET 0) reader
        ON CONFLICT (key) DO NOTHING
        RETURNING status = 'queued' AS by_mail)"""


def _into() -> due.Columns:
    return due.columns(
        *("key", "kind", "klass", *due.RECIPIENT, "status", "error"),
        *("next_try_at", "not_after", "deadline", "subject_id", "due", "rule_id"),
    )


def _values(kind: DeadlineKind) -> list[Any]:
    return [due.SWITCHED_OFF, kind.name, *_into().defaults]


def _run(made: due.Statement, kind: DeadlineKind) -> int:
    tail = "SELECT (SELECT count(*) FROM made WHERE by_mail), (SELECT array_agg(concat(subject_id, ' ', zone)) FROM strange)"
    with connection.cursor() as cursor:
        cursor.execute(FOR_MANY_ROWS + made.sql(tail), made.params)
        queued, strange = cursor.fetchone()
    if strange:
        log.error("deadlines of %s in zones that the database does not know: %s", kind.name, ", ".join(strange[:20]))
    return int(queued)


def add_default_rules() -> None:
    """Give each kind of deadline that has no rule at all, on or off, those that its app begins with."""
    known = set(ReminderRule.objects.order_by().values_list("deadline", flat=True).distinct())
    missing = [
        ReminderRule(
            deadline=kind.name,
            audience=rule.audience,
            message=rule.message,
            days_before=rule.days,
            at_local=rule.at,
            hours_before=rule.hours,
        )
        for kind in DEADLINES.values()
        if kind.name not in known
        for rule in kind.rules
    ]
    if missing:
        # Two ticks at once: both go on, each rule is there once.
        ReminderRule.objects.bulk_create(missing, ignore_conflicts=True)
