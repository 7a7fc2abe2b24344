"""The parts of the planner's statements: SQL composed from what a kind of deadline registers.

Each part is a list of CTEs; later ones read earlier ones by name. A wall time becomes an instant here only, by the
database's own table of zones (`AT TIME ZONE`): Python's reading of a doubled hour may differ by an hour. A row whose
zone the database does not know is left out of everything but `strange`.
"""

# ruff: noqa: S608  (composed of constants and of SQL that Django compiled; every value is a parameter)
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from network.deadlines import DeadlineKind
from network.mail.models import OutgoingMail

# Why a planned mail never goes out by itself. The person finds it in the portal:
SWITCHED_OFF = "switched off"
# What it says is no longer true; it is planned anew where that becomes true again:
NO_LONGER_TRUE = "no longer true"
DUE_TEXT = """to_char(due_local, 'YYYY-MM-DD"T"HH24:MI:SS') || ' ' || zone"""
# The rows there are for a stage, moment and person, but for those given up: `stage` names the CTE, `place` what tells its
# rows apart (as columns of `asked`); asks for the kind's name and `NO_LONGER_TRUE`. What is left is found by EXCEPT, which
# sorts numbers (or hashes them): its cost hardly grows faster than they do, whatever sizes the database guesses. What is
# compared by IS NOT DISTINCT FROM is not hashed: a deadline has few stages, and its number finds them.
PLANNED = """
    SELECT {place}, mail.recipient_id
    FROM {stage} asked JOIN mail_outgoingmail mail USING (subject_id)
    WHERE mail.deadline = %s AND (mail.status <> 'superseded' OR mail.error <> %s OR mail.digest_id IS NOT NULL)
        AND mail.rule_id IS NOT DISTINCT FROM asked.rule_id AND mail.due::text IS NOT DISTINCT FROM asked.due"""
# `account`(id): those of `of`'s people who have an open account, each kept until the transaction ends: nobody removes it
# meanwhile, and who was removed or closed meanwhile is not among them. It stands for the foreign key that an outbox row does
# not have (docs/decisions/0016): asked once for each person, not for each row. Comes before any lock on a mail.
ACCOUNT = """account AS MATERIALIZED (
    SELECT id FROM people_user WHERE is_active AND id IN (SELECT {column} FROM {of}) FOR KEY SHARE)"""
# `off`(user_id, kind): who switched which of these texts off.
OFF = """off AS MATERIALIZED (
    SELECT user_id, kind FROM mail_mailchoice WHERE NOT by_mail AND kind = ANY(%s::text[]))"""


@dataclass
class Statement:
    """CTEs with their parameters, in order; `sql(tail)` is the whole statement."""

    ctes: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, cte: str, *params: Any) -> None:
        """Append a CTE, `name AS (...)`, with its parameters."""
        self.ctes.append(cte)
        self.params += params

    def sql(self, tail: str) -> str:
        """The statement that ends in `tail`."""
        return "WITH " + ",\n".join(self.ctes) + "\n" + tail


def in_order(rows: QuerySet) -> tuple[str, list[Any]]:
    """The SQL of a `values_list` with its columns in the order in which they were asked for.

    Modeltranslation's query sets select them in any order and sort them out in Python; they remember what was asked.
    Raises EmptyResultSet where Django knows that nothing is found.
    """
    sql, params = rows.order_by().query.sql_with_params()
    names = getattr(rows, "original_fields", None) or tuple(rows.query.selected or ())
    return "SELECT " + ", ".join(f'"{name}"' for name in names) + f" FROM ({sql}) asked", list(params)


def _compiled(rows: QuerySet, columns: str) -> tuple[str, list[Any]]:
    """`in_order`; what is known to be empty becomes a query that finds nothing."""
    try:
        return in_order(rows)
    except EmptyResultSet:
        return f"SELECT {columns} WHERE false", []


def deadlines(kind: DeadlineKind, now: datetime | None) -> Statement:
    """`clock`(now), `strange`(subject_id, zone) and `deadline`(subject_id, due_local, zone, due_at, due): what is still ahead."""
    sql, params = _compiled(kind.rows(), "null::bigint, null::timestamp, null::text")
    made = Statement()
    made.add("clock AS MATERIALIZED (SELECT coalesce(%s::timestamptz, statement_timestamp()) AS now)", now)
    made.add(f"registered(subject_id, due_local, zone) AS MATERIALIZED ({sql})", *params)
    made.add(
        "zones AS MATERIALIZED (SELECT name, mail_knows_zone(name) AS known "
        "FROM (SELECT DISTINCT zone AS name FROM registered) named)"
    )
    made.add("strange AS (SELECT subject_id, zone FROM registered JOIN zones ON name = zone WHERE NOT known)")
    made.add(
        f"""placed AS MATERIALIZED (
            SELECT subject_id, due_local, zone, due_local AT TIME ZONE name AS due_at, {DUE_TEXT} AS due
            FROM registered JOIN (SELECT name FROM zones WHERE known OFFSET 0) good ON name = zone)"""
    )
    made.add("deadline AS MATERIALIZED (SELECT placed.* FROM placed, clock WHERE clock.now < due_at)")
    return made


def moments(made: Statement, kind: DeadlineKind, *, hold: bool = False) -> None:
    """`moment`(deadline's columns, rule_id, audience, message, fires_at): when each switched-on rule fires for each deadline.

    Days count on the calendar of the deadline's place, hours on the line of time. `hold` keeps the rules as they are,
    switched on and there, until the transaction ends: for who writes rows that name them.
    """
    made.add(
        f"""rule AS MATERIALIZED (
            SELECT * FROM mail_reminderrule
            WHERE deadline = %s AND active AND audience = ANY(%s::text[]) AND message = ANY(%s::text[])
            {"FOR KEY SHARE" if hold else ""})""",
        kind.name,
        list(kind.audiences),
        [message.kind for message in kind.messages],
    )
    made.add(
        """moment AS MATERIALIZED (
            SELECT deadline.*, rule.id AS rule_id, rule.audience, rule.message,
                CASE WHEN rule.hours_before IS NOT NULL THEN due_at - make_interval(hours => rule.hours_before)
                ELSE (due_local::date - rule.days_before + rule.at_local) AT TIME ZONE zone END AS fires_at
            FROM deadline CROSS JOIN rule)"""
    )


def people(made: Statement, kind: DeadlineKind, *, where: str, but_planned: str = "") -> None:
    """`person`(audience, subject_id, user_id) of the deadlines that `where`, which may say {audience}, finds.

    `but_planned` names a CTE of stages, one for each deadline and audience: who has a mail of it already is left out.
    An audience is not asked where `where` finds no row. It is asked once for all its deadlines, by their numbers, and not
    once for each (`OFFSET 0`, like EXCEPT, keeps the question apart): the database can't know how many there are.
    """
    parts: list[str] = []
    params: list[Any] = []
    for code, audience in kind.audiences.items():
        sql, own = _compiled(audience.people(), "null::bigint, null::bigint")
        of, said = where.format(audience="%s"), [code] if "{audience}" in where else []
        less = "OFFSET 0"
        params += [code, *own, *said, *said]
        if but_planned:
            less = f"EXCEPT {PLANNED.format(stage=but_planned, place='subject_id')} AND asked.audience = %s"
            params += [kind.name, NO_LONGER_TRUE, code]
        parts.append(
            f"SELECT %s::text, left_over.* FROM (SELECT asked.* FROM ({sql}) asked(subject_id, user_id) "
            f"WHERE EXISTS (SELECT FROM {of}) AND subject_id = ANY(ARRAY(SELECT subject_id FROM {of})) {less}) left_over"
        )
    made.add("person(audience, subject_id, user_id) AS (" + " UNION ALL ".join(parts) + ")", *params)


@dataclass(frozen=True)
class Columns:
    """The outbox's columns for an INSERT: those named, then all others with their field's own default.

    `defaults` are the values of the others; `holes` their typed places in the SELECT, each with a comma before it.
    """

    names: str
    holes: str
    defaults: list[Any]


def columns(*filled: str) -> Columns:
    """The named columns first, so that a column added to the model later needs no word here."""
    others = [field for field in OutgoingMail._meta.concrete_fields if field.column not in (*filled, "id")]
    return Columns(
        ", ".join(f'"{column}"' for column in (*filled, *(field.column for field in others))),
        "".join(f", %s::{field.db_type(connection)}" for field in others),
        [field.get_db_prep_save(field.get_default(), connection) for field in others],
    )


# Whose mail it is, from an account `reader`.
RECIPIENT = ("recipient_id", "to_email", "to_domain", "to_name", "language")
FROM_READER = """reader.id, reader.email, lower(split_part(reader.email, '@', -1)), left(reader.display_name, 200),
    reader.preferred_language"""


def optional(messages: Iterable[Any]) -> list[str]:
    """The kinds among these messages that a person may switch off."""
    return [message.kind for message in messages if not message.mandatory]
