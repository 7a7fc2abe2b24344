"""Files of a record: taken in checked while it is written, given out only when clean, swept when nothing names them."""

from __future__ import annotations

import hashlib
import uuid as ids
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError
from network.jobs import enqueue
from network.kept_files import delete_kept, scan_kept, scan_late
from network.people.models import User
from network.scanner import Scan, scanner
from network.sections import replace_section
from network.uploads import clean_name
from practices.domain.applying import FILE_KINDS
from practices.domain.versions import insist_on_room, lock_for_writing, section_named
from practices.models import PracticeFile, PracticeVersion, VersionSection
from practices.queries.files import unnamed_files
from practices.rules.files import take_in
from practices.rules.rows import blank_row, place_of
from practices.rules.sections import FILES, Field, Section
from practices.rules.writing import ROWS

# A file that nothing names is kept so long: what was removed may be brought back.
KEEP_UNNAMED = timedelta(days=7)


def file_field(section: Section) -> Field:
    """The field of the section's rows that names a file. DomainError `section` where there is none."""
    for one in section.rows:
        if one.kind in FILES:
            return one
    raise DomainError(_("The form has no such file."), code="section")


def attach_file(
    version: PracticeVersion, key: str, row: ids.UUID, upload: UploadedFile, *, by: User, at: datetime
) -> PracticeFile:
    """Take a file in for one row of a section; where there is no such row yet, one is added.

    DomainErrors: `file` where it is of a wrong kind, empty, too large, of too many pixels or two kinds of file at once;
    not a writer, not to be changed now, no room for another row. Whether it holds a virus is known after the scan.
    """
    section = section_named(key)
    one = file_field(section)
    content = upload.file
    assert content is not None, "an upload has a file"
    taken = take_in(FILE_KINDS[one.kind], upload.name or "", upload.size or 0, content)
    gate = scanner()
    with transaction.atomic():
        locked = lock_for_writing(version, by=by)
        file = PracticeFile(
            practice=locked.practice,
            kind=FILE_KINDS[one.kind],
            name=clean_name(upload.name or "") or str(one.label),
            mime=taken.mime,
            size=len(taken.data),
            sha256=hashlib.sha256(taken.data).hexdigest(),
            width=taken.width,
            height=taken.height,
            scan=gate.scan(ContentFile(taken.data)) if gate.instant else Scan.PENDING,
            uploaded_by=by,
            uploaded_at=at,
        )
        file.file.save(file.name, ContentFile(taken.data), save=False)
        file.save()
        _name(locked, section, one, row, file, by, at)
        if file.scan == Scan.PENDING:
            enqueue("practices.scan_file", file_id=file.pk)
    return file


def _name(
    version: PracticeVersion, section: Section, one: Field, key: ids.UUID, file: PracticeFile, by: User, at: datetime
) -> None:
    """Let the row of the locked version name the file."""
    stored = VersionSection.objects.select_related("updated_by").get(version=version, section=section.key)
    rows: list[Mapping[str, Any]] = list(stored.data.get(ROWS) or ())
    place = place_of(rows, str(key))
    if place is None:
        place = len(rows)
        rows.append({**blank_row(section), "key": str(key)})
    insist_on_room(section, rows)
    rows[place] = {**rows[place], one.key: str(file.uuid)}
    replace_section(stored, {**stored.data, ROWS: rows}, revision=stored.revision, by=by, at=at)
    PracticeVersion.objects.filter(pk=version.pk).update(changed_at=at)


def scan_file(file_id: int) -> Scan | None:
    """Ask the scanner and note its answer; None where the file is gone or was scanned."""
    return scan_kept(PracticeFile.objects.all(), file_id)


def scan_waiting() -> int:
    """Scan the files whose wake-up was lost; returns how many."""
    return scan_late(PracticeFile.objects.all(), scan_file)


def sweep_files() -> int:
    """Delete the files that no row and no version has named for a week; returns how many."""
    unnamed = unnamed_files(timezone.now() - KEEP_UNNAMED)
    for file in unnamed:
        delete_kept(file)
    return len(unnamed)
