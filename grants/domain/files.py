"""Files of a draft: taken in checked, given out only when clean, swept when nobody needs them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.domain.drafts import lock_for_writing
from grants.models import Application, ApplicationVersion, Attachment
from grants.models.questions import Question
from grants.rules.answers import layout
from network.doors import DomainError
from network.jobs import enqueue
from network.kept_files import delete_kept, scan_kept, scan_late, sweep_strays
from network.people.models import User
from network.scanner import Scan, scanner
from network.uploads import take_in

KEEP_REMOVED = timedelta(days=1)
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
    taken, gate = take_in(upload), scanner()
    with transaction.atomic():
        locked = lock_for_writing(application, by=by, at=at)
        question = file_question(locked, field)
        locked.attachments.filter(field=question.key, removed_at__isnull=True).update(removed_at=at)
        attachment = Attachment(
            application=locked,
            field=question.key,
            name=taken.name,
            size=taken.size,
            sha256=taken.sha256,
            mime=taken.mime,
            scan=gate.scan(taken.content) if gate.instant else Scan.PENDING,
            uploaded_by=by,
            uploaded_at=at,
        )
        taken.content.seek(0)
        attachment.file.save(taken.name, File(taken.content), save=False)
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
    """Ask the scanner and note its answer; None where the file is gone or was scanned."""
    return scan_kept(Attachment.objects.all(), attachment_id)


def scan_waiting() -> int:
    """Scan the files whose wake-up was lost; returns how many."""
    return scan_late(Attachment.objects.filter(removed_at__isnull=True), scan_file)


def sweep_files() -> int:
    """Delete files that were removed or replaced a day ago and that no sent version holds, and stray files without a row."""
    limit = timezone.now() - KEEP_REMOVED
    swept = 0
    for attachment in Attachment.objects.filter(removed_at__lt=limit).order_by("id"):
        holds = ApplicationVersion.objects.filter(
            application_id=attachment.application_id, files__contains=[{"uuid": str(attachment.uuid)}]
        )
        if not holds.exists():
            delete_kept(attachment)
            swept += 1
    return swept + sweep_strays(Attachment.objects.all(), FOLDER, before=limit)
