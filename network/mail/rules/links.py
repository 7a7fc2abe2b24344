"""The signed link by which somebody stops a kind of message without signing in (RFC 8058 asks for one that needs no more).

The token names an account and a kind, never an address. It does not expire: a mail is kept for years, and its link must
still stop what it names. It opens nothing but that one choice.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

SALT = "network.mail.stop"


def stop_token(user_id: int, kind: str) -> str:
    """The token that stops this kind of message for this account."""
    return signing.dumps([user_id, kind], salt=SALT)


def read_stop_token(token: str) -> tuple[int, str] | None:
    """(account id, kind) of a token that this portal signed; None for any other text."""
    try:
        user_id, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return user_id, kind


def stop_url(user_id: int, kind: str, language: str) -> str:
    """The absolute address of the page that stops this kind of message, in that language."""
    with translation.override(language):
        return settings.KOINE_BASE_URL + reverse("mail:stop", args=[stop_token(user_id, kind)])
