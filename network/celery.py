"""The Celery app: carries wake-ups, never truth (that lives in Postgres). The timetable is `network.schedule`."""

import os

from celery import Celery

from network.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings.production")
app = Celery("koine")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
app.autodiscover_tasks()
