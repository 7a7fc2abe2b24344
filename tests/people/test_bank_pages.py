"""The pages of bank details: what each of the two people sees, what finance sees, and what nobody else does."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

from network.people import registry
from network.people.domain.bank import enter_bank_details
from network.people.domain.organisations import OrganisationData, register_organisation
from network.people.enums import BankState, OrganisationKind
from network.people.models import BankDetails, Organisation
from tests.people.signing import person, sign_in
from tests.people.test_bank import (  # noqa: F401  (fixtures of this file too)
    DATA,
    IBAN,
    OTHER,
    finance,
    organisation,
    owner,
    second,
)

# ruff: noqa: F811  (a fixture is named like its argument)


def test_the_pages_of_the_two_people(organisation, owner, second, client):
    base = f"/en/desk/organisations/{organisation.slug}/bank/"
    browser = sign_in(client, owner)
    assert "None yet" in browser.get(base).content.decode()
    assert "treasurer" not in browser.get(f"{base}enter/").content.decode()
    typed = {"holder": "Lamp", "iban": "GB83 WEST 1234 5698 7654 32", "bic": "", "contact": "t@lamp.example"}
    wrong = browser.post(f"{base}enter/", typed)
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["iban"]
    assert browser.post(f"{base}enter/", {**typed, "iban": DATA.iban}).url == base
    details = BankDetails.objects.get()
    page = browser.get(base).content.decode()
    assert "5432" in page
    assert IBAN not in page
    assert f"{details.pk}/decide/" not in page
    assert browser.get(f"{base}{details.pk}/decide/").status_code == 403
    assert browser.post(f"{base}{details.pk}/read/").status_code == 403
    again = browser.post(f"{base}enter/", {**typed, "iban": OTHER})
    assert again.status_code == 409
    assert OTHER not in again.content.decode()
    browser = sign_in(client, second)
    assert "wait for a second person" in browser.get("/en/desk/").content.decode()
    assert IBAN not in browser.get(f"{base}{details.pk}/decide/").content.decode()
    wrong = browser.post(f"{base}{details.pk}/decide/", {"iban": OTHER})
    assert list(wrong.context["confirm"].errors) == ["iban"]
    wrong = browser.post(f"{base}{details.pk}/decide/", {"refuse": "1", "reason": DATA.iban})
    assert list(wrong.context["refuse"].errors) == ["reason"]
    assert browser.post(f"{base}{details.pk}/decide/", {"iban": IBAN}).url == base
    assert "Confirmed" in browser.get(base).content.decode()


def test_finance_sees_the_number_and_that_it_was_seen(organisation, owner, finance, client):
    details = enter_bank_details(organisation, DATA, by=owner)
    browser = sign_in(client, finance)
    base = f"/en/desk/organisations/{organisation.slug}/bank/"
    assert organisation.slug in browser.get("/en/desk/bank-details/").content.decode()
    assert "GB82" not in browser.get(base).content.decode()
    answer = browser.post(f"{base}{details.pk}/read/")
    assert "GB82 WEST 1234 5698 7654 32" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "Who saw the whole number" in browser.get(base).content.decode()
    wrong = browser.post(f"{base}{details.pk}/decide/", {"note": ""})
    assert list(wrong.context["confirm"].errors) == ["note"]
    browser.post(f"{base}{details.pk}/decide/", {"refuse": "1", "reason": "The bank does not know it."})
    assert BankDetails.objects.get().state == BankState.REFUSED
    assert browser.post(f"{base}{details.pk}/read/").status_code == 409
    # Nothing else of the organisation is opened by that.
    assert browser.get(f"/en/desk/organisations/{organisation.slug}/").status_code == 404
    assert browser.get("/en/desk/verification/").status_code == 403


def test_others_do_not_find_the_page(organisation, owner, operator, client):
    enter_bank_details(organisation, DATA, by=owner)
    base = f"/en/desk/organisations/{organisation.slug}/bank/"
    assert sign_in(client, person("stranger@example.org")).get(base).status_code == 404
    assert sign_in(client, person("stranger2@example.org")).get("/en/desk/bank-details/").status_code == 403
    page = sign_in(client, operator).get(base).content.decode()
    assert "5432" in page
    assert "Show the account" not in page
    assert "bank/enter/" not in page


def test_the_list_of_finance_costs_the_same_with_one_row_and_with_three(organisation, owner, finance, client):
    browser = sign_in(client, finance)
    browser.get("/en/desk/bank-details/")
    enter_bank_details(organisation, DATA, by=owner)
    with CaptureQueriesContext(connection) as one:
        assert len(browser.get("/en/desk/bank-details/").context["page"]) == 1
    for name in ("Two", "Three"):
        enter_bank_details(register_organisation(owner, OrganisationData(name, OrganisationKind.NGO)), DATA, by=owner)
    everyone = lambda user: Organisation.objects.values("pk")  # noqa: E731
    registry.PAYERS.append(everyone)
    try:
        with CaptureQueriesContext(connection) as three:
            assert len(browser.get("/en/desk/bank-details/").context["page"]) == 3
    finally:
        registry.PAYERS.remove(everyone)
    assert len(one) == len(three)


def test_a_number_typed_after_the_session_ended_is_not_kept(organisation, owner, client):
    base = f"/en/desk/organisations/{organisation.slug}/bank/enter/"
    client.post(base, {"holder": "Lamp", "iban": DATA.iban, "contact": "a@b.example"})
    assert re.search("iban", str(dict(client.session)), re.IGNORECASE) is None
