"""An organisation's own applications by token: read whole by a program of one of its people, and by nobody else's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from grants.domain.people import add_member
from grants.domain.submission import reopen_application, submit_application, withdraw_application
from grants.enums import State
from network.doors import DomainError
from network.people.domain.tokens import make_token
from network.people.models import OrganisationMember
from tests.api.programs import Program
from tests.grants import builders

OWN = "/api/v1/own/applications/"


@pytest.fixture
def sent(db):
    """(application that was sent, its owner, when)."""
    owner = builders.person()
    round_ = builders.round_of(builders.fund())
    at = round_.opens_at
    draft = builders.draft(owner, round_, builders.organisation(owner), at)
    builders.complete(draft, by=owner, at=at)
    submit_application(draft, by=owner, at=at)
    draft.refresh_from_db()
    return draft, owner, at


def program(application, owner, language: str = "en") -> Program:
    scope = ("organisation", str(application.organisation.uuid))
    return Program(make_token(scope, f"Books {owner.pk}", "read", 90, by=owner)[1], language)


def test_what_was_sent_is_told_with_its_receipt(sent):
    application, owner, _at = sent
    books = program(application, owner, "ar")
    (row,) = books.get(OWN).json()["results"]
    version = application.current_version
    assert (row["uuid"], row["reference"], row["state"]) == (str(application.uuid), application.reference, "sent")
    assert row["versions"] == [
        {
            "number": 1,
            "received_at": row["versions"][0]["received_at"],
            "in_grace": False,
            "receipt_code": version.receipt_code,
            "content_hash": version.content_hash,
        }
    ]
    whole = books.get(f"{OWN}{application.uuid}/").json()
    assert whole["draft"] is None
    section = whole["sent"]["sections"][0]
    assert section["title"] == "المشروع"
    assert {one["key"]: one["answer"] for one in section["answers"]}["title"] == "Neighbours at one table"
    amounts = {one["key"]: one["answer"] for part in whole["sent"]["sections"] for one in part["answers"]}
    assert (amounts["amount_requested"], amounts["people"]) == ("12500", "200")


def test_its_files_are_given_out_and_no_others(sent):
    application, owner, _at = sent
    books = program(application, owner)
    (file,) = books.get(f"{OWN}{application.uuid}/").json()["sent"]["files"]
    answer = books.get(file["url"].removeprefix("http://testserver"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(b"".join(answer.streaming_content)) == file["size"]
    assert books.get(f"{OWN}{application.uuid}/files/{application.uuid}/").status_code == 404


def test_a_draft_is_told_beside_the_version_that_counts(sent):
    application, owner, at = sent
    reopen_application(application, by=owner, at=at)
    whole = program(application, owner).get(f"{OWN}{application.uuid}/").json()
    assert whole["state"] == "draft"
    typed = {one["key"]: one["answer"] for part in whole["draft"]["sections"] for one in part["answers"]}
    assert typed["amount_requested"] == "12,500"
    assert whole["sent"]["sections"][1]["answers"][0]["answer"] == "12500"


@pytest.mark.parametrize("state", [State.SUBMITTED, State.SCREENING])
def test_nothing_betrays_how_far_an_application_is(sent, state):
    application, owner, _at = sent
    type(application).objects.filter(pk=application.pk).update(state=state)
    assert program(application, owner).get(OWN).json()["results"][0]["state"] == "sent"


def test_a_withdrawn_one_says_so(sent):
    application, owner, at = sent
    withdraw_application(application, reason="We found the money elsewhere.", by=owner, at=at)
    assert program(application, owner).get(OWN).json()["results"][0]["state"] == "withdrawn"


# --- who does not read it ---------------------------------------------------------------------------------------------


def test_a_colleague_who_is_no_member_of_the_application_reads_none(sent):
    application, _owner, _at = sent
    colleague = builders.person("Bo")
    OrganisationMember.objects.create(organisation=application.organisation, user=colleague, role="editor")
    books = program(application, colleague)
    assert books.get(OWN).json()["count"] == 0
    assert books.get(f"{OWN}{application.uuid}/").status_code == 404
    add_member(application, colleague, "viewer")
    assert books.get(f"{OWN}{application.uuid}/").status_code == 200


def test_another_organisations_token_opens_nothing_of_it(sent):
    application, owner, _at = sent
    other = builders.organisation(owner, slug="second-house")
    books = Program(make_token(("organisation", str(other.uuid)), "Books", "read", 90, by=owner)[1])
    assert books.get(OWN).json()["count"] == 0
    assert books.get(f"{OWN}{application.uuid}/").status_code == 404


def test_who_leaves_the_organisation_reads_no_more(sent):
    application, owner, _at = sent
    books = program(application, owner)
    OrganisationMember.objects.filter(organisation=application.organisation, user=owner).update(role="viewer")
    assert books.get(OWN).status_code == 403


@pytest.mark.parametrize("role", [None, "viewer"])
def test_who_may_not_write_for_the_organisation_makes_no_token(db, role):
    someone = builders.person("Bo")
    house = builders.organisation(builders.person(), slug="house")
    if role:
        OrganisationMember.objects.create(organisation=house, user=someone, role=role)
    with pytest.raises(DomainError):
        make_token(("organisation", str(house.uuid)), "Books", "read", 90, by=someone)


def test_nothing_is_written_here(sent):
    application, owner, _at = sent
    scope = ("organisation", str(application.organisation.uuid))
    books = Program(make_token(scope, "Books", "write", 90, by=owner)[1])
    for method in ("post", "put", "patch", "delete"):
        assert books.ask(method, f"{OWN}{application.uuid}/", {}).status_code == 405


def test_the_list_costs_the_same_for_one_and_for_many(sent, django_assert_max_num_queries):
    application, owner, _at = sent
    books = program(application, owner)
    for number in range(3):
        round_ = builders.round_of(builders.fund(slug=f"fund-{number}"))
        builders.draft(owner, round_, application.organisation, round_.opens_at)
    with django_assert_max_num_queries(8):
        assert books.get(OWN).json()["count"] == 4


def test_owners_find_the_tokens_on_the_page_of_their_organisation(sent, client):
    application, owner, _at = sent
    client.force_login(owner)
    page = client.get(reverse("people:organisation", args=[application.organisation.slug])).content.decode()
    tokens = reverse("people:scope_tokens", args=["organisation", application.organisation.uuid])
    assert tokens in page
    shown = client.get(tokens)
    assert shown.status_code == 200
    assert str(application.organisation) in shown.content.decode()
