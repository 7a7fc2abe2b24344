"""Who works in the admin, and two networks that have nothing to do with each other."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from cities.domain import ContactDetails, add_contact
from cities.models import City
from grants.domain.funds import NewFund, add_contribution, create_fund
from grants.domain.rounds import NewRound, open_round
from grants.models import Fund, Round
from network.membership.models import Membership, Network
from network.people.domain.accounts import open_account
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import Organisation, User
from practices.domain.practices import NewPractice, create_practice
from practices.models import Practice
from tests import places
from tests.grants import builders
from tests.people.signing import sign_in


def staff(kind: str, scope: object = "", *, email: str, name: str, **fields) -> User:
    """Somebody who works in the admin, in one capacity."""
    user = open_account(email=email, display_name=name, **fields)
    grant_role(user, kind, scope, by=None, reason="appointed")
    user.refresh_from_db()
    return user


@dataclass
class Territory:
    """A network with its officer, a city, a membership, a practice, a fund with its manager, and a round."""

    network: Network
    city: City
    membership: Membership
    practice: Practice
    fund: Fund
    round: Round
    officer: User
    manager: User


def territory(name: str, city: City, operator: User) -> Territory:
    """Everything that belongs to one network."""
    network = places.network(name, abbreviation=name[:3].upper())
    membership = places.member(network, city, joined_on=datetime.date(2020, 5, 4), act={"en": f"Resolution of {name}"})
    texts = {"en": {"title": f"Practice of {name}", "summary": "In short."}}
    practice = create_practice(NewPractice(city, "en", texts), by=operator)
    fund = create_fund(
        NewFund(slug=f"fund-{name.lower()}", owner=network, currency="EUR", title={"en": f"Fund of {name}"}),
        by=operator,
    )
    funder = Organisation.objects.create(slug=f"funder-{name.lower()}", kind="foundation", name_en=f"Funder of {name}")
    add_contribution(fund, funder, Decimal(100_000), by=operator)
    now = timezone.now().replace(tzinfo=None, microsecond=0)
    new = NewRound(
        title={"en": f"Round of {name}"},
        opens=now - datetime.timedelta(days=3),
        closes=builders.by_day(now + datetime.timedelta(days=3)),
        zone="Etc/UTC",
    )
    round_ = open_round(fund, new, by=operator)
    officer = staff(
        RoleKind.NETWORK_OFFICER, network.uuid, email=f"officer@{name.lower()}.example", name=f"Officer of {name}"
    )
    manager = staff(
        RoleKind.FUND_MANAGER, fund.uuid, email=f"manager@{name.lower()}.example", name=f"Manager of {name}"
    )
    return Territory(network, city, membership, practice, fund, round_, officer, manager)


@pytest.fixture
def operator(db) -> User:
    return staff(RoleKind.OPERATOR, email="operator@example.org", name="Operator Olsen")


@pytest.fixture
def auditor(db) -> User:
    return staff(RoleKind.AUDITOR, email="auditor@example.org", name="Auditor Andrade")


@pytest.fixture
def lamp(operator) -> Territory:
    """One network, with Athens."""
    return territory("Lamp", places.athens(website="https://www.cityofathens.gr"), operator)


@pytest.fixture
def harbour(operator) -> Territory:
    """Another network, with Malmö."""
    return territory("Harbour", places.malmo(), operator)


@pytest.fixture
def contact(lamp, operator):
    """A contact of Athens that nobody sees in public."""
    return add_contact(
        lamp.city, ContactDetails(name="Eleni Vlachou", email="eleni@cityofathens.gr", as_of="2019"), by=operator
    )


@pytest.fixture
def enter():
    """A browser of somebody who has signed in with both factors."""

    def entered(user: User) -> Client:
        return sign_in(Client(), user)

    return entered
