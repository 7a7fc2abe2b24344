"""Rows that keep a file that people sent: scanned once, deleted with their file, and files swept that no row names.

Such a model has `file`, `scan` (`network.scanner.Scan`) and `uploaded_at`; its files lie in a folder for each month.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils import timezone

from network.scanner import Scan, scanner

log = logging.getLogger(__name__)
# What the scanner has not judged, or could not.
WAITING = (Scan.PENDING, Scan.ERROR)
# A scan that was not done by then has lost its wake-up.
RESCAN_AFTER = timedelta(minutes=2)
AT_ONCE = 50


def scan_kept(rows: models.QuerySet[Any], pk: int) -> Scan | None:
    """Ask the scanner of one row's file and note its answer; None where the row is gone or was scanned. Running twice does no
    harm."""
    row = rows.filter(pk=pk, scan__in=WAITING).first()
    if row is None:
        return None
    try:
        with row.file.open("rb") as content:
            result = scanner().scan(content)
    except OSError as error:
        log.error("%s %s can't be read: %s", row._meta.label, pk, error)
        result = Scan.ERROR
    rows.filter(pk=pk).update(scan=result)
    return result


def scan_late(rows: models.QuerySet[Any], scan: Callable[[int], object]) -> int:
    """Scan those of the rows whose wake-up was lost, some at a time; returns how many."""
    late = rows.filter(scan__in=WAITING, uploaded_at__lt=timezone.now() - RESCAN_AFTER).order_by("pk")
    waiting = list(late.values_list("pk", flat=True)[:AT_ONCE])
    for pk in waiting:
        scan(pk)
    return len(waiting)


@transaction.atomic
def delete_kept(row: Any) -> None:
    """Delete a row, and its file once that is committed."""
    name = row.file.name
    row.delete()
    if name:
        transaction.on_commit(partial(default_storage.delete, name))


def sweep_strays(
    rows: models.QuerySet[Any], folder: str, *, before: datetime, fields: Collection[str] = ("file",)
) -> int:
    """Delete files of the folder that no row names in these fields and that were written before that moment; how many.

    They come from work whose transaction failed or whose process was killed. This and last month's folders are searched.
    """
    now, swept = timezone.now(), 0
    for month in sorted({f"{moment:%Y/%m}" for moment in (now, now.replace(day=1) - timedelta(days=1))}):
        here = f"{folder}/{month}"
        if not default_storage.exists(here):
            continue
        names = [f"{here}/{name}" for name in default_storage.listdir(here)[1]]
        known = {
            name
            for field in fields
            for name in rows.order_by().filter(**{f"{field}__in": names}).values_list(field, flat=True)
        }
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < before:
                default_storage.delete(name)
                swept += 1
    return swept
