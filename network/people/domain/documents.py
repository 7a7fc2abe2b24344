"""Documents that show what an organisation is: taken in checked, given out only when clean, swept when removed."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.jobs import enqueue
from network.kept_files import delete_kept, scan_kept, scan_late, sweep_strays
from network.people.domain.organisations import locked
from network.people.enums import DocumentKind
from network.people.models import Organisation, OrganisationDocument, User
from network.people.rules.organisations import can_edit_organisation
from network.scanner import Scan, scanner
from network.uploads import take_in

MOST = 20
KEEP_REMOVED = timedelta(days=1)
FOLDER = "organisations"


def add_document(organisation: Organisation, kind: str, upload: UploadedFile, *, by: User) -> OrganisationDocument:
    """Take a document in. DomainErrors: `kind`; `file` where its kind, size or content is not allowed; `limit` past 20.

    Whether it holds a virus is known after the scan (`OrganisationDocument.scan`).
    """
    if kind not in DocumentKind.values:
        raise DomainError(_("Choose what the document shows."), code="kind")
    taken, gate = take_in(upload), scanner()
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
            name=taken.name,
            size=taken.size,
            sha256=taken.sha256,
            mime=taken.mime,
            scan=gate.scan(taken.content) if gate.instant else Scan.PENDING,
            uploaded_by=by,
        )
        taken.content.seek(0)
        document.file.save(taken.name, File(taken.content), save=False)
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
    """Ask the scanner and note its answer; None where the document is gone or was scanned."""
    return scan_kept(OrganisationDocument.objects.all(), document_id)


def sweep_documents() -> int:
    """Scan the documents whose wake-up was lost; delete those removed a day ago, and stray files without a row. Returns how

    many were deleted.
    """
    scan_late(OrganisationDocument.objects.filter(removed_at=None), scan_document)
    limit = timezone.now() - KEEP_REMOVED
    gone = list(OrganisationDocument.objects.filter(removed_at__lt=limit).order_by("pk"))
    for document in gone:
        delete_kept(document)
    return len(gone) + sweep_strays(OrganisationDocument.objects.all(), FOLDER, before=limit)
