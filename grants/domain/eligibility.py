"""The short check that anybody may make before applying."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from grants.models import EligibilityCheck, Round
from grants.rules.eligibility import failed_keys
from network.people.models import User


@transaction.atomic
def check_eligibility(round_: Round, answers: dict[str, Any], *, by: User | None) -> EligibilityCheck:
    """Store the answers with their result. `by` is None for somebody without an account. Nothing is refused here."""
    criteria = list(round_.eligibility.all())
    known = {one.key: answers.get(one.key) for one in criteria}
    failed = failed_keys(criteria, known)
    check = EligibilityCheck(round=round_, user=by, answers=known, eligible=not failed, failed=failed)
    check.save()
    return check
