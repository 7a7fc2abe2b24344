"""Questions for themes: what they offer, what is kept when the classification changes, and the round's board by theme."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from lxml import html

from grants.api.own import _sections
from grants.documents.copy import copy_data
from grants.domain.reuse import take_over
from grants.domain.submission import Incomplete, reopen_application, submit_application, withdraw_application
from grants.models import Application, Fund, Round
from grants.models.questions import Question
from grants.queries.answers import answer_text
from grants.queries.board import board
from grants.queries.form_differences import form_differences
from grants.queries.funds import fund_page
from grants.rules.answers import clean_answer, faults_in, problems_of
from grants.rules.themes import offered
from practices.domain import archive_theme, merge_themes
from practices.models import Concept
from tests.grants import builders
from tests.grants.browsing import at, autosave, post_section
from tests.people.signing import sign_in

NOW = timezone.now
FIELD = {
    "key": "themes",
    "kind": "themes",
    "label": {"en": "Which themes?", "ar": "أي مواضيع؟"},
    "required": True,
    "max_choices": 2,
}
ASKS = Question.read(FIELD)
SECTIONS = [
    {**section, "fields": [*section["fields"], FIELD]} if section["key"] == "project" else section
    for section in builders.SECTIONS
]


def concept(code: str, arabic: str, **fields) -> Concept:
    return Concept.objects.create(code=code, label_en=code.title(), label_ar=arabic, **fields)


@pytest.fixture
def scheme(db) -> dict[str, Concept]:
    """Three themes at the top, one below, and a target group that is nobody's theme."""
    made = {code: concept(code, arabic) for code, arabic in (("hate", "كراهية"), ("homes", "سكن"), ("work", "عمل"))}
    made["jobs"] = concept("jobs", "وظائف", broader=made["work"])
    made["youth"] = concept("youth", "شباب", kind="target_group")
    return made


@pytest.fixture
def fund(scheme) -> Fund:
    return builders.fund(themes=("jobs", "hate", "homes"))


@pytest.fixture
def round_(fund, monkeypatch) -> Round:
    monkeypatch.setattr(builders, "SECTIONS", SECTIONS)
    return builders.round_of(fund, max_per_organisation=9)


@pytest.fixture
def draft(applicant, ngo, round_) -> Application:
    return builders.draft(applicant, round_, ngo)


@pytest.fixture
def changed(django_capture_on_commit_callbacks):
    """Change the classification as the library's staff do; every process learns of it when that is committed."""

    def act(verb, *concepts: Concept, reason: str) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            verb(*concepts, by=builders.operator(), reason=reason)

    return act


def codes(fund: Fund | None) -> list[str]:
    return [one.code for one in offered(fund, "en")]


def choose(draft: Application, *themes: str, by) -> None:
    builders.write(draft, "project", builders.ANSWERS["project"] | {"themes": list(themes)}, by=by)


def sent(round_: Round, name: str, *themes: str, amount: str = "12,500") -> Application:
    owner = builders.person(name)
    made = builders.draft(owner, round_, builders.organisation(owner, slug=f"house-{name.lower()}"))
    builders.complete(made, by=owner)
    choose(made, *themes, by=owner)
    builders.write(made, "budget", {"amount_requested": amount}, by=owner)
    submit_application(made, by=owner, at=NOW())
    made.refresh_from_db()
    return made


# --- what is offered and what may be answered -------------------------------------------------------------------------


def test_a_fund_s_own_themes_are_offered_in_its_order_else_those_at_the_top(fund, scheme):
    assert codes(fund) == ["jobs", "hate", "homes"]
    assert codes(builders.fund("bare")) == codes(None) == ["hate", "homes", "work"]
    assert [one.label for one in offered(fund, "ar")] == ["وظائف", "كراهية", "سكن"]


def test_answers_are_codes_once_each_and_at_most_so_many(round_):
    assert clean_answer(ASKS, ["hate", " jobs ", "hate", ""]) == ["hate", "jobs"]
    assert clean_answer(ASKS, "hate") == []
    assert faults_in(ASKS, ["hate", "jobs"], round_) == []
    ((code, text),) = faults_in(ASKS, ["hate", "jobs", "homes"], round_)
    assert (code, "at most 2 themes" in text) == ("themes", True)
    for odd in ("work", "youth", "nowhere"):
        ((code, _text),) = faults_in(ASKS, [odd], round_)
        assert code == "choice"
    assert [one.code for one in problems_of([], {}, {}, round_)] == []
    assert Question.read({**FIELD, "max_choices": None}).max_choices == 3
    assert Question.read({**FIELD, "max_choices": 999}).max_choices == 20


def test_a_draft_holds_too_many_and_only_sending_refuses(draft, applicant):
    builders.complete(draft, by=applicant)
    choose(draft, "hate", "jobs", "homes", by=applicant)
    with pytest.raises(Incomplete):
        submit_application(draft, by=applicant, at=NOW())
    choose(draft, by=applicant)
    with pytest.raises(Incomplete):
        submit_application(draft, by=applicant, at=NOW())
    choose(draft, "hate", "jobs", by=applicant)
    submit_application(draft, by=applicant, at=NOW())
    draft.refresh_from_db()
    assert draft.current_version.answers["project"]["themes"] == ["hate", "jobs"]


# --- when the classification changes ----------------------------------------------------------------------------------


def test_a_merged_theme_is_read_as_its_successor_and_ticked_as_it(draft, applicant, scheme, round_, signed_in, changed):
    choose(draft, "hate", "jobs", by=applicant)
    changed(merge_themes, scheme["hate"], scheme["homes"], reason="The same")
    stored = draft.answers.get(section="project").data["themes"]
    assert stored == ["hate", "jobs"], "what was written stays as it was"
    assert answer_text(ASKS, stored, "GBP", "en") == "Homes\nJobs"
    assert answer_text(ASKS, stored, "GBP", "ar") == "سكن\nوظائف"
    assert faults_in(ASKS, stored, round_) == []
    page = html.fromstring(signed_in.get(at("section", draft.opaque_id, "project")).content)
    assert page.xpath('//input[@name="a-themes"]/@value') == ["jobs", "homes"]
    assert page.xpath('//input[@name="a-themes"][@checked]/@value') == ["jobs", "homes"]
    answer = post_section(signed_in, draft, "project", {"title": "T", "themes": ["jobs", "homes"]}, revision=2)
    assert answer.status_code == 302
    assert draft.answers.get(section="project").data["themes"] == ["jobs", "homes"]


def test_a_withdrawn_theme_stays_readable_and_good_while_the_fund_names_it(
    draft, applicant, scheme, round_, signed_in, changed
):
    choose(draft, "hate", "work", by=applicant)
    changed(archive_theme, scheme["hate"], reason="Too wide")
    stored = draft.answers.get(section="project").data["themes"]
    assert answer_text(ASKS, stored, "GBP", "en") == "Hate\nWork"
    assert answer_text(ASKS, ["hate", "nowhere"], "GBP", "en") == "Hate\nnowhere"
    ((_code, text),) = faults_in(ASKS, stored, round_)
    assert ("Work" in text, "Hate" in text) == (True, False), "the fund never named this one"
    page = html.fromstring(signed_in.get(at("section", draft.opaque_id, "project")).content)
    assert page.xpath('//input[@name="a-themes"]/@value') == ["jobs", "homes", "hate", "work"]
    assert page.xpath('//input[@name="a-themes"][@checked]/@value') == ["hate", "work"]


# --- everywhere an answer is shown ------------------------------------------------------------------------------------


def test_themes_are_chosen_without_scripts_saved_while_one_writes_and_told_to_the_second_writer(draft, signed_in):
    page = html.fromstring(signed_in.get(at("section", draft.opaque_id, "project")).content)
    assert page.xpath('//input[@name="a-themes"]/@type') == ["checkbox"] * 3
    assert "Choose at most 2 themes." in page.text_content()
    assert autosave(signed_in, draft, title="T", themes=["hate"]).status_code == 200
    stale = autosave(signed_in, draft, title="T", themes=["homes"])
    assert stale.status_code == 409
    assert stale.json()["theirs"]["a-themes"] == ["hate"]
    both = post_section(signed_in, draft, "project", {"title": "T", "themes": ["homes", "jobs"]})
    assert both.status_code == 409
    text = html.fromstring(both.content).text_content()
    assert "Hate" in text
    assert "Homes" in text
    kept = post_section(
        signed_in,
        draft,
        "project",
        {"title": "T", "themes": ["homes", "jobs"]},
        2,
        **{"resolve": "1", "keep-themes": "mine"},
    )
    assert kept.status_code == 302
    assert draft.answers.get(section="project").data["themes"] == ["homes", "jobs"]


def test_labels_stand_in_the_reader_s_language_wherever_the_answer_is_shown(round_, client):
    made = sent(round_, "A", "hate", "homes")
    owner = made.members.get().user
    client.force_login(owner)
    for language, label in (("en", "Hate"), ("ar", "كراهية")):
        page = client.get(at("application", made.opaque_id, language=language)).content.decode()
        assert label in page
        with translation.override(language):
            (boxes,) = [
                one["boxes"]
                for part in copy_data(made, "https://portal.example")["sections"]
                for one in part["questions"]
                if one["boxes"] and one["label"] == FIELD["label"][language]
            ]
            assert [one["chosen"] for one in boxes] == [False, True, True]
            assert label in boxes[1]["text"]
            told = {
                one["key"]: one
                for part in _sections(made, made.current_version.answers, language)
                for one in part["answers"]
            }
            assert told["themes"]["answer"] == ["hate", "homes"]
            assert told["themes"]["text"].splitlines()[0] == label
            notes = [
                one["notes"]
                for part in fund_page(owner, round_.fund.slug, NOW()).form
                for one in part["questions"]
                if one["label"] == FIELD["label"][language]
            ]
            assert label in notes[0][-1]
    sign_in(client, builders.operator())
    sheet = client.get(at("board_csv", round_.fund.slug, round_.number))
    heading, row = list(csv.reader(io.StringIO(b"".join(sheet.streaming_content).decode("utf-8-sig"))))
    assert dict(zip(heading, row, strict=True))["Which themes?"] == "Hate\nHomes"
    preview = client.get(at("form_preview", round_.fund.slug, round_.number, language="ar")).content.decode()
    assert "وظائف" in preview
    fewer = [{**one, "fields": [{**field, "max_choices": 1} for field in one["fields"]]} for one in SECTIONS]
    with translation.override("en"):
        changed = [one for one in form_differences(SECTIONS, fewer, "en") if one.name == "Which themes?"]
    assert [(one.name, one.before, one.after) for one in changed[0].settings] == [("Themes at most", "2", "1")]


def test_earlier_themes_come_over_as_far_as_the_fund_offers_them(round_, applicant, ngo):
    source = builders.draft(applicant, round_, ngo)
    choose(source, "hate", "homes", by=applicant)
    Fund.objects.filter(pk=round_.fund_id).update(themes=["homes", "jobs"])
    fresh = builders.draft(applicant, Round.objects.get(pk=round_.pk), ngo)
    take_over(fresh, source, by=applicant, at=NOW())
    assert fresh.answers.get(section="project").data["themes"] == ["homes"]


# --- the board --------------------------------------------------------------------------------------------------------


def shares(round_: Round) -> dict[str, tuple[int, int, Decimal]]:
    told = board(round_, NOW()).themes
    return {one.name: (one.begun, one.sent, one.asked) for one in told.shares}


def test_the_board_counts_by_theme_what_was_begun_sent_and_asked_for(round_, scheme, applicant, ngo, changed):
    choose(builders.draft(applicant, round_, ngo), "hate", by=applicant)
    builders.draft(applicant, round_, ngo)
    sent(round_, "A", "hate", "homes", amount="10,000")
    reopened = sent(round_, "B", "homes", amount="5000")
    owner = reopened.members.get(role="owner").user
    reopen_application(reopened, by=owner, at=NOW())
    choose(reopened, "jobs", by=owner)
    gone = sent(round_, "C", "homes")
    withdraw_application(gone, reason="Elsewhere.", by=gone.members.get(role="owner").user, at=NOW())
    assert shares(round_) == {
        "Jobs": (0, 0, 0),
        "Hate": (2, 1, 10_000),
        "Homes": (3, 2, 15_000),
        "No theme chosen": (1, 0, 0),
    }
    changed(merge_themes, scheme["hate"], scheme["homes"], reason="The same")
    assert shares(round_)["Homes"] == (4, 2, 15_000), "who named both counts once"
    with translation.override("ar"):
        assert "سكن" in shares(round_)


def test_a_form_without_the_question_and_a_sealed_round_tell_no_themes(fund):
    plain = builders.round_of(fund)
    assert board(plain, NOW()).themes is None


def test_the_page_tells_them_in_as_many_queries_for_many_as_for_one(round_, client):
    sign_in(client, builders.operator())
    page = reverse("grants:board", args=[round_.fund.slug, round_.number])
    counts = []
    for names in ("A", "BCDE"):
        for name in names:
            sent(round_, name, "hate", "homes")
        client.get(page)
        with CaptureQueriesContext(connection) as asked:
            text = client.get(page).content.decode()
        counts.append(len(asked))
    assert "By theme" in text
    assert "By answers to lists" in text
    assert counts[0] == counts[1]


def test_a_sealed_round_tells_no_themes_before_it_closes(fund, monkeypatch, client):
    monkeypatch.setattr(builders, "SECTIONS", SECTIONS)
    sealed = builders.round_of(fund, sealed=True)
    sent(sealed, "A", "hate")
    assert board(sealed, NOW()).themes is None
    sign_in(client, builders.operator())
    assert "Hate" not in client.get(reverse("grants:board", args=[sealed.fund.slug, sealed.number])).content.decode()


def test_a_question_page_sets_how_many(client, round_):
    sign_in(client, builders.operator())
    here = (round_.fund.slug, round_.number)
    page = at("new_form_question", *here, "project") + "?kind=themes"
    assert html.fromstring(client.get(page).content).xpath('//input[@name="max_choices"]/@value') == ["3"]
    answer = client.post(page, {"label_en": "More themes", "label_ar": "المزيد", "max_choices": "21"})
    assert answer.status_code == 400
    assert "1 to 20" in answer.content.decode()
    assert client.post(page, {"label_en": "More themes", "label_ar": "المزيد", "max_choices": ""}).status_code == 302
    drawn = client.get(at("round_form", *here)).content.decode()
    assert "at most 3 themes" in drawn
