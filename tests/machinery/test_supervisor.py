"""`make run`, proved on the smallest portal there is (tiny.py): one process tree that never outlives its supervisor."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from celery import Celery
from kombu import Connection

from network.embedded import broker as embedded_broker, postgres
from network.embedded.claim import AlreadyRunning, Claim
from network.embedded.places import ROOT
from tests.machinery.portal import RUN, STOP_SECONDS, Portal, wait_for


def test_ctrl_c_ends_the_whole_tree_and_the_data_stays(portal: Portal) -> None:
    portal.start()
    assert portal.page() == "alive"
    names = " ".join(" ".join(process.cmdline()) for process in portal.tree)
    assert [name in names for name in ("gunicorn", "worker", "beat", "postgres", "broker.sock")] == [True] * 5
    portal.query("CREATE TABLE kept AS SELECT 42 AS answer")
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(STOP_SECONDS) == 0
    assert portal.left() == []
    assert "SIGINT: stopping" in portal.said()
    assert "was killed" not in portal.said()

    portal.start()
    assert portal.query("SELECT answer FROM kept") == [(42,)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_outlives_the_supervisor(portal: Portal, number: signal.Signals) -> None:
    portal.start()
    assert len(portal.left()) >= 6
    portal.process.send_signal(number)
    portal.process.wait(STOP_SECONDS)
    wait_for(lambda: portal.left() == [], STOP_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_job_that_runs_keeps_nothing_alive(portal: Portal, number: signal.Signals) -> None:
    portal.start()
    sign = portal.state / "job-runs"
    with Connection(embedded_broker.celery_url(portal.state / "broker.sock")) as connection:
        app = Celery(broker=connection.as_uri(include_password=True), set_as_current=False)
        app.send_task("tiny.sleep", args=[str(sign)], queue="default", connection=connection)
    wait_for(sign.exists, 15)
    portal.tree = psutil.Process(portal.process.pid).children(recursive=True)
    portal.process.send_signal(number)
    portal.process.wait(STOP_SECONDS)
    wait_for(lambda: portal.left() == [], STOP_SECONDS)


def test_a_start_right_after_kill_9_works(portal: Portal) -> None:
    portal.start()
    portal.process.kill()
    portal.process.wait()
    first = list(portal.tree)
    portal.start()
    assert portal.page() == "alive"
    portal.tree += first


def test_a_closed_terminal_ends_the_whole_tree(portal: Portal) -> None:
    ours, theirs = pty.openpty()
    # A session of its own with that terminal, as a terminal window makes it.
    portal.process = subprocess.Popen(
        [sys.executable, "-c", "import os, sys; os.login_tty(0); os.execv(sys.argv[1], sys.argv[1:])", *RUN],
        cwd=ROOT,
        env=portal.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while b"Koine is at" not in said:
        said += os.read(ours, 4096)
    portal.tree = psutil.Process(portal.process.pid).children(recursive=True)
    assert len(portal.left()) >= 6
    os.close(ours)
    portal.process.wait(STOP_SECONDS)
    wait_for(lambda: portal.left() == [], STOP_SECONDS)


def test_a_killed_make_ends_the_whole_tree(portal: Portal) -> None:
    make = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *RUN, "--with-parent"]
    portal.start(command=make)
    assert len(portal.left()) >= 7
    portal.process.kill()
    portal.process.wait()
    wait_for(lambda: portal.left() == [], STOP_SECONDS)


def test_a_child_that_ends_by_itself_ends_the_rest(portal: Portal) -> None:
    portal.start()
    beat = next(process for process in portal.tree if "beat" in process.cmdline())
    beat.kill()
    assert portal.process.wait(STOP_SECONDS) == 1
    assert portal.left() == []
    assert "beat ended with exit code -9" in portal.said()


def test_a_second_start_says_where_the_first_answers(portal: Portal) -> None:
    portal.start()
    second = portal.again()
    assert second.returncode == 0
    assert second.stdout.strip() == f"Koine is already running at http://127.0.0.1:{portal.port}/"
    assert portal.page() == "alive"


def test_a_reset_is_refused_while_the_portal_runs_and_wipes_afterwards(portal: Portal) -> None:
    portal.start()
    refused = portal.call("reset", answer="yes\n")
    assert refused.returncode == 1
    assert "already running" in refused.stderr
    portal.process.send_signal(signal.SIGTERM)
    portal.process.wait(STOP_SECONDS)
    assert "Nothing was removed" in portal.call("reset", answer="no\n").stdout
    assert "Nothing was removed" in portal.call("reset").stdout
    assert (portal.state / f"postgres-{postgres.binaries().major}").is_dir()
    assert "Removed" in portal.call("reset", answer="yes\n").stdout
    assert [path.name for path in portal.state.iterdir()] == [".koine"]


def test_configured_servers_are_used_and_none_is_started(portal: Portal) -> None:
    other = portal.state / "other"
    other.mkdir()
    other.chmod(0o755)
    server = postgres.start(other, postgres.THROW_AWAY)
    try:
        postgres.ensure_database(server.url())
        own = portal.state / "own"
        own.mkdir()
        portal.environment |= {
            "KOINE_STATE_DIR": str(own),
            "DATABASE_URL": server.url(),
            "CELERY_BROKER_URL": "memory://",
        }
        portal.start()
        assert portal.page() == "alive"
        names = " ".join(" ".join(process.cmdline()) for process in portal.tree)
        assert "postgres" not in names
        assert "broker.sock" not in names
        portal.process.send_signal(signal.SIGTERM)
        assert portal.process.wait(STOP_SECONDS) == 0
    finally:
        server.stop()


def test_a_taken_port_is_named_and_nothing_is_started(portal: Portal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", portal.port))
        other.listen()
        refused = portal.again()
    assert refused.returncode == 1
    assert f"Port {portal.port} is taken" in refused.stderr
    assert not (portal.state / "postgres.log").exists()


@pytest.mark.parametrize("port", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(portal: Portal, port: str) -> None:
    portal.environment["PORT"] = port
    refused = portal.again()
    assert refused.returncode == 1
    assert f"PORT={port} is not a port" in refused.stderr


def test_a_folder_with_other_things_is_never_taken(portal: Portal) -> None:
    (portal.state / "thesis.odt").write_text("dear")
    refused = portal.again()
    assert refused.returncode == 1
    assert "holds other things" in refused.stderr
    assert portal.call("reset", "--yes").returncode == 1
    assert (portal.state / "thesis.odt").read_text() == "dear"


def test_a_claim_is_free_again_when_its_holder_releases_it(state: Path) -> None:
    claim = Claim(state)
    claim.publish("http://127.0.0.1:8123/")
    with pytest.raises(AlreadyRunning, match=r"http://127\.0\.0\.1:8123/"):
        Claim(state)
    claim.release()
    Claim(state).release()


def test_a_command_reaches_the_database_whether_the_portal_runs_or_not(portal: Portal) -> None:
    ask = [
        "shell",
        "--command",
        "from django.db import connection as c; print(c.settings_dict['HOST'], c.ensure_connection())",
    ]
    alone = portal.call("manage", *ask)
    assert alone.returncode == 0, alone.stderr
    portal.start()
    beside = portal.call("manage", *ask)
    assert beside.returncode == 0, beside.stderr
    assert beside.stdout == alone.stdout
    assert str(portal.state) in beside.stdout
    assert portal.page() == "alive"
    assert portal.call("manage", "no_such_command").returncode == 1
