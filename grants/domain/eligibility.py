"""The short check that anybody may make before applying, and how long its answers are kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from grants.models import EligibilityCheck, Round
from grants.rules.eligibility import failed_keys
from network.people.models import User

# Answers that no application took over: of nobody in particular, and of people with an account.
NAMELESS, KEPT = timedelta(days=30), timedelta(days=365)


@transaction.atomic
def check_eligibility(round_: Round, answers: dict[str, Any], *, by: User | None) -> EligibilityCheck:
    """Store the answers with their result. `by` is None for somebody without an account. Nothing is refused here."""
    criteria = list(round_.eligibility.all())
    known = {one.key: answers.get(one.key) for one in criteria}
    failed = failed_keys(criteria, known)
    check = EligibilityCheck(round=round_, user=by, answers=known, eligible=not failed, failed=failed)
    check.save()
    return check


@transaction.atomic
def forget_checks(at: datetime) -> int:
    """Delete results that no application holds: those made without an account after 30 days, others after a year."""
    loose = EligibilityCheck.objects.filter(applications__isnull=True)
    nameless = loose.filter(user__isnull=True, at__lt=at - NAMELESS)
    old = loose.filter(at__lt=at - KEPT)
    ids = {*nameless.values_list("pk", flat=True), *old.values_list("pk", flat=True)}
    return EligibilityCheck.objects.filter(pk__in=ids, applications__isnull=True).delete()[0]
