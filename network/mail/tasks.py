from celery import shared_task
from django.utils import timezone

from network.jobs import IDEMPOTENT
from network.mail.domain import sending, sweeping, ticking


@shared_task(name="mail.send", **IDEMPOTENT)
def send() -> None:
    """The wake-up after a commit: send what is due."""
    sending.send_all()


@shared_task(name="mail.tick", **IDEMPOTENT)
def tick() -> None:
    """The minute's run."""
    ticking.tick()


@shared_task(name="mail.sweep", **IDEMPOTENT)
def sweep() -> dict[str, int]:
    """The hour's run: what the outbox forgets."""
    return sweeping.sweep(timezone.now())
