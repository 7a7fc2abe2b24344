"""Whether an organisation is what it says it is: asked by its owners, answered by staff, asked anew when it changes."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, override

from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.links import in_language
from network.frame.moments import day_text
from network.outgoing import Addressee, send
from network.people import messages
from network.people.domain.organisations import locked
from network.people.enums import VERIFYING, MemberRole, Verification, Verifying
from network.people.models import Organisation, User
from network.people.rules.verifying import can_ask_for_verification, can_verify_organisation, is_over
from network.text import clean_line, clean_text

LONGEST_REASON = 2_000
STATE_FIELDS = ("verification", "verification_reason", "verification_at", "verification_by", "verified_until")


def _step(organisation: Organisation, verb: Verifying, *, by: User | None, reason: str, until: date | None) -> None:
    """Take the organisation, locked, where the workflow leads; DomainError `state` where it knows no such step."""
    if organisation.archived_at is not None:
        raise DomainError(_("This organisation is in the archive."), code="archived")
    step = VERIFYING[Verification(organisation.verification)].get(verb)
    if step is None:
        raise DomainError(_("This organisation’s verification is in another state by now."), code="state")
    organisation.verification, organisation.verification_reason = step.to, reason
    organisation.verification_at, organisation.verification_by = timezone.now(), by
    organisation.verified_until = until
    organisation.save(update_fields=STATE_FIELDS)


@transaction.atomic
def ask_for_verification(organisation: Organisation, *, by: User) -> Organisation:
    """Ask staff to look at the organisation. It needs a number in a register or a document that shows what it is.

    Where the verification is over, an owner asks for it again.
    """
    current = locked(organisation.pk)
    insist(can_ask_for_verification(by, current))
    if current.verification == Verification.VERIFIED and not is_over(current, timezone.localdate()):
        raise DomainError(_("This organisation is verified already."), code="state")
    if not current.identifiers.exists() and not current.documents.filter(removed_at=None).exists():
        raise DomainError(
            _("Enter the number in a public register or add a document first: staff need something to go by."),
            code="nothing_to_go_by",
        )
    because("Asked by an owner")
    _step(current, Verifying.ASK, by=by, reason="", until=None)
    return current


@transaction.atomic
def verify_organisation(
    organisation: Organisation, *, by: User, note: str = "", until: date | None = None, seen: int | None = None
) -> Organisation:
    """Say that the organisation is what it says it is, until a last day where one is given. Its owners are told.

    `seen` is the version of the record that staff looked at: DomainError `stale` where it changed since.
    """
    current = locked(organisation.pk)
    insist(can_verify_organisation(by, current))
    _insist_unchanged(current, seen)
    if until is not None and until <= timezone.localdate():
        raise DomainError(_("Choose a day after today, or none."), code="until")
    note = clean_line(note)[:LONGEST_REASON]
    because(note or "Verified")
    _step(current, Verifying.VERIFY, by=by, reason=note, until=until)
    _tell_owners(current)
    return current


@transaction.atomic
def refuse_verification(organisation: Organisation, *, by: User, reason: str, seen: int | None = None) -> Organisation:
    """Say that it could not be verified, or is verified no longer, and why. Its members read the reason."""
    current = locked(organisation.pk)
    insist(can_verify_organisation(by, current))
    _insist_unchanged(current, seen)
    reason = clean_text(reason)[:LONGEST_REASON]
    if not reason:
        raise DomainError(_("Say why: the members of the organisation read it."), code="reason")
    because(reason)
    _step(current, Verifying.REFUSE, by=by, reason=reason, until=None)
    _tell_owners(current)
    return current


def _insist_unchanged(organisation: Organisation, seen: int | None) -> None:
    if seen is not None and organisation.version != seen:
        raise DomainError(
            _("The organisation changed while you were looking at it. Look again, then decide."), code="stale"
        )


def _tell_owners(organisation: Organisation) -> None:
    """Mail its owners what was said, in their language."""
    verified = organisation.verification == Verification.VERIFIED
    at = organisation.verification_at
    for owner in owners_of(organisation):
        language = owner.preferred_language
        with override(language):
            context = {
                "path": in_language(reverse("people:organisation", args=[organisation.slug]), language),
                "organisation": str(organisation),
                "verified": verified,
                "reason": organisation.verification_reason,
                "until": day_text(organisation.verified_until) if organisation.verified_until else "",
            }
        send(
            messages.VERIFICATION,
            key=f"people.verification:{organisation.pk}:{at:%Y%m%d%H%M%S%f}:{owner.pk}",
            to=Addressee(owner.email, language, owner.display_name, owner.pk),
            context=context,
        )


def owners_of(organisation: Organisation) -> list[User]:
    """The organisation's owners whose account is open."""
    return list(
        User.objects.filter(
            organisation_memberships__organisation=organisation,
            organisation_memberships__role=MemberRole.OWNER,
            is_active=True,
        ).order_by("pk")
    )
