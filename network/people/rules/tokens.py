"""Who may make, see and take back API tokens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.enums import MemberRole, TokenRight
from network.people.models import ApiToken, OrganisationMember
from network.people.scopes import TOKEN_SCOPES


def can_manage_tokens(user: Any, scope: tuple[str, str]) -> Verdict:
    """May this person make and see the tokens for that thing (its kind, its key)? As the app that owns it says."""
    kind, key = scope
    registered = TOKEN_SCOPES.get(kind)
    if registered is None:
        return Denied(_("There are no API tokens for this."))
    return registered.rule(user, key)


def can_revoke_token(user: Any, token: ApiToken) -> Verdict:
    """May this person take that token back? Its owner, and whoever looks after what it is for."""
    if user.is_authenticated and token.user_id == user.pk:
        return Allowed()
    return can_manage_tokens(user, token.scope)


def can_use_token(token: ApiToken, right: str) -> Verdict:
    """May a program do that with this token now? As far as its right goes, and as its owner still may."""
    if right == TokenRight.WRITE and token.right != TokenRight.WRITE:
        return Denied(_("This token may only read."))
    return can_manage_tokens(token.user, token.scope)


def can_manage_organisation_tokens(user: Any, key: str) -> Verdict:
    """May this person make and see the tokens for the organisation of that UUID? Its owners and editors, while it is kept."""
    if user.is_authenticated:
        mine = OrganisationMember.objects.filter(user_id=user.pk, role__in=[MemberRole.OWNER, MemberRole.EDITOR])
        if mine.filter(organisation__uuid=key, organisation__archived_at=None).exists():
            return Allowed()
    return Denied(_("Only owners and editors of this organisation may do this."))
