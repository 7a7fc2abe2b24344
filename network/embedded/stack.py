"""The servers a portal stands on, embedded where none is configured, and the environment that names them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from network.embedded import broker, postgres
from network.embedded.places import ROOT

SETTINGS = "network.settings.development"


@dataclass
class Stack:
    """What the programs of a portal need: their environment, and the servers that we own and must stop."""

    environment: dict[str, str]
    postgres: postgres.Postgres | None = None
    broker: broker.Broker | None = None

    def stop(self) -> None:
        """Stop the servers that we started; a second call does nothing."""
        carrier, database = self.broker, self.postgres
        self.broker = self.postgres = None
        if carrier:
            carrier.stop()
        if database:
            database.stop()


def environment_of(state: Path, address: str) -> dict[str, str]:
    """The environment of the programs, before any server is known. What the caller has set stays as it is."""
    environment = dict(os.environ)
    environment["KOINE_STATE_DIR"] = str(state)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environment.get("PYTHONPATH")]))
    environment.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    environment.setdefault("KOINE_BASE_URL", address)
    # A worker asked to stop gives its jobs a few seconds and queues the rest again, instead of waiting for each.
    environment.setdefault("REMAP_SIGTERM", "SIGQUIT")
    return environment


def start(state: Path, address: str) -> Stack:
    """Start a database where DATABASE_URL is not set and a broker where neither CELERY_BROKER_URL nor REDIS_URL is.

    The database `koine` exists afterwards. EmbeddedError where a server does not start; then none is left running.
    """
    stack = Stack(environment_of(state, address))
    try:
        if not os.environ.get("DATABASE_URL"):
            stack.postgres = postgres.start(state)
            stack.environment["DATABASE_URL"] = stack.postgres.url()
            postgres.ensure_database(stack.postgres.url())
        if not (os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")):
            stack.broker = broker.start(state)
            stack.environment["CELERY_BROKER_URL"] = stack.broker.celery_url()
            stack.environment["REDIS_URL"] = stack.broker.redis_url()
    except BaseException:
        stack.stop()
        raise
    return stack


def environment_of_running(state: Path, address: str) -> dict[str, str]:
    """The environment that reaches the servers of a portal which runs on this state directory. Starts nothing."""
    environment = environment_of(state, address)
    if not os.environ.get("DATABASE_URL"):
        data = state / f"postgres-{postgres.binaries().major}"
        environment["DATABASE_URL"] = postgres.url(postgres.socket_folder(data, postgres.service_user()))
    if not (os.environ.get("CELERY_BROKER_URL") or os.environ.get("REDIS_URL")):
        path = broker.socket_path(state)
        environment["CELERY_BROKER_URL"] = broker.celery_url(path)
        environment["REDIS_URL"] = broker.redis_url(path)
    return environment
