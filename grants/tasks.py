"""Background jobs. Each takes ids, reads the truth when it runs, and may run twice."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from grants.domain import comments, eligibility, extending, files, interest, people, submission
from network.jobs import IDEMPOTENT
from network.limits import LONGEST_WAIT


@shared_task(name="grants.tick", **IDEMPOTENT)
def tick() -> dict[str, int]:
    """The minute's run: closed rounds are settled, files whose scan was lost are scanned, members hear of comments, and of

    rounds that were moved where the wake-up was lost.
    """
    now = timezone.now()
    settled = submission.settle_closed_rounds(now - LONGEST_WAIT)
    told = comments.tell_of_comments(now) + extending.tell_waiting()
    return {**settled, "scanned": files.scan_waiting(), "told": told}


@shared_task(name="grants.scan_file")
def scan_file(attachment_id: int) -> None:
    """Scan one file that was just uploaded."""
    files.scan_file(attachment_id)


@shared_task(name="grants.sweep_uploads", **IDEMPOTENT)
def sweep_uploads() -> int:
    """Delete files that nobody needs any more; returns how many."""
    return files.sweep_files()


@shared_task(name="grants.forget", **IDEMPOTENT)
def forget() -> int:
    """Erase interests that nobody confirmed or that are old, answers that nobody applied with, and invitations that nobody

    took up; returns how many.
    """
    now = timezone.now()
    return interest.forget_interests(now) + eligibility.forget_checks(now) + people.forget_invitations(now)


@shared_task(name="grants.tell_rescheduled", **IDEMPOTENT)
def tell_rescheduled(round_id: int) -> int:
    """Tell those concerned that a round closes at another time; returns how many."""
    return extending.tell_rescheduled(round_id)
