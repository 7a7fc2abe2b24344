"""The embedded servers: found, started, ended, and clean after a kill."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import psycopg2
import pytest
import redis

from network.embedded import broker as embedded_broker, postgres
from network.embedded.places import EmbeddedError


def query(address: str, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(psycopg2.connect(address)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def test_a_restart_keeps_the_data(state: Path) -> None:
    server = postgres.start(state, postgres.THROW_AWAY)
    postgres.ensure_database(server.url())
    postgres.ensure_database(server.url())
    query(server.url(), "CREATE TABLE kept AS SELECT 42 AS answer")
    server.stop()
    server = postgres.start(state, postgres.THROW_AWAY)
    try:
        assert query(server.url(), "SELECT answer FROM kept") == [(42,)]
    finally:
        server.stop()


def test_the_cluster_sorts_alike_on_every_machine(state: Path) -> None:
    server = postgres.start(state, postgres.THROW_AWAY)
    try:
        rows = query(
            server.url("postgres"),
            "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'postgres'",
        )
        assert rows == [("b", "C.UTF-8", "UTF8")]
    finally:
        server.stop()


def test_a_second_owner_is_refused_and_the_first_goes_on(state: Path) -> None:
    server = postgres.start(state, postgres.THROW_AWAY)
    try:
        with pytest.raises(EmbeddedError, match="Another process runs the database"):
            postgres.start(state, postgres.THROW_AWAY)
        assert query(server.url("postgres"), "SELECT 1") == [(1,)]
    finally:
        server.stop()


def test_the_server_starts_again_after_kill_9(state: Path) -> None:
    server = postgres.start(state, postgres.THROW_AWAY)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait(10)
    server.lock.close()
    assert (server.data / "postmaster.pid").exists()
    again = postgres.start(state, postgres.THROW_AWAY)
    try:
        assert query(again.url("postgres"), "SELECT 1") == [(1,)]
    finally:
        again.stop()


def test_a_long_path_still_gets_a_socket(state: Path) -> None:
    deep = state / ("long-" * 16)
    deep.mkdir()
    deep.chmod(0o755)
    server = postgres.start(deep, postgres.THROW_AWAY)
    carrier = embedded_broker.start(deep)
    try:
        assert server.sockets != server.data
        assert server.sockets.stat().st_mode & 0o077 == 0
        assert query(server.url("postgres"), "SELECT 1") == [(1,)]
        assert embedded_broker.answers(carrier.socket)
    finally:
        carrier.stop()
        server.stop()
        server.sockets.rmdir()
        carrier.socket.parent.rmdir()


def test_a_missing_binary_is_named(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOINE_PG_BIN", str(state / "nowhere"))
    with pytest.raises(EmbeddedError, match="No Postgres found"):
        postgres.start(state)


def test_the_broker_keeps_a_queue_and_refuses_to_forget(broker: embedded_broker.Broker) -> None:
    with redis.Redis.from_url(broker.redis_url()) as client:
        client.rpush("queue", "work")
        assert client.lpop("queue") == b"work"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("port") == {"port": "0"}


def test_the_broker_s_celery_address_reaches_it(broker: embedded_broker.Broker) -> None:
    kombu = pytest.importorskip("kombu")
    with kombu.Connection(broker.celery_url()) as connection:
        queue = connection.SimpleQueue("machinery")
        queue.put({"id": 7})
        assert queue.get(timeout=5).payload == {"id": 7}
        queue.clear()
        queue.close()
