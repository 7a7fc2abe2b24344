"""The admin as staff see it: right to left and left to right, wide and narrow, without violations and sideways scroll."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cities.models import City
from grants.models import Application
from network.mail.models import OutgoingMail
from network.membership.models import Membership
from practices.models import Practice
from tests.browser.judging import faults

pytestmark = pytest.mark.slow


def pages() -> list[str]:
    """One page of each kind: queue, lists, forms, history, a lever, the sheet."""

    def page(model, name, *args):
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)

    member, city = Membership.objects.order_by("pk").first(), City.objects.order_by("pk").first()
    assert member
    assert city
    application = Application.objects.exclude(state="draft").order_by("pk").first()
    mail = OutgoingMail.objects.order_by("pk").first()
    practice = Practice.objects.order_by("pk").first()
    return [
        reverse("admin:index"),
        page(Membership, "changelist"),
        page(Membership, "changelist") + "?q=nothing-is-called-so",
        page(Membership, "add"),
        page(Membership, "change", member.pk),
        page(Membership, "history", member.pk),
        page(Membership, "act", member.pk, "suspend"),
        page(Membership, "import"),
        page(City, "changelist"),
        page(City, "change", city.pk),
        *([page(Application, "change", application.pk)] if application else []),
        *([page(OutgoingMail, "change", mail.pk)] if mail else []),
        *([page(Practice, "change", practice.pk), page(Practice, "texts", practice.pk, "ar")] if practice else []),
    ]


def test_an_officer_looks_at_what_would_become_of_every_row_of_a_page(reader):
    officer = reader("ar", viewport={"width": 390, "height": 900})
    officer.is_signed_in("scn")
    officer.speaks_in_admin()
    officer.page.goto(officer.url + reverse("admin:membership_membership_changelist"))
    first = officer.page.locator("#result_list input.action-select").first
    for box in officer.page.locator("#result_list input.action-select").all()[:25]:
        box.check()
    expect(first).to_be_checked()
    officer.page.locator("#many-action").select_option("suspend")
    officer.page.locator(".many button").click()
    expect(officer.page.locator("#id_typed")).to_be_visible()
    assert faults(officer.page, ((390, 844),)) == []


@pytest.mark.parametrize("code", ["ar", "en"])
def test_no_page_of_the_admin_scrolls_sideways_or_breaks_a_rule_of_access(reader, code):
    officer = reader(code)
    officer.is_signed_in("operator")
    officer.speaks_in_admin()
    found, swept = {}, 0
    for address in pages():
        officer.page.goto(officer.url + address)
        expect(officer.page.locator("html")).to_have_attribute("lang", code)
        if wrong := faults(officer.page, ((1280, 900), (360, 800))):
            found[address] = wrong
        swept += 1
    assert found == {}
    assert swept >= 10


def test_names_are_offered_while_they_are_typed(reader):
    officer = reader("en")
    officer.is_signed_in("operator")
    officer.page.goto(officer.url + reverse("admin:membership_membership_add"))
    field = officer.page.locator("#id_city")
    field.press_sequentially("αθην")
    expect(officer.page.locator("#id_city_options option")).to_have_count(1)
    assert officer.page.locator("#id_city_options option").get_attribute("value") == "Athens, Greece"


def test_a_list_is_searched_and_many_rows_are_looked_at_without_scripts(reader):
    officer = reader("en", java_script_enabled=False)
    officer.is_signed_in("operator")
    officer.page.goto(officer.url + reverse("admin:membership_membership_changelist"))
    officer.page.locator("#searchbar").fill("Αθήνα")
    officer.button("Show", officer.main).click()
    rows = officer.page.locator("#result_list tbody tr")
    assert rows.count() >= 1
    officer.page.locator("#result_list input.action-select").first.check()
    officer.page.locator("#many-action").select_option("suspend")
    officer.button("Look at what would happen", officer.main).click()
    expect(officer.page.locator(".forecast")).to_contain_text("Athens")
