"""Organisations in the administration: where their verification stands, and the two answers."""

from django.urls import reverse

from network.people.models import Organisation


def test_an_operator_verifies_and_refuses_with_a_reason(lamp, operator, enter):
    organisation = Organisation.objects.get(slug="funder-lamp")
    browser = enter(operator)
    page = reverse("admin:people_organisation_change", args=[organisation.pk])
    act = page.removesuffix("change/") + "act/{}/"
    text = browser.get(page).content.decode()
    assert "Not verified" in text
    assert f"/desk/verification/{organisation.slug}/" in text
    assert browser.post(act.format("verify"), {"reason": "", "until": ""}).status_code == 200
    assert browser.post(act.format("verify"), {"reason": "Seen", "until": "2001-01-01"}).status_code == 200
    assert Organisation.objects.get(pk=organisation.pk).verification == "unverified"
    assert browser.post(act.format("verify"), {"reason": "Seen", "until": ""}).status_code == 302
    assert Organisation.objects.get(pk=organisation.pk).verification == "verified"
    assert browser.post(act.format("refuse"), {"reason": "Dissolved"}).status_code == 302
    changed = Organisation.objects.get(pk=organisation.pk)
    assert (changed.verification, changed.verification_reason) == ("refused", "Dissolved")
    assert "Dissolved" in browser.get(page).content.decode()


def test_officers_read_and_do_not_answer(lamp, enter):
    organisation = Organisation.objects.get(slug="funder-lamp")
    lamp.network.secretariat = organisation
    lamp.network.save()
    page = reverse("admin:people_organisation_change", args=[organisation.pk])
    browser = enter(lamp.officer)
    assert "act/verify/" not in browser.get(page).content.decode()
    assert browser.post(page.removesuffix("change/") + "act/verify/", {"reason": "x"}).status_code == 403
