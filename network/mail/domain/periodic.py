"""When periodic jobs ran, whoever started them: beat through a worker, or cron through `manage.py tick`.

Both may be there, and several of each: every job of `network.schedule` may run twice. The record only keeps cron from
doing again what beat did a moment ago.
"""

from __future__ import annotations

import logging

from celery import current_app
from django.db import close_old_connections, connection

from network.schedule import SCHEDULE, Periodic

log = logging.getLogger(__name__)
NAMES = frozenset(job.task for job in SCHEDULE)
# Jobs of every minute are cheap, and their work must not wait for a record.
ALWAYS_SECONDS = 60
# What began later than now began by a clock that was wrong; it does not count.
BEGAN = """
INSERT INTO mail_jobrun AS run (name, began_at) VALUES (%s, statement_timestamp())
ON CONFLICT (name) DO UPDATE SET began_at = excluded.began_at
WHERE run.began_at <= excluded.began_at - make_interval(secs => %s) OR run.began_at > excluded.began_at
RETURNING 1"""


def claim(job: Periodic) -> bool:
    """Take the job where it has not begun within its own period; of several who ask at once, one gets it."""
    with connection.cursor() as cursor:
        cursor.execute(BEGAN, [job.task, job.every_seconds if job.every_seconds > ALWAYS_SECONDS else 0])
        return cursor.fetchone() is not None


def record(name: str) -> None:
    """Note that this job begins now, whatever was noted before. Names that are not in the schedule are left out."""
    if name in NAMES:
        with connection.cursor() as cursor:
            cursor.execute(BEGAN, [name, 0])


def run_due(only: str = "") -> list[str]:
    """Run every periodic job that is due, or `only` that one, here and now, without a broker; returns those that failed.

    One that fails is logged and stops no other.
    """
    failed = []
    for job in SCHEDULE:
        if only and job.task != only:
            continue
        try:
            if only:
                record(job.task)
            elif not claim(job):
                continue
            current_app.tasks[job.task]()
        except Exception:
            log.exception("periodic job %s failed", job.task)
            failed.append(job.task)
            if not connection.in_atomic_block:
                # Where the database went away, the next job asks for it anew.
                close_old_connections()
    return failed
