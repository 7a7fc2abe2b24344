"""Planning deadlines: `python -m bench.reminders` in the bench's environment, on a migrated database; or call `measure`.

The deadlines are organisations that meet at a time written in a column, their audience the organisations' members: what
is measured is the engine's part and a plain join, not an app's queries. What was built is taken away at the end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import django
from django.db import connection, transaction

DEADLINES, RECIPIENTS = 1_000, 500
FIRST_SECONDS, AGAIN_SECONDS = 10.0, 1.0
# The number of reminders for which planning must cost the same per reminder, within so much.
GROWTH, STRAIGHT = (1_000, 10_000, 100_000), 2.0


@dataclass(frozen=True)
class Line:
    """One measurement: what, how many rows, seconds of wall clock, and the budget in seconds where there is one."""

    name: str
    rows: int
    seconds: float
    budget: float | None = None

    def __str__(self) -> str:
        verdict = "" if self.budget is None else f"  at most {self.budget:g} s: {'kept' if self.kept else 'MISS'}"
        return f"{self.name:44}{self.rows:9,} rows{self.seconds:9.2f} s{verdict}"

    @property
    def kept(self) -> bool:
        """Whether the budget is kept, where there is one."""
        return self.budget is None or self.seconds <= self.budget


def measure() -> list[Line]:
    """Plan 1,000 deadlines x 500 recipients, first and again, move one, and show how planning grows."""
    from bench import meetings  # noqa: PLC0415  (models need an installed Django)
    from network.mail.domain.digests import fold  # noqa: PLC0415
    from network.mail.domain.planning import plan, tell_moved  # noqa: PLC0415

    kind, lines = meetings.KIND, []

    def run(name: str, work: Callable[[], int], budget: float | None = None) -> Line:
        began = time.perf_counter()
        with transaction.atomic():
            rows = work()
        lines.append(Line(name, rows, time.perf_counter() - began, budget))
        return lines[-1]

    with meetings.built(1, RECIPIENTS):
        plan(kind)  # what is done once for each process
    for rows in GROWTH:
        with meetings.built(rows // RECIPIENTS, RECIPIENTS):
            run(f"plan {rows:,}", lambda: plan(kind))
    per_row = [line.seconds / line.rows for line in lines]
    straight = Line(f"straight: dearest row within {STRAIGHT:g} x of 1,000's", 0, max(per_row) / per_row[0], STRAIGHT)
    lines.append(straight)
    with meetings.built(DEADLINES, RECIPIENTS):
        run(f"plan {DEADLINES:,} x {RECIPIENTS}", lambda: plan(kind), FIRST_SECONDS)
        again = run("the same, planned already", lambda: plan(kind) + tell_moved(kind), AGAIN_SECONDS)
        lines[-1] = replace(again, rows=DEADLINES * RECIPIENTS)
        run("digests of them", lambda: fold()[1])
    return lines


if __name__ == "__main__":
    django.setup()
    for line in measure():
        print(line, flush=True)
    connection.close()
