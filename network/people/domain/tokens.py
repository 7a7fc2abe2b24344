"""API tokens: made once, shown once, taken back at any time."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, override

from network.doors import DomainError, insist
from network.frame.links import in_language
from network.frame.moments import day_text
from network.outgoing import Addressee, send
from network.people import messages, scopes
from network.people.enums import TokenRight
from network.people.models import ApiToken, User
from network.people.queries.tokens import hash_of
from network.people.rules.tokens import can_manage_tokens, can_revoke_token
from network.text import clean_line

# By its beginning a secret that got into a file or a mail is known for what it is.
BEGINNING = "koine_"
# For how many days a token can be made, and how many that open something one thing can have.
LIFETIMES = (30, 90, 180, 365)
MOST = 20
# A program asks often: when it last did is written down no more often than this.
NOTED = timedelta(minutes=10)


@transaction.atomic
def make_token(scope: tuple[str, str], name: str, right: str, days: int, *, by: User) -> tuple[ApiToken, str]:
    """A token for that thing, and its secret, which nobody can ever see again; its owner is told by mail.

    DomainError: not allowed; `name` where it has none, or one that another token here has; `choice`; `limit`.
    """
    insist(can_manage_tokens(by, scope))
    name = clean_line(name)[:80]
    if not any(character.isalnum() for character in name):
        raise DomainError(_("Give the token a name, such as that of the system that will use it."), code="name")
    if right not in TokenRight.values or days not in LIFETIMES:
        raise DomainError(_("Choose one of the list."), code="choice")
    kind, key = scope
    User.objects.select_for_update().get(pk=by.pk)
    if ApiToken.objects.usable().filter(scope_kind=kind, scope_key=key).count() >= MOST:
        raise DomainError(_("There are 20 tokens for this already. Take one back first."), code="limit")
    secret = BEGINNING + secrets.token_urlsafe(32)
    now = timezone.now()
    try:
        with transaction.atomic():
            token = ApiToken.objects.create(
                user=by,
                name=name,
                scope_kind=kind,
                scope_key=key,
                right=right,
                token_hash=hash_of(secret),
                hint=secret[-4:],
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
    except IntegrityError as error:
        raise DomainError(_("Another token here has this name."), code="name") from error
    _tell(token)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> ApiToken:
    """Take a token back: from now on it opens nothing. One that was taken back stays so."""
    insist(can_revoke_token(by, token))
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = timezone.now(), by
        token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def note_use(token: ApiToken) -> None:
    """Write down that a token was used just now. Bookkeeping: no history, and no lock."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > NOTED:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


def _tell(token: ApiToken) -> None:
    """Mail its owner: a token that somebody else made with their account must not stay unknown to them."""
    owner = token.user
    language = owner.preferred_language
    with override(language):
        context = {
            "path": in_language(reverse("people:tokens"), language),
            "token": token.name,
            "what": scopes.name_of(*token.scope),
            "right": str(TokenRight(token.right).label),
            "until": day_text(token.expires_at.date()),
        }
    send(
        messages.TOKEN_MADE,
        key=f"people.token_made:{token.pk}",
        to=Addressee(owner.email, language, owner.display_name, owner.pk),
        context=context,
    )
