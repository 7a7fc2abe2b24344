"""Rows, parts and conditions on the page of a section: without scripts, while it saves itself, and when two people wrote."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from grants.domain.drafts import save_section
from tests.grants.test_kinds import begun, money  # noqa: F401 a fixture


@pytest.fixture
def desk(begun, client: Client):  # noqa: F811
    """(client signed in as the owner, draft, address of its section "money")."""
    draft, owner, _at = begun
    client.force_login(owner)
    return client, draft, reverse("grants:section", args=[draft.opaque_id, "money"])


def posted(**change) -> dict:
    fields = {
        "revision": "1",
        "a-title": "T",
        "a-amount_requested": "10000",
        "a-lines-0-description": "A trainer",
        "a-lines-0-amount": "15000",
        "a-lines-0-requested": "10000",
        "a-lines-1-description": "",
        "a-lines-2-description": "Rooms",
        "a-lines-2-amount": "one",
        "a-more": "no",
    }
    return fields | change


def page_of(client: Client, address: str):
    return html.fromstring(client.get(address).content)


def test_rows_are_saved_without_scripts_and_empty_ones_close_up(desk):
    client, draft, address = desk
    answer = client.post(address, posted())
    assert answer.status_code == 302
    lines = draft.answers.get(section="money").data["lines"]
    assert [(row["description"], row["amount"]) for row in lines] == [("A trainer", "15000"), ("Rooms", "one")]
    page = page_of(client, address)
    # The wrong cell is marked, its row is named, and one empty row stands below the written ones.
    assert page.xpath('//input[@name="a-lines-1-amount"]/@aria-invalid') == ["true"]
    assert page.xpath('//input[@name="a-lines-0-amount"]/@aria-invalid') == []
    assert "row 2" in page.xpath('string(//*[@id="id_a-lines_error"])')
    assert len(page.xpath("//tr[@data-row]")) == 3
    assert page.xpath('//p[@data-note="lines"]')[0].text.startswith("In all ")


def test_more_rows_come_without_scripts_and_what_was_typed_is_saved(desk):
    client, draft, address = desk
    answer = client.post(address, posted(more="lines"))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?more=lines#id_a-lines")
    assert draft.answers.get(section="money").revision == 2
    assert len(page_of(client, answer["Location"].partition("#")[0]).xpath("//tr[@data-row]")) == 7


def test_a_condition_stands_in_words_and_its_question_is_asked_when_it_holds(desk):
    client, draft, address = desk
    page = page_of(client, address)
    assert page.xpath("string(//*[@data-condition])") == "Only if you answer “Yes” to “More?”."
    right = {"a-lines-2-amount": "0", "a-lines-2-requested": ""}
    answer = client.post(address, posted(**right) | {"a-more": "yes"})
    assert answer["Location"] == address
    answer = client.post(address, posted(**right) | {"a-more": "yes", "a-who": "A friend", "revision": "2"})
    assert answer["Location"] == draft.get_absolute_url()


def test_autosave_answers_with_the_sums_it_made(desk):
    client, draft, _address = desk
    autosave = reverse("grants:autosave", args=[draft.opaque_id])
    body = client.post(autosave, posted(section="money")).json()
    assert body["notes"] == {"lines": "In all £15,000: from this fund £10,000, from elsewhere £5,000."}


def test_two_people_wrote_rows(desk, begun):  # noqa: F811
    client, draft, address = desk
    _draft, owner, at = begun
    save_section(draft, "money", money(title="Theirs"), revision=1, by=owner, at=at)
    body = client.post(reverse("grants:autosave", args=[draft.opaque_id]), posted(section="money"))
    assert body.status_code == 409
    told = body.json()
    assert told["reload"] is True
    assert "Rooms" in told["texts"]["mine"]
    assert "Theirs" in told["texts"]["theirs"]

    shown = client.post(address, posted())
    assert shown.status_code == 409
    page = html.fromstring(shown.content)
    assert {"keep-title", "keep-lines"} == set(page.xpath('//input[@type="radio"]/@name'))
    kept = {one.get("name"): one.text.strip() for one in page.xpath("//textarea[@hidden]") if one.text}
    choice = {"resolve": "1", "revision": "2", "keep-title": "theirs", "keep-lines": "mine"}
    client.post(address, kept | choice)
    data = draft.answers.get(section="money").data
    assert (data["title"], [row["description"] for row in data["lines"]]) == ("Theirs", ["A trainer", "Rooms"])


def test_the_profile_can_be_taken_again(desk):
    client, draft, _address = desk
    address = reverse("grants:section", args=[draft.opaque_id, "us"])
    fields = {"revision": "1", "a-profile-name": "Ours", "a-address-lines": "", "a-address-country": ""}
    client.post(address, fields | {"profile": "address"})
    data = draft.answers.get(section="us").data
    assert data["address"]["lines"] == "4 Lantern Yard\nLondon"
    assert data["profile"]["name"] == "Ours"


def test_the_sent_rows_are_read_as_a_table(desk, begun):  # noqa: F811
    client, draft, _address = desk
    _draft, owner, at = begun
    save_section(draft, "money", money(), revision=1, by=owner, at=at)
    page = page_of(client, reverse("grants:check", args=[draft.opaque_id]))
    (table,) = page.xpath('//section[@id="answers-money"]//table')
    assert [one.text_content() for one in table.xpath(".//td")] == ["A trainer", "£15,000", "£10,000"]
    assert "Who?" not in page.text_content()
