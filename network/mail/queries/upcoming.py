"""What would go out in the next days, if nothing changed until then. Nothing is written."""

# ruff: noqa: S608  (composed of constants and of SQL that Django compiled; every value is a parameter)
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from network.deadlines import DEADLINES, DeadlineKind
from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.mail.queries import due

# So many stages of each kind of deadline are counted and shown, the soonest; so many of a stage's people by name.
STAGES = 100
NAMED = 20
SOON = """soon AS (
    SELECT DISTINCT ON (subject_id, audience, fires_at) moment.* FROM moment, clock
    WHERE fires_at > now AND fires_at <= now + %s AND fires_at < due_at
    ORDER BY subject_id, audience, fires_at, rule_id DESC)"""
TAIL = f"""
SELECT subject_id, due, due_at, rule_id, message, fires_at, total, count(reader.id),
    (array_agg(reader.id ORDER BY reader.display_name, reader.id) FILTER (WHERE reader.id IS NOT NULL))[1:{NAMED}],
    (array_agg(reader.display_name ORDER BY reader.display_name, reader.id) FILTER (WHERE reader.id IS NOT NULL))[1:{NAMED}]
FROM first LEFT JOIN (
    SELECT fresh.rule_id AS of_rule, fresh.subject_id AS of_subject, reader.id, reader.display_name
    FROM (SELECT subject_id, rule_id, user_id FROM person JOIN first USING (audience, subject_id)
        EXCEPT {due.PLANNED.format(stage="first", place="subject_id, asked.rule_id")}) fresh
    JOIN people_user reader ON reader.id = fresh.user_id AND reader.is_active
    JOIN mail_reminderrule rule ON rule.id = fresh.rule_id
    WHERE (reader.id, rule.message::text) NOT IN (SELECT user_id, kind::text FROM off)
) reader ON of_rule = rule_id AND of_subject = subject_id
GROUP BY subject_id, due, due_at, rule_id, message, fires_at, total
ORDER BY fires_at, subject_id, rule_id"""


@dataclass(frozen=True)
class Firing:
    """A rule and a deadline, and when they meet: the instant, how many get a mail, and up to twenty of them as (id, name).

    `due` is the deadline's wall time and zone, `due_at` its instant; `name` what staff call the deadline.
    """

    kind: DeadlineKind
    subject_id: int
    name: str
    rule_id: int
    message: str
    fires_at: datetime
    due: str
    due_at: datetime
    recipients: int
    people: list[tuple[int, str]]


@dataclass(frozen=True)
class Upcoming:
    """Stages that fire, the soonest first, of which `left_off` more are not shown; and mails that wait to go out."""

    firings: list[Firing]
    left_off: int
    waiting: QuerySet[OutgoingMail]


def upcoming(days: int = 7, now: datetime | None = None) -> Upcoming:
    """What fires in the next `days`, by today's rules, deadlines and audiences, and what is queued or held for that time.

    Stages that fired already are among the mails. Those who switched a text off, and who were reminded by that rule of
    that deadline before, are not counted. Quiet hours and digests are not foreseen: they move a mail by a night at most.
    One statement for each kind, and one name for each deadline shown. `now` stands for the database's clock in tests.
    """
    firings: list[Firing] = []
    left_off = 0
    for name in sorted(DEADLINES):
        found, more = _firings(DEADLINES[name], timedelta(days=days), now)
        firings += found
        left_off += more
    firings.sort(key=lambda one: (one.fires_at, one.kind.name, one.subject_id, one.rule_id))
    until = now + timedelta(days=days) if now else Now() + timedelta(days=days)
    waiting = OutgoingMail.objects.filter(status__in=[Status.QUEUED, Status.HELD], next_try_at__lte=until)
    return Upcoming(firings, left_off, waiting.select_related("recipient").order_by("next_try_at", "id"))


def _firings(kind: DeadlineKind, span: timedelta, now: datetime | None) -> tuple[list[Firing], int]:
    made = due.deadlines(kind, now)
    due.moments(made, kind)
    made.add(SOON, span)
    made.add(
        "first AS MATERIALIZED (SELECT soon.*, count(*) OVER () AS total FROM soon "
        "ORDER BY fires_at, subject_id, rule_id LIMIT %s)",
        STAGES,
    )
    due.people(made, kind, where="first WHERE audience = {audience}")
    made.add(due.OFF, due.optional(kind.messages))
    with connection.cursor() as cursor:
        cursor.execute(made.sql(TAIL), [*made.params, kind.name, due.NO_LONGER_TRUE])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    names = {subject_id: kind.name_of(subject_id) for subject_id in {row[0] for row in rows}}
    return [
        Firing(
            kind=kind,
            subject_id=subject_id,
            name=names[subject_id],
            rule_id=rule_id,
            message=message,
            fires_at=fires_at,
            due=due_text,
            due_at=due_at,
            recipients=number,
            people=list(zip(ids or [], people or [], strict=True)),
        )
        for subject_id, due_text, due_at, rule_id, message, fires_at, _total, number, ids, people in rows
    ], (rows[0][6] - len(rows) if rows else 0)
