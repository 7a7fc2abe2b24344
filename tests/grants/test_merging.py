"""Applications and contributions when two organisations are merged."""

import pytest
from django.utils import timezone

from grants.domain.funds import add_contribution
from grants.domain.submission import submit_application
from grants.models import Application, Contribution
from network.doors import DomainError
from network.people.domain.merging import merge_organisations, preview_of
from network.people.models import Organisation
from tests.grants import builders
from tests.threads import in_threads

REASON = "The same board."


@pytest.fixture
def operator(db):
    return builders.operator()


@pytest.fixture
def other(db):
    return builders.organisation(builders.person("Bo"), slug="lantern-yard-cio")


def test_applications_go_over_with_those_who_work_on_them(ready, ngo, other, operator, applicant):
    submit_application(ready, by=applicant, at=timezone.now())
    merge_organisations(ngo, other, by=operator, reason=REASON)
    ready.refresh_from_db()
    assert ready.organisation == other
    assert [row.user for row in ready.members.all()] == [applicant]


def test_drafts_go_over_and_are_not_told(draft, ngo, other, operator):
    assert "Applications sent" not in {str(line.title) for line in preview_of(ngo, other).moving}
    merge_organisations(ngo, other, by=operator, reason=REASON)
    draft.refresh_from_db()
    assert draft.organisation == other


def test_more_than_may_be_sent_is_said_before(open_round, ngo, other, applicant):
    open_round.max_per_organisation = 1
    open_round.save()
    bo = other.members.get()
    for by, organisation in ((applicant, ngo), (bo, other)):
        draft = builders.complete(builders.draft(by, open_round, organisation), by=by)
        submit_application(draft, by=by, at=timezone.now())
    line = next(line for line in preview_of(ngo, other).moving if line.title == "Applications sent")
    assert line.number == 1
    assert "more applications than it may send" in str(line.note)


def test_two_funders_of_one_fund_are_not_merged(open_round, ngo, other, operator):
    for funder in (ngo, other):
        add_contribution(open_round.fund, funder, 100, by=operator)
    assert len(preview_of(ngo, other).hindrances) == 1
    with pytest.raises(DomainError) as refused:
        merge_organisations(ngo, other, by=operator, reason=REASON)
    assert refused.value.code == "hindrance"
    third = builders.organisation(builders.person("Cy"), slug="third")
    Contribution.objects.filter(funder=other).update(funder=third)
    merge_organisations(ngo, other, by=operator, reason=REASON)
    assert Contribution.objects.filter(fund=open_round.fund, funder=other).exists()


@pytest.mark.django_db(transaction=True)
def test_who_starts_while_it_is_merged_has_a_draft_of_the_one_that_stays_or_is_told():
    operator = builders.operator()
    round_ = builders.round_of(builders.fund(), max_per_organisation=9)
    for turn in range(4):
        amina = builders.person(f"Amina{turn}")
        one = builders.organisation(amina, slug=f"one-{turn}")
        two = builders.organisation(builders.person(f"Bo{turn}"), slug=f"two-{turn}")

        def act(n, one=one, two=two, amina=amina):
            if n:
                return merge_organisations(one, two, by=operator, reason=REASON)
            return builders.draft(amina, round_, one)

        started, merged = in_threads(2, act)
        assert merged == two
        if isinstance(started, DomainError):
            assert started.code == "denied"
            assert not Application.objects.filter(members__user=amina).exists()
        else:
            assert Application.objects.get(pk=started.pk).organisation == two
        assert not Application.objects.filter(organisation__in=Organisation.objects.exclude(merged_into=None)).exists()
