"""Labels where people meet them: the practice's page, the list and its filter, the pages of those who give them, mails."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from network.frame.moments import day_text
from network.mail.domain.planning import add_default_rules, plan
from network.mail.models import OutgoingMail
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from practices.deadlines import labels as deadlines
from practices.domain.labels import Grounds, renew_label, withdraw_label
from practices.models import Label, PeerReview
from practices.queries.finding import find
from practices.queries.wanted import Wanted
from practices.rules.labels import RENEWED_WITHIN
from tests.people.signing import sign_in
from tests.practices.labelling import Labelled, labelled

pytestmark = pytest.mark.django_db


@pytest.fixture
def it() -> Labelled:
    return labelled()


def page(url: str, client: Client | None = None) -> str:
    # What was kept a minute ago is over.
    cache.clear()
    response = (client or Client()).get(url)
    assert response.status_code == 200, (url, response.status_code)
    return response.content.decode()


def browser(user) -> Client:
    return sign_in(Client(), user)


def url_of(it: Labelled, rest: str = "", language: str = "en") -> str:
    return f"/{language}/practices/{it.practice.slug}/{rest}"


# --- everybody --------------------------------------------------------------------------------------------------------


def test_the_page_shows_a_valid_label_with_its_points_and_last_day_in_the_readers_language(it):
    label = it.award(grounds=Grounds("Bridges that hold.", "en"))
    shown = page(url_of(it))
    assert 'href="#labels"' in shown
    assert "Bridges that hold." in shown
    assert "valid until" in shown
    assert day_text(label.valid_until) in shown
    assert (
        f'aria-label="Points of 5: the mean of what 2 peers gave, the last on {day_text(label.reviewed_on)}"' in shown
    )
    assert "ممارسة مُثبتة" in page(url_of(it, language="ar"))


def test_a_label_expires_by_itself_and_is_a_quiet_line_from_then_on(it):
    label = it.award_ending_in(0)
    assert 'href="#labels"' in page(url_of(it))
    label.valid_until -= datetime.timedelta(days=1)
    label.save(update_fields=["valid_until"])
    shown = page(url_of(it))
    assert 'href="#labels"' not in shown
    assert "expired on" in shown
    assert "the mean of what" not in shown


def test_a_withdrawn_label_says_so_and_keeps_its_reason_among_those_concerned(it):
    withdraw_label(it.award(), reason="The counter was closed.", by=it.town.decider)
    shown = page(url_of(it))
    assert "withdrawn on" in shown
    assert "The counter was closed." not in shown


def test_a_renewed_label_says_until_when(it):
    old = it.award_ending_in(20)
    it.review_anew()
    renew_label(old, by=it.town.decider)
    assert "renewed already, until" in page(url_of(it))


def test_cards_carry_the_label_while_it_is_valid(it):
    it.award()
    assert "chip--good" in page("/en/practices/")
    Label.objects.all().delete()
    it.award_ending_in(-1)
    assert "chip--good" not in page("/en/practices/")


def test_the_list_is_filtered_by_labels_of_today_without_touching_the_index(it):
    def found() -> int:
        cache.clear()
        return find(Wanted(label=("proven-practice",)), "en", 10, 0).total

    assert found() == 0
    label = it.award_ending_in(0)
    assert found() == 1
    assert "Proven practice" in page("/en/practices/?label=proven-practice")
    # Nobody indexes anything: its last day is over.
    label.valid_until -= datetime.timedelta(days=1)
    label.save(update_fields=["valid_until"])
    assert found() == 0
    assert find(Wanted(label=("no-such-label",)), "en", 10, 0).total == 0


def test_the_filter_counts_each_practice_once_also_while_its_renewal_waits(it):
    old = it.award_ending_in(20)
    it.review_anew()
    renew_label(old, by=it.town.decider)
    assert find(Wanted(label=("proven-practice",)), "en", 10, 0).total == 1
    facets = Client().get("/api/v1/practices/").json()["facets"]["label"]
    assert facets == [{"value": "proven-practice", "label": "Proven practice", "count": 1, "chosen": False}]


def test_a_withdrawal_takes_it_out_of_the_filter_at_once(it):
    label = it.award()
    withdraw_label(label, reason="Closed.", by=it.town.decider)
    assert find(Wanted(label=("proven-practice",)), "en", 10, 0).total == 0


# --- those who give it ------------------------------------------------------------------------------------------------


def test_the_officer_sees_what_is_asked_for_awards_renews_and_withdraws(it):
    at = browser(it.town.decider)
    assert url_of(it, "labels/") in page(url_of(it), at)
    desk = page(url_of(it, "labels/"), at)
    assert "2 finished reviews count; asked for: 2." in desk
    award = url_of(it, "labels/award/proven-practice/")
    assert award in desk
    assert "It is valid until" in page(award, at)
    sent = at.post(award, {"grounds": "Well done.", "language": "en"})
    assert (sent.status_code, sent["Location"]) == (302, url_of(it, "labels/"))
    label = Label.objects.get()
    assert (label.grounds, label.awarded_by) == ("Well done.", it.town.decider)

    renew = url_of(it, f"labels/{label.pk}/renew/")
    fresh = page(url_of(it, "labels/"), at)
    assert renew not in fresh
    assert f"Can be renewed from {day_text(label.valid_until - RENEWED_WITHIN)} on" in re.sub("<[^>]+>", "", fresh)

    Label.objects.update(awarded_on=label.awarded_on - datetime.timedelta(days=600))
    Label.objects.update(valid_from=label.valid_from - datetime.timedelta(days=600))
    Label.objects.update(valid_until=timezone.localdate() + datetime.timedelta(days=9))
    assert renew in page(url_of(it, "labels/"), at)
    assert at.post(renew, {"grounds": "", "language": "en"}).status_code == 302
    assert Label.objects.count() == 2

    withdraw = url_of(it, f"labels/{label.pk}/withdraw/")
    assert "Withdraw the label" in page(withdraw, at)
    empty = at.post(withdraw, {"reason": " "})
    assert empty.status_code == 400
    assert "Say why" in empty.content.decode()
    assert at.post(withdraw, {"reason": "Closed."}).status_code == 302
    assert not Label.objects.standing().exists()
    assert "Closed." in page(url_of(it, "labels/"), at)


def test_where_something_is_missing_there_is_no_button_and_sending_is_refused_with_what_was_typed(it):
    PeerReview.objects.all()[0].delete()
    at = browser(it.town.decider)
    assert "labels/award/" not in page(url_of(it, "labels/"), at)
    award = url_of(it, "labels/award/proven-practice/")
    assert "It can’t be done while something is missing." in page(award, at)
    sent = at.post(award, {"grounds": "Kept words.", "language": "en"})
    assert sent.status_code == 400
    said = sent.content.decode()
    assert "The label can’t be given: 1 thing is missing. 1 finished review counts; asked for: 2." in said
    assert not Label.objects.exists()


def test_the_refusal_is_in_the_language_of_the_reader(it):
    PeerReview.objects.all()[0].delete()
    sent = browser(it.town.decider).post(
        url_of(it, "labels/award/proven-practice/", "sv"), {"grounds": "", "language": "sv"}
    )
    assert "1 avslutad granskning räknas; det krävs 2." in sent.content.decode()


def test_writers_reviewers_and_visitors_do_not_give_labels(it):
    label = it.award()
    for rest in (
        "labels/",
        "labels/award/proven-practice/",
        f"labels/{label.pk}/renew/",
        f"labels/{label.pk}/withdraw/",
    ):
        assert Client().get(url_of(it, rest)).status_code == 302
        assert browser(it.town.peers["athens"]).get(url_of(it, rest)).status_code == 404
        assert browser(it.town.writer).get(url_of(it, rest)).status_code == 403
    assert "/labels/" not in page(url_of(it), browser(it.town.writer))


def test_an_officer_with_a_conflict_of_interest_is_told_so(it):
    grant_role(it.town.decider, RoleKind.CITY_OFFICER, it.town.city.uuid, reason="Helps.", by=it.town.operator)
    at = browser(it.town.decider)
    assert "You are an officer of the city that wrote it" in page(url_of(it, "labels/"), at)
    assert at.get(url_of(it, "labels/award/proven-practice/")).status_code == 403


@pytest.mark.parametrize("rest", ["labels/award/no-such-label/", "labels/999999/renew/", "labels/999999/withdraw/"])
def test_what_is_not_there_is_not_found(it, rest):
    assert browser(it.town.decider).get(url_of(it, rest)).status_code == 404


# --- mails ------------------------------------------------------------------------------------------------------------


def test_the_city_is_told_of_each_act_in_its_language(it):
    old = it.award_ending_in(20)
    it.review_anew()
    renew_label(old, by=it.town.decider)
    withdraw_label(old, reason="Closed.", by=it.town.decider)
    rows = OutgoingMail.objects.filter(kind="practices.label").order_by("id")
    assert [(row.to_name, row.context["event"]) for row in rows] == [
        ("Åsa", "awarded"),
        ("Åsa", "renewed"),
        ("Åsa", "withdrawn"),
    ]
    assert rows[2].context["reason"] == "Closed."


@pytest.mark.parametrize(("days", "rows"), [(61, 0), (60, 2), (15, 2), (13, 2)])
def test_both_sides_are_reminded_sixty_and_fourteen_days_before(it, days, rows):
    it.award_ending_in(days)
    OutgoingMail.objects.all().delete()
    add_default_rules()
    plan(deadlines.KINDS[0], timezone.now().replace(hour=23, minute=30))
    assert OutgoingMail.objects.filter(kind="practices.label_ends").count() == rows


def test_a_reminder_says_what_its_reader_can_do(it):
    label = it.award_ending_in(30)
    at_city = deadlines.describe(label.pk, it.town.writer.pk)
    at_network = deadlines.describe(label.pk, it.town.decider.pk)
    assert (at_city["staff"], at_city["path"]) == (False, it.practice.get_absolute_url())
    assert (at_network["staff"], at_network["path"]) == (True, url_of(it, "labels/"))
    assert deadlines.name_of(label.pk) == "Proven practice: Broar"
    assert deadlines.name_of(10**9) == ""
    for somebody in (it.town.operator, it.town.peers["athens"]):
        with pytest.raises(LookupError):
            deadlines.describe(label.pk, somebody.pk)


def test_nobody_is_reminded_of_what_was_renewed_withdrawn_or_has_expired(it):
    label = it.award_ending_in(30)
    assert list(deadlines.of_city()) == [(label.pk, it.town.writer.pk)]
    assert list(deadlines.of_network()) == [(label.pk, it.town.decider.pk)]
    assert deadlines.rows().count() == 1
    it.review_anew()
    new = renew_label(label, by=it.town.decider)
    assert deadlines.rows().count() == 0
    with pytest.raises(LookupError):
        deadlines.describe(label.pk, it.town.writer.pk)
    withdraw_label(new, reason="Too early.", by=it.town.decider)
    assert deadlines.rows().count() == 1
    withdraw_label(label, reason="Closed.", by=it.town.decider)
    assert deadlines.rows().count() == 0
