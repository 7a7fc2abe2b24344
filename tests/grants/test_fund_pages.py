"""The pages of those who run a fund, over HTTP: what they save, what is refused and where the sentence stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cities.models import City
from grants.enums import FundStatus
from grants.models import Fund
from network.people.enums import RoleKind
from network.people.models import Organisation
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at, lines, text
from tests.grants.test_copying import when
from tests.people.signing import sign_in


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


def test_who_saves_over_somebody_else_s_terms_sees_both_and_chooses(staff_client, fund):
    page, seen = at("fund_terms", fund.slug), fund.version
    mine = {"languages": ["en", "sv"], "currency": "EUR", "publish_model": "lead", "themes": [], "version": seen}
    theirs = {**mine, "languages": ["en", "ar"], "currency": "GBP", "publish_model": "split"}
    assert staff_client.post(page, theirs).status_code == 302
    Fund.objects.update(themes=["old-theme"])
    stale = staff_client.post(page, {**mine, "currency": "GBP"})
    assert stale.status_code == 409
    assert [(one["name"], one["text"]) for one in stale.context["now"]] == [
        ("Languages in which people can apply", "English\nArabic"),
        ("Open data", "each funder publishes its share"),
        ("Priority themes", "old-theme"),
    ]
    for words in ("compare it with what stands now", "What stands now", "each funder publishes its share"):
        assert words in text(stale)
    fund.refresh_from_db()
    assert (fund.languages, fund.publish_model) == (["en", "ar"], "split"), "nothing is saved over it unseen"
    assert stale.context["form"]["languages"].value() == ["en", "sv"], "nothing that was chosen is lost"
    assert stale.context["form"]["version"].value() == fund.version
    again = {**mine, "currency": "GBP", "version": fund.version}
    assert staff_client.post(page, again).status_code == 302
    fund.refresh_from_db()
    assert (fund.languages, fund.publish_model, fund.themes) == (["en", "sv"], "lead", [])


def test_terms_that_only_another_page_made_old_say_that_nothing_differs_here(staff_client, fund):
    mine = {"languages": fund.languages, "currency": "GBP", "publish_model": "lead", "version": fund.version}
    texts = {"title": "Theirs", "purpose": "P", "who_can_apply": "W", "who_decides": "D", "aims": ""}
    assert staff_client.post(at("fund_texts", fund.slug), {**texts, "version": fund.version}).status_code == 302
    stale = staff_client.post(at("fund_terms", fund.slug), mine)
    assert stale.status_code == 409
    assert stale.context["now"] == []
    assert "Nothing on this page differs from what you typed." in text(stale)


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
