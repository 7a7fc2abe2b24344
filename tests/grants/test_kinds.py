"""Answers of several cells, several choices, limits in characters and conditions: cleaned, judged, sent and read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grants.domain.drafts import save_section, start_application
from grants.domain.eligibility import check_eligibility
from grants.domain.rounds import publish_form
from grants.domain.submission import Incomplete, submit_application
from grants.enums import FieldKind
from grants.models import Tier
from grants.models.questions import Question, Section
from grants.queries.answers import answer_text
from grants.rules.answers import clean_answer, faults_in, final_answer, is_empty, length_of, problems_of
from grants.rules.asked import asked_of
from grants.rules.grids import own_share, sums_of
from network.doors import DomainError
from network.text import count_characters
from tests.grants import builders


def question(kind: FieldKind, **raw) -> Question:
    return Question.read({"key": "q", "kind": kind, "label": {"en": "The question"}, **raw})


BUDGET = question(
    FieldKind.BUDGET, options=[{"value": "staff", "label": {"en": "Staff", "ar": "العاملون"}}], max_rows=3
)
LINE = {"category": "staff", "description": "A trainer", "amount": "1,200", "requested": "٩٠٠"}


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_rows_are_kept_as_typed_and_empty_ones_go():
    raw = [{"description": "", "amount": " "}, {**LINE, "description": "A\r\ntrainer\u202e", "odd": "x"}, "no row"]
    assert clean_answer(BUDGET, raw) == [
        {"category": "staff", "description": "A\ntrainer", "amount": "1,200", "requested": "٩٠٠"}
    ]
    assert clean_answer(BUDGET, "no rows at all") == []
    assert is_empty(BUDGET, clean_answer(BUDGET, [{}]))


def test_parts_are_one_row():
    address = question(FieldKind.ADDRESS)
    assert clean_answer(address, {"lines": " 4 Lantern Yard\r\nLondon ", "country": ""}) == {
        "lines": "4 Lantern Yard\nLondon",
        "country": "",
    }
    assert clean_answer(address, {"lines": " "}) == {}


def test_several_choices_are_kept_once_in_the_order_of_the_list():
    several = question(
        FieldKind.CHOICES, options=[{"value": one, "label": {"en": one.upper()}} for one in ("a", "b", "c")]
    )
    assert clean_answer(several, ["c", "a", "c", ""]) == ["a", "c"]
    assert clean_answer(several, "") == []
    assert [code for code, _text in faults_in(several, ["a", "z"])] == ["choice"]
    assert answer_text(several, ["a", "c"], "EUR", "en") == "A\nC"


def test_an_answer_is_as_long_as_all_its_cells():
    assert length_of([{"a": "12", "b": "345"}, {"a": "6"}]) == 6
    assert length_of({"a": "12"}) == 2
    assert length_of(["ab", "c"]) == 3
    assert length_of("abc") == 3


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"amount": "a lot"}, "number", "row 1: “Costs in all” needs a number"),
        ({"amount": "-3", "requested": ""}, "min", "can’t be less than 0"),
        ({"amount": "10.5555", "requested": "1"}, "number", "more than two decimals"),
        ({"amount": ""}, "missing", "fill in “Costs in all”"),
        ({"category": "cars"}, "choice", "choose a “Category” of the list"),
        ({"requested": "1,300"}, "more", "can’t be asked for more than the line costs"),
    ],
)
def test_a_wrong_cell_is_named(change, code, words):
    (found,) = faults_in(BUDGET, [{**LINE, **change}])
    assert found[0] == code
    assert words in found[1]
    assert "The question" in found[1]


def test_every_row_is_judged_and_too_many_are_told():
    rows = [LINE, {**LINE, "amount": "x"}, LINE, {**LINE, "description": ""}]
    told = faults_in(BUDGET, rows)
    assert [code for code, _text in told] == ["number", "missing", "rows"]
    assert "row 2" in told[0][1]
    assert "row 4" in told[1][1]
    assert "3 rows" in told[2][1]
    assert faults_in(BUDGET, [LINE]) == []


def test_days_figures_and_free_columns_of_tables():
    table = question(
        FieldKind.TABLE,
        columns=[
            {"key": "who", "label": {"en": "Partner", "sv": "Partner"}, "kind": "short_text"},
            {"key": "since", "label": {"en": "Since"}, "kind": "date"},
            {"key": "share", "label": {"en": "Share"}, "kind": "number"},
        ],
    )
    assert faults_in(table, [{"who": "A", "since": "", "share": "12,5"}]) == []
    assert [code for code, _t in faults_in(table, [{"who": "", "since": "31 2 2027", "share": "many"}])] == [
        "date",
        "number",
    ]
    assert final_answer(table, [{"who": "A", "since": "3/2/2027", "share": "١٢٫٥"}]) == [
        {"who": "A", "since": "2027-02-03", "share": "12.5"}
    ]
    assert answer_text(table, [{"who": "A", "since": "2027-02-03", "share": "12.5"}], "EUR", "sv").startswith(
        "Partner: A; Since: "
    )


def test_an_address_without_its_town_is_not_whole():
    address = question(FieldKind.ADDRESS, required=True)
    (found,) = faults_in(address, {"lines": "", "country": "Ελλάδα"})
    assert found == ("missing", "“The question”: fill in “Street, postcode and town”.")


def test_characters_are_counted_as_readers_see_them():
    short = question(FieldKind.SHORT_TEXT, max_characters=4)
    assert count_characters("می‌روم") == 5
    assert count_characters("é\r\nü") == 3
    assert faults_in(short, "كَتَبَ") == []
    ((code, text),) = faults_in(short, "abcdef")
    assert code == "characters"
    assert "2 characters too long" in text


# --- sums, and the size of the grant ----------------------------------------------------------------------------------


def test_sums_of_a_budget_in_any_digits():
    sums = sums_of([LINE, {**LINE, "amount": "?", "requested": "100"}])
    assert (sums.cost, sums.asked, sums.own) == (Decimal(1200), Decimal(1000), Decimal(200))


def test_what_a_size_asks_from_elsewhere():
    tiers = [
        Tier(minimum=Decimal(10_000), maximum=Decimal(50_000), match=0),
        Tier(minimum=Decimal("50000.01"), maximum=Decimal(100_000), match=50),
    ]
    assert own_share(Decimal(50_000), tiers) == (0, Decimal(0))
    assert own_share(Decimal(60_000), tiers) == (50, Decimal(30_000))
    assert own_share(Decimal(5), tiers) == (0, Decimal(0))


# --- conditions -------------------------------------------------------------------------------------------------------


def sections(*fields: dict) -> list[Section]:
    raw = [{"key": f"s{place}", "title": {"en": "S"}, "fields": group} for place, group in enumerate(fields)]
    return [Section.read(one) for one in raw]


CHAIN = sections(
    [
        {"key": "partners", "kind": "choice", "label": {"en": "Partners?"}, "options": [{"value": one, "label": {"en": one}} for one in ("yes", "no")]},
        {"key": "agreed", "kind": "declaration", "label": {"en": "They agree"}, "when": {"field": "partners", "is": ["yes"]}},
    ],
    [{"key": "letter", "kind": "file", "label": {"en": "Letter"}, "required": True, "when": {"field": "agreed", "is": ["yes"]}}],
)  # fmt: skip


def test_a_question_is_asked_while_what_it_hangs_on_is():
    assert asked_of(CHAIN, {}) == {"partners"}
    assert asked_of(CHAIN, {"s0": {"partners": "no", "agreed": True}}) == {"partners"}
    assert asked_of(CHAIN, {"s0": {"partners": "yes", "agreed": True}}) == {"partners", "agreed", "letter"}


def test_what_is_not_asked_is_not_missing():
    assert problems_of(CHAIN, {"s0": {"partners": "no"}}, {}) == []
    (problem,) = problems_of(CHAIN, {"s0": {"partners": "yes", "agreed": True}}, {})
    assert (problem.field, problem.code) == ("letter", "missing")


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["later", "nowhere", "title"])
def test_a_condition_looks_back_at_a_list_or_declaration(field):
    round_ = builders.round_of(builders.fund())
    raw = [
        {
            "key": "one",
            "title": {"en": "One"},
            "fields": [
                {"key": "title", "kind": "short_text", "label": {"en": "T"}},
                {"key": "q", "kind": "short_text", "label": {"en": "Q"}, "when": {"field": field, "is": ["yes"]}},
                {"key": "later", "kind": "declaration", "label": {"en": "L"}},
            ],
        }
    ]
    with pytest.raises(DomainError) as refused:
        publish_form(round_, raw, by=builders.operator())
    assert refused.value.code == "when"


# --- from the profile to what is sent ---------------------------------------------------------------------------------

FORM = [
    {
        "key": "us",
        "title": {"en": "You"},
        "fields": [
            {"key": "profile", "kind": "organisation", "label": {"en": "Organisation"}, "required": True, "identifying": True},
            {"key": "address", "kind": "address", "label": {"en": "Address"}, "required": True},
        ],
    },
    {
        "key": "money",
        "title": {"en": "Money"},
        "fields": [
            {"key": "title", "kind": "short_text", "label": {"en": "Title"}, "required": True},
            {"key": "amount_requested", "kind": "money", "label": {"en": "Amount"}, "required": True},
            {"key": "lines", "kind": "budget", "label": {"en": "Budget"}, "required": True},
            {"key": "more", "kind": "choice", "label": {"en": "More?"}, "required": True, "options": [{"value": "yes", "label": {"en": "Yes"}}, {"value": "no", "label": {"en": "No"}}]},
            {"key": "who", "kind": "long_text", "label": {"en": "Who?"}, "required": True, "when": {"field": "more", "is": ["yes"]}},
        ],
    },
]  # fmt: skip


@pytest.fixture
def begun(db):
    """(draft, owner, moment of the start) in a round with this form, of an organisation with a profile."""
    owner = builders.person()
    organisation = builders.organisation(owner)
    organisation.address, organisation.country = "4 Lantern Yard\nLondon", "GB"
    organisation.save()
    round_ = builders.round_of(builders.fund(), eligibility=False)
    publish_form(round_, FORM, by=builders.operator())
    round_.tiers.create(minimum=1000, maximum=20_000, match=50)
    at = round_.opens_at
    check = check_eligibility(round_, {}, by=owner) if round_.eligibility.exists() else None
    return start_application(round_, organisation, by=owner, at=at, eligibility=check), owner, at


def money(**change) -> dict:
    line = {"description": "A trainer", "amount": "15000", "requested": "10000"}
    return {"title": "T", "amount_requested": "10000", "lines": [line], "more": "no", "who": "", **change}


def test_the_profile_answers_what_it_knows(begun):
    draft, _owner, _at = begun
    data = draft.answers.get(section="us").data
    assert data["address"] == {"lines": "4 Lantern Yard\nLondon", "country": "United Kingdom"}
    assert data["profile"]["name"] == "Lantern Yard"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"amount_requested": "9000"}, ["lines:sum"]),
        ({"lines": [{"description": "A", "amount": "14999", "requested": "10000"}]}, ["lines:match"]),
        ({"lines": []}, ["lines:missing"]),
        ({"more": "yes"}, ["who:missing"]),
    ],
)
def test_a_budget_has_to_fit_before_it_is_sent(begun, change, codes):
    draft, owner, at = begun
    save_section(draft, "money", money(**change), revision=1, by=owner, at=at)
    if not codes:
        version = submit_application(draft, by=owner, at=at)
        assert version.answers["money"]["lines"] == [
            {"description": "A trainer", "amount": "15000", "requested": "10000"}
        ]
        return
    with pytest.raises(Incomplete) as refused:
        submit_application(draft, by=owner, at=at)
    assert [f"{one.field}:{one.code}" for one in refused.value.problems] == codes


def test_what_is_not_asked_any_more_stays_in_the_draft_and_is_not_sent(begun):
    draft, owner, at = begun
    save_section(draft, "money", money(more="yes", who="A friend"), revision=1, by=owner, at=at)
    save_section(draft, "money", money(more="no", who="A friend"), revision=2, by=owner, at=at)
    version = submit_application(draft, by=owner, at=at)
    assert "who" not in version.answers["money"]
    assert draft.answers.get(section="money").data["who"] == "A friend"


def test_rows_that_would_fill_the_database_are_refused(begun):
    draft, owner, at = begun
    huge = [{"description": "x" * 60_000, "amount": "1", "requested": "1"}] * 2
    with pytest.raises(DomainError) as refused:
        save_section(draft, "money", money(lines=huge), revision=1, by=owner, at=at)
    assert refused.value.code == "too_long"
    assert draft.answers.get(section="money").data == {}
