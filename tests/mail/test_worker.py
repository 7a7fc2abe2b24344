"""One mail's whole way: a web process commits, the broker carries the wake-up, a Celery worker sends."""

import email
import email.policy
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from network.mail.models import OutgoingMail
from network.people.domain.accounts import open_account

ROOT = Path(settings.BASE_DIR)
WEB = """
import django
django.setup()
from django.test import Client
answer = Client(headers={"host": "127.0.0.1"}).post("/en/accounts/password/reset/", {"email": "nour@example.org"})
assert answer.status_code == 302, answer.content
"""


def database_url() -> str:
    parts = connection.settings_dict
    return f"postgres://{parts['USER']}:{parts['PASSWORD']}@{parts['HOST'].replace('/', '%2F')}:{parts['PORT']}/{parts['NAME']}"


def wait_for(what, seconds: float = 60.0):
    """The first true answer of `what`, asked again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    return None


@pytest.fixture
def processes(tmp_path, broker):
    """Starts processes as `make run` does, on the test's database and a real broker; ends them afterwards."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "network.settings.development",
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker.celery_url(),
        "KOINE_STATE_DIR": str(tmp_path),
    }
    running = []

    def start(*command: str) -> subprocess.Popen:
        with (tmp_path / "log").open("ab") as log:
            running.append(
                subprocess.Popen([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
            )
        return running[-1]

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_a_web_process_committed_in_its_readers_language(processes, tmp_path):
    open_account(email="nour@example.org", display_name="نور", preferred_language="ar")
    processes("-m", "celery", "-A", "network.celery", "worker", "-Q", "mail,default", "--concurrency=1", "-l", "info")
    log = tmp_path / "log"
    assert wait_for(lambda: b"ready." in log.read_bytes()), log.read_text(errors="replace")
    assert processes("-c", WEB).wait(timeout=60) == 0, log.read_text(errors="replace")
    found = wait_for(lambda: list((tmp_path / "mailbox").glob("*.eml")))
    assert found, log.read_text(errors="replace")
    message = email.message_from_bytes(found[0].read_bytes(), policy=email.policy.default)
    assert message["Content-Language"] == "ar"
    assert "/ar/accounts/password/reset/key/" in message.get_body(("plain",)).get_content()
    assert wait_for(lambda: OutgoingMail.objects.filter(status="sent").exists())
    assert OutgoingMail.objects.get().context == {}
