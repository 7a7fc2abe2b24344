"""What a session has proved, and how long one of staff may last."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
    record_authentication,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from network.people.rules.roles import demands_second_factor

SINCE, SEEN = "staff_since", "staff_seen"
# A session is written at most once a minute for having been used.
STEP_SECONDS = 60
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: Any) -> bool:
    """Whether the account has an authenticator app or a passkey. Recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def proved_second_factor(request: HttpRequest) -> bool:
    """Whether the person at this session has shown a second factor in it. Reads the session only, no table."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def note_enrolment(request: HttpRequest, user: Any, authenticator: Authenticator) -> None:
    """Setting up an app or a passkey shows that one holds it: this session has proved it. Recovery codes prove nothing.

    The codes count as seen from the moment they are made, so that the page that shows them need not write.
    """
    if authenticator.type in FACTORS:
        record_authentication(request, user, method="mfa", id=authenticator.pk, type=authenticator.type)
    else:
        authenticator.wrap().mark_as_viewed()


def note_removal(request: HttpRequest, user: Any) -> None:
    """Without any factor left, what this session proved with one is void."""
    if not has_second_factor(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [r for r in records if r.get("method") != "mfa"]


def begin(request: HttpRequest, user: Any) -> None:
    """Start the clock of a session of staff, reviewers and committee members."""
    if demands_second_factor(user):
        request.session[SINCE] = request.session[SEEN] = time.time()


def ran_out(request: HttpRequest) -> bool:
    """Whether this session's time is over: three hours without a request, or twelve in all. Notes that it was used.

    An account that became staff during a session gets its clock now.
    """
    now = time.time()
    since = request.session.get(SINCE)
    if since is None:
        if request.user.is_staff:
            begin(request, request.user)
        return False
    if (
        now - since >= settings.KOINE_STAFF_SESSION_SECONDS
        or now - request.session[SEEN] >= settings.KOINE_STAFF_IDLE_SECONDS
    ):
        return True
    if now - request.session[SEEN] >= STEP_SECONDS:
        request.session[SEEN] = now
    return False
