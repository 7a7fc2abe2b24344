"""Documents: `python -m bench.documents` in the bench's environment. Fact sheets made anew and kept, lists as files, and
publications as their job makes them.

CPU is that of this process, which answers as a web worker does; Postgres' part comes on top and is told by the pages above.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import django

django.setup()

from django.core.cache import cache  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.build import build  # noqa: E402
from network.people.models import User  # noqa: E402
from practices.documents.exports import TYPES  # noqa: E402
from practices.domain.publications import Order, order_publication  # noqa: E402
from practices.domain.publishing import make_publication  # noqa: E402
from practices.enums import MakingState  # noqa: E402
from practices.models import Practice, PublicationVersion  # noqa: E402
from practices.queries.exports import PIECE  # noqa: E402
from practices.queries.publications import plan_of  # noqa: E402

ROWS, SHEETS = 10_000, 60
SHEET_MS, KEPT_MS, EXPORT_SECONDS, EXPORT_MB = 100, 40, 6.0, 60
# Practices of a publication that is timed, and of the largest there may be; memory of that one.
PUBLISHED, LARGEST, PUBLICATION_SECONDS, PUBLICATION_MB = 100, 200, 5.0, 900
LANGUAGES = ("en", "ar", "el", "sv")


@dataclass(frozen=True)
class Line:
    """One measurement: what, how much of it, in which unit, its budget where there is one, and what else is known."""

    name: str
    found: float
    unit: str
    budget: float | None = None
    more: str = ""

    def __str__(self) -> str:
        verdict = ""
        if self.budget is not None:
            verdict = f"  at most {self.budget:g} {self.unit}: {'kept' if self.found <= self.budget else 'MISS'}"
        return f"{self.name:44}{self.found:9.1f} {self.unit}{verdict}{self.more}"


def cpu_of(work: Callable[[], Any]) -> float:
    """CPU seconds of this process and its threads."""
    began = time.process_time()
    work()
    return time.process_time() - began


def sheets(client: Client, slugs: list[str]) -> Iterable[Line]:
    """A sheet made anew (every practice once, in four languages in turn), and the same one asked for again."""
    addresses = [f"/{LANGUAGES[n % len(LANGUAGES)]}/practices/{slug}/sheet.pdf" for n, slug in enumerate(slugs)]
    sizes: list[int] = []

    def ask(address: str) -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        sizes.append(len(answer.content))

    client.get(addresses.pop())  # loads the typefaces
    cache.clear()
    anew = sorted(cpu_of(lambda one=address: ask(one)) for address in addresses)
    again = []
    for address in addresses:
        cache.clear()
        ask(address)
        again.append(cpu_of(lambda one=address: ask(one)))
    size = f"  (largest {max(sizes) / 1e3:.0f} kB)"
    yield Line("fact sheet, made anew, CPU: median", anew[len(anew) // 2] * 1e3, "ms", SHEET_MS, size)
    yield Line("fact sheet, made anew, CPU: slowest of 20", anew[-max(1, len(anew) // 20)] * 1e3, "ms")
    yield Line("fact sheet, kept, CPU: median", sorted(again)[len(again) // 2] * 1e3, "ms", KEPT_MS)


def lists(client: Client) -> Iterable[Line]:
    """All that a file may hold, in each kind: CPU, statements, and by how much the process grew."""
    for kind in TYPES:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.process_time()
        with CaptureQueriesContext(connection) as seen:
            size = sum(len(piece) for piece in client.get(f"/en/practices/export.{kind}").streaming_content)
        seconds = time.process_time() - began
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        more = f"  ({size / 1e6:.1f} MB, {len(seen)} queries: two for each {PIECE} rows)"
        yield Line(f"{kind} of {ROWS:,} practices, CPU", seconds, "s", EXPORT_SECONDS, more)
        yield Line(f"{kind} of {ROWS:,} practices, grown by", grown, "MB", EXPORT_MB)


def publications(ids: list[int]) -> Iterable[Line]:
    """A publication of many practices with contents and index, and by how much the largest one makes its process grow. They
    come last: what a process has once grown to is never less again."""
    by = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench@koine.example")

    def published(count: int) -> tuple[PublicationVersion, float]:
        # The order is never committed, so nothing else makes it.
        told = Order("Bench", "en", "en", chapters="city")
        version = order_publication(told, plan_of(ids[:count]), by=by)
        seconds = cpu_of(lambda: make_publication(version.pk))
        version.refresh_from_db()
        assert version.state == MakingState.READY, version.fault
        return version, seconds

    with transaction.atomic():
        published(2)  # loads the typefaces
        version, seconds = published(PUBLISHED)
        more = f"  ({version.pages} pages, {version.size / 1e6:.1f} MB)"
        yield Line(f"publication of {PUBLISHED} practices, CPU", seconds, "s", PUBLICATION_SECONDS, more)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        version, seconds = published(LARGEST)
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Line(
            f"publication of {LARGEST} practices, CPU",
            seconds,
            "s",
            None,
            f"  ({version.pages} pages, {version.size / 1e6:.1f} MB)",
        )
        yield Line(
            f"publication of {LARGEST} practices, process at most",
            most,
            "MB",
            PUBLICATION_MB,
            f"  (grown by {grown:.0f} MB)",
        )
        transaction.set_rollback(True)


def main() -> None:
    """Build what is missing, measure, print."""
    if Practice.objects.visible_to(None).count() < ROWS:
        build(ROWS, 200, 100)
    newest = Practice.objects.visible_to(None).order_by("-published_at", "-id").values_list("slug", flat=True)
    client = Client(headers={"Accept-Language": "en"}, SERVER_NAME="127.0.0.1")
    ids = list(
        Practice.objects.visible_to(None).order_by("-published_at", "-id").values_list("pk", flat=True)[:LARGEST]
    )
    for lines in (sheets(client, list(newest[:SHEETS])), lists(client), publications(ids)):
        for line in lines:
            print(line, flush=True)


if __name__ == "__main__":
    main()
