"""Noting who took which list out of the portal."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from network.portal.models import Download, SheetForm
from network.text import clean_line


@transaction.atomic
def note_download(model: type[models.Model], *, by: Any, filters: str, rows: int, form: str) -> Download:
    """Keep that `by` took out `rows` rows of a list, with its filters in words. The history keeps it too."""
    return Download.objects.create(
        by=by,
        model=model._meta.label_lower,
        filters=clean_line(filters)[:500],
        rows=rows,
        form=SheetForm(form),
    )
