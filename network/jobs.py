"""The one way to queue a background job."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.conf import settings
from django.core.checks import Warning as Warned
from django.db import transaction

log = logging.getLogger(__name__)
# Options of a task that may run twice without harm: `@shared_task(name=..., **IDEMPOTENT)`. The broker hears of its end, not
# of its beginning, and one whose process was killed is handed out again.
IDEMPOTENT = {"acks_late": True, "reject_on_worker_lost": True}


class UnknownJob(LookupError):
    """No task is registered under that name: a spelling mistake, found when queueing rather than never."""


def enqueue(name: str, **ids: int | str) -> None:
    """Queue the registered task `name` once the running transaction has committed.

    Takes ids only, never objects: the task reads the truth from the database when it runs. A broker that is down loses
    only a wake-up (the periodic tick of that job's app does the work later), so it is logged and never raised.
    Raises `UnknownJob` at once where no such task is registered.
    """
    task = current_app.tasks.get(name)
    if task is None:
        raise UnknownJob(name)
    transaction.on_commit(partial(_send, task, ids))


def _send(task, ids) -> None:
    # The task object, not `send_task(name)`: the latter ignores eager mode.
    try:
        task.apply_async(kwargs=ids, ignore_result=True, retry=False)
    except task.OperationalError:
        log.warning("broker unreachable: %s waits for its tick", task.name)


def check_broker(app_configs, **kwargs) -> list[Warned]:
    """System check koine.W001: queue and cache have a Redis database each."""
    if settings.REDIS_URL and settings.REDIS_URL == settings.CELERY_BROKER_URL:
        words = "CELERY_BROKER_URL and REDIS_URL name one Redis database: clearing the cache empties the queue."
        return [Warned(words, hint="Give each its own database number.", id="koine.W001")]
    return []
