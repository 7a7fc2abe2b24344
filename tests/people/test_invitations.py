"""Invitations: for one person, once, for 14 days; a stolen, used, old or withdrawn link opens nothing."""

import re
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.domain.invitations import (
    PER_DAY,
    accept_invitation,
    close_expired,
    invite_member,
    revoke_invitation,
)
from network.people.domain.organisations import OrganisationData, register_organisation
from network.people.enums import MemberRole, OrganisationKind
from network.people.models import Invitation, OrganisationMember, User
from tests.people.signing import person, sign_in


@pytest.fixture
def owner(db):
    return person("owner@example.org", "Owner")


@pytest.fixture
def organisation(owner):
    return register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))


@pytest.fixture
def invited(organisation, owner):
    return invite_member(organisation, email="Nour@Example.org", role=MemberRole.EDITOR, by=owner)


def link() -> str:
    return OutgoingMail.objects.filter(kind="people.invitation").latest("pk").context["path"]


def test_the_mail_leads_to_a_page_and_only_the_button_joins(client, invited):
    nour = person()
    sign_in(client, nour)
    page = client.get(link())
    assert page.status_code == 200
    assert "Join the organisation" in page.content.decode()
    assert not OrganisationMember.objects.filter(user=nour).exists()
    answer = client.post(link())
    assert answer.url == f"/en/desk/organisations/{invited.organisation.slug}/"
    assert OrganisationMember.objects.get(user=nour).role == MemberRole.EDITOR
    assert Invitation.objects.get().accepted_by == nour


def test_only_a_hash_of_the_secret_is_kept_after_sending(organisation, owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite_member(organisation, email="nour@example.org", role="editor", by=owner)
    row = OutgoingMail.objects.get()
    assert (row.status, row.context) == ("sent", {})
    token = re.search(r"/desk/invitations/(\S+?)/", mail.outbox[0].body).group(1)
    assert token not in (invitation.token_hash, str(vars(invitation)))
    assert len(invitation.token_hash) == 64


def test_used_twice_it_says_so(client, invited):
    sign_in(client, person())
    client.post(link())
    for answer in (client.get(link()), client.post(link())):
        assert answer.status_code == 410
        assert "used already" in answer.content.decode()
    assert OrganisationMember.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "ended after 14 days"),
        ({"revoked_at": timezone.now()}, "taken back"),
    ],
)
def test_an_old_or_withdrawn_one_opens_nothing(client, invited, fields, sentence):
    Invitation.objects.update(**fields)
    sign_in(client, person())
    for answer in (client.get(link()), client.post(link())):
        assert answer.status_code == 410
        assert sentence in answer.content.decode()
    assert OrganisationMember.objects.count() == 1


def test_a_stolen_link_is_worth_nothing_to_another_account(client, invited):
    thief = person("thief@example.org", "Thief")
    sign_in(client, thief)
    page = client.get(link()).content.decode()
    assert "This invitation is for somebody else" in page
    assert "nour@example.org" not in page
    answer = client.post(link())
    assert answer.status_code == 302
    assert not OrganisationMember.objects.filter(user=thief).exists()
    with pytest.raises(DomainError) as refused:
        accept_invitation(invited, by=thief)
    assert refused.value.code == "denied"


def test_the_right_address_unconfirmed_is_not_enough(invited):
    claimed = User.objects.create_user("nour@example.org", "x", verified=False, display_name="Not Nour")
    with pytest.raises(DomainError) as refused:
        accept_invitation(invited, by=claimed)
    assert refused.value.code == "denied"


def test_a_visitor_is_led_to_sign_in_and_back(client, invited):
    page = client.get(link()).content.decode()
    assert f"/en/accounts/login/?next={link().replace('/', '%2F')}" in page
    assert "nour@example.org" not in page
    assert client.post(link()).url.startswith("/en/accounts/login/?next=")


def test_a_link_that_was_never_ours_is_unknown(client, db):
    for token in ("x", "..", "%00", "ό", "a" * 5000):
        assert client.get(f"/en/desk/invitations/{token}/").status_code in {400, 404}, token


def test_answer_and_mail_are_the_same_with_and_without_an_account(client, organisation, owner):
    person("known@example.org", "Known")
    sign_in(client, owner)
    url = f"/en/desk/organisations/{organisation.slug}/members/invite/"
    pages = []
    for name in ("known", "unknown"):
        before = OutgoingMail.objects.count()
        answer = client.post(url, {"email": f"{name}@example.org", "role": "viewer"}, follow=True)
        assert OutgoingMail.objects.count() == before + 1
        pages.append(
            re.sub(r'value="[^"]{64}"|/invitations/\d+/|datetime="[^"]+"', "", answer.content.decode()).replace(
                name, "*"
            )
        )
        Invitation.objects.all().delete()
    assert pages[0] == pages[1]


def test_inviting_again_replaces_the_link(organisation, owner, invited, client):
    old = link()
    invite_member(organisation, email="nour@example.org", role=MemberRole.VIEWER, by=owner)
    sign_in(client, person())
    assert client.get(old).status_code == 410
    client.post(link())
    assert OrganisationMember.objects.get(user__email="nour@example.org").role == MemberRole.VIEWER


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no address",
        "a@b",
        "a@example.org, b@example.org",
        "a@example.org\r\nBcc: b@example.org",
        "a@b\u2028.example",
    ],
)
def test_what_is_no_address_is_refused(organisation, owner, email):
    with pytest.raises(DomainError) as refused:
        invite_member(organisation, email=email, role="editor", by=owner)
    assert refused.value.code == "email"
    assert OutgoingMail.objects.count() == 0


def test_nobody_invites_in_bulk(organisation, owner):
    for number in range(PER_DAY):
        invite_member(organisation, email=f"p{number}@example.org", role="viewer", by=owner)
    with pytest.raises(DomainError) as refused:
        invite_member(organisation, email="more@example.org", role="viewer", by=owner)
    assert refused.value.code == "limit"


def test_members_are_not_invited_and_editors_do_not_invite(organisation, owner, invited):
    nour = person()
    accept_invitation(invited, by=nour)
    with pytest.raises(DomainError) as refused:
        invite_member(organisation, email="nour@example.org", role="owner", by=owner)
    assert refused.value.code == "member"
    with pytest.raises(DomainError) as refused:
        invite_member(organisation, email="x@example.org", role="owner", by=nour)
    assert refused.value.code == "denied"


def test_the_desk_offers_an_open_invitation_to_its_addressee_only(client, invited):
    own = f"/en/desk/invitations/mine/{invited.pk}/"
    sign_in(client, person("other@example.org", "Other"))
    assert own not in client.get("/en/desk/").content.decode()
    assert client.post(own).status_code == 404
    sign_in(client, person())
    assert own in client.get("/en/desk/").content.decode()
    assert client.post(own).status_code == 302
    assert OrganisationMember.objects.filter(user__email="nour@example.org").exists()


def test_revoking_kills_the_link_and_is_for_owners(client, invited, owner):
    with pytest.raises(DomainError):
        revoke_invitation(invited, by=person())
    sign_in(client, owner)
    client.post(f"/en/desk/organisations/{invited.organisation.slug}/invitations/{invited.pk}/revoke/")
    assert Invitation.objects.get().revoked_at


def test_the_hourly_run_closes_what_is_over(invited):
    assert close_expired() == 0
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert close_expired() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_link_pressed_twice_at_once_joins_once():
    owner, nour = person("owner@example.org", "Owner"), person()
    organisation = register_organisation(owner, OrganisationData("Lamp", OrganisationKind.NGO))
    invitation = invite_member(organisation, email=nour.email, role="editor", by=owner)
    start, outcomes = threading.Barrier(2), []

    def accept() -> None:
        try:
            start.wait(timeout=10)
            accept_invitation(invitation, by=User.objects.get(pk=nour.pk))
            outcomes.append("joined")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sorted(outcomes) == ["joined", "used"]
    assert OrganisationMember.objects.filter(user=nour).count() == 1
