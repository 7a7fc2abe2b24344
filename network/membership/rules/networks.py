"""Who runs a network: its officers, and the operators of the portal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.membership.models import Network
from network.people.rules.roles import is_officer_of, is_operator


def can_create_network(user: Any, thing: object = None) -> Verdict:
    """May this person put a new network on record? Operators."""
    if is_operator(user):
        return Allowed()
    return Denied(_("Only operators of the portal set up a network."))


def can_run_network(user: Any, network: Network) -> Verdict:
    """May this person change the network's record, its regions and its members?"""
    if is_officer_of(user, network.uuid) or is_operator(user):
        return Allowed()
    return Denied(_("Only officers of this network may do this."))
