"""The signed link by which somebody confirms their interest in a fund, and takes it back. It opens nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.core import signing

SALT = "grants.interest"
# How long an address has to be confirmed, and how long a confirmed interest is kept.
UNCONFIRMED, KEPT = timedelta(days=7), timedelta(days=730)


def interest_token(uuid: UUID) -> str:
    """The token of an interest; it names no person."""
    return signing.dumps(str(uuid), salt=SALT)


def read_interest_token(token: str) -> UUID | None:
    """The interest's UUID of a token that this portal signed; None for any other text."""
    try:
        return UUID(signing.loads(token, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
