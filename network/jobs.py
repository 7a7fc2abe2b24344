"""The one way to queue a background job."""

from __future__ import annotations

import logging
from functools import partial

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)


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
