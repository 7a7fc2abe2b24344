"""The pages of verification: what staff see, what members see, and who sees nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from network.people.domain.organisations import OrganisationData, add_member, register_organisation
from network.people.domain.roles import grant_role
from network.people.domain.verifying import ask_for_verification, refuse_verification, verify_organisation
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind, RoleKind, Verification
from network.people.models import Organisation, OrganisationIdentifier
from tests.people.signing import person, sign_in

QUEUE = "/en/desk/verification/"


@pytest.fixture
def owner(db):
    return person("owner@lamp.example", "Owner")


def asked(owner, name, number):
    told = OrganisationData(name, OrganisationKind.NGO, "GB", identifiers=((IdentifierScheme.GB_CHC, number),))
    return ask_for_verification(register_organisation(owner, told), by=owner)


def test_the_list_costs_the_same_with_one_row_and_with_three(client, operator, owner):
    asked(owner, "One", "1000001")
    browser = sign_in(client, operator)
    browser.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        assert len(browser.get(QUEUE).context["found"].rows) == 1
    asked(owner, "Two", "1000002")
    asked(owner, "Three", "1000003")
    with CaptureQueriesContext(connection) as three:
        assert len(browser.get(QUEUE).context["found"].rows) == 3
    assert len(one) == len(three)


def test_those_that_wait_longest_stand_first_with_what_is_known(client, operator, owner):
    first, second = asked(owner, "First", "1000001"), asked(owner, "Second", "1000002")
    Organisation.objects.filter(pk=second.pk).update(verification_at=timezone.now() - timedelta(days=9))
    page = sign_in(client, operator).get(QUEUE)
    assert [row.organisation for row in page.context["found"].rows] == [second, first]
    text = page.content.decode()
    assert "1000001" in text
    assert "1 organisation may be the same" in text  # the same owner's address
    assert [tab["count"] for tab in page.context["tabs"]] == [2, 0, 0, 0, 2]


def test_each_tab_shows_its_own(client, operator, owner):
    waiting = asked(owner, "Waiting", "1000001")
    refused = refuse_verification(asked(owner, "Refused", "1000002"), by=operator, reason="x")
    over = verify_organisation(asked(owner, "Over", "1000003"), by=operator)
    Organisation.objects.filter(pk=over.pk).update(verified_until=timezone.localdate() - timedelta(days=1))
    browser = sign_in(client, operator)
    for tab, expected in {
        "waiting": {waiting},
        "open": {refused},
        "over": {over},
        "all": {waiting, refused, over},
    }.items():
        rows = browser.get(f"{QUEUE}?show={tab}").context["found"].rows
        assert {row.organisation for row in rows} == expected, tab
    assert "No organisation waits" not in browser.get(QUEUE).content.decode()
    assert browser.get(f"{QUEUE}?show=nonsense&page=nonsense").status_code == 200


def test_staff_judge_on_the_page(client, operator, owner):
    organisation = asked(owner, "Lamp", "1000001")
    twin = asked(person("other@lamp.example"), "The Lamp", "1000002")
    browser = sign_in(client, operator)
    address = f"{QUEUE}{organisation.slug}/"
    page = browser.get(address)
    text = page.content.decode()
    assert "1000001" in text
    assert twin.slug in text
    assert "owner@lamp.example" in text
    version = page.context["organisation"].version
    wrong = browser.post(f"{address}refuse/", {"seen": version, "reason": " "})
    assert wrong.status_code == 422
    assert list(wrong.context["refuse_form"].errors) == ["reason"]
    wrong = browser.post(f"{address}verify/", {"seen": version, "until": "2001-01-01", "note": "kept"})
    assert list(wrong.context["verify_form"].errors) == ["until"]
    assert 'value="kept"' in wrong.content.decode()
    assert browser.post(f"{address}verify/", {"seen": version + 1, "note": ""}).status_code == 409
    assert browser.post(f"{address}verify/", {"seen": version, "note": "Seen"}).url == address
    assert Organisation.objects.get(pk=organisation.pk).verification == Verification.VERIFIED
    browser.post(f"{address}refuse/", {"seen": version, "reason": "Dissolved."})
    assert Organisation.objects.get(pk=organisation.pk).verification_reason == "Dissolved."


def test_a_number_from_before_the_checks_is_marked(client, operator, owner):
    organisation = asked(owner, "Lamp", "1000001")
    OrganisationIdentifier.objects.create(organisation=organisation, scheme=IdentifierScheme.SE_ON, number="1")
    assert "556703-7485" in sign_in(client, operator).get(f"{QUEUE}{organisation.slug}/").content.decode()


def test_auditors_read_and_do_not_act(client, owner):
    auditor = person("auditor@example.org")
    grant_role(auditor, RoleKind.AUDITOR, by=None, reason="x")
    organisation = asked(owner, "Lamp", "1000001")
    browser = sign_in(client, auditor)
    page = browser.get(f"{QUEUE}{organisation.slug}/")
    assert page.status_code == 200
    assert "/verify/" not in page.content.decode()
    assert browser.post(f"{QUEUE}{organisation.slug}/verify/", {"seen": 1}).status_code == 403


def test_members_are_not_their_own_judges(client, operator, owner):
    organisation = asked(owner, "Lamp", "1000001")
    assert sign_in(client, owner).get(QUEUE).status_code == 403
    assert sign_in(client, owner).get(f"{QUEUE}{organisation.slug}/").status_code == 404
    add_member(organisation, operator, MemberRole.OWNER)
    page = sign_in(client, operator).get(f"{QUEUE}{organisation.slug}/")
    assert "/verify/" not in page.content.decode()


def test_members_read_the_state_the_reason_and_what_to_do(client, operator, owner):
    organisation = register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO, "GB"))
    address = f"/en/desk/organisations/{organisation.slug}/"
    browser = sign_in(client, owner)
    assert "You can apply before it is verified" in browser.get(address).content.decode()
    answer = browser.post(f"{address}verification/", follow=True)
    assert "Enter the number in a public register or add a document first" in answer.content.decode()
    OrganisationIdentifier.objects.create(organisation=organisation, scheme=IdentifierScheme.OTHER, number="7")
    browser.post(f"{address}verification/")
    assert "Being verified" in browser.get(address).content.decode()
    refuse_verification(organisation, by=operator, reason="The register knows no <7>.")
    page = browser.get(address).content.decode()
    assert "The register knows no &lt;7&gt;." in page
    assert "Ask again" in page
    viewer = person("viewer@lamp.example")
    add_member(organisation, viewer, MemberRole.VIEWER)
    page = sign_in(client, viewer).get(address).content.decode()
    assert "The register knows no" in page
    assert "Ask again" not in page


def test_the_desk_says_how_many_wait(client, operator, owner):
    asked(owner, "Lamp", "1000001")
    asked(owner, "Another", "1000002")
    assert "2 organisations wait to be verified" in sign_in(client, operator).get("/en/desk/").content.decode()
    assert "to be verified" not in sign_in(client, owner).get("/en/desk/").content.decode()
