"""The smallest portal that `make run` can start: settings, one address, one command. Proves the supervisor in a second."""

from __future__ import annotations

import dj_database_url
from django.http import HttpRequest, HttpResponse
from django.urls import path

from network.settings import env

SECRET_KEY = "tiny"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.machinery.tiny"
USE_TZ = True
INSTALLED_APPS = ["tests.machinery.tiny_app"]
DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", "", secret=True))}
CELERY_IMPORTS = ["tests.machinery.tiny_tasks"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 2
CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "", secret=True)


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive")


urlpatterns = [path("healthz", alive)]
