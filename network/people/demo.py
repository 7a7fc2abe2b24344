"""The help at sign-in for demonstration accounts. Silent unless the portal is a demonstration."""

from __future__ import annotations

import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, validate_totp_code
from django.conf import settings

from network.people.domain.second_factor import secret_of

PERIOD_SECONDS = 30


def shows_code(user: Any) -> bool:
    """Whether this account's code may be told to whoever signs in: a demonstration account in a demonstration."""
    return bool(settings.KOINE_DEMO and user is not None and user.demo)


def code_of(user: Any) -> str:
    """The code that the account's app would show now; empty for everybody who is not a demonstration account."""
    secret = secret_of(user) if shows_code(user) else ""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS)) if secret else ""


def accepts(user: Any, code: str) -> bool:
    """Whether a demonstration account is let in with this code, as often as it is shown: many try one at the same time."""
    secret = secret_of(user) if shows_code(user) else ""
    return bool(secret) and validate_totp_code(secret, code)
