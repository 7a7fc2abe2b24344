"""Files of records: whether one is on a public page, and which nothing names."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, TextField
from django.db.models.functions import Cast

from practices.enums import State
from practices.models import PracticeFile, VersionSection
from practices.rules.sections import FILES, SECTIONS

# The sections whose rows name files.
WITH_FILES = [section.key for section in SECTIONS if any(one.kind in FILES for one in section.rows)]


def is_public(file: PracticeFile) -> bool:
    """Whether a published practice of a kept city shows it or offers it beside its evidence."""
    practice = file.practice
    if practice.state != State.PUBLISHED or practice.city.archived_at is not None:
        return False
    return file.images.exists() or file.evidence.exists()


def unnamed_files(since: datetime) -> list[PracticeFile]:
    """Files that came before that moment and that no row of a record and no version names, where nobody has written in

    the sections for files since: what somebody removed there can still be brought back.
    """
    sections = VersionSection.objects.filter(version__practice=OuterRef("practice"), section__in=WITH_FILES)
    said = sections.annotate(said=Cast("data", TextField()))
    named = said.filter(said__contains=Cast(OuterRef("uuid"), TextField()))
    rows = PracticeFile.objects.filter(uploaded_at__lt=since, images__isnull=True, evidence__isnull=True)
    loose = rows.exclude(Exists(named)).exclude(Exists(sections.filter(updated_at__gte=since)))
    return list(loose.order_by("id")[:500])
