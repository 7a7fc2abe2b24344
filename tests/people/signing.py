"""Signing in as the portal's own door does, without its pages: for tests of what stands behind it."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE,
    AUTHENTICATION_METHODS_SESSION_KEY as METHODS,
)
from django.test import Client

from network.people.domain.accounts import open_account
from network.people.models import User

PASSWORD = "a lamp in every window"


def person(email: str = "nour@example.org", name: str = "Nour Haddad", **fields) -> User:
    """An account with a confirmed address and PASSWORD."""
    return open_account(email=email, display_name=name, password=PASSWORD, **fields)


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    """A client whose session is signed in, by default as if the second factor had been shown just now."""
    client.force_login(user)
    session = client.session
    session[METHODS] = [{"method": "mfa" if second_factor else "password", "at": time.time()}]
    session[WHOSE] = str(user.pk)
    session.save()
    return client
