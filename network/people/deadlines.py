"""The deadlines this app registers: a due-diligence check expires, and a verification is over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from network.deadlines import ZONE, Audience, DeadlineKind, at_end_of, before, register_deadline
from network.frame.moments import day_text
from network.people.enums import MemberRole, Verification
from network.people.messages import CHECK_EXPIRES, VERIFICATION_ENDS
from network.people.models import DueDiligenceCheck, Organisation, OrganisationMember

CHECK, RECORDER = "people.check", "recorder"
VERIFIED, OWNERS = "people.verified", "owners"


def _checks() -> QuerySet[DueDiligenceCheck]:
    """Checks that count, of organisations that are kept, with a last day that has not passed."""
    return DueDiligenceCheck.objects.standing().filter(
        expires_on__gte=timezone.localdate(), organisation__archived_at=None
    )


def check_rows() -> QuerySet:
    """(check, end of its last day, zone)."""
    found = _checks().order_by().annotate(due_local=at_end_of("expires_on"), zone=ZONE)
    return found.values_list("pk", "due_local", "zone")


def recorders() -> QuerySet:
    """(check, whoever recorded it), while they work in the administration."""
    found = _checks().filter(recorded_by__is_active=True, recorded_by__is_staff=True)
    return found.order_by().values_list("pk", "recorded_by_id")


def describe_check(check_id: int, user_id: int) -> dict[str, Any]:
    """What the person is reminded of. LookupError where the check expires no more, or is no concern of theirs."""
    check = _checks().filter(pk=check_id, recorded_by_id=user_id).select_related("organisation").first()
    if check is None or check.expires_on is None:
        raise LookupError(f"check {check_id} is no concern of {user_id}")
    return _told(check.organisation, "people:verification", check.expires_on, str(check.get_kind_display()))


def _told(organisation: Organisation, page: str, day: Any, what: str) -> dict[str, Any]:
    path = reverse(page, args=[organisation.slug])
    return {
        "title": f"{organisation}: {what}",
        "when": day_text(day),
        "path": path,
        "url": settings.KOINE_BASE_URL + path,
        "organisation": str(organisation),
        "what": what,
    }


def check_name(check_id: int) -> str:
    """The check for staff; nothing where it is gone."""
    check = DueDiligenceCheck.objects.select_related("organisation").filter(pk=check_id).first()
    return f"{check.organisation}: {check.get_kind_display()}" if check else ""


def _verified() -> QuerySet[Organisation]:
    return Organisation.objects.filter(
        archived_at=None, verification=Verification.VERIFIED, verified_until__gte=timezone.localdate()
    )


def verified_rows() -> QuerySet:
    """(organisation, end of the last day of its verification, zone)."""
    found = _verified().order_by().annotate(due_local=at_end_of("verified_until"), zone=ZONE)
    return found.values_list("pk", "due_local", "zone")


def owners() -> QuerySet:
    """(organisation, owner)."""
    found = OrganisationMember.objects.filter(role=MemberRole.OWNER, user__is_active=True, organisation__in=_verified())
    return found.order_by().values_list("organisation_id", "user_id")


def describe_verified(organisation_id: int, user_id: int) -> dict[str, Any]:
    """What an owner is reminded of. LookupError where the verification does not end, or is no concern of theirs."""
    organisation = _verified().filter(pk=organisation_id).first()
    if organisation is None or not owners().filter(organisation=organisation_id, user=user_id).exists():
        raise LookupError(f"the verification of {organisation_id} is no concern of {user_id}")
    return _told(organisation, "people:organisation", organisation.verified_until, gettext("Verification"))


def verified_name(organisation_id: int) -> str:
    """The organisation for staff; nothing where it is gone."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    return str(organisation) if organisation else ""


KINDS = (
    DeadlineKind(
        name=CHECK,
        title=_("A due-diligence check expires"),
        model=DueDiligenceCheck,
        rows=check_rows,
        audiences={RECORDER: Audience(_("Whoever recorded the check"), recorders)},
        messages=(CHECK_EXPIRES,),
        # A check is never changed: a later one takes its place.
        moved=CHECK_EXPIRES,
        describe=describe_check,
        name_of=check_name,
        rules=(before(RECORDER, CHECK_EXPIRES.kind, 30), before(RECORDER, CHECK_EXPIRES.kind, 7)),
    ),
    DeadlineKind(
        name=VERIFIED,
        title=_("The verification of an organisation ends"),
        model=Organisation,
        rows=verified_rows,
        audiences={OWNERS: Audience(_("Owners of the organisation"), owners)},
        messages=(VERIFICATION_ENDS,),
        moved=VERIFICATION_ENDS,
        describe=describe_verified,
        name_of=verified_name,
        rules=(before(OWNERS, VERIFICATION_ENDS.kind, 30),),
    ),
)


def register() -> None:
    """Make them known to the engine."""
    for kind in KINDS:
        register_deadline(kind)
