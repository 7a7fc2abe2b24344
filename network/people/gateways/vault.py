"""What must not be read in the database or its backups: encrypted with keys that lie in the settings alone.

Fernet (AES-128-CBC with HMAC-SHA-256) of the package cryptography. The first key of KOINE_BANK_KEYS seals; all of them open, so
that a key is changed by putting the new one in front, sealing everything anew (`manage.py seal_bank_details`), and then
leaving the old one out.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError

NO_KEY = _("This portal takes no bank details yet: its operators have not set a key for them.")
WRONG_KEY = _("These bank details can’t be opened: the key they were encrypted with is missing. Tell the operators.")


def can_seal() -> bool:
    """Whether there is a key."""
    return bool(settings.KOINE_BANK_KEYS)


def _keys() -> MultiFernet:
    if not can_seal():
        raise DomainError(NO_KEY, code="no_key")
    return MultiFernet([Fernet(key) for key in settings.KOINE_BANK_KEYS])


def seal(content: dict[str, Any]) -> str:
    """Plain JSON values as text that only the keys open."""
    return _keys().encrypt(json.dumps(content, ensure_ascii=False).encode()).decode()


def unseal(sealed: str) -> dict[str, Any]:
    """What was sealed. DomainError `wrong_key` where none of the keys opens it."""
    try:
        content: dict[str, Any] = json.loads(_keys().decrypt(sealed.encode()))
    except InvalidToken as error:
        raise DomainError(WRONG_KEY, code="wrong_key") from error
    return content


def seal_anew(sealed: str) -> str:
    """The same content, sealed with the first key. DomainError `wrong_key` as above."""
    try:
        return _keys().rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise DomainError(WRONG_KEY, code="wrong_key") from error
