"""Building a form: sections and questions of every kind, their order, what depends on what, versions that stay."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from grants.domain import building
from grants.domain.questions import Asking, Line, Wording
from grants.domain.rounds import publish_form
from grants.domain.terms import hide_round, show_round
from grants.enums import FieldKind
from grants.models import FormVersion, Fund
from grants.queries.form_differences import form_differences
from grants.queries.form_versions import sections_of
from grants.rules import kinds
from grants.rules.answers import layout
from grants.rules.ordering import find_question
from grants.rules.seen import mark_of, section_mark
from tests.grants import builders
from tests.grants.test_running_funds import refused

YES_NO = (Line({"en": "Yes"}), Line({"en": "No"}))


@pytest.fixture
def by(db):
    return builders.operator()


@pytest.fixture
def hidden(by):
    """A round in a month that asks nothing yet."""
    now = timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    return builders.round_of(builders.fund(), **times, published=False, form=False, eligibility=False)


@pytest.fixture
def more(by):
    return {"by": by, "at": timezone.now()}


def question(round_, key):
    sections, _draft = sections_of(round_)
    place = find_question(sections, key)
    return sections[place[0]]["fields"][place[1]] if place else None


def keys(round_):
    return {one["key"]: [field["key"] for field in one["fields"]] for one in sections_of(round_)[0]}


def add(round_, more, section="project", **asked):
    return building.add_question(
        round_, section, Asking(**{"kind": "short_text", "label": {"en": "Who?"}, **asked}), **more
    )


def change(round_, more, key, **asked):
    there = question(round_, key)
    plain = {"kind": there["kind"], "label": {}, **asked}
    building.change_question(round_, key, Asking(**plain), seen=mark_of(there), **more)


def drop_question(round_, more, key):
    building.drop_question(round_, key, seen=mark_of(question(round_, key)), **more)


def drop_section(round_, more, key):
    there = next((one for one in sections_of(round_)[0] if one["key"] == key), None)
    building.drop_section(round_, key, seen=mark_of(there), **more)


def drop_draft(round_, more):
    building.drop_draft(round_, seen=mark_of(sections_of(round_)[0]), **more)


# --- what a form begins with ------------------------------------------------------------------------------------------


def test_a_form_begins_with_the_questions_that_lists_go_by_and_the_first_change_makes_a_draft(hidden, more):
    assert keys(hidden) == {"project": ["title", "summary", "themes", "amount_requested"]}
    assert not FormVersion.objects.exists()
    assert add(hidden, more) == "who"
    draft = FormVersion.objects.get()
    assert (draft.number, draft.published_at) == (1, None)
    assert keys(hidden) == {"project": ["title", "summary", "themes", "amount_requested", "who"]}
    for kept in kinds.KEPT:
        assert refused(drop_question, hidden, more, kept).code == "kept"
        assert refused(change, hidden, more, kept, kind="long_text").code == "kind"
    assert refused(drop_section, hidden, more, "project").code == "kept"
    assert add(hidden, more, label={"en": "Title"}) == "title-2", "another question is not the title of lists"


def test_the_usual_questions_are_written_in_the_languages_of_the_fund(hidden):
    Fund.objects.filter(pk=hidden.fund_id).update(languages=["ar", "en"])
    hidden.fund.refresh_from_db()
    assert set(question(hidden, "title")["label"]) == {"ar", "en"}


# --- sections ---------------------------------------------------------------------------------------------------------


def test_sections_are_added_written_moved_and_taken_away(hidden, more):
    key = building.add_section(hidden, Wording({"en": "People", "ar": "الناس"}, {"en": "Who is it for?"}), **more)
    assert building.add_section(hidden, Wording({"en": "People"}), **more) == "people-2"
    assert building.add_section(hidden, Wording({"en": "New"}), **more) == "new-2", "new is an address of its own"
    seen = section_mark(sections_of(hidden)[0][1])
    building.change_section(hidden, key, Wording({"en": "For whom"}), seen=seen, **more)
    section = sections_of(hidden)[0][1]
    assert (section["key"], section["title"]) == ("people", {"en": "For whom", "ar": "الناس"})
    assert section["help"] == {"en": "Who is it for?"}
    assert refused(building.change_section, hidden, key, Wording({"en": "X"}), seen=seen, **more).code == "stale"
    building.move_section(hidden, key, -1, **more)
    building.move_section(hidden, key, -1, **more)
    assert list(keys(hidden)) == ["people", "project", "people-2", "new-2"]
    drop_section(hidden, more, key)
    assert refused(drop_section, hidden, more, key).code == "gone"
    assert refused(building.add_section, hidden, Wording({"en": " "}), **more).code == "title"
    assert refused(building.add_section, hidden, Wording({"en": "x" * 161}), **more).code == "title"


# --- questions --------------------------------------------------------------------------------------------------------


def test_every_kind_of_question_can_be_built_with_all_its_settings(hidden, more):
    settings = {
        "max_words": 100,
        "max_characters": 500,
        "min": Decimal(1),
        "max": Decimal("50000"),
        "weight": 20,
        "max_rows": 10,
        "options": (Line({"en": "Rent"}), Line({"en": "Food"})),
        "columns": (Line({"en": "What"}), Line({"en": "When"}, kind="date")),
    }
    assert set(FieldKind.values) == set(kinds.SETTINGS)
    for kind in FieldKind:
        key = add(hidden, more, kind=kind, label={"en": f"Kind {kind}"}, identifying=True, **settings)
        made = question(hidden, key)
        assert set(made) == {"key", "kind", "label", "help", "required", "identifying", *kinds.SETTINGS[kind]}
        if "columns" in made:
            assert [(one["key"], one["kind"]) for one in made["columns"]] == [("what", "short_text"), ("when", "date")]
        if "max" in made:
            assert (made["min"], made["max"]) == ("1", "50000")
    form = building.publish_draft(hidden, seen=mark_of(sections_of(hidden)[0]), **more)
    assert len([one for section in layout(form) for one in section.questions]) == 4 + len(FieldKind)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"label": {"en": " "}}, "label"),
        ({"label": {"en": "x" * 301}}, "label"),
        ({"kind": "riddle"}, "kind"),
        ({"max_words": 0}, "max_words"),
        ({"max_characters": 100_001}, "max_characters"),
        ({"weight": 101}, "weight"),
        ({"kind": "number", "min": Decimal(3), "max": Decimal(2)}, "min"),
        ({"kind": "number", "min": Decimal("1.5")}, "min"),
        ({"kind": "money", "max": Decimal(-1)}, "max"),
        ({"kind": "choice", "options": (Line({"en": "Alone"}), Line({"en": ""}))}, "options"),
        ({"kind": "choice", "options": tuple(Line({"en": str(n)}) for n in range(51))}, "options"),
        ({"kind": "choice", "options": (Line({"en": "x" * 201}), Line({"en": "y"}))}, "options"),
        ({"when": ("nobody", ("yes",))}, "when"),
        ({"when": ("title", ("yes",))}, "when"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(hidden, more, asked, code):
    assert refused(add, hidden, more, **asked).code == code
    assert not FormVersion.objects.exists()


def test_answers_of_a_list_keep_their_value_whatever_becomes_of_their_words(hidden, more):
    key = add(hidden, more, kind="choice", options=(Line({"en": "Charity"}), Line({"en": "Group"})))
    lines = (
        Line({"en": "Circle"}),
        Line({"en": "A group", "ar": "مجموعة"}, "group"),
        Line({"en": "A charity"}, "charity"),
        Line({"en": "Forged"}, "no-such-value"),
        Line({"en": ""}),
    )
    change(hidden, more, key, options=lines)
    options = question(hidden, key)["options"]
    assert [one["value"] for one in options] == ["circle", "group", "charity", "forged"]
    assert options[1]["label"] == {"en": "A group", "ar": "مجموعة"}


def test_texts_in_languages_that_are_not_typed_stay(hidden, more):
    key = add(hidden, more, label={"en": "Who?", "fr": "Qui ?"}, help={"en": "Names"})
    change(hidden, more, key, label={"en": "Who are you?"}, help={"en": ""})
    assert question(hidden, key)["label"] == {"en": "Who are you?", "fr": "Qui ?"}
    assert (question(hidden, key)["help"], question(hidden, key)["key"]) == ({}, "who")


def test_a_question_changes_its_kind_only_among_those_that_read_alike(hidden, more):
    key = add(hidden, more)
    change(hidden, more, key, kind="long_text")
    assert question(hidden, key)["kind"] == "long_text"
    assert refused(change, hidden, more, key, kind="money").code == "kind"


def test_questions_are_moved_within_and_between_sections_doubled_and_taken_away(hidden, more):
    building.add_section(hidden, Wording({"en": "People"}), **more)
    one, two = (add(hidden, more, "people", label={"en": name}) for name in ("One", "Two"))
    building.move_question(hidden, two, -1, **more)
    assert keys(hidden)["people"] == ["two", "one"]
    building.move_question(hidden, two, -1, **more)
    assert keys(hidden) == {"project": ["title", "summary", "themes", "amount_requested", "two"], "people": ["one"]}
    building.move_question(hidden, two, 1, **more)
    assert keys(hidden)["people"] == ["two", "one"]
    building.move_question(hidden, one, 1, **more)
    assert keys(hidden)["people"] == ["two", "one"], "there is nothing below"
    building.place_question(hidden, one, "project", "title", **more)
    building.place_question(hidden, "summary", "people", "", **more)
    assert keys(hidden) == {"project": ["title", "one", "themes", "amount_requested"], "people": ["summary", "two"]}
    assert refused(building.place_question, hidden, one, "people", "gone", **more).code == "place"
    assert refused(building.place_question, hidden, one, "nowhere", "", **more).code == "gone"
    assert building.double_question(hidden, one, **more) == "one-2"
    drop_question(hidden, more, one)
    assert keys(hidden)["project"] == ["title", "one-2", "themes", "amount_requested"]
    assert refused(drop_question, hidden, more, one).code == "gone"


def test_a_question_stays_after_the_one_by_whose_answer_it_is_asked(hidden, more):
    first = add(hidden, more, kind="choice", label={"en": "Partners?"}, options=YES_NO)
    other = add(hidden, more, label={"en": "Which?"}, when=(first, ("yes",)))
    assert question(hidden, other)["when"] == {"field": first, "is": ["yes"]}
    told = refused(building.move_question, hidden, other, -1, **more)
    assert told.code == "when"
    assert "Which?" in str(told)
    assert "Partners?" in str(told)
    assert refused(drop_question, hidden, more, first).code == "when"
    assert (
        refused(change, hidden, more, first, options=(Line({"en": "No"}, "no"), Line({"en": "Maybe"}))).code == "when"
    )
    assert refused(building.place_question, hidden, first, "project", other, **more).code == "when"
    building.add_section(hidden, Wording({"en": "Before"}), **more)
    building.place_question(hidden, other, "before", "", **more)
    assert refused(building.move_section, hidden, "before", -1, **more).code == "when"
    change(hidden, more, other, label={}, when=None)
    drop_question(hidden, more, first)
    assert "when" not in question(hidden, other)


def test_a_declaration_asks_for_more_once_it_is_confirmed(hidden, more):
    told = add(hidden, more, kind="declaration", label={"en": "We work with children."})
    add(hidden, more, label={"en": "How are they kept safe?"}, when=(told, ("yes",)))
    assert refused(add, hidden, more, label={"en": "X"}, when=(told, ("no",))).code == "when"


def test_a_form_has_at_most_two_hundred_questions_and_forty_sections(hidden, more):
    fields = [{"key": f"q{n}", "kind": "short_text", "label": {"en": "Q"}} for n in range(197)]
    sections = [
        *sections_of(hidden)[0],
        *({"key": f"s{n}", "title": {"en": "S"}, "fields": fields if n == 1 else []} for n in range(39)),
    ]
    FormVersion.objects.create(round=hidden, number=1, sections=sections)
    assert refused(add, hidden, more).code == "many"
    assert refused(building.double_question, hidden, "title", **more).code == "many"
    assert refused(building.add_section, hidden, Wording({"en": "X"}), **more).code == "many"


# --- versions ---------------------------------------------------------------------------------------------------------


def publish(round_, more):
    return building.publish_draft(round_, seen=mark_of(sections_of(round_)[0]), **more)


def test_what_is_published_stays_and_new_drafts_get_the_newest(open_round, applicant, ngo, by):
    more, before = {"by": by, "at": timezone.now()}, open_round.forms.get()
    first = builders.draft(applicant, open_round, ngo)
    add(open_round, more)
    assert FormVersion.objects.get(pk=before.pk).sections == builders.SECTIONS
    assert builders.draft(applicant, open_round, ngo).form == before, "nobody applies with a draft"
    made = publish(open_round, more)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        FormVersion.objects.filter(pk=made.pk).update(sections=[])
    first.delete()
    assert (made.number, builders.draft(applicant, open_round, ngo).form) == (2, made)
    assert refused(publish, open_round, more).code == "state"


def test_a_draft_is_published_only_as_it_was_seen_whole_and_changed(hidden, more):
    add(hidden, more)
    seen = mark_of(sections_of(hidden)[0])
    building.add_section(hidden, Wording({"en": "Empty"}), **more)
    assert refused(building.publish_draft, hidden, seen=seen, **more).code == "stale"
    assert "Empty" in str(refused(publish, hidden, more))
    drop_section(hidden, more, "empty")
    publish(hidden, more)
    building.double_question(hidden, "who", **more)
    drop_question(hidden, more, "who-2")
    assert refused(publish, hidden, more).code == "same"
    drop_draft(hidden, more)
    assert refused(drop_draft, hidden, more).code == "state"
    assert hidden.forms.get().number == 1


def test_a_draft_that_was_overtaken_gets_the_next_number(hidden, more, by):
    add(hidden, more)
    publish_form(hidden, builders.SECTIONS, by=by)
    assert publish(hidden, more).number == 3


def test_a_round_is_shown_and_stays_shown_only_with_every_text_in_its_fund_s_languages(hidden, more, by):
    Fund.objects.filter(pk=hidden.fund_id).update(languages=["en", "ar"])
    hidden.refresh_from_db()
    hidden.criteria.update(guidance_en="", guidance_ar="")
    building.change_question(
        hidden,
        "summary",
        Asking("long_text", {"ar": "", "en": "In brief"}, required=True),
        seen=mark_of(question(hidden, "summary")),
        **more,
    )
    publish(hidden, more)
    gap = refused(show_round, hidden, **more)
    assert gap.code == "incomplete"
    assert "“\u2068In brief\u2069” (Arabic)" in str(gap)
    change(hidden, more, "summary", label={"ar": "بإيجاز"})
    publish(hidden, more)
    show_round(hidden, **more)
    add(hidden, more, label={"en": "Only English"})
    assert refused(publish, hidden, more).code == "incomplete"
    hide_round(hidden, reason="A question is missing", **more)
    assert publish(hidden, more).number == 3


def test_nobody_else_builds_and_nothing_is_built_after_closing(open_round, by, applicant):
    now = timezone.now()
    assert refused(add, open_round, {"by": applicant, "at": now}).code == "denied"
    assert refused(drop_draft, open_round, {"by": applicant, "at": now}).code == "denied"
    late = {"by": by, "at": open_round.closes_at + timedelta(days=1)}
    assert refused(add, open_round, late).code == "fixed"
    assert refused(building.add_section, open_round, Wording({"en": "X"}), **late).code == "fixed"


# --- differences ------------------------------------------------------------------------------------------------------


def test_what_differs_between_two_versions_is_told_in_words(hidden, more):
    add(hidden, more, kind="choice", label={"en": "Partners?"}, options=YES_NO)
    add(hidden, more, label={"en": "Gone"})
    before = publish(hidden, more).sections
    drop_question(hidden, more, "gone")
    building.add_section(hidden, Wording({"en": "People"}), **more)
    add(hidden, more, "people", label={"en": "Which?"}, when=("partners", ("yes",)))
    building.place_question(hidden, "summary", "people", "", **more)
    options = (Line({"en": "Yes, some"}, "yes"), Line({"en": "None"}))
    change(hidden, more, "partners", options=options, required=True)
    told = form_differences(before, sections_of(hidden)[0], "en")
    assert [(one.name, one.question, one.change.value) for one in told] == [
        ("Partners?", True, "changed"),
        ("People", False, "added"),
        ("The project in brief", True, "changed"),
        ("Which?", True, "added"),
        ("Gone", True, "removed"),
    ]
    settings = {one.name: (one.before, one.after) for one in told[0].settings}
    assert settings["An answer is needed"] == ("no", "yes")
    assert ("Yes", "Yes, some") in settings.values()
    assert ("No", "") in [(one.before, one.after) for one in told[0].settings]
    assert (told[2].settings[0].before, told[2].settings[0].after) == ("Your project", "People")
    back = form_differences(sections_of(hidden)[0], before, "en")
    assert any(one.name == "Which?" and one.change == "removed" for one in back)
    assert form_differences(before, before, "en") == []
