"""The pages of those who run a fund, over HTTP: what they save, what is refused and where the sentence stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from cities.models import City
from grants.domain.rounds import move_closing
from grants.domain.terms import walls_of
from grants.enums import FundStatus
from grants.models import Fund, Round
from network.people.enums import RoleKind
from network.people.models import Organisation
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_copying import when
from tests.people.signing import sign_in


@pytest.fixture
def london(db):
    return City.objects.create(
        slug="london", name_en="London", name_ar="لندن", native_name="London", country="GB", region="europe"
    )


@pytest.fixture
def officer(london):
    return staff(RoleKind.CITY_OFFICER, london.uuid, email="officer@london.example", name="Officer")


@pytest.fixture
def staff_client(client, officer):
    return sign_in(client, officer)


@pytest.fixture
def fund(officer):
    return Fund.objects.get(pk=builders.fund().pk)


@pytest.fixture
def hidden(fund):
    now = timezone.now()
    return builders.round_of(fund, opens=now + timedelta(days=30), closes=now + timedelta(days=60), published=False)


def text(response) -> str:
    return response.content.decode()


def lines(rows, prefix="lines", initial=0):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for n, row in enumerate(rows):
        data |= {f"{prefix}-{n}-{name}": value for name, value in row.items()}
    return data


def test_an_officer_sets_up_a_fund_and_publishes_it(staff_client, london):
    made = staff_client.post(at("new_fund"), {"owner": str(london.uuid), "title": "Neighbours", "currency": "gbp"})
    assert made.url == at("fund_desk", "neighbours")
    fund = Fund.objects.get()
    assert (fund.status, fund.currency, fund.owner_city) == (FundStatus.DRAFT, "GBP", london)
    assert staff_client.get(at("fund", "neighbours")).status_code == 404
    assert "The fund still needs: <bdi>its purpose</bdi>" in text(staff_client.get(made.url))
    assert staff_client.post(at("fund_act", "neighbours")).status_code == 400
    Organisation.objects.create(slug="partner", kind="foundation", name_en="Partner", name_sv="Partnern")
    texts = {"title": "Neighbours", "purpose": "P", "who_can_apply": "W", "who_decides": "D", "aims": "One\nTwo"}
    assert staff_client.post(at("fund_texts", "neighbours"), {**texts, "version": fund.version}).status_code == 302
    fund.refresh_from_db()
    money = {"budget": "١٬٠٠٠", "version": fund.version, **lines([{"funder": "partner", "amount": "1,000.00"}, {}])}
    assert staff_client.post(at("fund_money", "neighbours"), money).status_code == 302
    assert staff_client.get(at("fund_preview", "neighbours")).status_code == 200
    assert staff_client.post(at("fund_act", "neighbours")).url == made.url
    page = text(staff_client.get(at("fund", "neighbours")))
    assert "You run this fund" in page
    assert '<li lang="en" dir="ltr">Two</li>' in page


@pytest.mark.parametrize("language", ["en", "ar", "sv"])
def test_money_that_does_not_add_up_stays_on_the_page_with_the_difference(staff_client, fund, language):
    rows = [
        {"funder": "City-Hall", "amount": "400000", "conditions": "Half"},
        {"funder": "partner", "amount": "300000"},
    ]
    answer = staff_client.post(
        at("fund_money", fund.slug, language=language), {"budget": "800000", "version": fund.version, **lines(rows)}
    )
    assert answer.status_code == 400
    (error,) = answer.context["form"].errors["budget"]
    assert "100,000" in error.replace("\u00a0", ",").replace(".", ",")
    assert 'value="300000"' in text(answer)
    assert 'value="Half"' in text(answer)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ({"funder": "Nobody at all", "amount": "1"}, "funder", "No organisation on the portal has this name"),
        ({"funder": "Twin", "amount": "1"}, "funder", "twin-a, twin-b"),
        ({"funder": "partner"}, "amount", "how much this funder pays"),
        ({"amount": "1"}, "funder", "who pays this"),
        ({"funder": "partner", "amount": "lots"}, "amount", "in figures"),
        ({"funder": "partner", "amount": "1.0051"}, "amount", "two places"),
    ],
)
def test_what_is_wrong_in_a_line_is_said_beside_it(staff_client, fund, row, field, words):
    for slug in ("twin-a", "twin-b"):
        Organisation.objects.create(slug=slug, kind="foundation", name_en="Twin")
    answer = staff_client.post(at("fund_money", fund.slug), {"budget": "1", "version": fund.version, **lines([row])})
    assert answer.status_code == 400
    assert words in " ".join(answer.context["lines"].forms[0].errors[field])
    assert 'class="error-summary' in text(answer)
    assert fund.contributions.count() == 2


def test_two_people_at_once_see_what_stands_and_can_save_over_it(staff_client, fund):
    texts = {"title": "Mine", "purpose": "P", "who_can_apply": "W", "who_decides": "D", "aims": ""}
    seen = fund.version
    staff_client.post(at("fund_texts", fund.slug), {**texts, "title": "Theirs", "version": seen})
    answer = staff_client.post(at("fund_texts", fund.slug), {**texts, "version": seen})
    assert answer.status_code == 409
    assert "Theirs" in text(answer)
    assert 'value="Mine"' in text(answer)
    fund.refresh_from_db()
    assert f'name="version" value="{fund.version}"' in text(answer)
    staff_client.post(at("fund_texts", fund.slug), {**texts, "version": fund.version})
    assert Fund.objects.get().title_en == "Mine"


def test_texts_are_written_in_the_language_of_the_page_beside_another(staff_client, fund):
    page = staff_client.get(at("fund_texts", fund.slug, language="sv"))
    assert "Stand up to hate." in text(page)
    texts = {"title": "Fonden", "purpose": "Stå emot", "who_can_apply": "", "who_decides": "", "aims": ""}
    staff_client.post(at("fund_texts", fund.slug, language="sv"), {**texts, "version": fund.version})
    fund.refresh_from_db()
    assert (fund.title_sv, fund.title_en, fund.purpose_sv) == ("Fonden", "Shared Fund", "Stå emot")


def test_closing_a_fund_asks_for_a_reason(staff_client, fund):
    refused = staff_client.post(at("fund_act", fund.slug), {"reason": ""})
    assert refused.status_code == 400
    assert "Give a reason" in text(refused)
    staff_client.post(at("fund_act", fund.slug), {"reason": "Spent"})
    fund.refresh_from_db()
    assert fund.status == FundStatus.CLOSED


def test_a_fund_is_copied_for_ones_own_city_alone(client, fund, hidden):
    malmo = City.objects.create(slug="malmo", name_en="Malmö", native_name="Malmö", country="SE", region="europe")
    by = staff(RoleKind.CITY_OFFICER, malmo.uuid, email="officer@malmo.example", name="Officer")
    staff_client = sign_in(client, by)
    copied = {
        "title": "Ours",
        "currency": "SEK",
        "opens": f"{when(30):%Y-%m-%dT%H:%M}",
        "closes": f"{when(60):%Y-%m-%dT%H:%M}",
        "zone": "Europe/Stockholm",
    }
    foreign = staff_client.post(at("fund_copy", fund.slug), {**copied, "owner": str(fund.owner_city.uuid)})
    assert "Choose one of the cities" in text(foreign)
    made = staff_client.post(at("fund_copy", fund.slug), {**copied, "owner": str(malmo.uuid)})
    assert made.url == at("fund_desk", "ours-malmo")
    assert Fund.objects.get(slug="ours-malmo").rounds.get().criteria.count() == 1


# --- rounds -----------------------------------------------------------------------------------------------------------


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


# --- who comes in -----------------------------------------------------------------------------------------------------

FUND_PAGES = (
    "fund_desk",
    "fund_preview",
    "fund_texts",
    "fund_terms",
    "fund_money",
    "fund_act",
    "interests",
    "interests_file",
    "new_round",
)
ROUND_PAGES = ("round_desk", "round_terms", "round_tiers", "round_closing", "round_show")


def test_a_stranger_is_told_no_of_a_public_fund_and_nothing_of_a_draft(client, fund, hidden, applicant):
    client.force_login(applicant)
    for status, expected in ((FundStatus.OPEN, 403), (FundStatus.DRAFT, 404)):
        Fund.objects.update(status=status)
        for name in FUND_PAGES:
            assert client.get(at(name, fund.slug)).status_code == expected, name
            assert client.post(at(name, fund.slug), {}).status_code == expected, name
        for name in ROUND_PAGES:
            assert client.get(at(name, fund.slug, hidden.number)).status_code == 404, name
    assert client.get(at("own_funds")).status_code == 403
    assert client.get(at("new_fund")).status_code == 403


def test_the_list_of_ones_own_funds_takes_the_same_queries_for_one_and_for_three(
    staff_client, fund, django_assert_num_queries
):
    staff_client.get(at("own_funds"))
    with django_assert_num_queries(5):
        assert len(staff_client.get(at("own_funds")).context["rows"]) == 1
    for n in range(2):
        builders.round_of(builders.fund(f"more-{n}"))
    with django_assert_num_queries(5):
        assert len(staff_client.get(at("own_funds")).context["rows"]) == 3


def test_the_fund_desk_takes_the_same_queries_for_one_and_for_three_rounds(
    staff_client, fund, hidden, django_assert_num_queries
):
    staff_client.get(at("fund_desk", fund.slug))
    with django_assert_num_queries(7):
        assert len(staff_client.get(at("fund_desk", fund.slug)).context["page"].rounds) == 1
    for n in (1, 2):
        builders.round_of(
            fund, opens=timezone.now() + timedelta(days=100 * n), closes=timezone.now() + timedelta(days=100 * n + 9)
        )
    with django_assert_num_queries(7):
        assert len(staff_client.get(at("fund_desk", fund.slug)).context["page"].rounds) == 3


def test_the_desk_leads_to_the_funds_one_runs(staff_client, fund):
    page = text(staff_client.get(reverse("portal:desk")))
    assert at("own_funds") in page
