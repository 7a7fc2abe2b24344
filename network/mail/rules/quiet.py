"""The hours in which no reminder is sent."""

from __future__ import annotations

from datetime import time

from django.conf import settings


def quiet_hours() -> tuple[time, time] | None:
    """From when until when, on the recipient's clock, mostly past midnight; None where mail may come at any hour."""
    if not settings.KOINE_QUIET_HOURS:
        return None
    start, end = settings.KOINE_QUIET_HOURS.split("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
