"""What was public before cities were asked once a year: the migration that says since when it counts as verified."""

from __future__ import annotations

import datetime
import importlib

import pytest
from django.db import connection, transaction
from django.utils import timezone

from practices.domain import publish_practice
from practices.models import HarvestRecord, Practice, Verification
from tests.practices import builders as build

pytestmark = pytest.mark.django_db(transaction=True)
backfill = importlib.import_module("practices.migrations.0008_verified_since_published")


def migrate() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (backfill.QUIET, backfill.DATES, backfill.OVER, backfill.LOUD, backfill.LINES):
            cursor.execute(statement)


def test_it_counts_as_verified_on_the_day_it_was_published_and_harvesters_are_not_told():
    by, today = build.operator(), timezone.localdate()
    long_ago = timezone.now() - datetime.timedelta(days=500)
    running, ended, draft = (build.practice(by, published=False, running=how) for how in ("running", "ended", "pilot"))
    for one in (running, ended):
        publish_practice(one, by=by, at=long_ago)
    known = build.practice(by, running="discontinued")
    Verification.objects.all().delete()
    Practice.objects.exclude(pk=known.pk).update(verified_on=None, review_due_on=None)
    Practice.objects.filter(pk=known.pk).update(review_due_on=today)
    told = list(HarvestRecord.objects.order_by("pk").values_list("pk", "datestamp"))
    migrate()
    day = long_ago.date()
    found = {row.pk: (row.verified_on, row.review_due_on) for row in Practice.objects.order_by("pk")}
    assert found == {
        running.pk: (day, day + datetime.timedelta(days=365)),
        ended.pk: (day, None),
        draft.pk: (None, None),
        known.pk: (today, None),
    }
    lines = Verification.objects.order_by("practice_id").values_list("practice_id", "kind", "verified_on", "by_id")
    assert list(lines) == [
        (running.pk, "published", day, None),
        (ended.pk, "published", day, None),
        (known.pk, "published", today, None),
    ]
    assert list(HarvestRecord.objects.order_by("pk").values_list("pk", "datestamp")) == told
    # From now on they are again.
    Practice.objects.filter(pk=running.pk).update(source="A book")
    assert HarvestRecord.objects.get(pk=running.pk).datestamp >= dict(told)[running.pk]
    assert Verification.objects.standing().get().practice_id == running.pk
