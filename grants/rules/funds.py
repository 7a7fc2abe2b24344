"""Who may set up a fund and its rounds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cities.models import City
from grants.models import Fund
from network.doors import Allowed, Denied, Verdict
from network.membership.models import Network
from network.people.enums import RoleKind
from network.people.models import User
from network.people.rules.roles import holds, is_operator


def can_set_up_fund(user: User, owner: City | Network) -> Verdict:
    """An operator of the portal, or an officer of the city or network that owns the fund."""
    officer = RoleKind.CITY_OFFICER if isinstance(owner, City) else RoleKind.NETWORK_OFFICER
    if is_operator(user) or holds(user, officer, owner.uuid):
        return Allowed()
    return Denied(_("Only officers of the fund’s owner can do this."))


def can_manage_fund(user: User, fund: Fund) -> Verdict:
    """Those who may set it up, and its own fund managers."""
    owner = fund.owner_city or fund.owner_network
    if holds(user, RoleKind.FUND_MANAGER, fund.uuid) or (owner and can_set_up_fund(user, owner)):
        return Allowed()
    return Denied(_("Only officers of the fund’s owner and its managers can do this."))
