"""The Celery app as beat sees it: the timetable and the queues, without Django's apps, which cost 80 MB and tell no time."""

import os

from celery import Celery

from network.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings.production")
app = Celery("koine", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()
