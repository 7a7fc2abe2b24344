"""Applying: `python -m bench.grants` in the bench's environment. Writing, saving and sending a large application, and the numbers
of a round with many.

Requests are answered in this process, as a web worker answers them; CPU is its own and the database's. Files lie scanned, as
they do when somebody presses "Send application".
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.cpu import Cpu, verdict  # noqa: E402
from bench.rush import rush  # noqa: E402
from cities.models import City  # noqa: E402
from grants.domain.drafts import start_application  # noqa: E402
from grants.domain.files import attach_file  # noqa: E402
from grants.domain.funds import NewFund, create_fund  # noqa: E402
from grants.domain.rounds import NewRound, open_round, publish_form  # noqa: E402
from grants.domain.submission import reopen_application, submit_application  # noqa: E402
from grants.models import Application, ApplicationVersion, Round  # noqa: E402
from network.people.models import Organisation, OrganisationMember, Role, User  # noqa: E402

ROUNDS, TIMES, PAUSE, APPLICATIONS = 8, 10, 0.5, 5_000
SECTIONS, QUESTIONS, FILES = 10, 10, 10
AUTOSAVE_MS, PAGE_MS, SEND_MS, BOARD_QUERIES, AUTOSAVE_QUERIES = 12, 30, 60, 15, 8
WORDS = "We eat together at one long table, once a month, and whoever comes brings a chair. " * 8
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def form() -> list[dict[str, Any]]:
    """A form of a hundred long texts in ten sections, title and amount among them, and one of ten files."""
    sections = [
        {
            "key": f"part-{part}",
            "title": {"en": f"Part {part}"},
            "fields": [
                {"key": f"q-{part}-{n}", "kind": "long_text", "label": {"en": f"Question {n}"}, "required": True, "max_words": 250}
                for n in range(QUESTIONS)
            ],
        }
        for part in range(SECTIONS)
    ]  # fmt: skip
    sections[0]["fields"][0] |= {"key": "title", "kind": "short_text"}
    sections[0]["fields"][1] |= {"key": "amount_requested", "kind": "money"}
    papers = [
        {"key": f"paper-{n}", "kind": "file", "label": {"en": f"Paper {n}"}, "required": True} for n in range(FILES)
    ]
    return [*sections, {"key": "papers", "title": {"en": "Papers"}, "fields": papers}]


def lay() -> tuple[User, Application]:
    """A fund with an open round, and a draft in it with every answer and file, of somebody who also runs the fund."""
    owner = User.objects.create_user("bench@applicant.example", None, display_name="Bench")
    EmailAddress.objects.update_or_create(user=owner, email=owner.email, defaults={"verified": True, "primary": True})
    house = Organisation.objects.create(slug="bench-house", kind="ngo", name_en="Bench House")
    OrganisationMember.objects.create(organisation=house, user=owner, role="owner")
    city = City.objects.create(slug="bench-city", name_en="Bench", native_name="Bench", country="GB", region="europe")
    Role.objects.create(user=owner, kind="city_officer", scope_kind="city", scope_key=str(city.uuid))
    text = {"en": "Bench"}
    fund = create_fund(NewFund(slug="bench-fund", owner=city, currency="GBP", title=text, purpose=text), by=owner)
    now = timezone.now().replace(microsecond=0, second=0, minute=0, tzinfo=None)
    opens, closes = (now + timedelta(days=days) for days in (-5, 20))
    new = NewRound(title=text, opens=opens.replace(hour=9), closes=closes.replace(hour=17), zone="Europe/London")
    round_ = open_round(fund, new, by=owner)
    publish_form(round_, form(), by=owner)
    Round.objects.filter(pk=round_.pk).update(published=True)
    fund.status = "open"
    fund.save(update_fields=["status"])
    round_.refresh_from_db()
    draft = start_application(round_, house, by=owner, at=timezone.now())
    for row in draft.answers.exclude(section="papers"):
        row.data = dict(answers(row.section))
        row.save(update_fields=["data"])
    for n in range(FILES):
        attach_file(draft, f"paper-{n}", SimpleUploadedFile(f"{n}.pdf", PDF), by=owner, at=timezone.now())
    draft.attachments.update(scan="clean")
    return owner, draft


def answers(section: str) -> Iterator[tuple[str, str]]:
    """An answer to each question of a section."""
    part = int(section.rpartition("-")[2])
    for n in range(QUESTIONS):
        key = {(0, 0): "title", (0, 1): "amount_requested"}.get((part, n), f"q-{part}-{n}")
        yield key, {"title": "A table", "amount_requested": "12,500"}.get(key, WORDS)


def many(draft: Application) -> None:
    """Copies of a sent application, each with its version, until the round has APPLICATIONS."""
    first = draft.current_version
    assert first is not None
    copies = [
        Application(
            round=draft.round, organisation=draft.organisation, form=draft.form, number=10**6 + n, state="draft",
            opaque_id=f"bench-{n:010d}", title=f"Table {n}", amount_requested=Decimal(1_000 + n), uuid=uuid.uuid4(),
        )
        for n in range(APPLICATIONS - 1)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grants_application DROP CONSTRAINT sent_application_has_version")
    Application.objects.bulk_create(copies, 500)
    versions = [
        ApplicationVersion(
            application=one, number=1, form=first.form, answers={"part-0": {"title": one.title}},
            amount_requested=one.amount_requested, submitted_by=first.submitted_by,
            received_at=first.received_at, content_hash=first.content_hash, receipt_code=f"B{n:011d}",
        )
        for n, one in enumerate(copies)
    ]  # fmt: skip
    ApplicationVersion.objects.bulk_create(versions, 500)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grants_application a SET state = 'submitted', current_version_id = v.id"
            " FROM grants_applicationversion v WHERE v.application_id = a.id AND a.opaque_id LIKE 'bench-%'"
        )
        cursor.execute("ANALYZE grants_application")


def line(
    name: str,
    cpu: Cpu,
    work: Callable[[int], Any],
    most: float | None,
    queries: int | None = None,
    before: Callable[[], Any] = lambda: None,
) -> str:
    """CPU of a piece of work, the median of its cheapest round, and how many statements it takes; `before` each time is not
    counted."""
    work(0)
    rounds = []
    for first in range(1, ROUNDS * TIMES, TIMES):
        costs = []
        for n in range(first, first + TIMES):
            before()
            _wall, database, own = cpu.of(lambda n=n: work(n))
            costs.append((database + own, database))
        rounds.append(tuple(statistics.median(column) for column in zip(*costs, strict=True)))
        # Neighbours on the machine come and go, and only ever make work dearer.
        time.sleep(PAUSE)
    before()
    with CaptureQueriesContext(connection) as seen:
        work(ROUNDS * TIMES + 1)
    asked = [one for one in seen.captured_queries if one["sql"] not in {"BEGIN", "COMMIT"}]
    both, database = min(rounds)
    said = verdict(both, most, "ms") + verdict(len(asked), queries, "statements")
    return f"{name:44}{both:8.1f} ms CPU, {database:.1f} of it the database's; {len(asked)} statements{said}"


def main() -> None:
    """Write, save, send; then count many."""
    settings.ALLOWED_HOSTS = ["*"]
    owner, draft = lay()
    cpu, client = Cpu(), Client(headers={"accept-language": "en"})
    client.force_login(owner)
    place = f"/en/applications/{draft.opaque_id}/"
    revision = draft.answers.get(section="part-3").revision

    def get(path: str) -> Callable[[int], Any]:
        def asked(_n: int) -> None:
            answer = client.get(path, secure=True)
            assert answer.status_code == 200, (path, answer.status_code, answer.headers)

        return asked

    def autosave(n: int) -> None:
        nonlocal revision
        typed = {f"a-{key}": f"{text} {n}" for key, text in answers("part-3")}
        data = {"section": "part-3", "revision": revision, **typed}
        revision = client.post(f"{place}autosave/", data, secure=True).json()["revision"]

    def reopen() -> None:
        if Application.objects.get(pk=draft.pk).state == "submitted":
            reopen_application(draft, by=owner, at=timezone.now())

    def send(_n: int) -> None:
        assert submit_application(draft, by=owner, at=timezone.now())

    print(line("a section of ten long texts", cpu, get(f"{place}sections/part-3/"), PAGE_MS), flush=True)
    print(line("the same saved while one writes", cpu, autosave, AUTOSAVE_MS, AUTOSAVE_QUERIES), flush=True)
    print(line("the list of tasks", cpu, get(place), PAGE_MS), flush=True)
    print(line("sent: 100 answers, 10 files", cpu, send, SEND_MS, before=reopen), flush=True)
    for told in rush(draft):
        print(told, flush=True)
    draft.refresh_from_db()
    many(draft)
    board = f"/en/desk/funds/bench-fund/rounds/{draft.round.number}/board/"
    print(line(f"a round of {APPLICATIONS:,} in numbers", cpu, get(board), None, BOARD_QUERIES), flush=True)


if __name__ == "__main__":
    main()
