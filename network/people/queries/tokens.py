"""API tokens as pages show them, and the one behind a secret."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404

from network.people import scopes
from network.people.models import ApiToken
from network.people.rules.tokens import can_manage_tokens, can_revoke_token

LONGEST = 200


def hash_of(secret: str) -> str:
    """What is kept of a token's secret. It is random and long: a fast hash can't be searched through."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(secret: str) -> ApiToken | None:
    """The token with that secret, with its owner, while it opens something. One query.

    Accounts of a demonstration open nothing where there is none, as when they sign in.
    """
    if len(secret) > LONGEST:
        return None
    tokens = ApiToken.objects.usable().select_related("user").filter(token_hash=hash_of(secret))
    return (tokens if settings.KOINE_DEMO else tokens.filter(user__demo=False)).first()


@dataclass(frozen=True)
class ScopeOffer:
    """A thing that a person may make tokens for."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True)
class TokenRow:
    """A token in a list, and the name of what it is for."""

    token: ApiToken
    what: str


def own_tokens(user: Any) -> list[TokenRow]:
    """The person's own tokens that were not taken back, the newest first."""
    return _rows(ApiToken.objects.filter(user_id=user.pk))


def tokens_for(kind: str, key: str) -> list[TokenRow]:
    """The tokens for one thing, whoever made them, the newest first. One query, one more for its name."""
    return _rows(ApiToken.objects.filter(scope_kind=kind, scope_key=key))


def _rows(tokens: Any) -> list[TokenRow]:
    found = list(tokens.filter(revoked_at__isnull=True).select_related("user").order_by("-id"))
    names = {scope: scopes.name_of(*scope) for scope in {token.scope for token in found}}
    return [TokenRow(token, names[token.scope]) for token in found]


def offers(user: Any) -> list[ScopeOffer]:
    """What the person may make tokens for, by name."""
    found: Iterable[ScopeOffer] = (
        ScopeOffer(kind, key, scopes.name_of(kind, key))
        for kind, scope in scopes.TOKEN_SCOPES.items()
        for key in scope.offered(user)
    )
    return sorted(found, key=lambda offer: offer.name.casefold())


def scope_for(user: Any, kind: str, key: uuid.UUID) -> tuple[str, str]:
    """A thing whose tokens the person may see; Http404 for everything else."""
    scope = (kind, str(key))
    if kind not in scopes.TOKEN_SCOPES or not can_manage_tokens(user, scope):
        raise Http404
    return scope


def token_for(user: Any, pk: int) -> ApiToken:
    """A token that the person may take back; Http404 for others."""
    found = ApiToken.objects.select_related("user").filter(pk=pk, revoked_at__isnull=True).first()
    if found is None or not can_revoke_token(user, found):
        raise Http404
    return found
