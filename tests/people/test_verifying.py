"""Verification of organisations: asked by owners, answered by staff, asked anew when what was verified changes."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.domain.documents import add_document
from network.people.domain.organisations import (
    OrganisationData,
    add_member,
    register_organisation,
    update_organisation,
)
from network.people.domain.roles import grant_role
from network.people.domain.verifying import ask_for_verification, refuse_verification, verify_organisation
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind, RoleKind, Verification
from network.people.models import Organisation
from tests.people.signing import person
from tests.threads import in_threads

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
NUMBER = ((IdentifierScheme.SE_ON, "5567037485"),)


def data(**changes):
    told = {"name": "Lamp", "kind": OrganisationKind.NGO, "country": "SE", "identifiers": NUMBER, **changes}
    return OrganisationData(**told)


@pytest.fixture
def owner(db):
    return person("owner@lamp.example", "Owner", preferred_language="sv")


@pytest.fixture
def organisation(owner):
    return register_organisation(owner, data())


def now_of(organisation):
    return Organisation.objects.get(pk=organisation.pk)


def test_a_new_organisation_is_not_verified(organisation):
    assert now_of(organisation).verification == Verification.UNVERIFIED
    assert not now_of(organisation).verified_on(timezone.localdate())


def test_asked_and_verified_until_a_day(organisation, owner, operator):
    ask_for_verification(organisation, by=owner)
    assert list(Organisation.objects.waiting()) == [organisation]
    last = timezone.localdate() + timedelta(days=10)
    verify_organisation(organisation, by=operator, note="Register seen", until=last)
    verified = now_of(organisation)
    assert (verified.verification, verified.verification_by, verified.verification_reason) == (
        Verification.VERIFIED,
        operator,
        "Register seen",
    )
    assert verified.verified_on(last)
    assert not verified.verified_on(last + timedelta(days=1))


def test_the_owners_are_told_in_their_language(organisation, owner, operator):
    add_member(organisation, person("viewer@lamp.example"), MemberRole.VIEWER)
    refuse_verification(organisation, by=operator, reason="The number is another company’s.")
    mail = OutgoingMail.objects.get(kind="people.verification")
    assert (mail.to_email, mail.language) == (owner.email, "sv")
    assert mail.context["reason"] == "The number is another company’s."
    verify_organisation(organisation, by=operator)
    assert OutgoingMail.objects.filter(kind="people.verification").count() == 2


def test_a_refusal_needs_its_reason_and_the_database_insists(organisation, operator):
    with pytest.raises(DomainError) as refused:
        refuse_verification(organisation, by=operator, reason=" \u200e\n ")
    assert refused.value.code == "reason"
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(verification=Verification.REFUSED)


def test_the_reason_stands_in_the_history(organisation, operator):
    refuse_verification(organisation, by=operator, reason="No such number.")
    row = AuditEvent.objects.filter(table="people_organisation", action="U").latest("id")
    assert (row.reason, row.after["verification"]) == ("No such number.", "refused")


def test_staff_need_something_to_go_by(owner):
    bare = register_organisation(owner, data(identifiers=()))
    with pytest.raises(DomainError) as refused:
        ask_for_verification(bare, by=owner)
    assert refused.value.code == "nothing_to_go_by"
    add_document(bare, "statutes", SimpleUploadedFile("statutes.pdf", PDF), by=owner)
    assert ask_for_verification(bare, by=owner).verification == Verification.SUBMITTED


@pytest.mark.parametrize("role", [MemberRole.EDITOR, MemberRole.VIEWER, None])
def test_only_owners_ask(organisation, role):
    other = person("other@lamp.example")
    if role:
        add_member(organisation, other, role)
    with pytest.raises(DomainError) as refused:
        ask_for_verification(organisation, by=other)
    assert refused.value.code == "denied"


def test_who_belongs_to_it_does_not_verify_it(organisation, owner, operator):
    add_member(organisation, operator, MemberRole.VIEWER)
    for act in (
        lambda: verify_organisation(organisation, by=operator),
        lambda: refuse_verification(organisation, by=operator, reason="x"),
        lambda: verify_organisation(organisation, by=owner),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "denied"
    assert now_of(organisation).verification == Verification.UNVERIFIED


@pytest.mark.parametrize("kind", [RoleKind.AUDITOR, RoleKind.TRANSLATOR, RoleKind.CITY_OFFICER])
def test_other_roles_verify_nothing(organisation, kind):
    other = person("other@example.org")
    key = {"auditor": "", "translator": "ar", "city_officer": str(organisation.uuid)}[kind]
    grant_role(other, kind, key, by=None, reason="x")
    with pytest.raises(DomainError) as refused:
        verify_organisation(organisation, by=other)
    assert refused.value.code == "denied"


def test_what_changed_while_staff_looked_is_looked_at_again(organisation, owner, operator):
    seen = organisation.version
    update_organisation(organisation, data(description="New"), by=owner, version=seen)
    for act in (
        lambda: verify_organisation(organisation, by=operator, seen=seen),
        lambda: refuse_verification(organisation, by=operator, reason="x", seen=seen),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "stale"


def test_a_day_that_is_over_is_no_last_day(organisation, operator):
    with pytest.raises(DomainError) as refused:
        verify_organisation(organisation, by=operator, until=timezone.localdate())
    assert refused.value.code == "until"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"name": "Another"}, Verification.SUBMITTED),
        ({"country": "NO"}, Verification.SUBMITTED),
        ({"identifiers": ()}, Verification.SUBMITTED),
        ({"website": "https://lamp.example", "description": "We teach."}, Verification.VERIFIED),
    ],
)
def test_what_staff_saw_is_what_stays_verified(organisation, owner, operator, change, state):
    verify_organisation(organisation, by=operator)
    update_organisation(organisation, data(**change), by=owner, version=1)
    assert now_of(organisation).verification == state


def test_a_name_in_one_more_language_changes_nothing(organisation, owner, operator):
    verify_organisation(organisation, by=operator)
    with translation.override("el"):
        update_organisation(now_of(organisation), data(name="Λυχνάρι"), by=owner, version=1)
    assert now_of(organisation).verification == Verification.VERIFIED
    assert now_of(organisation).name_el == "Λυχνάρι"


def test_asking_again_waits_until_it_is_over(organisation, owner, operator):
    verify_organisation(organisation, by=operator, until=timezone.localdate() + timedelta(days=1))
    with pytest.raises(DomainError) as refused:
        ask_for_verification(organisation, by=owner)
    assert refused.value.code == "state"
    Organisation.objects.filter(pk=organisation.pk).update(verified_until=timezone.localdate() - timedelta(days=1))
    assert ask_for_verification(organisation, by=owner).verification == Verification.SUBMITTED
    with pytest.raises(DomainError) as refused:
        ask_for_verification(organisation, by=owner)
    assert refused.value.code == "state"


def test_one_in_the_archive_is_left_alone(organisation, owner, operator):
    Organisation.objects.filter(pk=organisation.pk).update(archived_at=timezone.now())
    for act in (
        lambda: ask_for_verification(organisation, by=owner),
        lambda: verify_organisation(organisation, by=operator),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "archived"


@pytest.mark.django_db(transaction=True)
def test_a_change_and_a_verification_at_once_never_verify_what_nobody_saw():
    owner = person("owner@lamp.example")
    operator = person("operator@example.org")
    grant_role(operator, RoleKind.OPERATOR, by=None, reason="x")
    for turn in range(5):
        organisation = register_organisation(owner, data(name=f"Lamp {turn}", identifiers=()))

        def act(n, organisation=organisation):
            if n:
                return verify_organisation(organisation, by=operator, seen=1)
            return update_organisation(organisation, data(name="Another", identifiers=()), by=owner, version=1)

        in_threads(2, act)
        current = now_of(organisation)
        assert current.name == "Another"
        assert current.verification != Verification.VERIFIED
