"""Two organisations that are not the same: said once, suggested to nobody, taken back."""

import pytest
from django.db import IntegrityError, transaction
from lxml import html

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.people.domain.distinct import say_distinct, take_distinct_back
from network.people.domain.merging import merge_organisations, preview_of
from network.people.models import DistinctOrganisations, Organisation
from network.people.queries.distinct import distinct_from
from network.people.queries.duplicates import possible_duplicates
from tests.people.signing import person, sign_in
from tests.people.test_merging import operator_named, organisation
from tests.threads import in_threads

REASON = "Two towns, two boards."


@pytest.fixture
def lamp(db):
    return organisation(person("a@lamp.example", "Amina"), "Lamp in the Yard")


@pytest.fixture
def other(db):
    return organisation(person("b@two.example", "Bo"), "A Lamp in the Yard")


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


def alike(one) -> list[Organisation]:
    return [row for row, _reasons in possible_duplicates(one)]


def test_a_pair_is_suggested_to_neither_until_it_is_taken_back(lamp, other, operator):
    assert (alike(lamp), alike(other)) == ([other], [lamp])
    third = organisation(person("c@three.example"), "Lamp in the Yard CIO")
    say_distinct(other, lamp, by=operator, reason=f" {REASON} ")
    row = DistinctOrganisations.objects.get()
    assert (row.first, row.second, row.reason, row.said_by) == (lamp, other, REASON, operator)
    assert (alike(lamp), alike(other)) == ([third], [third])
    assert [one.other for one in distinct_from(lamp)] == [other]
    assert [one.other for one in distinct_from(other)] == [lamp]
    take_distinct_back(lamp, other, by=operator)
    assert set(alike(lamp)) == {other, third}
    assert refusal(take_distinct_back, lamp, other, by=operator) == "gone"
    told = AuditEvent.objects.filter(table="people_distinctorganisations").order_by("pk")
    assert [event.action for event in told] == ["I", "D"]
    assert told[0].reason == REASON


def test_what_makes_no_sense_is_refused_and_nothing_is_said(lamp, other, operator):
    assert refusal(say_distinct, lamp, lamp, by=operator, reason=REASON) == "same"
    assert refusal(say_distinct, lamp, other, by=operator, reason=" \u202e ") == "reason"
    assert refusal(say_distinct, lamp, other, by=operator, reason="x" * 1_001) == "reason"
    for who in (lamp.members.get(), person("stranger@one.example")):
        assert refusal(say_distinct, lamp, other, by=who, reason=REASON) == "denied"
    assert not DistinctOrganisations.objects.exists()
    say_distinct(lamp, other, by=operator, reason=REASON)
    assert refusal(say_distinct, other, lamp, by=operator, reason=REASON) == "said"
    assert refusal(take_distinct_back, lamp, other, by=lamp.members.get()) == "denied"


def test_the_database_keeps_a_pair_once_and_in_its_order(lamp, other):
    DistinctOrganisations.objects.create(first=lamp, second=other, reason=REASON)
    for first, second in ((lamp, other), (other, lamp), (lamp, lamp)):
        with pytest.raises(IntegrityError), transaction.atomic():
            DistinctOrganisations.objects.create(first=first, second=second, reason=REASON)


def test_they_are_merged_only_after_that_is_taken_back(lamp, other, operator):
    say_distinct(lamp, other, by=operator, reason=REASON)
    assert any("not the same" in str(one) for one in preview_of(lamp, other).hindrances)
    assert refusal(merge_organisations, lamp, other, by=operator, reason="The same.") == "hindrance"
    take_distinct_back(lamp, other, by=operator)
    merge_organisations(lamp, other, by=operator, reason="The same.")
    assert refusal(say_distinct, lamp, other, by=operator, reason=REASON) == "merged"


def test_what_was_said_of_one_that_is_merged_is_said_of_the_one_that_stays(lamp, other, operator):
    third, fourth = (organisation(person(f"{name}@x{name}.example"), name) for name in ("Third", "Fourth"))
    say_distinct(lamp, third, by=operator, reason=REASON)
    say_distinct(fourth, lamp, by=operator, reason=REASON)
    say_distinct(fourth, other, by=operator, reason="Others")
    assert [line.number for line in preview_of(lamp, other).moving if "not the same" in str(line.title)] == [2]
    merge_organisations(lamp, other, by=operator, reason="The same.")
    assert {(one.other.name, one.row.reason) for one in distinct_from(other)} == {
        ("Third", REASON),
        ("Fourth", "Others"),
    }
    assert DistinctOrganisations.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_say_it_at_once_one_is_told(lamp, other):
    operators = [operator_named(f"operator{n}@example.org") for n in range(2)]
    pairs = [(lamp, other), (other, lamp)]
    told = in_threads(2, lambda n: say_distinct(*pairs[n], by=operators[n], reason=REASON))
    assert sorted(getattr(one, "code", "done") for one in told) == ["done", "said"]
    assert DistinctOrganisations.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_merger_and_its_opposite_at_once_one_is_refused(lamp, other):
    operators = [operator_named(f"operator{n}@example.org") for n in range(2)]
    acts = [
        lambda: say_distinct(lamp, other, by=operators[0], reason=REASON),
        lambda: merge_organisations(other, lamp, by=operators[1], reason="The same."),
    ]
    told = in_threads(2, lambda n: acts[n]())
    assert sorted(isinstance(one, DomainError) for one in told) == [False, True]


def test_staff_say_it_on_a_page_and_take_it_back_on_the_organisation_s(lamp, other, operator, client):
    browser = sign_in(client, operator)
    home = f"/en/desk/verification/{lamp.slug}/"
    page = html.fromstring(browser.get(home).content)
    (address,) = page.xpath(
        '//section[.//h2[contains(., "May be the same")]]//a[contains(@href, "not-the-same")]/@href'
    )
    assert "side by side" in browser.get(address).content.decode()
    wrong = browser.post(address, {"reason": ""})
    assert wrong.status_code == 422
    assert "Say how you know that they are not the same." in wrong.content.decode()
    assert browser.post(address, {"reason": REASON}).url == home
    page = html.fromstring(browser.get(home).content)
    text = page.text_content()
    assert (REASON in text, "No other organisation" in text) == (True, True)
    (act,) = page.xpath('//form[contains(@action, "take-back")]/@action')
    again = browser.post(address, {"reason": REASON})
    assert again.status_code == 409 or "said already" in again.content.decode()
    assert browser.post(act).url == home
    assert REASON not in browser.get(home).content.decode()
    gone = browser.post(act)
    assert "Nobody says any more" in gone.content.decode()
    assert browser.get(act).status_code == 405
