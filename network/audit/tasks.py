from celery import shared_task

from network.audit import domain
from network.jobs import IDEMPOTENT


@shared_task(name="audit.seal", **IDEMPOTENT)
def seal() -> None:
    """Seal what is final, in batches, until nothing is left."""
    while domain.seal() == domain.BATCH:
        pass
