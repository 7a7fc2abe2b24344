from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from network.jobs import IDEMPOTENT
from network.people.domain import documents, invitations, roles


@shared_task(name="people.sweep", **IDEMPOTENT)
def sweep() -> None:
    """The hourly run: invitations whose time is over, roles that began or ended by the calendar, documents that wait for the

    scanner or were removed, sessions that ended.
    """
    invitations.close_expired()
    roles.step_all()
    documents.sweep_documents()
    SessionStore.clear_expired()


@shared_task(name="people.scan_document")
def scan_document(document_id: int) -> None:
    """Scan one document that was just uploaded."""
    documents.scan_document(document_id)
