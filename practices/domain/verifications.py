"""The lines of a practice's confirmations, and the two dates that the practice keeps of them."""

from __future__ import annotations

import datetime

from django.utils import timezone

from network.people.models import User
from practices.enums.verifying import VERIFYING, VerificationKind
from practices.models import Practice, Verification
from practices.rules.verifying import due_after


def note_verification(
    practice: Practice,
    kind: VerificationKind,
    *,
    by: User,
    on: datetime.date | None = None,
    note: str = "",
    on_behalf: bool = False,
) -> Verification:
    """Write a line down; where it vouches for a day (today unless said otherwise), keep that on the practice too.

    The practice is locked by the caller. A reminder that begins to leave at this moment waits for the line before.
    """
    # Reminders speak of that row, and are asked again whether they are true with it locked (docs/mail.md).
    list(Verification.objects.standing().filter(practice=practice).select_for_update(of=("self",)))
    day = (on or timezone.localdate()) if kind in VERIFYING else None
    line = Verification.objects.create(
        practice=practice, kind=kind, verified_on=day, note=note, on_behalf=on_behalf, by=by
    )
    if day is not None:
        practice.verified_on, practice.review_due_on = day, due_after(practice.running, day)
        practice.save(update_fields=["verified_on", "review_due_on"])
    return line
