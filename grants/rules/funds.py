"""Who may set up a fund and its rounds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cities.models import City
from grants.enums import FundStatus
from grants.models import Fund, Interest, Round
from network.doors import Allowed, Denied, Verdict
from network.membership.models import Network
from network.people.enums import RoleKind
from network.people.models import User
from network.people.rules.roles import holds, is_operator, scopes
from network.translation.models import texts_of

OWNERS = (RoleKind.CITY_OFFICER, RoleKind.NETWORK_OFFICER)


def can_set_up_fund(user: User, owner: City | Network) -> Verdict:
    """An operator of the portal, or an officer of the city or network that owns the fund."""
    officer = RoleKind.CITY_OFFICER if isinstance(owner, City) else RoleKind.NETWORK_OFFICER
    if is_operator(user) or holds(user, officer, owner.uuid):
        return Allowed()
    return Denied(_("Only officers of the fund’s owner can do this."))


def may_set_up_some(user: User) -> Verdict:
    """Whether there is a city or network for which this person may set up a fund."""
    if is_operator(user) or any(scopes(user, kind) for kind in OWNERS):
        return Allowed()
    return Denied(_("Only officers of a city or network can set up a fund."))


def can_manage_some(user: User) -> Verdict:
    """Whether this person may have funds to manage: the door of the list of one's own funds."""
    if may_set_up_some(user) or scopes(user, RoleKind.FUND_MANAGER):
        return Allowed()
    return Denied(_("Only officers of a city or network and managers of funds work here."))


def can_manage_fund(user: User, fund: Fund) -> Verdict:
    """Those who may set it up, and its own fund managers."""
    owner = fund.owner_city or fund.owner_network
    if holds(user, RoleKind.FUND_MANAGER, fund.uuid) or (owner and can_set_up_fund(user, owner)):
        return Allowed()
    return Denied(_("Only officers of the fund’s owner and its managers can do this."))


def can_manage_round(user: User, round_: Round) -> Verdict:
    """Whoever runs the fund runs its rounds."""
    return can_manage_fund(user, round_.fund)


def can_manage_interest(user: User, interest: Interest) -> Verdict:
    """Whoever runs the fund sees who is interested in it."""
    return can_manage_fund(user, interest.fund)


def can_copy_fund(user: User, fund: Fund) -> Verdict:
    """Whoever may set up a fund somewhere may begin with a copy of one that they know: a public one, or their own."""
    if fund.status != FundStatus.DRAFT or can_manage_fund(user, fund):
        return may_set_up_some(user)
    return Denied(_("This fund is not published."))


def missing_of(fund: Fund) -> list[str]:
    """What a fund still needs before it can be published, in words, in the order of its pages."""
    checks = (
        (bool(texts_of(fund, "title")), _("a title")),
        (bool(texts_of(fund, "purpose")), _("its purpose")),
        (bool(texts_of(fund, "who_can_apply")), _("who can apply")),
        (bool(texts_of(fund, "who_decides")), _("who decides")),
        (fund.budget > 0, _("its funders and their amounts")),
    )
    return [str(what) for there, what in checks if not there]
