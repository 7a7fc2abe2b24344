"""The last minute of a round: many people press "Send application" over the real web server, each for an application of their
own, and read their receipt. Called by `bench.grants`, whose form and draft it takes."""

from __future__ import annotations

import http.client
import os
import random
import tempfile
import threading
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client

from bench.cpu import p95, verdict
from bench.servers import free_port, running, wait_for
from grants.models import AnswerSection, Application, ApplicationMember, ApplicationVersion, Attachment
from network.embedded import commands
from network.mail.models import OutgoingMail
from network.people.models import User

# Ever denser, as before every deadline: half of them come in the last quarter of the minute, 26 in its last second.
PEOPLE, SECONDS, AT_MOST_MS = 200, 60.0, 1_000
TOKEN = "k" * CSRF_SECRET_LENGTH


def rush(draft: Application) -> list[str]:
    """Send PEOPLE copies of the draft within SECONDS; the lines of the table. AssertionError where one was lost."""
    cookies = lay(draft)
    chance = random.Random(7)
    moments = sorted(SECONDS * (1 - chance.random() ** 2) for _n in cookies)
    walls: list[float] = []
    faults: list[str] = []
    port = free_port()
    environment = dict(os.environ)
    log = Path(tempfile.mkdtemp(prefix="koine-rush-")) / "web.log"
    with running(commands.web(port, environment), environment, log) as web:
        wait_for(port, web, log)
        began = time.monotonic() + 1

        def act(address: str, cookie: str, moment: float) -> None:
            time.sleep(max(0.0, began + moment - time.monotonic()))
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {
                "Cookie": cookie,
                "X-CSRFToken": TOKEN,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            pressed = time.perf_counter()
            line.request("POST", f"{address}submit/", "", headers)
            answer = line.getresponse()
            answer.read()
            walls.append((time.perf_counter() - pressed) * 1000)
            onward = answer.headers.get("Location", "")
            line.request("GET", onward or "/", headers={"Cookie": cookie})
            shown = line.getresponse()
            shown.read()
            if (answer.status, shown.status, onward) != (302, 200, f"{address}receipt/"):
                faults.append(f"{address}: {answer.status} {onward} {shown.status}")
            line.close()

        threads = [
            threading.Thread(target=act, args=(address, cookie, moment))
            for (address, cookie), moment in zip(cookies.items(), moments, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not faults, faults[:3]
    sent = ApplicationVersion.objects.filter(application__title__startswith="Rush ")
    assert sent.values("receipt_code").distinct().count() == PEOPLE
    codes = set(sent.values_list("receipt_code", flat=True))
    mails = OutgoingMail.objects.filter(kind="grants.receipt").values_list("context__code", flat=True)
    assert codes <= set(mails)
    return [
        f"{f'{PEOPLE} sent in the last minute, none lost':44}p50 {sorted(walls)[len(walls) // 2]:.0f}, p95 {p95(walls):.0f} ms of waiting"
        + verdict(p95(walls), AT_MOST_MS, "ms")
    ]


def lay(draft: Application) -> dict[str, str]:
    """As many copies of the draft, each with an owner who is signed in: the address of each, and their cookies."""
    answers, files = list(draft.answers.all()), list(draft.attachments.filter(removed_at=None))
    found: dict[str, str] = {}
    for n in range(PEOPLE):
        key = uuid.uuid4()
        owner = User.objects.create_user(f"rush-{n}@applicant.example", None, display_name=f"Rush {n}")
        one = Application.objects.create(
            round=draft.round, organisation=draft.organisation, form=draft.form, uuid=key, opaque_id=key.hex[:16],
            title=f"Rush {n}", amount_requested=draft.amount_requested,
        )  # fmt: skip
        ApplicationMember.objects.create(application=one, user=owner, role="owner")
        AnswerSection.objects.bulk_create(
            AnswerSection(application=one, section=row.section, data=row.data) for row in answers
        )
        Attachment.objects.bulk_create(
            Attachment(
                application=one, field=file.field, name=file.name, size=file.size, sha256=file.sha256, mime=file.mime,
                scan=file.scan, file=file.file.name, uploaded_at=file.uploaded_at,
            )
            for file in files
        )  # fmt: skip
        browser = Client()
        browser.force_login(owner)
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        found[f"/en/applications/{one.opaque_id}/"] = (
            f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        )
    return found
