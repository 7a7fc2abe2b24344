"""Letters that staff wrote to the people behind drafts."""

from __future__ import annotations

from django.db.models import QuerySet

from grants.enums import State
from grants.models import Round, RoundLetter
from grants.rules.applications import WRITERS
from network.people.models import User

SHOWN = 20


def draft_writers(round_: Round) -> QuerySet[User]:
    """Everybody who owns or writes a draft that is not sent, once each."""
    return User.objects.filter(
        application_memberships__role__in=WRITERS,
        application_memberships__application__round=round_,
        application_memberships__application__state=State.DRAFT,
        is_active=True,
    ).distinct()


def letters_of(round_: Round) -> list[RoundLetter]:
    """The last letters of a round, the newest first."""
    return list(RoundLetter.objects.filter(round=round_).select_related("sent_by").order_by("-id")[:SHOWN])
