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
# By itself, in a digest, or in the portal only.
WAS_TOLD = Q(status__in=OUT) | Q(digest__status__in=OUT) | Q(status=Status.SUPERSEDED, error=SWITCHED_OFF)


def told_before(deadline: str, subject_id: int, user_id: int, due: str) -> datetime | None:
    """The newest other moment than `due` that this person was told for this deadline: by itself, in a digest, or in the
    portal only. The planner means the same by "told".

    `due` as `OutgoingMail.due` has it. None where nothing else was told.
    """
    told = (
        OutgoingMail.objects.filter(deadline=deadline, subject_id=subject_id, recipient_id=user_id)
        .filter(WAS_TOLD)
        .exclude(due=due)
        .order_by("-id")
        .values_list("due", flat=True)
        .first()
    )
    if not told:
        return None
    wall, _space, zone = told.partition(" ")
    return datetime.fromisoformat(wall).replace(tzinfo=zone_of(zone))


def told_people(deadline: str, subject_id: int) -> set[int]:
    """Who was told any moment of this deadline: the planner tells them of another one by itself."""
    rows = OutgoingMail.objects.filter(deadline=deadline, subject_id=subject_id, recipient_id__isnull=False)
    out = rows.filter(WAS_TOLD).order_by()
    return set(out.values_list("recipient_id", flat=True))
