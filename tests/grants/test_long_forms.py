"""A form of 200 questions: every page opens at the cost of a short one, saves, and all of it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grants.domain.rounds import publish_form
from grants.models import Application, Round
from tests.grants import builders
from tests.grants.browsing import at, autosave, post_section

QUESTIONS = 200


def questions(first: int, last: int) -> list[dict[str, Any]]:
    return [
        {"key": f"q-{n}", "kind": "long_text", "label": {"en": f"Question {n}", "ar": f"السؤال {n}"}, "required": True, "max_words": 50}
        for n in range(first, last)
    ]  # fmt: skip


def form_of(sections: int) -> list[dict[str, Any]]:
    """QUESTIONS questions, shared out among so many sections; title and amount are two of them."""
    share = QUESTIONS // sections
    made = [
        {
            "key": f"part-{n}",
            "title": {"en": f"Part {n}", "ar": f"الجزء {n}"},
            "fields": questions(n * share, (n + 1) * share),
        }
        for n in range(sections)
    ]
    made[0]["fields"][0] |= {"key": "title", "kind": "short_text"}
    made[0]["fields"][1] |= {"key": "amount_requested", "kind": "money", "max_words": None}
    return made


def begun(applicant, ngo, made: Round, form: list[dict[str, Any]]) -> Application:
    publish_form(made, form, by=builders.operator())
    return builders.draft(applicant, made, ngo)


@pytest.fixture
def bare(db) -> Round:
    return builders.round_of(builders.fund(), form=False, max_per_organisation=9)


def told(section: dict[str, Any]) -> dict[str, str]:
    return {
        one["key"]: "12000" if one["key"] == "amount_requested" else f"Words of {one['key']}"
        for one in section["fields"]
    }


@pytest.mark.parametrize("sections", [1, 20])
def test_it_is_written_section_by_section_and_sent_whole(signed_in, applicant, ngo, bare, sections):
    form = form_of(sections)
    draft = begun(applicant, ngo, bare, form)
    answer = signed_in.post(at("submit", draft.opaque_id), {})
    assert answer.status_code == 422
    assert answer.content.decode().count("Question ") >= QUESTIONS - 2, "all that is missing is said at once"
    for section in form:
        assert post_section(signed_in, draft, section["key"], told(section)).status_code == 302
    assert (
        autosave(signed_in, draft, form[-1]["key"], 2, **told(form[-1]) | {"q-199": "The last word"}).status_code == 200
    )
    assert signed_in.post(at("submit", draft.opaque_id), {}).url == at("receipt", draft.opaque_id)
    draft.refresh_from_db()
    sent = draft.current_version.answers
    assert sum(len(one) for one in sent.values()) == QUESTIONS
    assert sent[form[-1]["key"]]["q-199"] == "The last word"


def test_its_pages_ask_the_database_no_more_than_those_of_a_short_form(signed_in, applicant, ngo, bare):
    """Autosave among them."""
    counts = []
    for form in (builders.SECTIONS, form_of(20), form_of(1)):
        draft = begun(applicant, ngo, bare, form)
        key = form[0]["key"]
        asked = [at("application", draft.opaque_id), at("section", draft.opaque_id, key), at("check", draft.opaque_id)]
        found = []
        for address in asked:
            signed_in.get(address)
            with CaptureQueriesContext(connection) as seen:
                assert signed_in.get(address).status_code == 200
            found.append(len(seen))
        autosave(signed_in, draft, key, 1, title="One")
        with CaptureQueriesContext(connection) as seen:
            assert autosave(signed_in, draft, key, 2, title="Two").status_code == 200
        counts.append([*found, len(seen)])
    assert counts[0] == counts[1] == counts[2]
