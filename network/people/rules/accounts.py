"""Who may do what with an account."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.models import User
from network.people.rules.roles import is_operator


def can_close_account(user: Any, account: User) -> Verdict:
    """May this person close or reopen that account? Operators, and never their own."""
    if not is_operator(user):
        return Denied(_("Only operators of the portal close and reopen accounts."))
    if user.pk == account.pk:
        return Denied(_("You can’t close your own account: ask another operator."))
    return Allowed()
