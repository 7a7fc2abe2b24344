"""What a membership is on a day: a pure function of its decisions, and the same in SQL."""

import datetime
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from network.membership.enums import WORKFLOW, DecisionKind, MembershipStatus
from network.membership.models import SINCE_EVER, Membership, MembershipDecision
from network.membership.rules import next_decisions, status_on
from tests import places

DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 20))
LISTED = {MembershipStatus.CURRENT, MembershipStatus.SUSPENDED}


@dataclass(frozen=True)
class Decided:
    kind: str
    effective_on: datetime.date
    pk: int


@st.composite
def decided(draw) -> list[Decided]:
    """Decisions in any order of recording, several on one day too, whether the workflow allows them or not."""
    kinds = draw(st.lists(st.sampled_from(list(DecisionKind)), max_size=6))
    return [Decided(kind, draw(DAYS), number) for number, kind in enumerate(kinds, start=1)]


@st.composite
def lawful(draw) -> list[Decided]:
    """Decisions as `decide` lets them happen: each allowed by the workflow, none before the one before it."""
    status, day, found = MembershipStatus.PENDING, datetime.date(2020, 1, 1), []
    for number in range(draw(st.integers(0, 6))):
        if not WORKFLOW[status]:
            break
        kind = draw(st.sampled_from(list(next_decisions(status))))
        day += datetime.timedelta(draw(st.integers(0, 4)))
        found.append(Decided(kind, day, number))
        status = WORKFLOW[status][kind]
    return found


@given(decided(), DAYS, st.randoms())
def test_the_status_does_not_depend_on_the_order_in_which_decisions_are_read(decisions, day, random):
    shuffled = list(decisions)
    random.shuffle(shuffled)
    assert status_on(shuffled, day) == status_on(decisions, day)


@given(decided(), DAYS)
def test_decisions_of_later_days_change_nothing_today(decisions, day):
    assert status_on(decisions, day) == status_on([one for one in decisions if one.effective_on <= day], day)


@given(lawful())
def test_replaying_the_workflow_and_computing_for_the_last_day_agree(decisions):
    status = MembershipStatus.PENDING
    for one in decisions:
        status = WORKFLOW[status][one.kind]
    assert status_on(decisions, datetime.date(2020, 12, 31)) == status


@given(lawful(), DAYS)
def test_recomputing_for_any_day_gives_what_was_true_on_that_day(decisions, day):
    """Told as it happened: the status after each decision, looked up by day."""
    told = MembershipStatus.PENDING
    for one in decisions:
        if one.effective_on <= day:
            told = WORKFLOW[told][one.kind]
    assert status_on(decisions, day) == told


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(decided())
def test_the_database_lists_the_members_that_the_function_names(django_db_blocker, decisions):
    MembershipDecision.objects.all().delete()
    membership = Membership.objects.first() or places.member(places.network(), places.city())
    membership.decisions.all().delete()
    rows = [
        MembershipDecision.objects.create(membership=membership, kind=one.kind, effective_on=one.effective_on)
        for one in decisions
    ]
    for offset in range(-1, 21):
        day = datetime.date(2020, 1, 1) + datetime.timedelta(offset)
        listed = Membership.objects.members_on(day).filter(pk=membership.pk).exists()
        assert listed == (status_on(rows, day) in LISTED), (day, decisions)


@pytest.mark.django_db
def test_a_member_without_a_known_day_is_one_since_ever():
    membership = places.member(places.network(), places.city())
    assert membership.decisions.get().effective_on == SINCE_EVER
    assert Membership.objects.members_on(datetime.date(1, 1, 1)).get() == membership
