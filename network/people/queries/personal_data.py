"""Everything the portal keeps about a person, for that person. Other apps add their part by registration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils import timezone

from network.people.models import (
    ApiToken,
    BankDetails,
    BankReading,
    DueDiligenceCheck,
    Invitation,
    OrganisationDocument,
    OrganisationMember,
    Role,
    User,
)

Contribution = Callable[[User], Any]
_contributions: dict[str, Contribution] = {}


def register_personal_data(name: str, function: Contribution) -> None:
    """Add a part to people's export: `function(user)` answers plain JSON values (moments as ISO 8601 text)."""
    _contributions[name] = function


def own_data(user: User) -> dict[str, Any]:
    """The export as plain JSON values. Secrets (password, second factor) are named, never given out."""
    return {
        "exported_at": timezone.now().isoformat(),
        "account": {
            "uuid": str(user.uuid),
            "full_name": user.display_name,
            "email": user.email,
            "preferred_language": user.preferred_language,
            "time_zone": user.time_zone,
            "since": user.created_at.isoformat(),
            "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        },
        "addresses": [
            {"email": row.email, "confirmed": row.verified, "primary": row.primary}
            for row in EmailAddress.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "second_steps": [
            {"kind": row.type, "since": row.created_at.isoformat()}
            for row in Authenticator.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "sessions": [
            {"since": row.created_at.isoformat(), "ip": row.ip, "browser": row.user_agent}
            for row in UserSession.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "roles": [
            {
                "role": row.kind,
                "for": row.scope_kind,
                "key": row.scope_key,
                "from": row.starts_on.isoformat(),
                "until": row.ends_on.isoformat() if row.ends_on else None,
                "reason": row.reason,
            }
            for row in Role.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "api_tokens": [
            {
                "name": row.name,
                "for": row.scope_kind,
                "key": row.scope_key,
                "may": row.right,
                "since": row.created_at.isoformat(),
                "until": row.expires_at.isoformat(),
                "last_used": row.last_used_at.isoformat() if row.last_used_at else None,
                "taken_back": row.revoked_at.isoformat() if row.revoked_at else None,
            }
            for row in ApiToken.objects.filter(user_id=user.pk).order_by("pk")
        ],
        "organisations": [
            {
                "slug": row.organisation.slug,
                "name": str(row.organisation),
                "role": row.role,
                "since": row.since.isoformat(),
            }
            for row in OrganisationMember.objects.filter(user_id=user.pk).select_related("organisation").order_by("pk")
        ],
        "invitations_received": [
            {"organisation": row.organisation.slug, "role": row.role, "sent_at": row.created_at.isoformat()}
            for row in Invitation.objects.filter(email__iexact=user.email).select_related("organisation").order_by("pk")
        ],
        "invitations_sent": [
            {"organisation": row.organisation.slug, "email": row.email, "sent_at": row.created_at.isoformat()}
            for row in Invitation.objects.filter(invited_by=user).select_related("organisation").order_by("pk")
        ],
        "organisation_documents": [
            {"organisation": row.organisation.slug, "name": row.name, "uploaded_at": row.uploaded_at.isoformat()}
            for row in OrganisationDocument.objects.filter(uploaded_by=user)
            .select_related("organisation")
            .order_by("pk")
        ],
        "bank_details_entered": [
            {
                "organisation": row.organisation.slug,
                "country": row.country,
                "ends_in": row.last_four,
                "state": row.state,
                "entered_at": row.asked_at.isoformat(),
            }
            for row in BankDetails.objects.filter(asked_by=user).select_related("organisation").order_by("pk")
        ],
        "bank_details_read": [
            {"organisation": row.details.organisation.slug, "at": row.at.isoformat()}
            for row in BankReading.objects.filter(by=user).select_related("details__organisation").order_by("pk")
        ],
        "checks_recorded": [
            {"organisation": row.organisation.slug, "kind": row.kind, "checked_on": row.checked_on.isoformat()}
            for row in DueDiligenceCheck.objects.filter(recorded_by=user).select_related("organisation").order_by("pk")
        ],
        **{name: function(user) for name, function in _contributions.items()},
    }
