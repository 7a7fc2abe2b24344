"""Who works on an application: invited for one application, by one mail, once; and an owner always stays."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from grants.domain import people as verbs
from grants.domain.submission import submit_application
from grants.models import ApplicationInvitation, ApplicationMember
from grants.queries.people import desk_invitations, own_data
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from tests.grants import builders
from tests.grants.browsing import at, post_section
from tests.threads import in_threads

NOW = timezone.now


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


def invite(draft, by, email="nour@people.example", role="editor", language="en", moment=None):
    return verbs.invite_person(draft, email=email, role=role, language=language, by=by, at=moment or NOW())


def link() -> str:
    return OutgoingMail.objects.filter(kind="grants.invitation").latest("pk").context["path"]


@pytest.fixture
def invited(applicant, draft):
    return invite(draft, applicant)


@pytest.fixture
def nour(db):
    return builders.person("Nour")


# --- invitations ------------------------------------------------------------------------------------------------------


def test_an_outsider_joins_by_the_button_and_writes_this_application_alone(
    client, applicant, ngo, draft, invited, nour
):
    other = builders.draft(applicant, draft.round, ngo)
    client.force_login(nour)
    assert client.get(at("application", draft.opaque_id)).status_code == 404
    page = client.get(link())
    assert page.status_code == 200
    assert not draft.members.filter(user=nour).exists()
    assert client.post(link()).url == draft.get_absolute_url()
    assert draft.members.get(user=nour).role == "editor"
    assert post_section(client, draft, "project", {"title": "Ours"}).status_code == 302
    assert draft.answers.get(section="project").data["title"] == "Ours"
    assert client.get(at("application", other.opaque_id)).status_code == 404
    assert client.get(f"/en/desk/organisations/{ngo.slug}/").status_code in {403, 404}
    assert refusal(builders.draft, nour, draft.round, ngo) == "denied"


def test_the_mail_is_written_in_the_invited_persons_language(applicant, draft, nour):
    nour.preferred_language = "sv"
    nour.save()
    invite(draft, applicant, language="ar")
    invite(draft, applicant, email="new@people.example", language="ar")
    sent = {row.to_email: row for row in OutgoingMail.objects.filter(kind="grants.invitation")}
    assert {name: row.language for name, row in sent.items()} == {
        "nour@people.example": "sv",
        "new@people.example": "ar",
    }
    assert sent["new@people.example"].context["path"].startswith("/ar/applications/invitations/")


def test_only_a_hash_of_the_secret_is_kept(applicant, draft, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(draft, applicant, language="en")
    row = OutgoingMail.objects.get()
    assert (row.status, row.context) == ("sent", {})
    token = re.search(r"/applications/invitations/(\S+?)/", mail.outbox[0].body).group(1)
    assert token not in str(vars(invitation))
    assert token not in str(list(AuditEvent.objects.values_list("after", flat=True)))
    assert verbs.find_invitation(token) == invitation


def test_a_stolen_link_opens_nothing_and_says_which_address_it_was_sent_to(client, draft, invited):
    client.force_login(builders.person("Thief"))
    page = client.get(link()).content.decode()
    assert "n•••@people.example" in page
    assert "Join the application" not in page
    answer = client.post(link())
    assert "sent to another address" in answer.content.decode()
    assert not draft.members.filter(user__display_name="Thief").exists()


def test_an_unconfirmed_address_is_asked_to_confirm_first(client, draft, invited, nour):
    nour.emailaddress_set.update(verified=False)
    client.force_login(nour)
    assert "Confirm your address first" in client.get(link()).content.decode()
    assert refusal(verbs.join, invited, by=nour, at=NOW()) == "denied"


def test_a_used_link_leads_its_person_on_and_tells_others(client, applicant, draft, invited, nour):
    client.force_login(nour)
    client.post(link())
    assert client.get(link()).url == draft.get_absolute_url()
    client.force_login(applicant)
    page = client.get(link())
    assert page.status_code == 410
    assert "used already" in page.content.decode()


def test_an_old_link_says_so_and_a_new_one_is_sent(client, applicant, draft, invited, nour):
    old = link()
    with time_machine.travel(NOW() + timedelta(days=14, minutes=1)):
        client.force_login(nour)
        page = client.get(old)
        assert page.status_code == 410
        assert "ended after 14 days. Ask for a new one." in page.content.decode()
        verbs.send_anew(invited, by=applicant, at=NOW())
        assert link() != old
        assert client.post(link()).status_code == 302
    assert draft.members.get(user=nour).role == "editor"


def test_a_link_taken_back_or_replaced_is_dead(client, applicant, draft, invited, nour):
    first = link()
    second = verbs.send_anew(invited, by=applicant, at=NOW())
    client.force_login(nour)
    assert client.post(first).status_code == 410
    verbs.take_invitation_back(second, by=applicant)
    page = client.post(link())
    assert (page.status_code, "was taken back" in page.content.decode()) == (410, True)
    assert refusal(verbs.send_anew, second, by=applicant, at=NOW()) == "revoked"
    assert not draft.members.filter(user=nour).exists()


def test_who_has_no_account_is_led_to_make_one_and_back(client, invited):
    page = client.get(link()).content.decode()
    assert f"/signup/?next={link().replace('/', '%2F')}" in page
    assert client.post(link()).status_code == 302


def test_invitations_wait_on_the_desk_of_a_confirmed_address(client, draft, invited, nour):
    (item,) = desk_invitations(nour)
    client.force_login(nour)
    assert client.get(item.url).status_code == 200
    assert client.post(item.url).url == draft.get_absolute_url()
    assert desk_invitations(nour) == []
    assert own_data(nour)["works_on"][0]["role"] == "editor"


def test_what_can_not_be_invited_is_said(applicant, draft, nour):
    viewer = builders.person("Vera")
    verbs.add_member(draft, viewer, "viewer")
    assert refusal(invite, draft, applicant, email="nobody") == "email"
    assert refusal(invite, draft, applicant, email="a b@people.example") == "email"
    assert refusal(invite, draft, applicant, email="VERA@people.example") == "member"
    assert refusal(invite, draft, applicant, role="king") == "role"
    assert refusal(invite, draft, applicant, language="xx") == "language"
    assert refusal(invite, draft, viewer) == "denied"
    assert refusal(invite, draft, applicant, moment=draft.round.closes_at) == "closed"


def test_nobody_sends_more_than_20_a_day(applicant, draft):
    for n in range(20):
        invite(draft, applicant, email=f"p{n}@people.example")
    assert refusal(invite, draft, applicant, email="p20@people.example") == "limit"


def test_nobody_joins_what_can_not_be_changed_any_more(client, applicant, draft, invited, nour):
    assert refusal(verbs.join, invited, by=nour, at=draft.round.closes_at) == "closed"
    with time_machine.travel(draft.round.closes_at - timedelta(minutes=1)):
        fresh = verbs.send_anew(invited, by=applicant, at=NOW())
    assert refusal(verbs.join, fresh, by=nour, at=draft.round.closes_at) == "closed"


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_the_button_join_once(applicant, draft, nour):
    invited = invite(draft, applicant)
    results = in_threads(3, lambda n: verbs.join(invited, by=nour, at=NOW()))
    assert sum(isinstance(one, ApplicationMember) for one in results) == 1
    assert {one.code for one in results if isinstance(one, DomainError)} == {"used"}
    assert draft.members.filter(user=nour).count() == 1


def test_addresses_that_nobody_joined_with_are_forgotten(applicant, draft, invited, nour):
    verbs.join(invite(draft, applicant), by=nour, at=NOW())
    invite(draft, applicant, email="late@people.example")
    assert verbs.forget_invitations(NOW() + timedelta(days=103)) == 0
    assert verbs.forget_invitations(NOW() + timedelta(days=105)) == 2
    assert ApplicationInvitation.objects.get().accepted_by == nour


# --- members ----------------------------------------------------------------------------------------------------------


def test_roles_change_and_the_last_owner_stays(applicant, draft, nour):
    mine = draft.members.get(user=applicant)
    theirs = verbs.add_member(draft, nour, "editor")
    assert refusal(verbs.change_role, mine, "editor", by=applicant, at=NOW()) == "last_owner"
    assert refusal(verbs.remove_person, mine, by=applicant) == "last_owner"
    assert refusal(verbs.change_role, theirs, "owner", by=nour, at=NOW()) == "denied"
    assert refusal(verbs.change_role, theirs, "king", by=applicant, at=NOW()) == "role"
    verbs.change_role(theirs, "owner", by=applicant, at=NOW())
    verbs.change_role(mine, "viewer", by=nour, at=NOW())
    assert refusal(verbs.remove_person, theirs, by=applicant) == "denied"
    verbs.remove_person(mine, by=applicant)
    assert list(draft.members.values_list("user__display_name", "role")) == [("Nour", "owner")]
    assert refusal(verbs.remove_person, mine, by=nour) == "gone"


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_or_are_made_editors_at_once_one_stays(applicant, draft, nour):
    mine, theirs = draft.members.get(user=applicant), verbs.add_member(draft, nour, "owner")
    acts = [
        lambda: verbs.remove_person(mine, by=applicant),
        lambda: verbs.change_role(theirs, "editor", by=nour, at=NOW()),
    ]
    results = in_threads(2, lambda n: acts[n]())
    assert [one.code for one in results if isinstance(one, DomainError)] == ["last_owner"]
    assert draft.members.filter(role="owner").count() == 1


def test_after_the_deadline_roles_stay_but_anybody_can_leave(applicant, ready, nour):
    theirs = verbs.add_member(ready, nour, "editor")
    submit_application(ready, by=applicant, at=NOW())
    closed = ready.round.closes_at
    assert verbs.change_role(theirs, "viewer", by=applicant, at=NOW()).role == "viewer"
    assert refusal(verbs.change_role, theirs, "owner", by=applicant, at=closed) == "closed"
    verbs.remove_person(theirs, by=nour)
    kept = AuditEvent.objects.filter(table="grants_applicationmember", action="D").latest("pk")
    assert kept.reason == "Left the application"


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_page_of_people_has_the_same_queries_for_one_and_for_five(
    signed_in, draft, invited, django_assert_max_num_queries
):
    page = at("people", draft.opaque_id)
    signed_in.get(page)
    for n in range(4):
        verbs.add_member(draft, builders.person(f"P{n}"), "viewer")
    with django_assert_max_num_queries(14):
        shown = signed_in.get(page).content.decode()
    assert all(text in shown for text in ("Amina", "P3", "nour@people.example", "Send it anew", "Take back"))


def test_a_refused_invitation_keeps_what_was_typed(signed_in, applicant, draft):
    page = at("invite_person", draft.opaque_id)
    answer = signed_in.post(page, {"email": "amina@people.example", "role": "viewer", "language": "el"})
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert "This person is a member already." in shown
    assert 'value="amina@people.example"' in shown
    assert signed_in.post(page, {"email": "new@people.example", "role": "viewer", "language": "el"}).status_code == 302
    (waiting,) = draft.invitations.all()
    answer = signed_in.post(at("send_anew", draft.opaque_id, waiting.pk), follow=True).content.decode()
    assert "The invitation to new@people.example is on its way." in answer
    newest = draft.invitations.get(revoked_at=None)
    signed_in.post(at("revoke_invitation", draft.opaque_id, newest.pk))
    assert not draft.invitations.filter(revoked_at=None).exists()


def test_editors_see_who_is_there_and_may_leave(client, applicant, draft, nour):
    theirs, mine = verbs.add_member(draft, nour, "editor"), draft.members.get(user=applicant)
    client.force_login(nour)
    shown = client.get(at("people", draft.opaque_id)).content.decode()
    assert "Amina" in shown
    assert "amina@people.example" not in shown
    assert "Invite somebody" not in shown
    assert client.post(at("invite_person", draft.opaque_id), {"email": "x@people.example"}).status_code == 403
    assert client.post(at("change_role", draft.opaque_id, mine.pk), {f"m{mine.pk}-role": "viewer"}).status_code == 403
    assert client.post(at("remove_person", draft.opaque_id, mine.pk)).status_code == 403
    assert client.get(at("remove_person", draft.opaque_id, theirs.pk)).status_code == 200
    assert client.post(at("remove_person", draft.opaque_id, theirs.pk)).status_code == 302
    assert client.get(at("people", draft.opaque_id)).status_code == 404


def test_an_owner_changes_a_role_by_the_page(signed_in, draft, nour):
    theirs = verbs.add_member(draft, nour, "editor")
    signed_in.post(at("change_role", draft.opaque_id, theirs.pk), {f"m{theirs.pk}-role": "viewer"})
    assert draft.members.get(user=nour).role == "viewer"
