"""Who may hold a session at all."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings


class Backend(AuthenticationBackend):
    """allauth's sign-in by e-mail address, asked again for every request of a session.

    The password and second factor of a demonstration account are known to everyone: where the portal is not a
    demonstration, nobody signs in with one, and a session begun before ends.
    """

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and (settings.KOINE_DEMO or not user.demo)
