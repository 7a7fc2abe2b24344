"""Two organisations that are one: what goes over, what stands in the way, and what happens at the same moment."""

import pytest
from django.db import models
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.domain.documents import add_document
from network.people.domain.invitations import accept_invitation, invite_member
from network.people.domain.merging import merge_organisations, preview_of
from network.people.domain.organisations import (
    OrganisationData,
    add_member,
    register_organisation,
    update_organisation,
)
from network.people.domain.roles import grant_role
from network.people.domain.verifying import verify_organisation
from network.people.enums import IdentifierScheme, MemberRole, OrganisationKind, RoleKind
from network.people.models import Invitation, Organisation, OrganisationMember
from network.people.registry import PARTS
from tests.people.signing import person, sign_in
from tests.people.test_documents import pdf
from tests.threads import in_threads

REASON = "Same number, same board."


def organisation(owner, name, *numbers):
    return register_organisation(owner, OrganisationData(name, OrganisationKind.NGO, "SE", identifiers=numbers))


def operator_named(email="operator@example.org"):
    found = person(email, "Operator")
    grant_role(found, RoleKind.OPERATOR, by=None, reason="x")
    return found


@pytest.fixture
def source(db):
    return organisation(person("a@lamp.example", "Amina"), "Lamp CIO", (IdentifierScheme.OTHER, "1"))


@pytest.fixture
def target(db):
    return organisation(person("b@lamp.example", "Bo"), "Lamp", (IdentifierScheme.OTHER, "2"))


def test_every_table_that_points_at_an_organisation_says_what_becomes_of_it():
    """A new foreign key without a part would leave rows behind with an organisation that is gone."""
    keys = {
        f"{relation.related_model._meta.label}.{relation.field.name}"
        for relation in Organisation._meta.related_objects
        if isinstance(relation.field, models.ForeignKey)
    }
    assert keys == set(PARTS)


def test_everything_goes_over_and_the_address_leads_there(source, target, operator, client):
    document = add_document(source, "statutes", pdf(), by=source.members.get())
    invite_member(source, email="new@lamp.example", role="viewer", by=source.members.get())
    merge_organisations(source, target, by=operator, reason=REASON)
    gone = Organisation.objects.get(pk=source.pk)
    assert (gone.merged_into, bool(gone.archived_at)) == (target, True)
    assert {row.user.email for row in target.memberships.all()} == {"a@lamp.example", "b@lamp.example"}
    assert {row.number for row in target.identifiers.all()} == {"1", "2"}
    document.refresh_from_db()
    assert document.organisation == target
    assert Invitation.objects.get().organisation == target
    assert not gone.memberships.exists()
    browser = sign_in(client, person("c@lamp.example"))
    assert browser.get(f"/en/desk/organisations/{source.slug}/").status_code == 404
    browser = sign_in(client, source_owner := target.members.get(email="a@lamp.example"))
    for page in ("", "members/", "edit/"):
        answer = browser.get(f"/en/desk/organisations/{source.slug}/{page}")
        assert (answer.status_code, answer.url) == (301, f"/en/desk/organisations/{target.slug}/{page}"), page
    answer = sign_in(client, operator).get(f"/en/desk/verification/{source.slug}/")
    assert (answer.status_code, answer.url) == (301, f"/en/desk/verification/{target.slug}/")
    assert source_owner.organisations.get() == target


def test_who_is_in_both_keeps_the_wider_role(source, target, operator):
    amina, bo = person("x@lamp.example"), person("y@lamp.example")
    add_member(source, amina, MemberRole.EDITOR)
    add_member(target, amina, MemberRole.VIEWER)
    add_member(source, bo, MemberRole.VIEWER)
    add_member(target, bo, MemberRole.OWNER)
    merge_organisations(source, target, by=operator, reason=REASON)
    roles = dict(OrganisationMember.objects.filter(organisation=target).values_list("user__email", "role"))
    assert (roles["x@lamp.example"], roles["y@lamp.example"]) == ("editor", "owner")
    assert len(roles) == 4


def test_needless_invitations_are_taken_back(source, target, operator):
    owner, other = source.members.get(), target.members.get()
    invite_member(source, email="Twice@lamp.example", role="viewer", by=owner)
    invite_member(target, email="twice@lamp.example", role="viewer", by=other)
    invite_member(source, email="b@lamp.example", role="viewer", by=owner)
    invite_member(source, email="new@lamp.example", role="viewer", by=owner)
    merge_organisations(source, target, by=operator, reason=REASON)
    still = Invitation.objects.filter(revoked_at=None).order_by("email")
    assert [(row.email, row.organisation) for row in still] == [
        ("new@lamp.example", target),
        ("twice@lamp.example", target),
    ]


def test_a_second_merger_leads_on(source, target, operator):
    third = organisation(person("c@lamp.example"), "Third")
    merge_organisations(source, target, by=operator, reason=REASON)
    merge_organisations(target, third, by=operator, reason=REASON)
    assert Organisation.objects.get(pk=source.pk).merged_into == third


def test_the_preview_counts_what_goes_and_changes_nothing(source, target):
    invite_member(source, email="new@lamp.example", role="viewer", by=source.members.get())
    found = preview_of(source, target)
    assert {str(line.title): line.number for line in found.moving} == {
        "Members": 1,
        "Open invitations": 1,
        "Numbers in public registers": 1,
    }
    assert found.hindrances == []
    assert source.memberships.count() == 1


def test_the_history_and_the_owners_are_told(source, target, operator):
    merge_organisations(source, target, by=operator, reason=REASON)
    rows = AuditEvent.objects.filter(reason=REASON)
    assert {row.table for row in rows} >= {
        "people_organisation",
        "people_organisationmember",
        "people_organisationidentifier",
    }
    mails = OutgoingMail.objects.filter(kind="people.merged")
    assert {mail.to_email for mail in mails} == {"a@lamp.example", "b@lamp.example"}


def test_what_is_no_merger(source, target, operator):
    for pair, reason, code in (
        ((source, source), REASON, "same"),
        ((source, target), "  ", "reason"),
    ):
        with pytest.raises(DomainError) as refused:
            merge_organisations(*pair, by=operator, reason=reason)
        assert refused.value.code == code
    with pytest.raises(DomainError) as refused:
        merge_organisations(source, target, by=operator, reason=REASON, seen=(source.version, target.version + 1))
    assert refused.value.code == "stale"
    assert not Organisation.objects.exclude(merged_into=None).exists()


def test_members_of_either_and_others_do_not_merge(source, target, operator):
    add_member(target, operator, MemberRole.VIEWER)
    for by in (operator, source.members.get(), person("stranger@example.org")):
        with pytest.raises(DomainError) as refused:
            merge_organisations(source, target, by=by, reason=REASON)
        assert refused.value.code == "denied"


def test_nothing_is_done_to_one_that_is_merged(source, target, operator):
    owner = source.members.get()
    stale = OrganisationMember.objects.get(organisation=source)
    merge_organisations(source, target, by=operator, reason=REASON)
    for act in (
        lambda: invite_member(source, email="n@lamp.example", role="viewer", by=owner),
        lambda: update_organisation(source, OrganisationData("New", OrganisationKind.NGO), by=owner, version=2),
        lambda: add_document(source, "statutes", pdf(), by=owner),
        lambda: verify_organisation(source, by=operator),
        lambda: merge_organisations(source, target, by=operator, reason=REASON),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "merged"
    assert OrganisationMember.objects.get(pk=stale.pk).organisation == target


def test_the_page_compares_asks_and_merges(source, target, operator, client):
    browser = sign_in(client, operator)
    address = f"/en/desk/verification/{source.slug}/merge-into/{target.slug}/"
    page = browser.get(address)
    text = page.content.decode()
    assert "Amina" in text
    assert "Bo" in text
    assert f"/en/desk/verification/{target.slug}/merge-into/{source.slug}/" in text
    typed = {"source_version": source.version, "target_version": target.version, "reason": "", "sure": ""}
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"reason", "sure"}
    stale = browser.post(address, {**typed, "reason": REASON, "sure": "on", "target_version": 99})
    assert stale.status_code == 409
    done = browser.post(address, {**typed, "reason": REASON, "sure": "on"})
    assert done.url == f"/en/desk/verification/{target.slug}/"
    assert Organisation.objects.get(pk=source.pk).merged_into == target
    assert browser.get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_mergers_at_once_one_is_refused():
    operator = operator_named()
    for turn in range(4):
        one = organisation(person(f"a{turn}@lamp.example"), f"One {turn}")
        two = organisation(person(f"b{turn}@lamp.example"), f"Two {turn}")
        pairs = [(one, two), (two, one)]
        results = in_threads(2, lambda n, pairs=pairs: merge_organisations(*pairs[n], by=operator, reason=REASON))
        refused = [found for found in results if isinstance(found, DomainError)]
        assert [error.code for error in refused] == ["merged"], results
        assert Organisation.objects.filter(pk__in=[one.pk, two.pk], merged_into=None).count() == 1
        assert OrganisationMember.objects.filter(organisation__merged_into=None).count() == 2 * (turn + 1)


@pytest.mark.django_db(transaction=True)
def test_who_joins_while_it_is_merged_is_in_the_one_that_stays_or_is_told():
    operator = operator_named()
    for turn in range(4):
        one = organisation(person(f"a{turn}@lamp.example"), f"One {turn}")
        two = organisation(person(f"b{turn}@lamp.example"), f"Two {turn}")
        guest = person(f"guest{turn}@lamp.example")
        invitation = invite_member(one, email=guest.email, role="viewer", by=one.members.get())

        def act(n, one=one, two=two, invitation=invitation, guest=guest):
            if n:
                return merge_organisations(one, two, by=operator, reason=REASON)
            return accept_invitation(invitation, by=guest)

        joined, _merged = in_threads(2, act)
        if isinstance(joined, DomainError):
            assert joined.code == "merged"
            accept_invitation(Invitation.objects.get(pk=invitation.pk), by=guest)
        assert [row.organisation for row in OrganisationMember.objects.filter(user=guest)] == [two]


def test_an_archived_one_is_not_merged_again(source, target, operator):
    Organisation.objects.filter(pk=target.pk).update(archived_at=timezone.now())
    with pytest.raises(DomainError) as refused:
        merge_organisations(source, target, by=operator, reason=REASON)
    assert refused.value.code == "merged"
