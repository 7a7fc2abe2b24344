"""Collections: who may what, role by role; texts that two people change at once; pages that say what is gone."""

from __future__ import annotations

import re
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.desk import items
from practices.domain import collection_members as members, collections as verbs
from practices.domain.collection_order import add_practices
from practices.domain.collections import CollectionTexts
from practices.models import Collection, CollectionInvitation, CollectionMember
from tests.people.signing import person
from tests.practices import builders as build
from tests.practices.collecting import WORDS, circle, signed, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()


def refused(call, code: str = "denied") -> bool:
    try:
        call()
    except DomainError as error:
        return error.code == code
    return False


# --- who may ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", ["private", "link", "public"])
def test_each_role_opens_what_it_may_and_knows_of_nothing_else(visibility):
    ring = circle(build.practice(build.operator()), visibility=visibility)
    page = ring.collection.get_absolute_url()
    operator = build.operator()
    expected = {
        # page, texts, order, people, delete
        ring.owner: (200, 200, 200, 200, 200),
        ring.editor: (200, 200, 200, 200, 403),
        ring.viewer: (200, 403, 403, 200, 403),
        ring.stranger: (404 if visibility == "private" else 200, 404, 404, 404, 404),
        operator: (404 if visibility == "private" else 200, 404, 404, 404, 404),
    }
    for user, codes in expected.items():
        client = signed(user)
        found = tuple(client.get(page + part).status_code for part in ("", "texts/", "order/", "people/", "delete/"))
        assert found == codes, user
    visitor = Client()
    assert visitor.get(page).status_code == (404 if visibility == "private" else 200)
    assert [visitor.get(page + part).status_code for part in ("texts/", "order/", "people/", "delete/")] == [302] * 4


def test_the_verbs_refuse_whoever_may_not():
    ring = circle(build.practice(build.operator()))
    one = ring.collection
    member = CollectionMember.objects.get(user=ring.viewer)
    for user in (ring.viewer, ring.stranger):
        assert refused(lambda by=user: verbs.set_collection_texts(one, WORDS, by=by, version=1))
        assert refused(lambda by=user: add_practices(one, [1], by=by))
    for user in (ring.editor, ring.viewer, ring.stranger):
        assert refused(lambda by=user: verbs.set_visibility(one, "public", by=by))
        assert refused(lambda by=user: verbs.delete_collection(one, by=by))
        assert refused(lambda by=user: verbs.hide_collection(one, "Spam", by=by))
        assert refused(lambda by=user: members.invite_to_collection(one, email="x@y.example", role="editor", by=by))
        assert refused(lambda by=user: members.change_collection_role(member, "owner", by=by))
    assert refused(lambda: members.remove_collection_member(member, by=ring.editor))
    assert Collection.objects.get().visibility == "private"


def test_a_link_opens_but_only_public_ones_stand_in_the_list_and_the_sitemap(client):
    by = build.operator()
    ring = circle(build.practice(by), visibility="link")
    hidden, public = ring.collection, verbs.create_collection(CollectionTexts("For all", "en"), by=ring.owner)
    add_practices(public, [build.practice(by).pk], by=ring.owner)
    verbs.set_visibility(public, "public", by=ring.owner)
    page = text_of(client.get("/en/collections/"))
    assert public.get_absolute_url() in page
    assert hidden.get_absolute_url() not in page
    sitemap = text_of(client.get("/sitemap-collections.xml"))
    assert public.get_absolute_url() in sitemap
    assert hidden.opaque_id not in sitemap
    assert 'name="robots" content="noindex"' in text_of(client.get(hidden.get_absolute_url()))
    assert "noindex" not in text_of(client.get(public.get_absolute_url()))


def test_what_becomes_private_is_gone_at_once_for_visitors_too(client, django_capture_on_commit_callbacks):
    ring = circle(build.practice(build.operator()), visibility="public")
    page = ring.collection.get_absolute_url()
    for _twice in (1, 2):
        assert client.get(page).status_code == 200
    assert client.get(page)["X-Cache"] == "hit"
    with django_capture_on_commit_callbacks(execute=True):
        signed(ring.owner).post(f"{page}people/readers/", {"visibility": "private"})
    assert client.get(page).status_code == 404


def test_an_empty_collection_is_not_made_public_and_an_unconfirmed_account_makes_none():
    owner = person()
    empty = verbs.create_collection(WORDS, by=owner)
    assert refused(lambda: verbs.set_visibility(empty, "public", by=owner), "empty")
    assert verbs.set_visibility(empty, "link", by=owner).visibility == "link"
    unproved = type(owner).objects.create_user("new@people.example", verified=False)
    assert refused(lambda: verbs.create_collection(WORDS, by=unproved))


def test_an_operator_hides_what_is_public_for_a_reason_and_lets_it_back():
    ring = circle(build.practice(build.operator()), visibility="public")
    operator, page = build.operator(), ring.collection.get_absolute_url()
    client = signed(operator)
    assert "Enter the reason" in text_of(client.post(f"{page}hide/", {"reason": " "}))
    assert client.post(f"{page}hide/", {"reason": "It is an advertisement"}).status_code == 302
    assert Client().get(page).status_code == 404
    assert "It is an advertisement" in text_of(signed(ring.viewer).get(page))
    assert refused(lambda: verbs.set_visibility(ring.collection, "public", by=ring.owner), "hidden")
    assert client.post(f"{page}hide/", {"back": "1"}).status_code == 302
    assert Client().get(page).status_code == 404
    verbs.set_visibility(ring.collection, "public", by=ring.owner)
    assert Client().get(page).status_code == 200


# --- members ---------------------------------------------------------------------------------------------------------------


def test_an_invited_address_joins_by_its_own_account_alone():
    ring = circle()
    page = ring.collection.get_absolute_url()
    owner, guest = signed(ring.owner), person("guest@people.example", "Guest")
    answer = owner.post(f"{page}people/invite/", {"email": "Guest@People.example ", "role": "viewer"})
    assert answer["Location"] == f"{page}people/"
    assert "Against hate" in {str(item.title) for item in items("waiting", guest)}
    for user in (ring.stranger, ring.editor):
        assert signed(user).get(f"{page}invitation/").status_code == 404
    client = signed(guest)
    assert client.get(page).status_code == 404
    assert "Owner invites you" in re.sub("<.*?>", "", text_of(client.get(f"{page}invitation/")))
    assert CollectionMember.objects.filter(user=guest).count() == 0
    assert client.post(f"{page}invitation/")["Location"] == page
    assert CollectionMember.objects.get(user=guest).role == "viewer"
    assert client.post(f"{page}invitation/").status_code == 404


def test_an_invitation_is_declined_or_taken_back():
    ring = circle()
    page = ring.collection.get_absolute_url()
    guest = person("guest@people.example")
    members.invite_to_collection(ring.collection, email=guest.email, role="editor", by=ring.owner)
    assert signed(guest).post(f"{page}invitation/", {"decline": "1"})["Location"] == "/en/desk/collections/"
    again = members.invite_to_collection(ring.collection, email=guest.email, role="editor", by=ring.owner)
    assert signed(ring.editor).post(f"{page}people/invitations/{again.pk}/revoke/").status_code == 403
    assert signed(ring.owner).post(f"{page}people/invitations/{again.pk}/revoke/").status_code == 302
    assert refused(lambda: members.accept_collection_invitation(again, by=guest), "gone")
    assert not CollectionMember.objects.filter(user=guest).exists()


def test_whether_an_address_has_an_account_is_told_to_nobody_and_both_get_the_same_mail():
    ring = circle()
    person("known@people.example", "Known Person")
    client, page = signed(ring.owner), f"{ring.collection.get_absolute_url()}people/"
    seen = []
    for address in ("known@people.example", "unknown@people.example"):
        client.post(f"{page}invite/", {"email": address, "role": "editor"})
        seen.append(text_of(client.get(page)).replace(address, "x"))
        CollectionInvitation.objects.all().delete()
    tokens = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|/invitations/\d+/')
    assert tokens.sub("", seen[0]) == tokens.sub("", seen[1])
    assert "Known Person" not in seen[0]
    mails = OutgoingMail.objects.filter(kind="practices.collection_invitation").order_by("id")
    first, second = [{**row.context, "key": ""} for row in mails][-2:]
    assert first == second


def test_no_more_than_twenty_invitations_a_day_even_where_they_are_taken_back():
    ring = circle()
    for n in range(18):
        invitation = members.invite_to_collection(
            ring.collection, email=f"n{n}@people.example", role="viewer", by=ring.owner
        )
        members.revoke_collection_invitation(invitation, by=ring.owner)
    assert refused(
        lambda: members.invite_to_collection(ring.collection, email="x@y.example", role="viewer", by=ring.owner),
        "limit",
    )


@pytest.mark.parametrize("bad", ["", "x", "a b@c.example", "a@b@c", "x@y.example\nBcc: z@y.example"])
def test_what_is_no_address_is_not_invited(bad):
    ring = circle()
    page = f"{ring.collection.get_absolute_url()}people/invite/"
    assert "error-summary" in text_of(signed(ring.owner).post(page, {"email": bad, "role": "editor"}))
    assert refused(
        lambda: members.invite_to_collection(ring.collection, email=bad, role="editor", by=ring.owner), "email"
    )


def test_the_last_owner_stays_whoever_leaves():
    ring = circle()
    page = ring.collection.get_absolute_url()
    owner = CollectionMember.objects.get(user=ring.owner)
    client = signed(ring.owner)
    client.post(f"{page}people/{owner.pk}/remove/")
    client.post(f"{page}people/{owner.pk}/role/", {f"m{owner.pk}-role": "viewer"})
    assert CollectionMember.objects.get(user=ring.owner).role == "owner"
    editor = CollectionMember.objects.get(user=ring.editor)
    client.post(f"{page}people/{editor.pk}/role/", {f"m{editor.pk}-role": "owner"})
    assert client.post(f"{page}people/{owner.pk}/remove/")["Location"] == "/en/desk/collections/"
    assert not CollectionMember.objects.filter(user=ring.owner).exists()
    assert client.get(page).status_code == 404
    viewer = CollectionMember.objects.get(user=ring.viewer)
    assert signed(ring.viewer).post(f"{page}people/{viewer.pk}/remove/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_the_same_moment_one_stays():
    ring = circle()
    members.change_collection_role(CollectionMember.objects.get(user=ring.editor), "owner", by=ring.owner)
    start, outcomes = threading.Barrier(2), []

    def leave(user) -> None:
        member = CollectionMember.objects.get(user=user)
        start.wait()
        try:
            members.remove_collection_member(member, by=user)
            outcomes.append("left")
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[user]) for user in (ring.owner, ring.editor)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["last_owner", "left"]
    assert CollectionMember.objects.filter(role="owner").count() == 1
