"""The second factor of demonstration accounts: known to everyone, so that a stranger can sign in with each of them."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError
from network.people.domain.accounts import end_sessions
from network.people.models import User
from network.people.rules.roles import is_operator
from network.text import clean_line


def demo_secret(email: str) -> str:
    """The TOTP secret (base 32) of a demonstration account: follows from its address, hides nothing."""
    return base64.b32encode(
        hashlib.sha1(f"koine demonstration {email}".encode(), usedforsecurity=False).digest()
    ).decode()


@transaction.atomic
def enrol_demo_second_factor(user: User) -> str:
    """Give a demonstration account an authenticator app with a known secret, and recovery codes; returns the secret.

    Refuses accounts of people. Running it again changes nothing.
    """
    if not user.demo:
        raise DomainError(_("Only demonstration accounts have a known second factor."), code="denied")
    secret = demo_secret(user.email)
    if not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)
    RecoveryCodes.activate(user).mark_as_viewed()
    return secret


def secret_of(user: User) -> str:
    """The secret of the person's authenticator app in the clear; empty where there is none. Never leaves the server
    except to the holder of a demonstration account (`people.demo`)."""
    row = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return get_adapter().decrypt(row.data["secret"]) if row else ""


@transaction.atomic
def take_second_factor_away(user: User, *, by: User, reason: str) -> None:
    """For somebody who lost app, passkey and recovery codes: an operator takes all of them away and ends the sessions.

    The person signs in with the password and, where a role demands it, sets up a new one before anything opens. The
    operator must have made sure who is asking; the reason is kept in the history.
    """
    if not is_operator(by) or by.pk == user.pk:
        raise DomainError(_("Only another operator of the portal may do this."), code="denied")
    if not clean_line(reason):
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(clean_line(reason))
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
