"""Organisations as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from network.people.enums import MemberRole
from network.people.models import Invitation, Organisation, OrganisationMember
from network.people.rules.roles import is_operator


def organisations_of(user: Any) -> list[tuple[Organisation, str]]:
    """The person's organisations with the role held in each, by name. One query; archived ones are left out."""
    rows = OrganisationMember.objects.filter(user_id=user.pk, organisation__archived_at=None).select_related(
        "organisation"
    )
    return sorted(
        ((row.organisation, row.role) for row in rows.order_by("pk")), key=lambda pair: str(pair[0]).casefold()
    )


def organisation_name(key: str) -> str:
    """The name of the organisation of that UUID, in the reader's language; empty where there is none."""
    return str(Organisation.objects.filter(uuid=key).first() or "")


def token_organisations(user: Any) -> list[str]:
    """The UUIDs of the organisations this person may make API tokens for."""
    return [str(one.uuid) for one, role in organisations_of(user) if role in {MemberRole.OWNER, MemberRole.EDITOR}]


def organisation_for(user: Any, slug: str) -> Organisation:
    """The organisation for its members and operators; Http404 for everyone else, as if it did not exist.

    The address of one that was merged into another gives the other one.
    """
    rows = Organisation.objects.all() if is_operator(user) else Organisation.objects.visible_to(user)
    found = rows.filter(Q(slug=slug, merged_into=None) | Q(merged__slug=slug)).first()
    if found is None:
        raise Http404
    return found


def present_address(request: Any, organisation: Organisation) -> str:
    """Where the page stands that was asked for under the address of a merged organisation; empty where it stands here."""
    asked = request.resolver_match
    if request.method not in {"GET", "HEAD"} or asked.kwargs.get("slug") == organisation.slug:
        return ""
    return reverse(asked.view_name, kwargs={**asked.kwargs, "slug": organisation.slug})


def member_for(user: Any, slug: str, pk: int) -> OrganisationMember:
    """A member of an organisation this person may see."""
    organisation = organisation_for(user, slug)
    found = (
        OrganisationMember.objects.select_related("user", "organisation")
        .filter(organisation=organisation, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def invitation_for(user: Any, slug: str, pk: int) -> Invitation:
    """An invitation into an organisation this person may see."""
    organisation = organisation_for(user, slug)
    found = Invitation.objects.select_related("organisation").filter(organisation=organisation, pk=pk).first()
    if found is None:
        raise Http404
    return found


def own_invitation(user: Any, pk: int) -> Invitation:
    """An invitation that was sent to this person's address, in whatever state it is."""
    rows = Invitation.objects.select_related("organisation", "invited_by").filter(pk=pk, email__iexact=user.email)
    if (found := rows.first()) is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Members:
    """The members page: members by name, open invitations, newest first."""

    members: list[OrganisationMember]
    invitations: list[Invitation]


def members_of(organisation: Organisation) -> Members:
    """Two queries, whatever the number of members."""
    rows = OrganisationMember.objects.filter(organisation=organisation).select_related("user").order_by("pk")
    open_ones = Invitation.objects.filter(
        organisation=organisation, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )
    return Members(sorted(rows, key=lambda row: str(row.user).casefold()), list(open_ones.order_by("-pk")))
