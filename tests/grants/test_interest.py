"""Interest in a fund: said without an account, confirmed from the address, seen by staff alone, gone without a trace."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from grants.domain.interest import NewInterest, confirm_interest, forget_interests, remove_interest, say_interest
from grants.enums import FundStatus
from grants.models import Fund, Interest
from grants.queries.people import own_data
from grants.rules.interest import interest_token, read_interest_token
from network.audit.models import AuditEvent
from network.mail.models import OutgoingMail
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_running_funds import refused
from tests.people.signing import sign_in
from tests.threads import in_threads

NOTE = {
    "kind": "city",
    "organisation": "City of Malmö",
    "name": "Åsa",
    "email": "asa@malmo.example",
    "message": "Us too",
}


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def fund(db):
    return Fund.objects.get(pk=builders.fund().pk)


@pytest.fixture
def said(fund):
    return say_interest(fund, NewInterest(**NOTE, language="sv"), at=timezone.now())


@pytest.fixture
def manager(fund):
    return staff(RoleKind.FUND_MANAGER, fund.uuid, email="manager@fund.example", name="Manager")


def test_nobody_sees_it_before_the_link_was_used(client, fund, manager):
    sent = client.post(at("interest", fund.slug, language="sv"), NOTE)
    assert sent.url == at("interest_sent", fund.slug, language="sv")
    assert client.get(sent.url).status_code == 200
    interest = Interest.objects.get()
    mail = OutgoingMail.objects.get(kind="grants.interest")
    assert (mail.to_email, mail.language) == ("asa@malmo.example", "sv")
    link = mail.context["path"]
    assert link.startswith("/sv/interest/")
    assert read_interest_token(link.split("/")[-2]) == interest.uuid
    staff_browser = sign_in(type(client)(), manager)
    assert "Malmö" not in staff_browser.get(at("interests", fund.slug)).content.decode()
    shown = client.get(link)
    assert "City of Malmö" in shown.content.decode()
    interest.refresh_from_db()
    assert interest.confirmed_at is None, "looking changes nothing"
    assert client.post(link, {"act": "confirm"}).url == link
    seen = staff_browser.get(at("interests", fund.slug)).content.decode()
    assert "City of Malmö" in seen
    assert "asa@malmo.example" in seen
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("field", ["kind", "organisation", "name", "email"])
def test_what_is_missing_is_said_and_nothing_is_lost(client, fund, field):
    answer = client.post(at("interest", fund.slug), {**NOTE, field: " "})
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert "Us too" in answer.content.decode()
    assert not Interest.objects.exists()


def test_programs_that_fill_in_everything_reach_nobody(client, fund):
    assert client.post(at("interest", fund.slug), {**NOTE, "website": "x"}).status_code == 302
    assert not Interest.objects.exists()


def test_one_address_and_one_place_have_their_limits(client, fund):
    for n in range(3):
        assert client.post(at("interest", fund.slug), {**NOTE, "message": str(n)}).status_code == 302
    answer = client.post(at("interest", fund.slug), {**NOTE, "message": "The fourth"})
    assert answer.status_code == 429
    assert "The fourth" in answer.content.decode()
    assert OutgoingMail.objects.count() == 3


def test_an_address_has_one_note_which_stays_once_it_is_confirmed(fund, said):
    now = timezone.now()
    again = say_interest(
        fund, NewInterest(**{**NOTE, "email": "ASA@malmo.example", "name": "Other"}, language="en"), at=now
    )
    assert (again.pk, Interest.objects.get().name) == (said.pk, "Other")
    confirm_interest(said, at=now)
    say_interest(fund, NewInterest(**{**NOTE, "name": "Third"}, language="en"), at=now + timedelta(seconds=1))
    assert Interest.objects.get().name == "Other"
    assert OutgoingMail.objects.count() == 3
    assert OutgoingMail.objects.latest("id").context["confirmed"]


def test_a_persons_export_holds_what_they_confirmed_and_nothing_typed_in_their_name(fund, said):
    asa = builders.person("Asa")
    said.email = asa.email
    said.save()
    assert own_data(asa)["interests_in_funds"] == []
    confirm_interest(said, at=timezone.now())
    assert [one["fund"] for one in own_data(asa)["interests_in_funds"]] == [fund.slug]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_are_one_note():
    fund, at_ = builders.fund(), timezone.now()
    new = NewInterest(**NOTE, language="en")
    in_threads(3, lambda n: say_interest(fund, new, at=at_ + timedelta(microseconds=n)))
    assert Interest.objects.count() == 1


def test_whoever_has_the_link_deletes_it_without_a_trace(client, fund, said):
    link = at("interest_link", interest_token(said.uuid))
    assert "deleted" in client.post(link, {"act": "delete"}).content.decode()
    assert not Interest.objects.exists()
    assert client.get(link).status_code == 404
    told = "".join(str([one.before, one.after]) for one in AuditEvent.objects.filter(table="grants_interest"))
    assert told
    for word in ("Malmö", "Åsa", "asa@malmo.example", "Us too"):
        assert word not in told


@pytest.mark.parametrize("token", ["nonsense", "InRoaXMgaXMgbm90IGEgdXVpZCI:1abc:def"])
def test_a_link_of_ones_own_making_opens_nothing(client, fund, token):
    assert client.get(at("interest_link", token)).status_code == 404


def test_a_draft_has_no_such_form(client, fund, said):
    Fund.objects.update(status=FundStatus.DRAFT)
    fund.refresh_from_db()
    assert client.get(at("interest", fund.slug)).status_code == 404
    assert refused(say_interest, fund, NewInterest(**NOTE, language="en"), at=timezone.now()).code == "draft"


def test_what_was_not_confirmed_goes_after_a_week_and_the_rest_after_two_years(fund, said):
    now = timezone.now()
    assert forget_interests(now + timedelta(days=6)) == 0
    assert forget_interests(now + timedelta(days=8)) == 1
    again = say_interest(fund, NewInterest(**NOTE, language="en"), at=now)
    confirm_interest(again, at=now)
    assert forget_interests(now + timedelta(days=700)) == 0
    assert forget_interests(now + timedelta(days=731)) == 1


def test_staff_download_a_list_in_which_nothing_runs_and_erase_a_line(client, fund, manager, applicant):
    new = NewInterest("company", "=cmd()", "+Ltd", "x@ltd.example", "en", "@SUM(1)")
    interest = say_interest(fund, new, at=timezone.now())
    confirm_interest(interest, at=timezone.now())
    browser = sign_in(client, manager)
    answer = browser.get(at("interests_file", fund.slug))
    heading, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading[0] == "Who"
    assert row[1:6] == ["'+Ltd", "'=cmd()", "x@ltd.example", "en", "'@SUM(1)"]
    assert refused(remove_interest, interest, by=applicant).code == "denied"
    page = at("interest_remove", fund.slug, interest.pk)
    assert browser.get(page).status_code == 200
    assert Interest.objects.exists()
    assert browser.post(page).url == at("interests", fund.slug)
    assert not Interest.objects.exists()
    assert browser.get(page).status_code == 404


def test_the_list_takes_the_same_queries_for_one_and_for_three(client, fund, manager, django_assert_num_queries):
    browser = sign_in(client, manager)
    for n in range(3):
        if n in (0, 2):
            browser.get(at("interests", fund.slug))
        interest = say_interest(
            fund, NewInterest(**{**NOTE, "email": f"{n}@a.example"}, language="en"), at=timezone.now()
        )
        confirm_interest(interest, at=timezone.now())
        if n in (0, 2):
            with django_assert_num_queries(6):
                assert browser.get(at("interests", fund.slug)).content.decode().count("@a.example</a>") == n + 1
