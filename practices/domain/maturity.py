"""Keeping the stored maturity true: after each change of the evidence, and as time passes."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from practices.domain.search import mark_practice
from practices.enums import Maturity
from practices.models import Practice
from practices.queries.evidence import facts_of, ripe
from practices.rules.maturity import maturity_of


def refresh_maturity(practice: Practice, today: datetime.date | None = None) -> Maturity:
    """Compute the maturity from the evidence as of today and store it where it differs; a public practice is found by it."""
    level = maturity_of(facts_of(practice), today or timezone.localdate())
    if level != practice.maturity:
        practice.maturity = level
        practice.save(update_fields=["maturity"])
        mark_practice(practice)
    return level


def refresh_emerging(today: datetime.date | None = None) -> int:
    """Let practices that have completed their 12 months move on; returns how many did.

    Time alone lifts a practice only out of `emerging`; every other step is taken when evidence is written down.
    """
    today = today or timezone.localdate()
    moved = 0
    for pk in list(ripe(today).values_list("pk", flat=True)):
        with transaction.atomic():
            practice = Practice.objects.select_for_update().get(pk=pk)
            moved += refresh_maturity(practice, today) != Maturity.EMERGING
    return moved
