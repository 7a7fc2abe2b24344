"""What a network's officers find on their desk, and how roles for networks and cities are told."""

import pytest

from network.membership.domain import Admission, apply_for_city, decide
from network.membership.enums import DecisionKind
from network.membership.queries.desk import applications, my_networks
from network.people import scopes
from tests import places

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    return places.network("Lamp")


def test_applications_wait_on_the_desk_until_they_are_decided(network):
    officer, other = places.officer_of(network), places.officer_of(places.network("Other"))
    applied = apply_for_city(network, places.athens(), Admission(), by=officer)
    assert [str(item.title) for item in applications(officer)] == ["Athens has applied to Lamp"]
    assert applications(other) == applications(places.person()) == []
    decide(applied, DecisionKind.APPROVE, by=officer)
    assert applications(officer) == []


def test_changes_by_others_are_counted(network):
    officer, colleague = places.officer_of(network), places.officer_of(network)
    apply = apply_for_city(network, places.athens(), Admission(), by=officer)
    decide(apply, DecisionKind.APPROVE, by=officer)
    assert "1 change by others" in str(my_networks(colleague)[0].note)
    assert "Admit cities" in str(my_networks(officer)[0].note)
    assert my_networks(places.person()) == []


def test_roles_for_networks_and_cities_are_told_in_words(network):
    city = places.athens()
    assert scopes.name_of("network", str(network.uuid)) == "Lamp"
    assert scopes.name_of("city", str(city.uuid)) == "Athens"
    assert scopes.name_of("city", "no uuid") == ""
    assert scopes.networks_of("city", str(city.uuid)) == set()
    places.member(network, city)
    assert scopes.networks_of("city", str(city.uuid)) == {str(network.uuid)}
    assert scopes.networks_of("city", "no uuid") == set()
