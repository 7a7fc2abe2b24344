"""Files of a draft: taken in checked, given out only when clean, swept when nobody needs them."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime, timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.domain.drafts import lock_for_writing
from grants.models import Application, ApplicationVersion, Attachment
from grants.models.questions import Question
from grants.rules.answers import layout
from network.doors import Denied, DomainError
from network.jobs import enqueue
from network.people.models import User
from network.scanner import Scan, scanner
from network.uploads import KINDS, can_take_file, clean_name, ending_of

log = logging.getLogger(__name__)
KEEP_REMOVED = timedelta(days=1)
RESCAN_AFTER = timedelta(minutes=2)
FOLDER = "applications"


def file_question(application: Application, field: str) -> Question:
    """The form's question for a file of that name. DomainError where there is none."""
    for section in layout(application.form):
        for question in section.files:
            if question.key == field:
                return question
    raise DomainError(_("The form has no such file."), code="field")


def attach_file(application: Application, field: str, upload: UploadedFile, *, by: User, at: datetime) -> Attachment:
    """Take a file in for one question; an earlier one of that question is removed.

    DomainError where `by` may not write, the deadline has passed, or the file is not of an allowed kind, is too large,
    unpacks to too much or carries macros. Whether it holds a virus is known after the scan (`Attachment.scan`).
    """
    name = clean_name(upload.name or "")
    content = upload.file
    assert content is not None, "an upload has a file"
    verdict = can_take_file(name, upload.size or 0, content)
    if isinstance(verdict, Denied):
        raise DomainError(verdict.reason, code="file")
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    gate = scanner()
    with transaction.atomic():
        locked = lock_for_writing(application, by=by, at=at)
        question = file_question(locked, field)
        locked.attachments.filter(field=question.key, removed_at__isnull=True).update(removed_at=at)
        attachment = Attachment(
            application=locked,
            field=question.key,
            name=name,
            size=upload.size or 0,
            sha256=digest.hexdigest(),
            mime=KINDS[ending_of(name)].mime,
            scan=gate.scan(content) if gate.instant else Scan.PENDING,
            uploaded_by=by,
            uploaded_at=at,
        )
        upload.seek(0)
        attachment.file.save(name, File(upload.file), save=False)
        attachment.save()
        locked.changed_at = at
        locked.save(update_fields=["changed_at"])
        if attachment.scan == Scan.PENDING:
            enqueue("grants.scan_file", attachment_id=attachment.pk)
    return attachment


@transaction.atomic
def remove_file(application: Application, field: str, *, by: User, at: datetime) -> None:
    """Take a question's file out of the draft. Versions that were sent with it keep it."""
    locked = lock_for_writing(application, by=by, at=at)
    locked.attachments.filter(field=field, removed_at__isnull=True).update(removed_at=at)
    locked.changed_at = at
    locked.save(update_fields=["changed_at"])


def scan_file(attachment_id: int) -> Scan | None:
    """Ask the scanner and note its answer; None where the file is gone or was scanned. Running twice does no harm."""
    attachment = Attachment.objects.filter(pk=attachment_id, scan__in=[Scan.PENDING, Scan.ERROR]).first()
    if attachment is None:
        return None
    try:
        with attachment.file.open("rb") as file:
            result = scanner().scan(file)
    except OSError as error:
        log.error("attachment %s can't be read: %s", attachment_id, error)
        result = Scan.ERROR
    Attachment.objects.filter(pk=attachment_id).update(scan=result)
    return result


def scan_waiting() -> int:
    """Scan the files whose wake-up was lost; returns how many."""
    waiting = Attachment.objects.filter(
        scan__in=[Scan.PENDING, Scan.ERROR], removed_at__isnull=True, uploaded_at__lt=timezone.now() - RESCAN_AFTER
    )
    ids = list(waiting.order_by("id").values_list("id", flat=True)[:50])
    for attachment_id in ids:
        scan_file(attachment_id)
    return len(ids)


def sweep_files() -> int:
    """Delete files that were removed or replaced a day ago and that no sent version holds, and stray files without a row.

    Strays come from uploads whose transaction failed; only this and last month's folders are searched for them.
    """
    limit = timezone.now() - KEEP_REMOVED
    swept = 0
    for attachment in Attachment.objects.filter(removed_at__lt=limit).order_by("id"):
        holds = ApplicationVersion.objects.filter(
            application_id=attachment.application_id, files__contains=[{"uuid": str(attachment.uuid)}]
        )
        if not holds.exists():
            name = attachment.file.name
            attachment.delete()
            if name:
                default_storage.delete(name)
            swept += 1
    return swept + _sweep_strays(limit)


def _sweep_strays(limit: datetime) -> int:
    now = timezone.now()
    months = {f"{moment:%Y/%m}" for moment in (now, now.replace(day=1) - timedelta(days=1))}
    swept = 0
    for month in sorted(months):
        folder = f"{FOLDER}/{month}"
        if not default_storage.exists(folder):
            continue
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        known = set(Attachment.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < limit:
                default_storage.delete(name)
                swept += 1
    return swept
