"""Documents that show what an organisation is: taken in checked, given out only when clean, swept when removed."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import Denied, DomainError, insist
from network.jobs import enqueue
from network.people.domain.organisations import locked
from network.people.enums import DocumentKind
from network.people.models import Organisation, OrganisationDocument, User
from network.people.rules.organisations import can_edit_organisation
from network.scanner import Scan, scanner
from network.uploads import KINDS, can_take_file, clean_name, ending_of

log = logging.getLogger(__name__)
MOST = 20
KEEP_REMOVED = timedelta(days=1)
RESCAN_AFTER = timedelta(minutes=2)
FOLDER = "organisations"


def add_document(organisation: Organisation, kind: str, upload: UploadedFile, *, by: User) -> OrganisationDocument:
    """Take a document in. DomainErrors: `kind`; `file` where its kind, size or content is not allowed; `limit` past 20.

    Whether it holds a virus is known after the scan (`OrganisationDocument.scan`).
    """
    if kind not in DocumentKind.values:
        raise DomainError(_("Choose what the document shows."), code="kind")
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
        current = locked(organisation.pk)
        insist(can_edit_organisation(by, current))
        if current.archived_at is not None:
            raise DomainError(_("This organisation is in the archive."), code="archived")
        if current.documents.filter(removed_at=None).count() >= MOST:
            raise DomainError(_("There are 20 documents already. Remove one first."), code="limit")
        document = OrganisationDocument(
            organisation=current,
            kind=kind,
            name=name,
            size=upload.size or 0,
            sha256=digest.hexdigest(),
            mime=KINDS[ending_of(name)].mime,
            scan=gate.scan(content) if gate.instant else Scan.PENDING,
            uploaded_by=by,
        )
        upload.seek(0)
        document.file.save(name, File(upload.file), save=False)
        document.save()
        if document.scan == Scan.PENDING:
            enqueue("people.scan_document", document_id=document.pk)
    return document


@transaction.atomic
def remove_document(document: OrganisationDocument, *, by: User) -> None:
    """Take a document away; its file goes a day later. One that was removed stays so."""
    current = locked(document.organisation_id)
    insist(can_edit_organisation(by, current))
    OrganisationDocument.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now())


def scan_document(document_id: int) -> Scan | None:
    """Ask the scanner and note its answer; None where the file is gone or was scanned. Running twice does no harm."""
    waiting = [Scan.PENDING, Scan.ERROR]
    document = OrganisationDocument.objects.filter(pk=document_id, scan__in=waiting).first()
    if document is None:
        return None
    try:
        with document.file.open("rb") as file:
            result = scanner().scan(file)
    except OSError as error:
        log.error("document %s can't be read: %s", document_id, error)
        result = Scan.ERROR
    OrganisationDocument.objects.filter(pk=document_id).update(scan=result)
    return result


def sweep_documents() -> int:
    """Scan the documents whose wake-up was lost; delete those removed a day ago, and stray files without a row, which come

    from uploads whose transaction failed (this and last month's folders are searched). Returns how many were deleted.
    """
    now = timezone.now()
    waiting = OrganisationDocument.objects.filter(
        scan__in=[Scan.PENDING, Scan.ERROR], removed_at=None, uploaded_at__lt=now - RESCAN_AFTER
    )
    for document_id in list(waiting.order_by("pk").values_list("pk", flat=True)[:50]):
        scan_document(document_id)
    swept = 0
    for document in OrganisationDocument.objects.filter(removed_at__lt=now - KEEP_REMOVED).order_by("pk"):
        name = document.file.name
        document.delete()
        if name:
            default_storage.delete(name)
        swept += 1
    return swept + _sweep_strays()


def _sweep_strays() -> int:
    now = timezone.now()
    swept = 0
    for month in sorted({f"{moment:%Y/%m}" for moment in (now, now.replace(day=1) - timedelta(days=1))}):
        folder = f"{FOLDER}/{month}"
        if not default_storage.exists(folder):
            continue
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        known = set(OrganisationDocument.objects.filter(file__in=names).values_list("file", flat=True))
        for name in names:
            if name not in known and default_storage.get_modified_time(name) < now - KEEP_REMOVED:
                default_storage.delete(name)
                swept += 1
    return swept
