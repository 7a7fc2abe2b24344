"""The list of a round's applications: what staff find, what drafts and sealed rounds keep to themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from grants.domain.extending import extend_application
from grants.domain.submission import reopen_application, settle_closed_rounds, withdraw_application
from grants.models import Application, Round
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_board import sent
from tests.people.signing import sign_in

SECRET = "Lanterns over the canal"


@pytest.fixture
def round_(db) -> Round:
    made = builders.round_of(builders.fund(), max_per_organisation=9)
    made.tiers.create(minimum=1_000, maximum=20_000, match=0)
    made.tiers.create(minimum=20_001, maximum=50_000, match=0)
    return made


@pytest.fixture
def manager(client, round_):
    return sign_in(client, staff(RoleKind.FUND_MANAGER, round_.fund.uuid, email="manager@fund.example", name="Manager"))


def begun(round_: Round, name: str, **project) -> Application:
    owner = builders.person(name)
    made = builders.draft(owner, round_, builders.organisation(owner, slug=f"house-{name.lower()}"))
    if project:
        builders.write(made, "project", builders.ANSWERS["project"] | project, by=owner)
        builders.write(made, "budget", {"amount_requested": "31,234"}, by=owner)
    return made


def page(manager, round_: Round, **asked) -> html.HtmlElement:
    return html.fromstring(manager.get(at("round_applications", round_.fund.slug, round_.number), asked).content)


def rows(manager, round_: Round, **asked) -> list[list[str]]:
    """The cells of each row as they are read."""
    return [
        [" ".join(" ".join(cell.itertext()).split()) for cell in row.xpath("th|td")]
        for row in page(manager, round_, **asked).xpath("//tbody/tr")
    ]


def test_each_application_is_told_with_its_state_and_what_it_lacks(round_, manager):
    sent(round_, "A", project={"title": "Tables"}, budget={"amount_requested": "30000"})
    begun(round_, "B", title=SECRET)
    found = {row[0]: row[1:] for row in rows(manager, round_)}
    number, title, state, size, amount, _saved = found["House A"]
    assert (number[:2], title, state, size, amount) == ("K-", "Tables", "Submitted", "£20,001 – £50,000", "£30,000")
    # A file and a declaration are missing.
    assert found["House B"][:5] == ["–", "", "Draft 2 things are missing", "", ""]
    links = page(manager, round_).xpath("//tbody//a/@href")
    desk = at("application_desk", round_.fund.slug, round_.number, Application.objects.get(title="Tables").opaque_id)
    assert {desk, f"{desk}#sent"} <= set(links)


def test_what_was_never_sent_is_neither_shown_nor_found(round_, manager):
    draft = begun(round_, "B", title=SECRET)
    text = page(manager, round_).text_content()
    assert (SECRET in text, "31,234" in text, "House B" in text) == (False, False, True)
    assert rows(manager, round_, q="Lanterns") == []
    desk = manager.get(at("application_desk", round_.fund.slug, round_.number, draft.opaque_id)).content.decode()
    assert SECRET not in desk


def test_of_what_is_changed_again_what_was_sent_counts(round_, manager):
    made = sent(round_, "A", project={"title": "Tables"})
    owner = made.members.get().user
    reopen_application(made, by=owner, at=timezone.now())
    builders.write(made, "project", builders.ANSWERS["project"] | {"title": SECRET}, by=owner)
    builders.write(made, "budget", {"amount_requested": "40000"}, by=owner)
    ((_who, _number, title, state, _size, amount, _saved),) = rows(manager, round_)
    assert (title, amount) == ("Tables", "£12,500")
    assert "what was sent counts" in state
    assert rows(manager, round_, q="Lanterns") == []
    assert len(rows(manager, round_, q="tables")) == 1
    desk = manager.get(at("application_desk", round_.fund.slug, round_.number, made.opaque_id)).content.decode()
    assert ("Tables" in desk, SECRET in desk) == (True, False)


def test_they_are_found_by_state_organisation_reference_and_title(round_, manager):
    made = sent(round_, "A", project={"title": "Tables"})
    made.organisation.name_ar = "جيران الفانوس"
    made.organisation.save()
    gone = sent(round_, "C", project={"title": "Chairs"})
    withdraw_application(gone, reason="Elsewhere.", by=gone.members.get().user, at=timezone.now())
    begun(round_, "B")

    def who(**asked) -> set[str]:
        return {row[0] for row in rows(manager, round_, **asked)}

    assert who() == {"House A", "House B", "House C"}
    assert who(state="draft") == {"House B"}
    assert who(state="withdrawn") == {"House C"}
    assert who(q="house tab") == {"House A"}
    assert who(q="الفانوس") == {"House A"}
    assert who(q=made.reference.lower()) == who(q=str(made.number)) == {"House A"}
    assert who(q="100%") == who(q="tables", state="draft") == set()
    odd = manager.get(at("round_applications", round_.fund.slug, round_.number), {"state": "lost", "q": "x" * 101})
    assert odd.status_code == 400
    assert "at most 100" in odd.content.decode()


def test_a_sealed_round_has_no_list_before_it_closes_and_has_one_then(db, client):
    made = builders.round_of(builders.fund("sealed"), sealed=True)
    manager = sign_in(client, builders.operator())
    sent(made, "A", project={"title": SECRET})
    late = begun(made, "B", title="Late lanterns")
    for asked in ({}, {"q": "House"}, {"q": "Lanterns"}, {"state": "draft"}, {"page": "2"}):
        text = page(manager, made, **asked).text_content()
        assert "This round is sealed" in text
        for hidden in ("House A", "House B", SECRET, "K-0", "Submitted"):
            assert hidden not in text
    moved = made.opens_at - timedelta(days=90)
    Round.objects.filter(pk=made.pk).update(opens_at=moved, closes_at=moved + timedelta(days=30))
    settle_closed_rounds(timezone.now())
    told = {row[0]: row[2:4] for row in rows(manager, made)}
    assert told["House A"] == [SECRET, "In screening"]
    assert told["House B"] == ["", "Lapsed 2 things are missing"], "what was never sent stays with its people"
    late.refresh_from_db()
    assert late.title == "Late lanterns"


def test_an_own_deadline_is_told(round_, manager):
    draft = begun(round_, "B")
    until = builders.by_day(builders.wall(round_.closes_at + timedelta(days=3)))
    extend_application(draft, until, reason="The line was down", by=builders.operator(), at=timezone.now())
    assert "More time until" in rows(manager, round_)[0][3]


def test_many_cost_as_many_queries_as_few(round_, manager):
    here = at("round_applications", round_.fund.slug, round_.number)
    counts = []
    for names in ("A", "BCD"):
        for name in names:
            sent(round_, f"S{name}")
            begun(round_, f"D{name}", title=name)
        manager.get(here)
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(here).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_was_sent_is_read_on_the_page_of_one_application(round_, manager):
    made = sent(round_, "A", project={"title": "Tables"})
    here = at("application_desk", round_.fund.slug, round_.number, made.opaque_id)
    desk = html.fromstring(manager.get(here).content)
    assert desk.xpath('//h2[@id="sent"]')
    assert "We eat together." in desk.text_content()
    assert "policy.pdf" in desk.text_content()
