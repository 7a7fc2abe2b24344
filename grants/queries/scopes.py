"""How the keys of funds and rounds are named, for roles that are held for one of them, and whom such roles judge."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from grants.models import Application, Fund, Round
from grants.models.questions import say
from network.people.enums import FINANCE_ROLES, RoleKind
from network.people.rules.roles import scopes
from network.translation.models import texts_of


def fund_name(key: str) -> str:
    """A fund's title in the reader's language; nothing where the key is none of ours."""
    fund = _by_uuid(Fund.objects.all(), key).first()
    return say(texts_of(fund, "title"), get_language() or "en") if fund else ""


def round_name(key: str) -> str:
    """A round's title with its fund's; nothing where the key is none of ours."""
    round_ = _by_uuid(Round.objects.select_related("fund"), key).first()
    return name_with_fund(round_) if round_ else ""


def name_with_fund(round_: Round) -> str:
    """A round's title after its fund's, in the reader's language; `round_` comes with its fund."""
    code = get_language() or "en"
    return f"{say(texts_of(round_.fund, 'title'), code)}: {say(texts_of(round_, 'title'), code)}"


def fund_networks(key: str) -> list[str]:
    """The network that owns the fund, if a network does."""
    owners = _by_uuid(Fund.objects.filter(owner_network__isnull=False), key)
    return [str(uuid) for uuid in owners.values_list("owner_network__uuid", flat=True)]


def round_networks(key: str) -> list[str]:
    """The network that owns the round's fund, if a network does."""
    owners = _by_uuid(Round.objects.filter(fund__owner_network__isnull=False), key)
    return [str(uuid) for uuid in owners.values_list("fund__owner_network__uuid", flat=True)]


def judged_organisations(user: Any) -> QuerySet:
    """The organisations that sent an application to a fund the person manages, or to one of a network whose officer they

    are. A draft stays unknown to staff until it is sent."""
    mine = Q(uuid__in=scopes(user, RoleKind.FUND_MANAGER)) | Q(
        owner_network__uuid__in=scopes(user, RoleKind.NETWORK_OFFICER)
    )
    sent = Application.objects.filter(round__fund__in=Fund.objects.filter(mine), number__isnull=False)
    return sent.order_by().values("organisation_id")


def paid_organisations(user: Any) -> QuerySet:
    """The organisations that sent an application to a fund for which the person holds a finance role."""
    keys = {key for kind in FINANCE_ROLES for key in scopes(user, kind)}
    sent = Application.objects.filter(round__fund__uuid__in=keys, number__isnull=False)
    return sent.order_by().values("organisation_id")


def _by_uuid(rows: QuerySet, key: str) -> QuerySet:
    try:
        return rows.filter(uuid=UUID(key)).order_by("id")
    except ValueError:
        return rows.none()
