"""What waits for a person because the tick held it back."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, Max

from network.mail.enums import Status
from network.mail.models import OutgoingMail


@dataclass
class Held:
    """How many mails are held, up to which id, and how many of each message and cause: (kind, held_for, number)."""

    number: int = 0
    newest: int = 0
    groups: list[tuple[str, str, int]] = field(default_factory=list)


def held(newest: int | None = None) -> Held:
    """What is held now (up to the id `newest`, where that is given), the largest groups first. One query."""
    upto = {} if newest is None else {"pk__lte": newest}
    rows = (
        OutgoingMail.objects.filter(status=Status.HELD, **upto)
        .order_by()
        .values_list("kind", "held_for")
        .annotate(number=Count("pk"), newest=Max("pk"))
        .order_by("-number", "kind", "held_for")
    )
    found = Held()
    for kind, held_for, number, last in rows:
        found.groups.append((kind, held_for, number))
        found.number, found.newest = found.number + number, max(found.newest, last)
    return found
