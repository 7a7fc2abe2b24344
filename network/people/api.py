"""How a program says in whose name it comes: `Authorization: Bearer koine_...`, an API token made on a page.

A token opens nothing but the addresses that ask for one, never a page and never a session; no cookie is looked at, so
there is nothing that a foreign page could forge.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied, Throttled
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from network.doors import Denied
from network.limits import client_address, within
from network.people.domain.tokens import note_use
from network.people.enums import TokenRight
from network.people.models import ApiToken, User
from network.people.queries.tokens import token_of
from network.people.rules.tokens import can_use_token

SCHEME = "Bearer"
# Wrong tokens an hour from one place. Nobody guesses one; this spares the database.
MOST_WRONG, HOUR = 60, 3600


class TokenAuthentication(BaseAuthentication):
    """The owner of a token as `request.user`, the token as `request.auth`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        given = get_authorization_header(request).split()
        if not given or given[0].lower() != SCHEME.lower().encode():
            return None
        token = token_of(given[1].decode("latin-1")) if len(given) == 2 else None
        if token is None:
            if not within("people.wrong_token", client_address(request), MOST_WRONG, HOUR):
                raise Throttled(wait=HOUR)
            raise AuthenticationFailed(_("This token is not known here, was taken back, or is past its end."))
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="koine"'


class TokenScheme(OpenApiAuthenticationExtension):
    """The same in the interface's description."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API token, made by a person on their desk."}


class WithToken(BasePermission):
    """A token for the kind of thing that the view is about, with the right that the method needs."""

    def has_permission(self, request: Request, view: Any) -> bool:
        token = request.auth
        if not isinstance(token, ApiToken):
            raise NotAuthenticated(_("Send an API token: Authorization: Bearer …"))
        if view.token_scope and token.scope_kind != view.token_scope:
            raise PermissionDenied(_("This token is for something else."))
        verdict = can_use_token(token, TokenRight.READ if request.method in SAFE_METHODS else TokenRight.WRITE)
        if isinstance(verdict, Denied):
            raise PermissionDenied(str(verdict.reason))
        return True


class TokenRate(SimpleRateThrottle):
    """So many requests an hour with one token, from wherever they come."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk} if request.auth else None


class ByToken:
    """Mixin of views for programs that act for a person. `token_scope` is the kind of thing whose tokens they take; with
    an empty one they take any."""

    door = "token"
    token_scope: str
    authentication_classes = [TokenAuthentication]
    permission_classes = [WithToken]
    throttle_classes = [TokenRate]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "private, no-store"
        return response
