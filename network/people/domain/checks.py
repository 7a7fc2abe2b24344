"""Due-diligence checks: recorded by staff, never changed, taken back with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.people.domain.organisations import locked
from network.people.enums import CheckKind, CheckResult
from network.people.models import DueDiligenceCheck, Organisation, User
from network.people.rules.verifying import can_verify_organisation
from network.text import clean_text

LONGEST = 4_000


@dataclass(frozen=True)
class CheckData:
    """A check as it is recorded."""

    kind: str
    result: str
    evidence: str
    checked_on: date
    expires_on: date | None = None


@transaction.atomic
def record_check(organisation: Organisation, data: CheckData, *, by: User) -> DueDiligenceCheck:
    """Write down what was looked into. It takes the place of the earlier check of its kind.

    DomainErrors name the field: `kind`, `result`, `evidence`, `checked_on` (not after today), `expires_on` (not before).
    """
    current = locked(organisation.pk)
    insist(can_verify_organisation(by, current))
    if data.kind not in CheckKind.values:
        raise DomainError(_("Choose what was looked into."), code="kind")
    if data.result not in CheckResult.values:
        raise DomainError(_("Choose what came of it."), code="result")
    evidence = clean_text(data.evidence)
    if not evidence or len(evidence) > LONGEST:
        raise DomainError(_("Say what you saw and where, in at most 4,000 characters."), code="evidence")
    if data.checked_on > timezone.localdate():
        raise DomainError(_("The day of the check can’t be after today."), code="checked_on")
    if data.expires_on is not None and data.expires_on < data.checked_on:
        raise DomainError(_("The last day can’t be before the day of the check."), code="expires_on")
    return DueDiligenceCheck.objects.create(
        organisation=current,
        kind=data.kind,
        result=data.result,
        evidence=evidence,
        checked_on=data.checked_on,
        expires_on=data.expires_on,
        recorded_by=by,
    )


@transaction.atomic
def withdraw_check(check: DueDiligenceCheck, *, by: User, reason: str) -> DueDiligenceCheck:
    """Take a mistaken check back: it counts no more, and stays readable. One that was taken back stays as it is."""
    current = locked(check.organisation_id)
    insist(can_verify_organisation(by, current))
    check = DueDiligenceCheck.objects.select_for_update().get(pk=check.pk)
    reason = clean_text(reason)[:LONGEST]
    if not reason:
        raise DomainError(_("Say what was wrong with the check."), code="reason")
    if check.withdrawn_at is None:
        because(reason)
        check.withdrawn_at, check.withdrawn_by, check.withdrawn_reason = timezone.now(), by, reason
        check.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return check
