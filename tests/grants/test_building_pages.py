"""The pages on which a form is built: what is typed is kept, lines are moved without a script, two editors see each other."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.domain import building
from grants.domain.questions import Asking
from grants.models import Fund
from grants.queries.form_versions import sections_of
from grants.rules.ordering import find_question
from grants.rules.seen import mark_of
from network.languages import CODES
from tests.grants import builders
from tests.grants.browsing import at


@pytest.fixture
def hidden(db):
    now = timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    return builders.round_of(builders.fund(languages=("en", "ar")), **times, published=False, form=False)


def question(round_, key):
    sections, _draft = sections_of(round_)
    place = find_question(sections, key)
    return sections[place[0]]["fields"][place[1]] if place else None


def drop(round_, key):
    """What the button sends that takes a question away."""
    return f"drop:{key}:{mark_of(question(round_, key))}"


def lines(*texts, name="options"):
    return {
        key: value
        for n, (known, text) in enumerate(texts)
        for key, value in ((f"{name}-{n}-value", known), (f"{name}-{n}-label_en", text), (f"{name}-{n}-label_ar", ""))
    }


def test_looking_at_a_form_that_nobody_built_saves_nothing(manager, hidden, here):
    page = manager.get(at("round_form", *here)).content.decode()
    assert "Title of the project" in page
    assert "عنوان المشروع" in manager.get(at("form_preview", *here, language="ar")).content.decode()
    assert manager.get(at("form_versions", *here)).status_code == 200
    assert manager.get(at("form_publish", *here)).url == at("round_form", *here)
    assert manager.get(at("form_differences", *here)).url == at("form_versions", *here)
    assert not hidden.forms.exists()


def test_a_section_is_written_in_every_language_beside_each_other(manager, hidden, here):
    wrong = manager.post(at("new_section", *here), {"title_en": "", "title_ar": "", "help_en": "Kept", "help_ar": ""})
    assert wrong.status_code == 400
    assert wrong.context["form"].errors["title_en"]
    assert "Kept" in wrong.content.decode()
    sent = {"title_en": "People", "title_ar": "الناس", "help_en": "", "help_ar": ""}
    assert manager.post(at("new_section", *here), sent).url.endswith("/form/#section-people")
    seen = manager.get(at("form_section", *here, "people")).context["form"]["seen"].value()
    again = {**sent, "title_en": "For whom", "seen": seen}
    assert manager.post(at("form_section", *here, "people"), again).status_code == 302
    stale = manager.post(at("form_section", *here, "people"), {**again, "title_en": "Mine"})
    assert stale.status_code == 409
    assert "For whom" in stale.content.decode()
    assert 'value="Mine"' in stale.content.decode()
    fresh = stale.context["form"]["seen"].value()
    manager.post(at("form_section", *here, "people"), {**again, "title_en": "Mine", "seen": fresh})
    assert sections_of(hidden)[0][1]["title"] == {"en": "Mine", "ar": "الناس"}


def test_a_list_is_written_and_its_lines_are_moved_without_a_script_and_without_saving(manager, hidden, here):
    choose = manager.get(at("new_form_question", *here, "project"))
    assert "?kind=choice" in choose.content.decode()
    page = at("new_form_question", *here, "project") + "?kind=choice"
    assert len(manager.get(page).context["lines"]) == 3
    typed = {"label_en": "Which aim?", "label_ar": "", "weight": "x", **lines(("", "One"), ("", "Two"))}
    moved = manager.post(page, {**typed, "line": "down-0"})
    assert moved.status_code == 200
    body = moved.content.decode()
    assert body.index('value="Two"') < body.index('value="One"')
    assert 'value="Which aim?"' in body
    assert not hidden.forms.exists()
    assert len(manager.post(page, {**typed, "line": "more"}).context["lines"]) == 5
    assert len(manager.post(page, {**typed, "line": "drop-1"}).context["lines"]) == 1
    assert len(manager.post(page, {**typed, "line": "up-99"}).context["lines"]) == 2
    wrong = manager.post(page, typed)
    assert wrong.status_code == 400
    assert wrong.context["form"].errors["weight"]
    assert 'value="Two"' in wrong.content.decode()
    few = manager.post(page, {**typed, "weight": "20", "options-1-label_en": ""})
    assert "at least two answers" in few.content.decode()
    assert manager.post(page, {**typed, "weight": "20"}).url.endswith("#question-which-aim")
    made = question(hidden, "which-aim")
    assert [one["value"] for one in made["options"]] == ["one", "two"]
    assert (made["weight"], made["required"]) == (20, False)


def test_a_question_is_asked_after_answers_to_one_earlier_question(manager, hidden, here):
    page = at("new_form_question", *here, "project") + "?kind=choice"
    manager.post(page, {"label_en": "Partners?", **lines(("", "Yes"), ("", "No"))})
    manager.post(page, {"label_en": "Alone?", **lines(("", "Yes"), ("", "No"))})
    new = at("new_form_question", *here, "project") + "?kind=short_text"
    assert "Partners?: Yes" in manager.get(new).content.decode()
    both = manager.post(new, {"label_en": "Which?", "when": ["partners=yes", "alone=no"]})
    assert "Choose answers to one question only." in both.content.decode()
    assert manager.post(new, {"label_en": "Which?", "when": ["partners=yes"]}).status_code == 302
    assert question(hidden, "which")["when"] == {"field": "partners", "is": ["yes"]}
    for route in ("round_form", "form_preview"):
        assert "Only if you answer “Yes” to “Partners?”." in manager.get(at(route, *here)).content.decode()
    first = manager.get(at("form_question", *here, "title"))
    assert "when" not in first.context["form"].fields, "nothing is asked before it"


def test_who_saves_over_somebody_else_s_question_sees_both_and_can_save_again(manager, hidden, here):
    by = builders.operator()
    page = at("form_question", *here, "summary")
    mine = {"label_en": "Mine", "label_ar": "لي", "required": "on", "max_words": "100", "kind": "long_text"}
    mine["seen"] = manager.get(page).context["form"]["seen"].value()
    theirs = Asking("long_text", {"en": "Theirs"}, max_words=30)
    building.change_question(
        hidden, "summary", theirs, seen=mark_of(question(hidden, "summary")), by=by, at=timezone.now()
    )
    stale = manager.post(page, mine)
    assert stale.status_code == 409
    for words in ('value="Mine"', "Theirs", "Words at most"):
        assert words in stale.content.decode()
    again = {**mine, "seen": stale.context["form"]["seen"].value()}
    assert manager.post(page, again).status_code == 302
    assert question(hidden, "summary")["label"] == {"en": "Mine", "ar": "لي"}
    building.drop_question(hidden, "summary", seen=mark_of(question(hidden, "summary")), by=by, at=timezone.now())
    assert manager.post(page, again).status_code == 404


def test_questions_and_sections_are_put_in_order_by_buttons(manager, hidden, here):
    act = at("form_act", *here)
    manager.post(at("new_section", *here), {"title_en": "People", "title_ar": "", "help_en": "", "help_ar": ""})
    manager.post(act, {"act": "down:amount_requested"})
    assert manager.post(act, {"act": "up:summary"}).url.endswith("#question-summary")
    made = manager.post(act, {"act": "double:summary"})
    assert made.url == at("form_question", *here, "the-project-in-brief")
    manager.post(act, {"act": "section-up:people"})
    order = {one["key"]: [field["key"] for field in one["fields"]] for one in sections_of(hidden)[0]}
    assert order == {"people": ["amount_requested"], "project": ["summary", "the-project-in-brief", "title", "themes"]}
    place = at("place_question", *here, "title")
    assert manager.post(place, {}).status_code == 400
    manager.post(place, {"place": "people/"})
    manager.post(act, {"act": drop(hidden, "the-project-in-brief")})
    refused = manager.post(act, {"act": drop(hidden, "title")}, follow=True).content.decode()
    assert "so it stays" in refused
    manager.post(act, {"act": "section-down:people"})
    order = [[field["key"] for field in one["fields"]] for one in sections_of(hidden)[0]]
    assert order == [["summary", "themes"], ["title", "amount_requested"]]
    manager.post(act, {"act": "nonsense:title"})
    manager.post(act, {"act": f"discard::{mark_of(sections_of(hidden)[0])}"})
    assert not hidden.forms.exists()


def test_a_form_is_looked_at_in_every_language_compared_and_published(manager, hidden, here):
    new = at("new_form_question", *here, "project") + "?kind=short_text"
    manager.post(new, {"label_en": "Only English", "label_ar": ""})
    for code in CODES:
        page = manager.get(at("form_preview", *here, language=code))
        assert page.status_code == 200
        assert {one["code"]: one["count"] for one in page.context["languages"]}["ar"] == 1
    arabic = manager.get(at("form_preview", *here, language="ar"))
    assert [one.name for one in arabic.context["missing"]] == ["Only English"]
    publish = at("form_publish", *here)
    told = manager.get(publish)
    assert told.context["lacks"] == 1
    old = manager.post(publish, {"seen": "old"})
    assert old.status_code == 409
    assert manager.post(publish, {"seen": told.context["seen"]}).status_code == 302
    assert hidden.forms.get().published_at is not None
    manager.post(at("form_act", *here), {"act": drop(hidden, "only-english")})
    differences = manager.get(at("form_differences", *here) + "?from=1&to=2").content.decode()
    assert "Removed" in differences
    assert "Only English" in differences
    assert manager.get(at("form_differences", *here)).context["after"].number == 2
    for odd in ("?from=1&to=9", "?from=x&to=1", "?from=1"):
        assert manager.get(at("form_differences", *here) + odd).status_code == 404
    assert "Only English" in manager.get(at("form_preview", *here) + "?version=1").content.decode()
    assert manager.get(at("form_preview", *here) + "?version=7").status_code == 404
    assert "Removed" in manager.get(publish).content.decode()
    assert "Version 1" in manager.get(at("form_versions", *here)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_of_a_form_ask_as_many_queries_whatever_its_size(
    manager, hidden, here, count, django_assert_num_queries
):
    for n in range(count):
        more = {"by": builders.operator(), "at": timezone.now()}
        building.add_question(hidden, "project", Asking("short_text", {"en": f"Q{n}"}), **more)
        building.publish_draft(hidden, seen=mark_of(sections_of(hidden)[0]), **more)
    for route in ("round_form", "form_versions", "form_preview"):
        manager.get(at(route, *here))
        with django_assert_num_queries(QUERIES[route]):
            manager.get(at(route, *here))


QUERIES = {"round_form": 8, "form_versions": 7, "form_preview": 7}


def test_after_closing_the_form_is_read_and_no_longer_built(manager, hidden, here):
    type(hidden).objects.filter(pk=hidden.pk).update(
        published=True, opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=3)
    )
    page = manager.get(at("round_form", *here)).content.decode()
    assert "The round has closed." in page
    assert "Add a question" not in page
    for route, args in (("new_section", ()), ("form_question", ("title",)), ("new_form_question", ("project",))):
        assert manager.get(at(route, *here, *args)).url == at("round_form", *here)


def test_the_languages_of_a_fund_are_chosen_on_its_page(manager, hidden):
    page = at("fund_terms", hidden.fund.slug)
    hidden.fund.refresh_from_db()
    sent = {"languages": ["en", "sv"], "currency": "GBP", "publish_model": "lead", "version": hidden.fund.version}
    none = manager.post(page, {**sent, "languages": []})
    assert none.status_code == 400
    assert none.context["form"].errors["languages"]
    assert manager.post(page, sent).status_code == 302
    assert Fund.objects.get(pk=hidden.fund_id).languages == ["en", "sv"]
    form = manager.get(at("new_section", hidden.fund.slug, hidden.number)).context["form"]
    assert form.groups["title"][1].field.widget.attrs["lang"] == "sv"
