"""The three programs of a running portal, as `make run` starts them. docker-compose.yml starts the same ones."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

# Two workers of four threads: the best requests per second on two cores with connections kept open.
WORKERS, THREADS = 2, 4
QUEUES = "default,mail,slow"
# Root on a developer's own machine is fine; Celery's seven lines about it would hide the demo accounts.
QUIET_ROOT = "ignore:You're running the worker with superuser"


def manage(*arguments: str) -> list[str]:
    """Django's command line."""
    return [sys.executable, "manage.py", *arguments]


def web(port: int, environment: Mapping[str, str]) -> list[str]:
    """gunicorn on loopback. The code is loaded before the fork, so that the workers share its memory.

    With KOINE_DEBUG the code is loaded by each worker instead, and again whenever it changes.
    """
    loading = "--reload" if environment.get("KOINE_DEBUG", "").lower() in {"1", "true", "yes", "on"} else "--preload"
    return [
        *[sys.executable, "-m", "gunicorn", "network.wsgi", "--bind", f"127.0.0.1:{port}"],
        *["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)],
        *["--graceful-timeout", "5", "--log-level", "warning", "--no-control-socket", loading],
    ]


def worker() -> list[str]:
    """The Celery worker. Processes, not threads: a thread that works can't be ended, and would outlive a killed portal."""
    return [
        *[sys.executable, "-W", QUIET_ROOT, "-m", "celery", "--app", "network.celery:app", "--quiet", "worker"],
        *["--loglevel", "warning"],
        *["--pool", "prefork", "--concurrency", "2", "--queues", QUEUES],
        *["--without-gossip", "--without-mingle", "--without-heartbeat"],
    ]


def beat(state: Path) -> list[str]:
    """The clock of the periodic jobs."""
    return [
        *[sys.executable, "-m", "celery", "--app", "network.clock:app", "--quiet", "beat", "--loglevel", "warning"],
        *["--schedule", str(state / "beat"), "--pidfile="],
    ]
