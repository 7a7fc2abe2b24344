"""Publications at the same moment: workers that begin at once, forms sent at once, files swept, a worker that is killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from practices.domain.publications import Order, keep_publication, order_publication
from practices.domain.publishing import make_publication, sweep_publications
from practices.models import PublicationVersion
from practices.queries.publications import plan_of
from tests.mail.test_worker import database_url, wait_for
from tests.people.signing import person
from tests.practices import builders as build
from tests.practices.publishing import made, order, pdf_of, running, state

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db(transaction=True)
def test_of_six_workers_that_begin_at_once_one_makes_it():
    with transaction.atomic():
        # Ordered, and what wakes the job at commit finds it cancelled: six workers come later.
        version = order(build.practice(build.operator()), by=person())
        PublicationVersion.objects.update(state="cancelled")
    PublicationVersion.objects.update(state="queued")
    start, outcomes = threading.Barrier(6), []

    def work() -> None:
        start.wait()
        try:
            outcomes.append(make_publication(version.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == [False] * 5 + [True]
    assert state(version) == "ready"
    folder = f"publications/{timezone.now():%Y/%m}"
    assert len(default_storage.listdir(folder)[1]) == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_forms_sent_at_once_one_orders():
    by, practice = person(), build.practice(build.operator())
    told, plan = Order("Title", "en", "en", key=uuid.uuid4()), plan_of([practice.pk])
    start, failures = threading.Barrier(8), []

    def send() -> None:
        start.wait()
        try:
            order_publication(told, plan, by=by)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert PublicationVersion.objects.count() == 1


# --- sweeping --------------------------------------------------------------------------------------------------------------------


def test_files_that_nobody_keeps_are_removed_after_thirty_days_and_the_version_says_so():
    by, practice = person(), build.practice(build.operator())
    old, kept, young = (made(practice, by=by) for _n in range(3))
    keep_publication(kept.publication, True, by=by)
    PublicationVersion.objects.filter(pk__in=[old.pk, kept.pk]).update(ended_at=timezone.now() - timedelta(days=31))
    names = [old.file.name, old.content.name]
    with transaction.atomic():
        assert sweep_publications() == 2
    assert [state(one) for one in (old, kept, young)] == ["removed", "ready", "ready"]
    assert old.sha256
    for one in (kept, young):
        assert default_storage.exists(one.file.name)
    assert len(names) == 2


@pytest.mark.django_db(transaction=True)
def test_the_files_go_when_the_row_says_so():
    version = order(build.practice(build.operator()), by=person())
    version.refresh_from_db()
    names = [version.file.name, version.content.name]
    PublicationVersion.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert all(default_storage.exists(name) for name in names)
    assert sweep_publications() == 2
    assert not any(default_storage.exists(name) for name in names)
    assert sweep_publications() == 0


def test_stray_files_go_after_a_day(tmp_path):
    folder = f"publications/{timezone.now():%Y/%m}"
    old, young = (default_storage.save(f"{folder}/{name}", ContentFile(b"x")) for name in ("old", "young"))
    day_ago = time.time() - 2 * 86400
    os.utime(tmp_path / old, (day_ago, day_ago))
    assert sweep_publications() == 1
    assert not default_storage.exists(old)
    assert default_storage.exists(young)


# --- a real worker ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_loses_nothing(broker, tmp_path, settings):
    """A web process orders, a worker begins and is killed, its lease runs out, and the next worker makes it."""
    with transaction.atomic():
        version = order(*(build.practice(build.operator()) for _n in range(3)), by=person())
        running(version, minutes=-1)  # as a worker left it that was killed
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "network.settings.development", "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker.celery_url(), "KOINE_STATE_DIR": str(tmp_path), "KOINE_MEDIA_DIR": str(tmp_path),
    }  # fmt: skip
    log = tmp_path / "log"
    web = "import django; django.setup(); from network.jobs import enqueue; enqueue({name!r}{ids})"

    def start(*command: str) -> subprocess.Popen:
        with log.open("ab") as out:
            return subprocess.Popen(
                [sys.executable, *command], cwd=Path(configured.BASE_DIR), env=environment, stdout=out, stderr=out
            )

    worker = ("-m", "celery", "-A", "network.celery", "worker", "-Q", "slow", "--pool=solo", "-l", "info")
    first = start(*worker)
    try:
        assert wait_for(lambda: b"ready." in log.read_bytes()), log.read_text(errors="replace")
        assert start("-c", web.format(name="practices.publications", ids="")).wait(timeout=60) == 0
        assert wait_for(lambda: state(version) == "ready"), log.read_text(errors="replace")
    finally:
        first.terminate()
        first.wait(timeout=30)
    assert version.attempts == 2
    assert len(pdf_of(version).pages) == version.pages == 8
