"""Forms of the admin save through the domain, notice other people's changes, and lose nothing that was typed."""

import datetime

import pytest
from django.urls import reverse

from cities.models import City, CityContact
from grants.models import Fund, Round
from network.audit.models import AuditEvent
from network.membership.enums import MembershipStatus
from network.membership.models import Membership, Network
from network.people.models import Organisation
from network.portal.admin.membership import status_today
from practices.models import Concept, Practice
from tests import places
from tests.admin import things
from tests.admin.typing import fields_of, fill
from tests.people.signing import person

pytestmark = pytest.mark.django_db


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def errors_of(page):
    assert page.status_code == 200, page.status_code
    return page.context["adminform"].form.errors


def test_a_city_is_registered_with_names_in_two_languages(lamp, enter):
    answer = fill(
        enter(lamp.officer),
        address(City, "add"),
        name_en="Kozani",
        name_el="Κοζάνη",
        country="GR",
        region="europe",
        kind="city",
    )
    assert answer.status_code == 302
    city = City.objects.get(slug="kozani")
    assert (city.name_el, city.version) == ("Κοζάνη", 1)
    assert City.objects.matching("κοζανη").exists()


def test_a_change_writes_only_what_was_changed(lamp, enter):
    before = City.objects.values().get(pk=lamp.city.pk)
    assert fill(enter(lamp.officer), address(City, "change", lamp.city.pk), population="664046").status_code == 302
    after = City.objects.values().get(pk=lamp.city.pk)
    changed = {key for key in after if after[key] != before[key]}
    assert changed == {"population", "version", "updated_at"}


def test_an_unchanged_form_writes_nothing(lamp, enter):
    events = AuditEvent.objects.count()
    assert fill(enter(lamp.officer), address(City, "change", lamp.city.pk)).status_code == 302
    assert AuditEvent.objects.count() == events


def test_what_the_domain_refuses_stays_typed_and_is_not_half_written(lamp, enter):
    page = fill(
        enter(lamp.officer), address(City, "change", lamp.city.pk),
        latitude="91", longitude="20", population="5",
        **{"contacts-0-name": "Somebody", "contacts-0-kind": "general"},
    )  # fmt: skip
    assert "Latitude goes from -90 to 90" in str(errors_of(page)["__all__"])
    assert page.context["adminform"].form["population"].value() == "5"
    assert City.objects.get(pk=lamp.city.pk).population is None
    assert not CityContact.objects.filter(city=lamp.city).exists()


def test_contacts_are_added_changed_and_removed(lamp, enter):
    browser, url = enter(lamp.officer), address(City, "change", lamp.city.pk)
    row = {
        "contacts-0-name": "Eleni Vlachou",
        "contacts-0-kind": "coordinator",
        "contacts-0-office": "Head of office",
        "contacts-0-as_of": "2026-11",
    }
    assert fill(browser, url, **row).status_code == 302
    contact = CityContact.objects.get(city=lamp.city)
    assert (contact.name, contact.role_en, contact.public) == ("Eleni Vlachou", "Head of office", False)
    assert fill(browser, url, **{"contacts-0-email": "eleni@example.org", "contacts-0-public": "on"}).status_code == 302
    contact = CityContact.objects.get(pk=contact.pk)
    assert (contact.email, contact.public, contact.role_en) == ("eleni@example.org", True, "Head of office")
    assert fill(browser, url, **{"contacts-0-DELETE": "on"}).status_code == 302
    assert not CityContact.objects.exists()
    story = browser.get(address(City, "history", lamp.city.pk)).content.decode()
    assert "Contact: removed" in story


def test_a_wrong_contact_stops_the_whole_form(lamp, enter):
    row = {"contacts-0-name": "Eleni", "contacts-0-kind": "general", "contacts-0-as_of": "last May"}
    page = fill(enter(lamp.officer), address(City, "change", lamp.city.pk), population="7", **row)
    assert page.status_code == 200
    assert City.objects.get(pk=lamp.city.pk).population is None


@pytest.mark.parametrize(("applied", "status"), [("", MembershipStatus.CURRENT), ("on", MembershipStatus.PENDING)])
def test_a_member_is_added_by_the_citys_name_in_any_language(lamp, harbour, enter, applied, status):
    answer = fill(
        enter(lamp.officer), address(Membership, "add"),
        network=str(lamp.network.pk), city="مالمو", kind="full", joined_on="2024-03-01", act_en="Vote", applied=applied or None,
    )  # fmt: skip
    assert answer.status_code == 302
    membership = Membership.objects.with_status_on(datetime.date.today()).get(network=lamp.network, city=harbour.city)  # noqa: DTZ011
    assert status_today(membership) == status
    assert membership.act_en == "Vote"


def test_an_unclear_city_is_asked_back(lamp, enter):
    places.city("Newport North"), places.city("Newport South")
    url, network = address(Membership, "add"), str(lamp.network.pk)
    several = errors_of(fill(enter(lamp.officer), url, network=network, city="newport", kind="full"))
    assert "Newport North, Greece · Newport South, Greece" in str(several["city"])
    unknown = errors_of(fill(enter(lamp.officer), url, network=network, city="Atlantis", kind="full"))
    assert "Nothing here is called “Atlantis”" in str(unknown["city"])
    assert fill(enter(lamp.officer), url, network=network, city="Newport North, Greece", kind="full").status_code == 302


def test_an_officer_adds_no_member_to_another_network(lamp, harbour, enter):
    page = fill(
        enter(lamp.officer), address(Membership, "add"), network=str(harbour.network.pk), city="Athens", kind="full"
    )
    assert "network" in errors_of(page)
    assert not Membership.objects.filter(network=harbour.network, city=lamp.city).exists()


def test_a_membership_keeps_its_other_languages_when_one_is_changed(lamp, enter):
    fill(enter(lamp.officer), address(Membership, "change", lamp.membership.pk), act_el="Απόφαση")
    membership = Membership.objects.get(pk=lamp.membership.pk)
    assert (membership.act_en, membership.act_el, membership.version) == ("Resolution of Lamp", "Απόφαση", 2)


def test_a_network_is_changed_by_its_officer_and_set_up_by_an_operator(lamp, operator, enter):
    url = address(Network, "change", lamp.network.pk)
    assert fill(enter(lamp.officer), url, purpose_en="Together", secretariat_city="Athens").status_code == 302
    network = Network.objects.get(pk=lamp.network.pk)
    assert (network.purpose_en, network.secretariat_city, network.name_en) == ("Together", lamp.city, "Lamp")
    made = fill(
        enter(operator),
        address(Network, "add"),
        name_en="Bridge",
        kind="regional",
        founded_precision="day",
        enabled_languages=["en", "el"],
    )
    assert made.status_code == 302
    assert Network.objects.get(slug="bridge").enabled_languages == ["en", "el"]


def test_a_practice_is_drafted_written_in_two_languages_and_published(lamp, operator, enter):
    theme = things.theme(operator)
    browser = enter(lamp.officer)
    first = {
        "city": "Athens",
        "original_language": "el",
        "first_title": "Ανοιχτό σχολείο",
        "first_summary": "Με λίγα λόγια",
    }
    assert (
        fill(browser, address(Practice, "add"), **first, themes=[str(theme.pk)], settings_count="3").status_code == 302
    )
    practice = Practice.objects.get(original_language="el")
    assert (practice.title_el, practice.settings_count, list(practice.themes.all())) == ("Ανοιχτό σχολείο", 3, [theme])
    assert fill(browser, address(Practice, "change", practice.pk), running="ended", themes=None).status_code == 302
    practice = Practice.objects.get(pk=practice.pk)
    assert practice.running == "ended"
    assert not practice.themes.exists()
    sections = {name: f"Κείμενο {name}" for name in ("challenge", "goals", "actions", "participation")}
    assert write(browser, practice, "el", **sections).status_code == 302
    assert write(browser, practice, "sv", title="Öppen skola").status_code == 302
    practice = Practice.objects.get(pk=practice.pk)
    assert (practice.languages, practice.title_sv, practice.title_el) == (["el"], "Öppen skola", "Ανοιχτό σχολείο")
    published = browser.post(address(Practice, "act", practice.pk, "publish"))
    assert published.status_code == 302
    assert Practice.objects.get(pk=practice.pk).state == "published"


def write(browser, practice, code, **texts):
    """Open the page of one language, change some texts, send all of it."""
    url = address(Practice, "texts", practice.pk, code)
    form = browser.get(url).context["form"]
    return browser.post(url, {name: form[name].value() or "" for name in form.fields} | texts)


def test_a_text_over_its_limit_or_changed_meanwhile_stays_typed(lamp, operator, enter):
    url = address(Practice, "texts", lamp.practice.pk, "en")
    long = write(enter(lamp.officer), lamp.practice, "en", title="word " * 16)
    assert "at most 15 words" in long.content.decode()
    opened = dict.fromkeys(long.context["form"].fields, "") | {"version": "1", "title": "Mine"}
    assert write(enter(operator), lamp.practice, "en", title="Theirs").status_code == 302
    page = enter(lamp.officer).post(url, opened)
    assert "Somebody changed this practice" in page.content.decode()
    assert page.context["form"]["title"].value() == "Mine"
    again = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    assert enter(lamp.officer).post(url, again).status_code == 302
    assert Practice.objects.get(pk=lamp.practice.pk).title_en == "Mine"


def test_the_original_stands_beside_a_translation(lamp, harbour, auditor, enter):
    page = enter(lamp.officer).get(address(Practice, "texts", lamp.practice.pk, "ar"))
    assert '<div lang="en" dir="ltr"><p>Practice of Lamp</p></div>' in page.content.decode()
    assert enter(auditor).get(address(Practice, "texts", lamp.practice.pk, "ar")).status_code == 403
    assert enter(lamp.officer).get(address(Practice, "texts", harbour.practice.pk, "ar")).status_code == 404
    assert enter(lamp.officer).get(address(Practice, "texts", lamp.practice.pk, "xx")).status_code == 404


def test_a_theme_is_added_and_renamed_and_keeps_its_code(operator, enter):
    added = fill(
        enter(operator), address(Concept, "add"), kind="theme", code="welcome", position="1", label_en="Welcome"
    )
    assert added.status_code == 302
    theme = Concept.objects.get(code="welcome")
    assert (
        fill(enter(operator), address(Concept, "change", theme.pk), label_sv="Välkomnande", code="other").status_code
        == 302
    )
    theme.refresh_from_db()
    assert (theme.code, theme.label_en, theme.label_sv) == ("welcome", "Welcome", "Välkomnande")


def test_a_fund_its_money_and_a_round_are_set_up(lamp, operator, enter):
    browser = enter(operator)
    both = fill(browser, address(Fund, "add"), network="Lamp", city="Athens", currency="GBP", title_en="Oil fund")
    assert "name one of the two" in str(errors_of(both)["network"])
    assert (
        fill(
            browser, address(Fund, "add"), network="Lamp", currency="GBP", title_en="Oil fund", status="open"
        ).status_code
        == 302
    )
    fund = Fund.objects.get(slug="oil-fund")
    act = reverse("admin:grants_fund_act", args=[fund.pk, "contribution"])
    assert browser.post(act, {"funder": "Funder of Lamp", "amount": "400000"}).status_code == 302
    fund.refresh_from_db()
    assert fund.budget == 400_000
    when = {"opens": "2027-01-10T09:00", "closes": "2027-02-10T17:00", "zone": "Europe/Athens"}
    assert fill(browser, address(Round, "add"), fund=str(fund.pk), title_en="Winter", **when).status_code == 302
    made = Round.objects.get(fund=fund)
    assert not made.published, "it is shown once it asks something"
    assert made.closes_at.isoformat() == "2027-02-10T15:00:00+00:00"
    backwards = fill(
        browser, address(Round, "add"), fund=str(fund.pk), title_en="X", **{**when, "closes": "2027-01-09T17:00"}
    )
    assert "closes after it opens" in str(errors_of(backwards)["__all__"])


def test_a_fund_and_a_round_on_record_are_changed_and_refused_in_sentences(lamp, enter):
    browser, fund, round_ = enter(lamp.manager), lamp.fund, lamp.round
    saved = fill(
        browser, address(Fund, "change", fund.pk), title_el="Ταμείο", who_decides_en="A panel", publish_model="split"
    )
    assert saved.status_code == 302
    fund.refresh_from_db()
    assert (fund.title_el, fund.who_decides_en, fund.publish_model) == ("Ταμείο", "A panel", "split")
    gone = fill(browser, address(Fund, "change", fund.pk), title_en="", title_el="")
    assert "needs a title" in str(errors_of(gone)["__all__"])
    assert fill(browser, address(Round, "change", round_.pk), grace_seconds="120", title_el="Γύρος").status_code == 302
    late = fill(browser, address(Round, "change", round_.pk), blind="on")
    assert "People write by these terms" in str(errors_of(late)["__all__"])
    round_.refresh_from_db()
    assert (round_.grace_seconds, round_.title_el, round_.blind) == (120, "Γύρος", False)


def test_a_fund_is_closed_and_opened_again_by_levers(lamp, enter):
    browser = enter(lamp.manager)
    close = reverse("admin:grants_fund_act", args=[lamp.fund.pk, "close"])
    assert browser.post(close, {"reason": ""}).status_code == 200
    assert browser.post(close, {"reason": "Spent"}).status_code == 302
    lamp.fund.refresh_from_db()
    assert lamp.fund.status == "closed"
    browser.post(reverse("admin:grants_fund_act", args=[lamp.fund.pk, "reopen"]), {"reason": "More money"})
    lamp.fund.refresh_from_db()
    assert lamp.fund.status == "open"


def test_a_manager_opens_no_round_of_another_fund(lamp, harbour, enter):
    when = {"opens": "2027-01-10T09:00", "closes": "2027-02-10T17:00", "zone": "Europe/Athens"}
    page = fill(enter(lamp.manager), address(Round, "add"), fund=str(harbour.fund.pk), title_en="Winter", **when)
    assert "fund" in errors_of(page)


def test_an_organisation_is_helped_by_an_operator_in_each_language(lamp, operator, enter):
    organisation = Organisation.objects.get(slug="funder-lamp")
    url = address(Organisation, "change", organisation.pk)
    assert fill(enter(operator), url, name_sv="Lampans givare", description_en="Gives", country="SE").status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name_en, organisation.name_sv, organisation.description_en) == (
        "Funder of Lamp",
        "Lampans givare",
        "Gives",
    )
    page = fill(enter(operator), url, description_el="Δίνει")
    assert "Write the name in each language" in str(errors_of(page)["__all__"])


# --- two people at once -----------------------------------------------------------------------------------------------


def test_the_second_of_two_savers_is_told_what_the_first_one_changed(lamp, operator, enter):
    url = address(City, "change", lamp.city.pk)
    first, second = enter(lamp.officer), enter(operator)
    opened = fields_of(second.get(url))
    assert fill(first, url, population="664046").status_code == 302
    page = second.post(url, opened | {"population": "1", "name_sv": "Athen"})
    told = page.content.decode()
    assert "Officer of Lamp changed this at" in told
    assert "Population: <bdi>nothing</bdi> → <bdi>664,046</bdi>" in told
    form = page.context["adminform"].form
    assert (form["population"].value(), form["name_sv"].value()) == ("1", "Athen")
    assert City.objects.get(pk=lamp.city.pk).population == 664046
    knowingly = fields_of(page)
    assert second.post(url, knowingly).status_code == 302
    city = City.objects.get(pk=lamp.city.pk)
    assert (city.population, city.name_sv) == (1, "Athen")


def test_a_changed_contact_counts_as_a_changed_city(lamp, contact, operator, enter):
    url = address(City, "change", lamp.city.pk)
    second = enter(operator)
    opened = fields_of(second.get(url))
    assert fill(enter(lamp.officer), url, **{"contacts-0-phone": "123"}).status_code == 302
    page = second.post(url, opened | {"contacts-0-phone": "456"})
    assert "changed this at" in page.content.decode()
    assert CityContact.objects.get().phone == "123"


def test_a_form_without_its_mark_is_refused(lamp, enter):
    url = address(City, "change", lamp.city.pk)
    assert fill(enter(lamp.officer), url, population="3", opened_mark=None).status_code == 200
    assert City.objects.get(pk=lamp.city.pk).population is None


def test_an_unsaved_form_warns_before_it_is_left(lamp, auditor, enter):
    url = address(City, "change", lamp.city.pk)
    assert b"data-warn-unsaved" in enter(lamp.officer).get(url).content
    assert b"data-warn-unsaved" not in enter(auditor).get(url).content


def test_each_language_has_its_own_direction_and_the_core_ones_come_first(lamp, enter):
    page = enter(lamp.officer).get(address(City, "change", lamp.city.pk)).content.decode()
    order = [page.index(f'name="name_{code}"') for code in ("en", "ar", "el", "it", "sv", "fr", "ur")]
    assert order == sorted(order)
    for code, direction in (("ar", "rtl"), ("el", "ltr"), ("ur", "rtl")):
        control = page[page.index(f'name="name_{code}"') :].split(">", 1)[0]
        assert f'lang="{code}"' in control
        assert f'dir="{direction}"' in control


def test_a_new_account_is_not_made_here(operator, enter):
    person()
    assert enter(operator).get("/admin/people/user/add/").status_code == 403
