"""Due-diligence checks: recorded, replaced, taken back; expired by the day; reminded of."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from network.deadlines import DEADLINES
from network.doors import DomainError
from network.people.deadlines import check_rows, describe_check, describe_verified, owners, recorders, verified_rows
from network.people.domain.checks import CheckData, record_check, withdraw_check
from network.people.domain.organisations import OrganisationData, add_member, register_organisation
from network.people.domain.roles import grant_role
from network.people.domain.verifying import verify_organisation
from network.people.enums import CheckKind, CheckResult, MemberRole, OrganisationKind, RoleKind
from network.people.models import DueDiligenceCheck, Organisation
from tests.people.signing import person, sign_in

QUEUE = "/en/desk/verification/"


@pytest.fixture
def organisation(db):
    return register_organisation(person("owner@lamp.example"), OrganisationData("Lamp", OrganisationKind.NGO))


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def data(**changes):
    told = {
        "kind": CheckKind.SANCTIONS,
        "result": CheckResult.PASSED,
        "evidence": "Lists of today.",
        "checked_on": today(),
    }
    return CheckData(**{**told, **changes})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "horoscope"}, "kind"),
        ({"result": "fine"}, "result"),
        ({"evidence": " \n "}, "evidence"),
        ({"evidence": "x" * 4001}, "evidence"),
        ({"checked_on": today(1)}, "checked_on"),
        ({"expires_on": today(-1)}, "expires_on"),
    ],
)
def test_nonsense_is_refused(organisation, operator, change, code):
    with pytest.raises(DomainError) as refused:
        record_check(organisation, data(**change), by=operator)
    assert refused.value.code == code
    assert not DueDiligenceCheck.objects.exists()


def test_members_and_auditors_record_nothing(organisation, operator):
    auditor = person("auditor@example.org")
    grant_role(auditor, RoleKind.AUDITOR, by=None, reason="x")
    add_member(organisation, operator, MemberRole.VIEWER)
    for by in (auditor, operator, organisation.members.first()):
        with pytest.raises(DomainError) as refused:
            record_check(organisation, data(), by=by)
        assert refused.value.code == "denied"


def test_a_later_check_takes_the_place_of_the_one_before(organisation, operator):
    first = record_check(organisation, data(), by=operator)
    other = record_check(organisation, data(kind=CheckKind.LEGAL), by=operator)
    second = record_check(organisation, data(result=CheckResult.FAILED), by=operator)
    assert set(DueDiligenceCheck.objects.standing()) == {second, other}
    withdraw_check(second, by=operator, reason="Another person of that name.")
    assert set(DueDiligenceCheck.objects.standing()) == {first, other}


def test_taking_back_needs_a_reason_and_happens_once(organisation, operator):
    check = record_check(organisation, data(), by=operator)
    with pytest.raises(DomainError) as refused:
        withdraw_check(check, by=operator, reason=" ")
    assert refused.value.code == "reason"
    withdraw_check(check, by=operator, reason="Wrong list.")
    withdraw_check(check, by=operator, reason="Another reason.")
    check.refresh_from_db()
    assert check.withdrawn_reason == "Wrong list."
    with pytest.raises(IntegrityError), transaction.atomic():
        DueDiligenceCheck.objects.update(withdrawn_reason="")


def test_it_expires_by_the_day_and_nothing_is_written(organisation, operator):
    check = record_check(organisation, data(expires_on=today(5)), by=operator)
    assert not check.expired_on(today(5))
    assert check.expired_on(today(6))
    assert not record_check(organisation, data(), by=operator).expired_on(today(10_000))


def test_the_recorder_is_reminded_while_it_counts(organisation, operator):
    assert {"people.check", "people.verified"} <= set(DEADLINES)
    check = record_check(organisation, data(expires_on=today(20)), by=operator)
    record_check(organisation, data(kind=CheckKind.LEGAL), by=operator)
    assert [row[0] for row in check_rows()] == [check.pk]
    assert list(recorders()) == [(check.pk, operator.pk)]
    told = describe_check(check.pk, operator.pk)
    assert told["path"] == f"{QUEUE}{organisation.slug}/"
    with pytest.raises(LookupError):
        describe_check(check.pk, organisation.members.first().pk)
    record_check(organisation, data(expires_on=today(400)), by=operator)
    with pytest.raises(LookupError):
        describe_check(check.pk, operator.pk)


def test_owners_are_reminded_before_their_verification_ends(organisation, operator):
    owner = organisation.members.get()
    add_member(organisation, person("viewer@lamp.example"), MemberRole.VIEWER)
    verify_organisation(organisation, by=operator, until=today(20))
    assert [row[0] for row in verified_rows()] == [organisation.pk]
    assert list(owners()) == [(organisation.pk, owner.pk)]
    assert describe_verified(organisation.pk, owner.pk)["organisation"] == "Lamp"
    Organisation.objects.update(verified_until=today(-1))
    assert list(verified_rows()) == []
    with pytest.raises(LookupError):
        describe_verified(organisation.pk, owner.pk)


def test_staff_record_and_take_back_on_the_page(organisation, operator, client):
    browser = sign_in(client, operator)
    address = f"{QUEUE}{organisation.slug}/"
    refused = browser.post(
        f"{address}checks/", {"kind": "sanctions", "evidence": "kept <b>", "checked_on": str(today(1))}
    )
    assert refused.status_code == 422
    assert set(refused.context["check_form"].errors) == {"result"}
    assert "kept &lt;b&gt;" in refused.content.decode()
    typed = {"kind": "sanctions", "result": "concerns", "evidence": "Seen", "checked_on": str(today())}
    refused = browser.post(f"{address}checks/", {**typed, "checked_on": str(today(1))})
    assert set(refused.context["check_form"].errors) == {"checked_on"}
    assert browser.post(f"{address}checks/", {**typed, "expires_on": str(today(3))}).url == address
    check = DueDiligenceCheck.objects.get()
    text = browser.get(address).content.decode()
    assert "Sanctions lists" in text
    assert "Concerns" in text
    assert [row.organisation for row in browser.get(f"{QUEUE}?show=checks").context["found"].rows] == [organisation]
    assert "1 due-diligence check has expired" in browser.get("/en/desk/").content.decode()
    DueDiligenceCheck.objects.update(checked_on=today(-9), expires_on=today(-1))
    assert "Expired" in browser.get(address).content.decode()
    back = f"{address}checks/{check.pk}/take-back/"
    assert browser.post(back, {"reason": ""}).status_code == 422
    browser.post(back, {"reason": "Wrong list."})
    text = browser.get(address).content.decode()
    assert "Wrong list." in text
    assert back not in text


def test_members_do_not_read_checks(organisation, operator, client):
    record_check(organisation, data(evidence="Canary 4711"), by=operator)
    browser = sign_in(client, organisation.members.get())
    assert "4711" not in browser.get(f"/en/desk/organisations/{organisation.slug}/").content.decode()
    assert browser.get(f"{QUEUE}{organisation.slug}/").status_code == 404
