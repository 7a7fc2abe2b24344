"""What allauth and Django tell us about a session."""

from __future__ import annotations

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from network.people import sessions


@receiver(user_logged_in, dispatch_uid="people.signed_in")
def signed_in(request: Any, user: Any, **kwargs: Any) -> None:
    """Start the clock of the session."""
    if request is not None:
        sessions.begin(request, user)


@receiver([authenticator_added, authenticator_reset], dispatch_uid="people.enrolled")
def enrolled(request: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """A factor was set up in this session."""
    sessions.note_enrolment(request, user, authenticator)


@receiver(authenticator_removed, dispatch_uid="people.removed_factor")
def removed(request: Any, user: Any, **kwargs: Any) -> None:
    """A factor was taken away in this session."""
    sessions.note_removal(request, user)
