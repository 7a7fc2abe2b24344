"""A place where the sending can be shot at: a database cluster, mail server and worker processes that nobody else uses."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psutil
import psycopg2
import redis
from celery import Celery

from network.embedded import broker as brokers, postgres
from network.embedded.places import ROOT
from network.embedded.processes import end, spawn

# As the run's own cluster, but a commit is in the operating system's hands when it is answered: the server may be shot.
OPTIONS = ("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "autovacuum=off")
QUEUE = """
INSERT INTO mail_outgoingmail (key, kind, klass, to_email, to_domain, to_name, reply_to, language, context, subject, status,
    attempts, next_try_at, message_id, held_for, deadline, due, error, created_at)
SELECT %(batch)s || n, 'people.account_changed', CASE WHEN n %% 4 = 0 THEN 'decision' ELSE 'notice' END,
    %(batch)s || n || '@example.org', 'example.org', 'Nour', '', 'en', '{"event": "x", "moment": "", "browser": "", "path": "/en/"}',
    '', 'queued', 0, now(), '', '', '', '', '', now()
FROM generate_series(1, %(count)s) n
ON CONFLICT (key) DO NOTHING"""


class Field:
    """Use as a context manager. `arrived` reads what the mail server took, from its own notes."""

    def __init__(self, template: str, carrier: brokers.Broker, workers: int = 3) -> None:
        self.template, self.carrier, self.number = template, carrier, workers
        self.stack = ExitStack()

    def __enter__(self) -> Field:
        try:
            self._start()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *what: object) -> None:
        self.stack.close()

    def _start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="koine-field-"))
        self.stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.folder.chmod(0o755)  # the database's account must get through
        self.output = self.stack.enter_context((self.folder / "output").open("wb"))
        self.database = postgres.start(self.folder, OPTIONS)
        self.stack.callback(lambda: self.database.stop())
        postgres.ensure_database(self.database.url())
        self._copy_tables()
        self.log = self.folder / "arrived"
        self.log.touch()
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.mail.sink", str(self.log)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.stack.callback(server.communicate)
        assert server.stdout is not None
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "network.settings.production",
            "SECRET_KEY": "of-a-field-that-lives-for-one-test-and-signs-nothing-real",
            "DATABASE_URL": self.database.url(),
            "CELERY_BROKER_URL": self.carrier.celery_url(),
            "KOINE_STATE_DIR": str(self.folder),
            "KOINE_MAIL_PER_DOMAIN": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.stdout.readline().decode().strip(),
        }
        self.bell = Celery(broker=self.carrier.celery_url(), set_as_current=False)
        self.stack.callback(self.bell.close)
        self.workers = [self._worker() for _ in range(self.number)]
        self.stack.callback(self._end_workers)

    def _copy_tables(self) -> None:
        """The tables of the database that pytest-django made, which migrations would take much longer to make again."""
        programs = postgres.binaries().folder
        dump = subprocess.run([programs / "pg_dump", "--schema-only", self.template], capture_output=True, check=True)
        load = [programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", self.database.url()]
        subprocess.run(load, input=dump.stdout, stdout=subprocess.DEVNULL, check=True)

    # --- workers ------------------------------------------------------------------------------------------------------

    def _worker(self) -> subprocess.Popen[bytes]:
        command = [
            *[sys.executable, "-m", "celery", "--app", "network.celery", "--quiet", "worker", "--queues", "mail"],
            *["--pool", "prefork", "--concurrency", "1", "--loglevel", "warning"],
            *["--without-gossip", "--without-mingle", "--without-heartbeat"],
        ]
        return spawn(command, env=self.environment, output=self.output, cwd=ROOT, death_signal=signal.SIGKILL)

    def _end_workers(self) -> None:
        for worker in self.workers:
            self._kill_tree(worker)
            worker.wait(10)

    def _kill_tree(self, worker: subprocess.Popen[bytes]) -> None:
        for process in [*psutil.Process(worker.pid).children(recursive=True), psutil.Process(worker.pid)]:
            process.kill()

    def kill_sender(self, number: int) -> None:
        """kill -9 of the process that sends for worker `number`; its worker starts another one."""
        for child in psutil.Process(self.workers[number].pid).children():
            child.kill()

    def kill_worker(self, number: int) -> None:
        """kill -9 of a worker with all its processes; a new one is started."""
        self._kill_tree(self.workers[number])
        self.workers[number].wait(10)
        self.workers[number] = self._worker()

    # --- what may happen beside ---------------------------------------------------------------------------------------

    def flush_broker(self) -> None:
        """FLUSHALL: every wake-up that waits is gone."""
        with closing(redis.Redis.from_url(self.carrier.redis_url(0))) as client:
            client.flushall()

    def restart_database(self) -> None:
        """What `pg_ctl -m immediate restart` does: every connection is cut, nothing is written first, WAL is replayed."""
        end(self.database.process, signal.SIGQUIT, 10)
        self.database.lock.close()
        self.database = postgres.start(self.folder, OPTIONS)

    def tick(self) -> None:
        """What beat does every minute."""
        self.bell.send_task("mail.tick", queue="mail", ignore_result=True)

    # --- what is seen -------------------------------------------------------------------------------------------------

    def sql(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Rows of a statement, on a connection of its own."""
        with closing(psycopg2.connect(self.database.url())) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                return cursor.fetchall() if cursor.description else []

    def queue(self, batch: str, count: int) -> None:
        self.sql(QUEUE, batch=batch, count=count)

    def arrived(self, batch: str) -> Counter[tuple[str, str]]:
        """(Message-ID, recipient) of each mail that the server took, and how often."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return Counter((line[0], line[1]) for line in lines if line[1].startswith(batch))

    def states(self, batch: str) -> dict[tuple[str, str], int]:
        """(state, class) and how many mails are in it."""
        rows = self.sql(
            "SELECT status, klass, count(*) FROM mail_outgoingmail WHERE key LIKE %(like)s GROUP BY 1, 2",
            like=f"{batch}%",
        )
        return {(status, klass): count for status, klass, count in rows}

    def recipients(self, batch: str, column: str, value: str) -> set[str]:
        """Whom the mails with this state or class are for."""
        rows = self.sql(
            "SELECT to_email FROM mail_outgoingmail WHERE key LIKE %(like)s "
            "AND CASE %(column)s WHEN 'status' THEN status ELSE klass END = %(value)s",
            like=f"{batch}%",
            column=column,
            value=value,
        )
        return {address for (address,) in rows}

    def until(self, what: Callable[[], Any], seconds: float = 60.0) -> None:
        """Tick again and again until `what` is true."""
        end_at, ticked = time.monotonic() + seconds, 0.0
        while not what():
            assert time.monotonic() < end_at, (self.folder / "output").read_text(errors="replace")[-4000:]
            if time.monotonic() - ticked > 0.4:
                self.tick()
                ticked = time.monotonic()
            time.sleep(0.02)

    def finish(self, batch: str) -> None:
        """Send the rest. A lease that its worker can't use any more runs out at once, not in five minutes: it is one where

        nothing is left to claim and nothing arrives.
        """
        while any(status in {"queued", "inflight"} for status, _klass in self.states(batch)):
            self.until(lambda: not any(status == "queued" for status, _klass in self.states(batch)))
            before = self.log.stat().st_size
            # Longer than a sender waits before it offers an outcome to the database again.
            time.sleep(1.5)
            if self.log.stat().st_size == before:
                self.sql("UPDATE mail_outgoingmail SET lease_until = now() - interval '1 s' WHERE status = 'inflight'")
                self.tick()
