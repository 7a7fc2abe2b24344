"""What a person was told about a deadline, for texts that say what has changed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from network.frame.moments import zone_of
from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.mail.queries.due import SWITCHED_OFF

# Gone out, or perhaps.
OUT = (Status.SENT, Status.INFLIGHT, Status.UNCERTAIN)


def told_before(deadline: str, subject_id: int, user_id: int, due: str) -> datetime | None:
    """The newest other moment than `due` that this person was told for this deadline: by itself, in a digest, or in the
    portal only. The planner means the same by "told".

    `due` as `OutgoingMail.due` has it. None where nothing else was told.
    """
    told = (
        OutgoingMail.objects.filter(deadline=deadline, subject_id=subject_id, recipient_id=user_id)
        .filter(Q(status__in=OUT) | Q(digest__status__in=OUT) | Q(status=Status.SUPERSEDED, error=SWITCHED_OFF))
        .exclude(due=due)
        .order_by("-id")
        .values_list("due", flat=True)
        .first()
    )
    if not told:
        return None
    wall, _space, zone = told.partition(" ")
    return datetime.fromisoformat(wall).replace(tzinfo=zone_of(zone))
