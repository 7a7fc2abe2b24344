"""Admitting, deciding, correcting: what is refused, and why."""

import datetime
import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.membership.domain import (
    Admission,
    NetworkDetails,
    add_region,
    admit_member,
    apply_for_city,
    archive_network,
    create_network,
    decide,
    network_details,
    update_membership,
    update_network,
)
from network.membership.enums import DecisionKind, MembershipStatus
from network.membership.models import Membership
from network.membership.rules import can_decide_membership, status_on
from tests import places

pytestmark = pytest.mark.django_db
JANUARY = datetime.date(2020, 1, 15)


def refusal(code: str):
    """The domain's refusal with that code."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


@pytest.fixture
def network():
    return places.network("Lamp", abbreviation="LMP", founded_on=datetime.date(2015, 9, 29))


@pytest.fixture
def officer(network):
    return places.officer_of(network)


@pytest.fixture
def membership(network, officer):
    return admit_member(network, places.athens(), Admission(joined_on=JANUARY), by=officer)


def test_an_admission_is_an_approval_in_effect_since_the_city_joined(membership, officer):
    decision = membership.decisions.get()
    assert (decision.kind, decision.effective_on, decision.decided_by) == (DecisionKind.APPROVE, JANUARY, officer)
    assert Membership.objects.members_on(JANUARY).exists()
    assert not Membership.objects.members_on(JANUARY - datetime.timedelta(1)).exists()


def test_one_city_is_no_member_twice_in_one_way(membership, network, officer):
    with refusal("twice"):
        admit_member(network, membership.city, Admission(), by=officer)
    partner = admit_member(network, membership.city, Admission(kind="partner", programme="Lamps"), by=officer)
    assert partner.programme == "Lamps"


def test_an_application_makes_no_member_until_it_is_approved(network, officer):
    applied = apply_for_city(network, places.athens(), Admission(), by=officer)
    assert status_on(applied.decisions.all(), timezone.localdate()) == MembershipStatus.PENDING
    assert not Membership.objects.members_on(timezone.localdate()).exists()
    decide(applied, DecisionKind.APPROVE, by=officer, effective_on=JANUARY)
    applied.refresh_from_db()
    assert applied.joined_on == JANUARY
    assert Membership.objects.members_on(JANUARY).exists()


def test_the_workflow_is_kept(membership, officer):
    with refusal("state"):
        decide(membership, DecisionKind.REINSTATE, by=officer)
    with refusal("reason"):
        decide(membership, DecisionKind.SUSPEND, by=officer)
    with refusal("order"):
        decide(membership, DecisionKind.SUSPEND, by=officer, reason="x", effective_on=JANUARY - datetime.timedelta(1))
    with refusal("day"):
        decide(membership, DecisionKind.WITHDRAW, by=officer, reason="x", effective_on=datetime.date(2999, 1, 1))
    with refusal("day"):
        decide(
            membership, DecisionKind.WITHDRAW, by=officer, reason="x", effective_on=JANUARY, requested_on=timezone.localdate()
        )  # fmt: skip
    decide(
        membership, DecisionKind.SUSPEND, by=officer, reason="No charter signed", effective_on=datetime.date(2021, 1, 1)
    )
    decide(membership, DecisionKind.EXCLUDE, by=officer, reason="Still none", effective_on=datetime.date(2022, 1, 1))
    with refusal("state"):
        decide(membership, DecisionKind.REINSTATE, by=officer, effective_on=datetime.date(2023, 1, 1))
    assert AuditEvent.objects.filter(table="membership_membershipdecision", reason="Still none").exists()


@pytest.mark.parametrize("who", ["visitor without roles", "officer of another network", "officer of the city"])
def test_others_decide_nothing_and_are_told_why(membership, who):
    user = {
        "visitor without roles": places.person,
        "officer of another network": lambda: places.officer_of(places.network("Other")),
        "officer of the city": lambda: places.officer_of_city(membership.city),
    }[who]()
    verdict = can_decide_membership(user, membership)
    assert not verdict
    assert "officers" in str(verdict.reason)
    with refusal("denied"):
        decide(membership, DecisionKind.WITHDRAW, by=user, reason="x")
    assert membership.decisions.count() == 1


def test_a_corrected_joining_day_moves_the_approval(membership, officer):
    earlier = datetime.date(2018, 1, 1)
    update_membership(membership, Admission(joined_on=earlier, joined_precision="year"), version=1, by=officer)
    assert Membership.objects.members_on(earlier).exists()
    with refusal("stale"):
        update_membership(membership, Admission(), version=1, by=officer)


def test_a_correction_cannot_pass_a_later_decision(membership, officer):
    decide(membership, DecisionKind.WITHDRAW, by=officer, reason="x", effective_on=datetime.date(2021, 1, 1))
    with refusal("order"):
        update_membership(membership, Admission(joined_on=datetime.date(2022, 1, 1)), version=2, by=officer)


def test_a_region_of_another_network_is_refused(network, officer):
    operator = places.operator()
    foreign = add_region(places.network("Other"), "north", {"en": "North"}, by=operator)
    with refusal("region"):
        admit_member(network, places.athens(), Admission(region=foreign), by=officer)


def test_networks_are_set_up_by_operators_and_kept_by_their_officers(network, officer):
    with refusal("denied"):
        create_network(NetworkDetails(names={"en": "Mine"}, kind="global"), by=officer)
    with refusal("slug_taken"):
        create_network(NetworkDetails(names={"en": "Lamp"}, kind="global"), by=places.operator())
    changed = update_network(network, replace(network_details(network), abbreviation="LAMP"), version=1, by=officer)
    assert (changed.abbreviation, changed.version) == ("LAMP", 2)
    with refusal("stale"):
        update_network(network, network_details(network), version=1, by=officer)
    with refusal("parent"):
        update_network(network, replace(network_details(network), parent=network), version=2, by=officer)
    with refusal("reason"):
        archive_network(network, by=places.operator(), reason=" ")


@pytest.mark.django_db(transaction=True)
def test_two_deciders_take_turns():
    """Without the row lock both would see a member and both would decide."""
    membership = places.member(places.network(), places.city(), joined_on=JANUARY)
    user = places.operator()
    started, go = threading.Barrier(2, timeout=20), []

    def one() -> None:
        try:
            started.wait()
            with transaction.atomic():
                decide(membership, DecisionKind.WITHDRAW, by=user, reason="x", effective_on=datetime.date(2021, 1, 1))
            go.append("decided")
        except DomainError as error:
            go.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(go) == ["decided", "state"]
