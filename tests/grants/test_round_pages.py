"""The pages on which those who run a fund set up and change its rounds, over HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from grants.domain.rounds import move_closing
from grants.domain.terms import walls_of
from grants.models import Round
from tests.grants import builders
from tests.grants.browsing import at, lines, text
from tests.grants.test_copying import when


def round_data(round_: Round, **changes):
    walls = walls_of(round_)
    data = {
        "title_en": round_.title_en, "title_ar": round_.title_ar or "", "opens": f"{walls['opens']:%Y-%m-%dT%H:%M}", "closes": f"{walls['closes']:%Y-%m-%dT%H:%M}",
        "zone": round_.timezone, "grace_seconds": round_.grace_seconds, "max_per_organisation": round_.max_per_organisation,
        "award_min": "1000", "award_max": "50000", "version": round_.version,
    }  # fmt: skip
    return {**data, **changes}


def test_a_round_is_set_up_like_the_last_and_shown(staff_client, fund, hidden):
    page = staff_client.get(at("new_round", fund.slug))
    assert "As in “First round”" in text(page)
    new = {
        "title_en": "Second", "opens": f"{when(70):%Y-%m-%dT%H:%M}", "closes": f"{when(90):%Y-%m-%dT%H:%M}", "zone": "Europe/London",
        "grace_seconds": "٦٠", "max_per_organisation": "2", "sealed": "on", "like": hidden.pk,
    }  # fmt: skip
    made = staff_client.post(at("new_round", fund.slug), new)
    assert made.url == at("round_desk", fund.slug, 2)
    round_ = fund.rounds.get(number=2)
    assert (round_.published, round_.grace_seconds, round_.sealed, round_.criteria.count()) == (False, 60, True, 1)
    assert staff_client.post(at("round_show", fund.slug, 2)).status_code == 302
    round_.refresh_from_db()
    assert round_.published
    assert "Second" in text(staff_client.get(at("fund", fund.slug)))


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"opens": "2031-03-30T01:30"}, "opens", "before 01:00, or from 02:00 on"),
        ({"closes": "2031-10-26T01:30"}, "closes", "before 01:00, or from 02:00 on"),
        ({"closes": "2031-03-01T01:00"}, "closes", "between 01:00 and 03:00"),
        ({"closes": "2020-03-01T09:00"}, "closes", "closes after it opens"),
        ({"closes": "soon"}, "closes", "a day and an hour"),
        ({"opens": ""}, "opens", "when it opens"),
        ({"grace_seconds": "301"}, "grace_seconds", "at most 300"),
        ({"max_per_organisation": "0"}, "max_per_organisation", "from 1 to 100"),
        ({"award_min": "60000"}, "award_max", "smallest grant is larger"),
        ({"zone": "Europe/Londinium"}, "zone", "choice"),
        ({"title_en": ""}, "title_en", "needs a title"),
        ({"title_en": "x" * 161}, "title_en", "at most 160"),
    ],
)
def test_what_is_wrong_in_a_round_is_said_beside_the_field(staff_client, fund, hidden, changes, field, words):
    Round.objects.filter(pk=hidden.pk).update(title_ar="")
    answer = staff_client.post(at("round_terms", fund.slug, hidden.number), round_data(hidden, **changes))
    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    before = (hidden.opens_at, hidden.closes_at)
    hidden.refresh_from_db()
    assert (hidden.opens_at, hidden.closes_at) == before


def test_what_stays_is_shown_with_its_reason_and_not_taken_from_the_form(staff_client, fund):
    round_ = builders.round_of(fund)
    page = text(staff_client.get(at("round_terms", fund.slug, round_.number)))
    assert "People write by these terms" in page
    assert 'name="blind"' not in page
    answer = staff_client.post(
        at("round_terms", fund.slug, round_.number), round_data(round_, blind="on", award_max="1", grace_seconds="90")
    )
    assert answer.status_code == 302
    round_.refresh_from_db()
    assert (round_.blind, round_.award_max, round_.grace_seconds) == (False, 50_000, 90)
    back = staff_client.post(at("round_terms", fund.slug, round_.number), round_data(round_, grace_seconds="30"))
    assert "only become longer" in " ".join(back.context["form"].errors["grace_seconds"])


def test_a_saved_round_that_nothing_was_changed_in_is_not_refused(staff_client, fund):
    """Seconds and unknown hours of old rounds are not what a form can show."""
    round_ = builders.round_of(
        fund, opens=timezone.now() - timedelta(days=60), closes=timezone.now() - timedelta(days=30)
    )
    answer = staff_client.post(
        at("round_terms", fund.slug, round_.number),
        round_data(round_, awarded="300,000", projects="12", source="Minutes"),
    )
    assert answer.status_code == 302
    round_.refresh_from_db()
    assert (round_.awarded, round_.projects, round_.source) == (300_000, 12, "Minutes")


def test_a_title_is_written_in_every_language_of_the_fund_on_one_page(staff_client, fund, hidden):
    fund.languages = ["en", "ar", "sv"]
    fund.save()
    here = at("round_terms", fund.slug, hidden.number)
    page = html.fromstring(staff_client.get(here).content)
    assert [(one.get("lang"), one.get("dir")) for one in page.xpath('//input[starts-with(@name, "title_")]')] == [
        ("en", "ltr"),
        ("ar", "rtl"),
        ("sv", "ltr"),
    ]
    assert staff_client.post(here, round_data(hidden, title_sv="Första", title_ar="")).status_code == 302
    hidden.refresh_from_db()
    assert (hidden.title_en, hidden.title_ar or "", hidden.title_sv) == ("First round", "", "Första")


def test_who_saves_over_somebody_else_s_terms_sees_both_and_chooses(staff_client, fund, hidden):
    here, mine = at("round_terms", fund.slug, hidden.number), round_data(hidden, title_en="Mine", award_min="2000")
    theirs = round_data(hidden, title_en="Theirs", award_min="3000")
    assert staff_client.post(here, theirs).status_code == 302
    stale = staff_client.post(here, mine)
    assert stale.status_code == 409
    assert [(one["name"], one["text"]) for one in stale.context["now"]] == [
        ("Title (English)", "Theirs"),
        ("Smallest grant", "£3,000"),
    ]
    assert 'value="Mine"' in text(stale)
    assert staff_client.post(here, {**mine, "version": stale.context["form"]["version"].value()}).status_code == 302
    hidden.refresh_from_db()
    assert (hidden.title_en, hidden.award_min) == ("Mine", 2_000)


def test_who_saves_over_somebody_else_s_sizes_sees_both_and_chooses(staff_client, fund, hidden):
    here = at("round_tiers", fund.slug, hidden.number)
    seen = html.fromstring(staff_client.get(here).content).xpath('//input[@name="seen"]/@value')[0]
    mine = {**lines([{"minimum": "5", "maximum": "60"}]), "seen": seen}
    assert (
        staff_client.post(here, {**lines([{"minimum": "7", "maximum": "80", "match": "25"}]), "seen": seen}).status_code
        == 302
    )
    stale = staff_client.post(here, mine)
    assert stale.status_code == 409
    for words in ("What stands now", "£7", "match funding 25", 'value="60"'):
        assert words in text(stale)
    assert hidden.tiers.get().minimum == 7
    again = html.fromstring(stale.content).xpath('//input[@name="seen"]/@value')[0]
    assert staff_client.post(here, {**mine, "seen": again}).status_code == 302
    assert hidden.tiers.get().minimum == 5


def test_sizes_are_saved_shown_and_refused_with_the_amounts(staff_client, fund, hidden):
    address = at("round_tiers", fund.slug, hidden.number)
    rows = [{"minimum": "10000", "maximum": "25,000"}, {"minimum": "25001", "maximum": "50 000", "match": "50"}, {}]
    assert staff_client.post(address, lines(rows)).status_code == 302
    assert [(tier.minimum, tier.match) for tier in hidden.tiers.all()] == [(10_000, 0), (25_001, 50)]
    gap = staff_client.post(address, lines([{"minimum": "1", "maximum": "2"}, {"minimum": "5", "maximum": "6"}]))
    assert "between £2 and £5" in text(gap)
    half = staff_client.post(address, lines([{"minimum": "1"}]))
    assert "begins and ends" in " ".join(half.context["lines"].forms[0].errors["maximum"])
    preview = text(staff_client.get(at("fund_preview", fund.slug)))
    assert "at least 50% of the grant" in preview


def test_the_closing_time_moves_by_one_page_with_a_reason(staff_client, fund):
    round_ = builders.round_of(fund)
    address = at("round_closing", fund.slug, round_.number)
    seen = round_.closes_at.isoformat()
    later = {"closes": f"{when(50):%Y-%m-%dT%H:%M}", "seen": seen}
    refused = staff_client.post(address, {**later, "reason": ""})
    assert "Give a reason" in text(refused)
    move_closing(round_, when(40), reason="Storm", by=builders.operator())
    stale = staff_client.post(address, {**later, "reason": "Flood"})
    assert stale.status_code == 409
    round_.refresh_from_db()
    assert round_.closes_at.isoformat() in text(stale)
    assert (
        staff_client.post(address, {**later, "reason": "Flood", "seen": round_.closes_at.isoformat()}).status_code
        == 302
    )
    past = staff_client.post(address, {"closes": "2020-01-01T09:00", "reason": "Flood", "seen": ""})
    assert past.status_code == 400


def test_a_round_is_taken_back_with_a_reason(staff_client, fund, hidden):
    address = at("round_show", fund.slug, hidden.number)
    staff_client.post(address)
    assert staff_client.post(address, {"reason": ""}).status_code == 400
    staff_client.post(address, {"reason": "Too early"})
    hidden.refresh_from_db()
    assert not hidden.published
