"""What an e-mail address is, and how it is written where only ASCII goes: RFC 5321, 5322, 5891 (IDNA 2008), 6531."""

from __future__ import annotations

import unicodedata

import idna
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# RFC 5321, 4.5.3.1.3, without the brackets.
LONGEST = 254


def is_address(text: str) -> bool:
    """Whether this is one address that a mail can go to; letters of any script may stand in front of the @ too."""
    if len(text) > LONGEST:
        return False
    # Django's validator takes line separators in a domain for part of an international name.
    if any(character.isspace() or unicodedata.category(character)[0] == "C" for character in text):
        return False
    local, _at, domain = text.rpartition("@")
    # What looks like an encoded word (RFC 2047) is decoded by some programs, and is another address then.
    if "=?" in local or local != unicodedata.normalize("NFC", local):
        return False
    try:
        # Django knows ASCII only in front of the @.
        validate_email("".join(c if c.isascii() else "x" for c in local) + "@" + domain)
        ascii_domain(domain)
    except ValidationError:
        return False
    return True


def ascii_domain(domain: str) -> str:
    """The domain in lower-case ASCII, other scripts as IDNA 2008 has them. Raises ValidationError where it has no such form."""
    if domain.isascii():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValidationError(str(error)) from error


def on_the_wire(address: str) -> str:
    """The address with its domain in ASCII; what stands in front of the @ belongs to the receiver and stays."""
    local, _at, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def domain_of(address: str) -> str:
    """The domain that mails to this address are counted under; nothing where there is none."""
    try:
        return ascii_domain(address.rpartition("@")[2])
    except ValidationError:
        return ""
