"""Who works on an application, as its pages show them, and the invitations a person has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.enums import ApplicationRole
from grants.models import Application, ApplicationInvitation, ApplicationMember, Comment, Interest
from grants.models.questions import Section
from grants.queries.applications import get_application
from grants.rules.answers import layout
from grants.rules.applications import TO_CHANGE
from network.people.desk import DeskItem
from network.people.models import User
from network.people.rules.organisations import has_verified_address


def get_member(user: Any, opaque_id: str, pk: int) -> ApplicationMember:
    """A member of an application that this person belongs to. Http404 for others."""
    application = get_application(user, opaque_id)
    member = get_object_or_404(ApplicationMember.objects.select_related("user"), application=application, pk=pk)
    member.application = application
    return member


def get_invitation(user: Any, opaque_id: str, pk: int) -> ApplicationInvitation:
    """An invitation to an application that this person belongs to. Http404 for others."""
    application = get_application(user, opaque_id)
    invitation = get_object_or_404(ApplicationInvitation, application=application, pk=pk)
    invitation.application = application
    return invitation


def get_own_invitation(user: Any, pk: int) -> ApplicationInvitation:
    """An invitation that was sent to this person's address, in whatever state it is. Http404 for others."""
    rows = ApplicationInvitation.objects.select_related(
        "application__organisation", "application__round__fund", "invited_by"
    )
    found = rows.filter(pk=pk, email__iexact=user.email).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class People:
    """Members by name, and invitations that nobody used yet, newest first; `ended` ones can be sent anew."""

    members: list[ApplicationMember]
    invitations: list[ApplicationInvitation]


def people_of(application: Any) -> People:
    """Two queries, whatever the number of members."""
    rows = application.members.select_related("user").order_by("pk")
    waiting = application.invitations.filter(accepted_at=None, revoked_at=None).order_by("-pk")
    return People(sorted(rows, key=lambda row: str(row.user).casefold()), list(waiting))


def _open_to(user: User) -> list[ApplicationInvitation]:
    rows = ApplicationInvitation.objects.filter(
        email__iexact=user.email,
        accepted_at=None,
        revoked_at=None,
        expires_at__gt=timezone.now(),
        application__state__in=TO_CHANGE,
    )
    return list(rows.select_related("application__organisation", "application__round__fund").order_by("expires_at"))


def desk_invitations(user: Any) -> list[DeskItem]:
    """Open invitations to the person's confirmed address: the mail need not be found again."""
    if not has_verified_address(user):
        return []
    return [
        DeskItem(
            title=_("Application of %(organisation)s") % {"organisation": row.application.organisation},
            url=reverse("grants:own_invitation", args=[row.pk]),
            note=_("You are invited as: %(role)s") % {"role": ApplicationRole(row.role).label},
            moment=row.expires_at,
        )
        for row in _open_to(user)
    ]


def own_data(user: User) -> dict[str, Any]:
    """For the person's export of what the portal keeps about them."""
    members = ApplicationMember.objects.filter(user=user).select_related("application__organisation")
    invited = ApplicationInvitation.objects.filter(email__iexact=user.email)
    sent = ApplicationInvitation.objects.filter(invited_by=user)
    # Under an address that somebody else may have typed: theirs once it was confirmed.
    interests = Interest.objects.filter(email__iexact=user.email, confirmed_at__isnull=False).select_related("fund")
    comments = Comment.objects.filter(author=user).select_related("application")
    return {
        "works_on": [
            {
                "application": row.application.opaque_id,
                "organisation": row.application.organisation.slug,
                "title": row.application.title,
                "role": row.role,
            }
            for row in members.order_by("pk")
        ],
        "invitations_received": [
            {"application": row.application.opaque_id, "role": row.role, "sent_at": row.created_at.isoformat()}
            for row in invited.select_related("application").order_by("pk")
        ],
        "invitations_sent": [
            {"application": row.application.opaque_id, "email": row.email, "sent_at": row.created_at.isoformat()}
            for row in sent.select_related("application").order_by("pk")
        ],
        "comments": [
            {"application": row.application.opaque_id, "text": row.text, "written_at": row.written_at.isoformat()}
            for row in comments.order_by("pk")
        ],
        "interests_in_funds": [
            {
                "fund": row.fund.slug,
                "name": row.name,
                "organisation": row.organisation,
                "message": row.message,
                "said_at": row.created_at.isoformat(),
            }
            for row in interests.order_by("pk")
        ],
    }


# --- comments ---------------------------------------------------------------------------------------------------------


def get_commented_section(user: Any, opaque_id: str, section: str) -> tuple[Application, Section]:
    """An application and any section of its form, one that asks for files only too. Http404 for others than members."""
    application = get_application(user, opaque_id)
    for one in layout(application.form):
        if one.key == section:
            return application, one
    raise Http404


def get_comment(user: Any, opaque_id: str, pk: int) -> Comment:
    """A comment on an application that this person belongs to. Http404 for others."""
    application = get_application(user, opaque_id)
    comment = get_object_or_404(Comment, application=application, pk=pk)
    comment.application = application
    return comment
