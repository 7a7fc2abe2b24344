"""Accounts: opening, changing and closing them, and ending their sessions."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import DEFAULT, LANGUAGES
from network.people.models import User
from network.people.queries.zones import is_zone
from network.people.rules.accounts import can_close_account
from network.text import clean_line


def clean_name(name: str) -> str:
    """A person's name as it is kept: one line, any script. Refuses one without a letter, or longer than 200 characters."""
    name = clean_line(name)
    if not any(character.isalpha() for character in name):
        raise DomainError(_("Enter your full name, as you write it."), code="name")
    if len(name) > 200:
        raise DomainError(_("The name is longer than 200 characters."), code="name")
    return name


@transaction.atomic
def open_account(
    *,
    email: str,
    display_name: str,
    password: str | None = None,
    preferred_language: str = DEFAULT,
    time_zone: str = "UTC",
    demo: bool = False,
) -> User:
    """An account whose address the caller vouches for. Without a password it is entered through a reset by mail.

    For operators' commands and demonstration data; people who sign up by themselves come through allauth.
    """
    email = email.strip().lower()
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(_("This address has an account."), code="taken")
    return User.objects.create_user(
        email,
        password,
        display_name=clean_name(display_name),
        preferred_language=preferred_language if preferred_language in LANGUAGES else DEFAULT,
        time_zone=time_zone if is_zone(time_zone) else "UTC",
        demo=demo,
    )


@transaction.atomic
def update_profile(user: User, *, by: User, display_name: str, preferred_language: str, time_zone: str) -> User:
    """Change one's own name, language and zone. Addresses and passwords change elsewhere, with a confirmation."""
    if by.pk != user.pk:
        raise DomainError(_("People change their own profile only."), code="denied")
    if preferred_language not in LANGUAGES:
        raise DomainError(_("Choose one of the portal’s languages."), code="language")
    if not is_zone(time_zone):
        raise DomainError(_("Choose a time zone from the list."), code="zone")
    user.display_name = clean_name(display_name)
    user.preferred_language, user.time_zone = preferred_language, time_zone
    user.save(update_fields=["display_name", "preferred_language", "time_zone"])
    return user


def end_sessions(user: User) -> int:
    """Sign the person out everywhere, on the server; returns from how many browsers."""
    sessions = list(UserSession.objects.filter(user_id=user.pk).order_by("pk"))
    for session in sessions:
        session.end()
    return len(sessions)


@transaction.atomic
def close_account(user: User, *, by: User, reason: str) -> User:
    """Close an account: nobody signs in with it, its sessions end; what it wrote stays. It can be opened again."""
    insist(can_close_account(by, user))
    if not reason.strip():
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(clean_line(reason))
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    return user


@transaction.atomic
def reopen_account(user: User, *, by: User, reason: str) -> User:
    """Open a closed account again, with the roles it still holds."""
    insist(can_close_account(by, user))
    if not reason.strip():
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(clean_line(reason))
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user
