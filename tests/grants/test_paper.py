"""Applications that came on paper: typed in by staff, marked as such, with the moment at which the paper arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from grants.domain.drafts import save_section
from grants.domain.paper import Paper, enter_paper
from grants.domain.people import join
from grants.domain.submission import reopen_application, submit_application
from grants.models import Application, ApplicationInvitation, Round
from network.doors import DomainError
from network.people.domain.organisations import OrganisationData
from network.people.models import Organisation
from tests.grants import builders
from tests.people.signing import sign_in

NEW = OrganisationData("Lamp & Table", "community_group", "GB")


@pytest.fixture
def round_(db) -> Round:
    return builders.round_of(builders.fund(), grace_seconds=120)


def arrived(round_: Round, before_closing: timedelta = timedelta(hours=1)):
    return builders.wall(round_.closes_at - before_closing)


def entered(round_: Round, at=None, **paper) -> Application:
    told = {"arrived": arrived(round_), "new": NEW} | paper
    return enter_paper(round_, Paper(**told), by=builders.operator(), at=at or round_.closes_at + timedelta(days=3))


def test_paper_is_typed_after_the_closing_and_has_arrived_before(round_):
    at = round_.closes_at + timedelta(days=3)
    application = entered(round_, at)
    by = builders.operator()
    builders.complete(application, by=by, at=at)
    version = submit_application(application, by=by, at=at)
    application.refresh_from_db()
    assert version.received_at == round_.closes_at - timedelta(hours=1)
    assert (version.in_grace, version.submitted_by, application.entered_by) == (False, by, by)
    assert application.reference
    assert str(application.organisation) == "Lamp & Table"
    assert application.attempts.get().received_at == at


def test_paper_in_the_grace_says_so(round_):
    at = round_.closes_at + timedelta(days=1)
    application = entered(round_, at, arrived=builders.wall(round_.closes_at + timedelta(seconds=60)))
    builders.complete(application, by=builders.operator(), at=at)
    assert submit_application(application, by=builders.operator(), at=at).in_grace


@pytest.mark.parametrize(
    ("shift", "at_shift", "code"),
    [
        (timedelta(days=-50), timedelta(0), "arrived"),
        (timedelta(seconds=180), timedelta(days=1), "arrived"),
        (timedelta(hours=-1), timedelta(hours=-3), "arrived"),
        (timedelta(hours=-1), timedelta(days=15), "closed"),
    ],
)
def test_paper_that_came_at_the_wrong_time_is_refused(round_, shift, at_shift, code):
    with pytest.raises(DomainError) as refused:
        entered(round_, round_.closes_at + at_shift, arrived=builders.wall(round_.closes_at + shift))
    assert refused.value.code == code
    assert not Application.objects.exists()
    assert not Organisation.objects.filter(slug="lamp-table").exists()


def test_what_the_organisation_may_send_holds_on_paper_too(round_):
    first = entered(round_)
    with pytest.raises(DomainError) as refused:
        entered(round_, organisation=first.organisation, new=None)
    assert refused.value.code == "max_per_organisation"


def test_the_organisations_own_people_work_on_it_and_an_address_is_invited(round_):
    owner = builders.person("Maya")
    house = builders.organisation(owner)
    application = entered(round_, organisation=house, new=None, email="desk@lamp.example", language="ar")
    assert application.members.get(user=owner).role == "owner"
    invitation = ApplicationInvitation.objects.get(application=application)
    assert (invitation.email, invitation.role, invitation.language) == ("desk@lamp.example", "owner", "ar")


def test_nobody_gets_more_time_by_having_been_on_paper(round_):
    owner, by = builders.person("Maya"), builders.operator()
    house = builders.organisation(owner)
    before, after = round_.closes_at - timedelta(hours=1), round_.closes_at + timedelta(days=2)
    application = entered(round_, before, organisation=house, new=None)
    # While it is typed in, its people read it and change nothing, before the closing and after it.
    for at in (before, after):
        with pytest.raises(DomainError) as refused:
            save_section(application, "project", {"title": "Better"}, revision=1, by=owner, at=at)
        assert refused.value.code == "denied"
    with pytest.raises(DomainError):
        submit_application(application, by=owner, at=before)
    builders.complete(application, by=by, at=after)
    submit_application(application, by=by, at=after)
    # Once sent it closes with its round: two days after that nobody opens it again, not even who typed.
    application.refresh_from_db()
    assert application.closes_at == round_.closes_at
    for person, code in ((owner, "closed"), (by, "denied")):
        with pytest.raises(DomainError) as refused:
            reopen_application(application, by=person, at=after)
        assert refused.value.code == code


def test_what_was_sent_from_paper_is_its_peoples_to_change_until_the_round_closes(round_):
    owner, by, at = builders.person("Maya"), builders.operator(), round_.closes_at - timedelta(hours=1)
    application = entered(
        round_, at, organisation=builders.organisation(owner), new=None, arrived=arrived(round_, timedelta(hours=9))
    )
    builders.complete(application, by=by, at=at)
    submit_application(application, by=by, at=at)
    assert dict(application.members.values_list("user", "role")) == {owner.pk: "owner", by.pk: "viewer"}
    reopen_application(application, by=owner, at=at)
    again = submit_application(application, by=owner, at=at)
    assert (again.number, again.received_at) == (2, at)


def test_who_is_invited_comes_to_read_it_after_it_was_sent(round_):
    by, at = builders.operator(), round_.closes_at + timedelta(days=1)
    application = entered(round_, at, email="nour@people.example")
    builders.complete(application, by=by, at=at)
    submit_application(application, by=by, at=at)
    invitation = ApplicationInvitation.objects.get(application=application)
    assert application.members.get(user=by).role == "owner", "nobody else owns it yet"
    assert join(invitation, by=builders.person("Nour"), at=at + timedelta(days=3)).role == "owner"
    assert application.members.get(user=by).role == "viewer"


def test_who_does_not_run_the_fund_enters_nothing(round_):
    with pytest.raises(DomainError) as refused:
        enter_paper(round_, Paper(arrived(round_), new=NEW), by=builders.person("Bo"), at=round_.closes_at)
    assert refused.value.code == "denied"


def test_typing_ends_after_fourteen_days(round_):
    application = entered(round_)
    late = round_.closes_at + timedelta(days=17, seconds=301)
    with pytest.raises(DomainError) as refused:
        save_section(application, "project", {"title": "T"}, revision=1, by=builders.operator(), at=late)
    assert refused.value.code == "closed"


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    sign_in(client, builders.operator())
    return client


def address(round_: Round) -> str:
    return reverse("grants:paper", args=[round_.fund.slug, round_.number])


def typed(round_: Round, **change) -> dict[str, str]:
    moment = builders.wall(round_.opens_at + timedelta(hours=5))
    return {"arrived": f"{moment:%Y-%m-%dT%H:%M}", "organisation": "City-Hall", "language": "en"} | change


def test_staff_begin_it_on_a_page_and_its_readers_see_that_it_came_on_paper(round_, staff):
    answer = staff.post(address(round_), typed(round_))
    application = Application.objects.get()
    assert answer["Location"] == application.get_absolute_url()
    page = staff.get(application.get_absolute_url()).content.decode()
    assert "typed in by" in page
    assert "Operator" in page


def test_a_new_organisation_is_registered_with_it(round_, staff):
    data = typed(round_, organisation="بيت المصباح", is_new="on", kind="ngo", country="GB")
    assert staff.post(address(round_), data).status_code == 302
    assert str(Application.objects.get().organisation) == "بيت المصباح"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organisation": "Nobody knows us"}, "No organisation of this name is registered."),
        ({"organisation": "New one", "is_new": "on"}, "Choose what kind of organisation it is."),
        ({"arrived": ""}, "Say when it arrived."),
        ({"arrived": "2999-01-01T12:00"}, "This moment is still to come."),
        ({"email": "no address"}, "Enter an address like name@example.org."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(round_, staff, change, words):
    answer = staff.post(address(round_), typed(round_, **change))
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert not Application.objects.exists()
    for text in change.values():
        assert text in page
