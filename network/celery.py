"""The Celery app: carries wake-ups, never truth (that lives in Postgres). The timetable is `network.schedule`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process

from network.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings.production")
app = Celery("koine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()


@worker_before_create_process.connect
def share_what_is_loaded(**kwargs: Any) -> None:
    """Keep the collector away from what the worker has loaded before it forks: its processes go on sharing it."""
    gc.collect()
    gc.freeze()
