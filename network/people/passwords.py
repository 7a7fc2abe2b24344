"""Passwords: a validator for what Django's own do not see, and how those of a demonstration are kept."""

from __future__ import annotations

import re

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from network.text import normalise

WORDS = ("koine", "password", "network", "cities", "city", "admin", "welcome", "secret", "qwerty", "abc")
ONLY_WORDS = re.compile(rf"(?:{'|'.join(WORDS)}|[\W\d_])+")


class PortalWordsValidator:
    """Refuses a password that is nothing but the portal's own words, digits and signs."""

    def validate(self, password: str, user: object = None) -> None:
        if ONLY_WORDS.fullmatch(normalise(password)):
            raise ValidationError(_("This password is made of words that are easy to guess here."), code="portal_words")

    def get_help_text(self) -> str:
        return _("Do not use words like the name of this portal.")


class PublicPhraseHasher(Argon2PasswordHasher):
    """Argon2 with the least work that it allows, in development settings only: the phrases of a demonstration are printed.

    A fifth of a second of CPU for each of its accounts would protect nothing.
    """

    time_cost = 1
    memory_cost = 1024  # KiB
    parallelism = 1
