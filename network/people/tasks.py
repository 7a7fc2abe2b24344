from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from network.jobs import IDEMPOTENT
from network.people.domain import invitations, roles


@shared_task(name="people.sweep", **IDEMPOTENT)
def sweep() -> None:
    """The hourly run: invitations whose time is over, roles that began or ended by the calendar, sessions that ended."""
    invitations.close_expired()
    roles.step_all()
    SessionStore.clear_expired()
