"""Roles: given and ended by those who may, held from a day to a day, with `is_staff` in step."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.people import scopes as scope_registry
from network.people.domain.roles import end_role, grant_role, step_all
from network.people.enums import TERMS, RoleKind, ScopeKind
from network.people.models import Role, User
from network.people.rules.roles import (
    can_grant_role,
    demands_second_factor,
    holds,
    is_officer_of,
    is_operator,
    roles_of,
    scopes,
)
from network.people.tasks import sweep
from tests.people.signing import person

NETWORK, OTHER, CITY, ROUND = (f"{n}0000000-0000-4000-8000-000000000000" for n in range(1, 5))


@pytest.fixture
def operator(db):
    user = person("operator@example.org", "Operator")
    grant_role(user, RoleKind.OPERATOR, by=None, reason="first operator")
    return user


@pytest.fixture
def officer(operator):
    user = person("officer@example.org", "Officer")
    grant_role(user, RoleKind.NETWORK_OFFICER, NETWORK, by=operator, reason="elected")
    return user


@pytest.fixture
def city_in_network(monkeypatch):
    scope = scope_registry.Scope(lambda key: "Aarhus", lambda key: [NETWORK] if key == CITY else [])
    monkeypatch.setitem(scope_registry.SCOPES, ScopeKind.CITY, scope)


def test_a_role_is_held_for_its_scope_and_no_other(officer):
    assert scopes(officer, RoleKind.NETWORK_OFFICER) == {NETWORK}
    assert is_officer_of(officer, NETWORK)
    assert not is_officer_of(officer, OTHER)
    assert not is_operator(officer)
    assert not holds(officer, RoleKind.CITY_OFFICER, NETWORK)


def test_a_visitor_holds_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert roles_of(AnonymousUser()) == ()
        assert not is_operator(AnonymousUser())
        assert not demands_second_factor(AnonymousUser())


def test_ten_questions_cost_one_query(officer, django_assert_num_queries):
    fresh = User.objects.get(pk=officer.pk)
    with django_assert_num_queries(1):
        for _ in range(10):
            assert is_officer_of(fresh, NETWORK)
            assert demands_second_factor(fresh)


def test_giving_a_staff_role_opens_the_admin_and_ending_it_closes_it(operator):
    user = person()
    role = grant_role(user, RoleKind.NETWORK_OFFICER, NETWORK, by=operator, reason="elected")
    assert User.objects.get(pk=user.pk).is_staff
    end_role(role, by=operator, reason="term over")
    user = User.objects.get(pk=user.pk)
    assert not user.is_staff
    assert roles_of(user) == ()


def test_a_role_without_the_admin_leaves_it_closed(operator):
    user = person()
    grant_role(user, RoleKind.REVIEWER, ROUND, by=operator, reason="panel")
    assert not User.objects.get(pk=user.pk).is_staff
    assert demands_second_factor(user)


def test_the_calendar_alone_begins_and_ends_roles(operator):
    today = timezone.localdate()
    user = person()
    grant_role(
        user,
        RoleKind.NETWORK_OFFICER,
        NETWORK,
        by=operator,
        reason="from tomorrow",
        starts_on=today + timedelta(days=1),
    )
    assert not User.objects.get(pk=user.pk).is_staff
    Role.objects.filter(user=user).update(starts_on=today)
    assert step_all() == 1
    assert User.objects.get(pk=user.pk).is_staff
    Role.objects.filter(user=user).update(ends_on=today)
    sweep()
    assert not User.objects.get(pk=user.pk).is_staff
    assert step_all() == 0


def test_the_same_role_twice_is_refused(officer, operator):
    with pytest.raises(DomainError) as refused:
        grant_role(officer, RoleKind.NETWORK_OFFICER, NETWORK, by=operator, reason="again")
    assert refused.value.code == "held"
    grant_role(officer, RoleKind.NETWORK_OFFICER, OTHER, by=operator, reason="another network")


def test_a_role_that_ended_can_be_given_again(operator):
    user = person()
    role = grant_role(user, RoleKind.TRANSLATOR, "el", by=operator, reason="volunteer")
    end_role(role, by=operator, reason="left")
    grant_role(user, RoleKind.TRANSLATOR, "el", by=operator, reason="came back")
    assert scopes(user, RoleKind.TRANSLATOR) == {"el"}
    with pytest.raises(DomainError) as refused:
        end_role(role, by=operator, reason="twice")
    assert refused.value.code == "ended"


def test_officers_give_roles_within_their_network_only(officer, city_in_network):
    cases = {
        (RoleKind.NETWORK_OFFICER, NETWORK): True,
        (RoleKind.NETWORK_OFFICER, OTHER): False,
        (RoleKind.CITY_OFFICER, CITY): True,
        (RoleKind.CITY_OFFICER, "elsewhere"): False,
        (RoleKind.OPERATOR, ""): False,
        (RoleKind.AUDITOR, ""): False,
        (RoleKind.TRANSLATOR, "el"): False,
        ("nothing", ""): False,
    }
    for asked, allowed in cases.items():
        assert bool(can_grant_role(officer, asked)) is allowed, asked
    with pytest.raises(DomainError) as refused:
        grant_role(person(), RoleKind.NETWORK_OFFICER, OTHER, by=officer, reason="mine")
    assert refused.value.code == "denied"


def test_operators_give_every_role_and_others_none(operator):
    somebody = person()
    for kind in TERMS:
        assert can_grant_role(operator, (kind, "x"))
        assert not can_grant_role(somebody, (kind, "x"))


@pytest.mark.parametrize(
    ("kind", "scope", "reason", "code"),
    [
        ("emperor", "", "x", "kind"),
        (RoleKind.CITY_OFFICER, "", "x", "scope"),
        (RoleKind.CITY_OFFICER, "Aarhus", "x", "scope"),
        (RoleKind.TRANSLATOR, "klingon", "x", "scope"),
        (RoleKind.CITY_OFFICER, CITY, " \r\n", "reason"),
    ],
)
def test_a_role_needs_a_kind_a_scope_and_a_reason(operator, kind, scope, reason, code):
    with pytest.raises(DomainError) as refused:
        grant_role(person(), kind, scope, by=operator, reason=reason)
    assert refused.value.code == code
    assert Role.objects.count() == 1


def test_a_role_does_not_end_before_it_begins(operator):
    with pytest.raises(DomainError) as refused:
        grant_role(
            person(), RoleKind.TRANSLATOR, "el", by=operator, reason="x",
            starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1),
        )  # fmt: skip
    assert refused.value.code == "dates"


def test_the_last_operator_stays(operator):
    role = Role.objects.get(user=operator)
    with pytest.raises(DomainError) as refused:
        end_role(role, by=operator, reason="tired")
    assert refused.value.code == "last"
    second = person("second@example.org", "Second")
    grant_role(second, RoleKind.OPERATOR, by=operator, reason="to share the work")
    end_role(role, by=second, reason="tired")
    assert not is_operator(User.objects.get(pk=operator.pk))


def test_history_knows_who_gave_a_role_and_why(operator):
    user = person()
    role = grant_role(user, RoleKind.TRANSLATOR, "el", by=operator, reason="speaks Greek")
    event = AuditEvent.objects.get(table="people_role", row=str(role.pk))
    assert (event.action, event.reason, role.granted_by) == ("I", "speaks Greek", operator)
