"""What a piece of work costs: wall time, CPU of this process and of its connection to the database; and against a budget."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection


class Cpu:
    """CPU of this process and of its connection to the database, in milliseconds."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def of(self, work: Callable[[], Any]) -> tuple[float, float, float]:
        """Wall time, CPU of the database, CPU of this process."""
        wall, own, before = time.perf_counter(), time.process_time(), self._backend()
        work()
        ended = time.perf_counter(), time.process_time(), self._backend()
        return (ended[0] - wall) * 1000, ended[2] - before, (ended[1] - own) * 1000

    def _backend(self) -> float:
        return int(self.backend.read_text().split()[0]) / 1e6


def p95(values: list[float]) -> float:
    """What nineteen of twenty do not pass (nearest rank: of twenty the nineteenth)."""
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def verdict(found: float, most: float | None, unit: str) -> str:
    """The budget, kept or missed; nothing where there is none."""
    return "" if most is None else f"  at most {most:g} {unit}: {'kept' if found <= most else 'MISS'}"
