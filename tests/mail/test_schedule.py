"""Periodic jobs: by beat or by `manage.py tick`, once where both are there, and nothing that a broker must remember."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app, shared_task
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from network.embedded import commands
from network.jobs import IDEMPOTENT, check_broker
from network.mail.domain import periodic
from network.mail.models import JobRun, MailPause, OutgoingMail, TickLog
from network.schedule import SCHEDULE, Periodic
from tests.mail.test_worker import database_url

ROOT = Path(settings.BASE_DIR)
ran: list[str] = []


@shared_task(name="tests.hourly")
def hourly() -> None:
    ran.append("hourly")


@shared_task(name="tests.broken")
def broken() -> None:
    raise RuntimeError("no")


@shared_task(name="tests.minute")
def minute() -> None:
    ran.append("minute")


HOURLY, BROKEN, MINUTE = (
    Periodic("tests.hourly", 3600, ""),
    Periodic("tests.broken", 60, ""),
    Periodic("tests.minute", 60, ""),
)


@pytest.fixture
def jobs(db, monkeypatch):
    """Three jobs of the tests' own: an hourly one, one that fails, and one of every minute."""
    table = [BROKEN, HOURLY, MINUTE]
    monkeypatch.setattr(periodic, "SCHEDULE", table)
    monkeypatch.setattr(periodic, "NAMES", {job.task for job in table})
    ran.clear()
    return table


def begun(name: str, **ago: float) -> None:
    JobRun.objects.update_or_create(name=name, defaults={"began_at": timezone.now() - timedelta(**ago)})


def test_an_hourly_job_runs_once_an_hour_and_a_minutes_job_every_time(jobs):
    jobs.remove(BROKEN)
    for _ in range(2):
        call_command("tick")
    assert ran == ["hourly", "minute", "minute"]
    begun(HOURLY.task, minutes=61)
    call_command("tick")
    assert ran.count("hourly") == 2


def test_what_beat_began_a_moment_ago_is_not_run_again(jobs):
    begun(HOURLY.task, minutes=1)
    assert periodic.run_due() == [BROKEN.task]
    assert ran == ["minute"]


def test_a_record_from_a_clock_that_was_wrong_does_not_count(jobs):
    begun(HOURLY.task, days=-2)
    periodic.run_due()
    assert ran == ["hourly", "minute"]
    assert JobRun.objects.get(name=HOURLY.task).began_at <= timezone.now()


def test_one_that_fails_is_named_and_stops_no_other(jobs):
    with pytest.raises(CommandError, match=r"failed: tests\.broken$"):
        call_command("tick")
    assert ran == ["hourly", "minute"]


def test_one_job_alone_runs_due_or_not():
    with pytest.raises(CommandError):
        call_command("tick", "--only", "mail.tock")


def test_one_job_alone_runs_where_it_is_not_due_too(jobs):
    begun(HOURLY.task, minutes=1)
    assert periodic.run_due(HOURLY.task) == []
    assert ran == ["hourly"]


def test_of_several_who_claim_at_once_one_gets_it(db):
    assert [periodic.claim(HOURLY) for _ in range(6)] == [True] + [False] * 5


def test_a_worker_records_what_it_begins_and_nothing_that_is_not_in_the_schedule(db):
    current_app.tasks["people.sweep"].apply()
    current_app.tasks["mail.send"].apply()
    assert set(JobRun.objects.values_list("name", flat=True)) == {"people.sweep"}


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_command_needs_no_broker(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "network.settings.development",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "KOINE_STATE_DIR": str(tmp_path),
    }
    OutgoingMail.objects.create(
        key="k", kind="people.account_changed", klass="notice", to_email="a@example.org", to_domain="example.org",
        language="en", context={"event": "totp_activated", "path": "/", "moment": "", "browser": ""},
    )  # fmt: skip
    command = [sys.executable, "manage.py", "tick"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert OutgoingMail.objects.get().status == "sent"
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 1
    assert set(JobRun.objects.values_list("name", flat=True)) == {job.task for job in SCHEDULE}
    assert TickLog.objects.count() == 1


# --- nothing that a broker must remember ---------------------------------------------------------------------------------------

QUEUEING = {
    "apply_async",
    "delay",
    "send_task",
    "apply_async_on_commit",
    "delay_on_commit",
    "signature",
    "chord",
    "retry",
}
LONGEST_WAIT = 60


def faults(source: str) -> list[str]:
    """What in this text queues past `network.jobs`, or asks the broker to wait for long."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in QUEUEING:
            found.append(node.func.attr)
        if isinstance(node, ast.keyword) and node.arg == "eta":
            found.append("eta")
        if isinstance(node, ast.keyword) and node.arg == "countdown":
            known = isinstance(node.value, ast.Constant) and isinstance(node.value.value, int | float)
            if not known or node.value.value > LONGEST_WAIT:
                found.append("countdown")
        if isinstance(node, ast.keyword) and node.arg in {"acks_late", "reject_on_worker_lost"}:
            found.append(node.arg)
    return found


def test_jobs_are_queued_in_one_place_and_none_waits_in_the_broker():
    sources = {
        path: path.read_text()
        for folder in ("network", "cities", "practices", "grants")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert len(sources) > 200
    found = {str(path.relative_to(ROOT)): names for path, text in sources.items() if (names := faults(text))}
    assert found == {"network/jobs.py": ["apply_async"]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("task.delay(1)", ["delay"]),
        ("app.send_task('a')", ["send_task"]),
        ("f(eta=now)", ["eta"]),
        ("f(countdown=61)", ["countdown"]),
        ("f(countdown=60)", []),
        ("f(countdown=minutes)", ["countdown"]),
        ("@shared_task(acks_late=True)\ndef f(): ...", ["acks_late"]),
    ],
)
def test_that_search_finds_what_it_is_for(text, told):
    assert faults(text) == told


def test_a_killed_worker_gives_back_what_may_run_twice_and_only_that():
    assert IDEMPOTENT == {"acks_late": True, "reject_on_worker_lost": True}
    may = {name for name, task in current_app.tasks.items() if task.acks_late or task.reject_on_worker_lost}
    assert may == {job.task for job in SCHEDULE} | {
        "mail.send",
        "practices.make_publication",
        "grants.tell_rescheduled",
    }
    assert not current_app.conf.task_acks_late
    assert not current_app.conf.task_reject_on_worker_lost


def test_the_settings_of_the_queue_are_those_of_the_design():
    options = current_app.conf
    assert options.task_time_limit < options.broker_transport_options["visibility_timeout"] == 900
    assert options.task_soft_time_limit < options.task_time_limit
    assert options.worker_prefetch_multiplier == 1
    assert options.task_ignore_result
    assert options.worker_soft_shutdown_timeout > 0


def test_every_job_has_a_queue_and_a_worker_listens_to_each():
    route = current_app.amqp.router.route
    queues = {
        name: route({}, name)["queue"].name for name in current_app.tasks if not name.startswith(("celery.", "t"))
    }
    assert set(queues.values()) == {"default", "mail", "slow"} == set(commands.QUEUES.split(","))
    assert {queues["mail.send"], queues["mail.tick"]} == {"mail"}
    assert {queues[job.task] for job in SCHEDULE if job.every_seconds >= 3600} == {"slow"}


def test_queue_and_cache_have_a_redis_database_each(settings):
    text = (ROOT / "docker-compose.yml").read_text()
    assert "CELERY_BROKER_URL: redis://redis:6379/0" in text
    assert "REDIS_URL: redis://redis:6379/1" in text
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://one:6379/0"
    assert [fault.id for fault in check_broker(None)] == ["koine.W001"]
    settings.REDIS_URL = "redis://one:6379/1"
    assert check_broker(None) == []


# --- /readyz -------------------------------------------------------------------------------------------------------------------


def readiness(client) -> str:
    return client.get("/readyz").json()["mail"]


def test_mail_that_does_not_leave_is_noticed_unless_somebody_paused_it(client, db):
    row = OutgoingMail.objects.create(key="k", kind="x", klass="notice", to_email="a@example.org", language="en")
    assert readiness(client) == "ok"
    OutgoingMail.objects.update(next_try_at=timezone.now() - timedelta(minutes=11))
    assert readiness(client) == "missing"
    pause = MailPause.objects.create(reason="the server moves")
    assert readiness(client) == "ok"
    MailPause.objects.filter(pk=pause.pk).update(ended_at=timezone.now())
    assert readiness(client) == "missing"
    OutgoingMail.objects.filter(pk=row.pk).update(status="held")
    assert readiness(client) == "ok"
