"""Eligibility: questions written by staff, other rounds that fit the same answers, answers that are kept no longer than needed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from lxml import html

from grants.domain.asking import Answer, Asked, ask, drop_question, raise_question, rewrite
from grants.domain.drafts import start_application
from grants.domain.eligibility import check_eligibility, forget_checks
from grants.models import EligibilityCheck
from grants.rules.eligibility import Fit, fit_of
from grants.rules.seen import eligibility_mark
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_running_funds import refused
from tests.threads import in_threads


@pytest.fixture
def by(db):
    return builders.operator()


@pytest.fixture
def hidden(by):
    now = timezone.now()
    return builders.round_of(
        builders.fund(languages=("en", "ar")),
        opens=now + timedelta(days=30),
        closes=now + timedelta(days=60),
        published=False,
        eligibility=False,
    )


def put(round_, by, **more):
    sound = {"kind": "yes_no", "question": {"en": "Are you in London?"}, "refusal": {"en": "Only London."}}
    return ask(round_, Asked(**{**sound, **more}), by=by, at=timezone.now())


def again(row, by, *, seen=None, **more):
    sound = {"kind": row.kind, "question": {"en": "Q"}, "refusal": {"en": "R"}}
    seen = eligibility_mark(row) if seen is None else seen
    return rewrite(row, Asked(**{**sound, **more}), seen=seen, by=by, at=timezone.now())


def choices(passing: str, other: str = "") -> tuple[Answer, ...]:
    """New answers in English, a word each."""
    made = [Answer({"en": word}, passes=True) for word in passing.split()]
    return (*made, *(Answer({"en": word}) for word in other.split()))


# --- written by staff -------------------------------------------------------------------------------------------------


def test_a_question_of_each_kind_is_asked_and_answered(hidden, by):
    put(hidden, by, answer=True)
    choice = put(
        hidden, by, kind="choice", question={"en": "What are you?"}, answers=choices("Charity Group", "Company")
    )
    put(hidden, by, kind="money", question={"en": "How much?"}, high=Decimal(50_000))
    assert [one.key for one in hidden.eligibility.all()] == ["are-you-in-london", "what-are-you", "how-much"]
    assert choice.accepted == {"choices": ["charity", "group"]}
    good = {"are-you-in-london": True, "what-are-you": "group", "how-much": "50000"}
    assert check_eligibility(hidden, good, by=None).eligible
    assert check_eligibility(hidden, {**good, "what-are-you": "company", "how-much": "50001"}, by=None).failed == [
        "what-are-you",
        "how-much",
    ]


def test_answers_keep_their_value_through_every_change_and_language(hidden, by):
    row = put(hidden, by, kind="choice", question={"en": "What?"}, answers=choices("Charity Group", "Company"))
    swedish = (
        Answer({"sv": "Företag"}, "company"),
        Answer({"sv": "Ideell"}, "charity", passes=True),
        Answer({"en": "Person", "sv": "Person"}),
        Answer({"en": "", "sv": ""}, "group"),
    )
    row = again(row, by, question={"sv": "Vad?"}, refusal={"sv": "Nej"}, answers=swedish)
    assert [(one["value"], one["label"]) for one in row.options] == [
        ("company", {"en": "Company", "sv": "Företag"}),
        ("charity", {"en": "Charity", "sv": "Ideell"}),
        ("person", {"en": "Person", "sv": "Person"}),
    ]
    assert row.accepted == {"choices": ["charity"]}
    assert (row.question_en, row.question_sv) == ("What?", "Vad?")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"question": {"en": " "}}, "question"),
        ({"question": {"en": "x" * 301}}, "question"),
        ({"help": {"en": "x" * 2_001}}, "help"),
        ({"refusal": {"en": ""}}, "refusal"),
        ({"kind": "choice", "answers": choices("", "A B")}, "answers"),
        ({"kind": "choice", "answers": choices("A")}, "answers"),
        ({"kind": "choice", "answers": choices("A" * 201, "B")}, "answers"),
        ({"kind": "choice", "answers": choices("A", "B " * 20)}, "answers"),
        ({"kind": "money"}, "low"),
        ({"kind": "money", "low": Decimal(2), "high": Decimal(1)}, "low"),
    ],
)
def test_a_question_that_lacks_something_is_refused(hidden, by, changes, code):
    assert refused(put, hidden, by, **changes).code == code
    assert not hidden.eligibility.exists()


def test_a_question_that_ends_nothing_needs_no_reason(hidden, by):
    put(hidden, by, blocking=False, refusal={})
    assert check_eligibility(hidden, {"are-you-in-london": False}, by=None).eligible


def test_questions_are_put_in_order_and_taken_away(hidden, by):
    rows = [put(hidden, by, question={"en": name}) for name in ("One", "Two", "Three")]
    raise_question(rows[2], by=by, at=timezone.now())
    raise_question(rows[0], by=by, at=timezone.now())
    assert [one.key for one in hidden.eligibility.order_by("position")] == ["one", "three", "two"]
    drop_question(rows[0], seen=eligibility_mark(rows[0]), by=by, at=timezone.now())
    assert hidden.eligibility.count() == 2
    assert refused(again, rows[0], by).code == "gone"
    assert refused(drop_question, rows[0], seen="", by=by, at=timezone.now()).code == "gone"


def test_a_check_has_at_most_twenty_questions(hidden, by):
    for n in range(20):
        put(hidden, by, question={"en": f"Question {n}"})
    assert refused(put, hidden, by).code == "many"


def test_questions_stay_once_the_round_is_open_and_are_written_by_those_who_run_the_fund(
    open_round, hidden_for, by, applicant
):
    row, now = open_round.eligibility.first(), timezone.now()
    assert refused(put, open_round, by).code == "fixed"
    assert refused(again, row, by).code == "fixed"
    assert refused(drop_question, row, seen=eligibility_mark(row), by=by, at=now).code == "fixed"
    assert refused(raise_question, row, by=by, at=now).code == "fixed"
    theirs = put(hidden_for, by)
    assert refused(put, hidden_for, applicant).code == "denied"
    assert refused(again, theirs, applicant).code == "denied"
    assert refused(drop_question, theirs, seen=eligibility_mark(theirs), by=applicant, at=now).code == "denied"
    assert refused(raise_question, theirs, by=applicant, at=now).code == "denied"


@pytest.fixture
def hidden_for(by):
    now = timezone.now()
    return builders.round_of(
        builders.fund("other"),
        opens=now + timedelta(days=3),
        closes=now + timedelta(days=6),
        published=False,
        eligibility=False,
    )


def typed(**changes) -> dict:
    """A list of two answers in English, the first of which passes."""
    return {
        "question_en": "What?",
        "question_ar": "",
        "answers-0-value": "",
        "answers-0-label_en": "A",
        "answers-0-passes": "on",
        "answers-1-value": "",
        "answers-1-label_en": "B",
        "blocking": "on",
        "refusal_en": "No",
        **changes,
    }


def test_staff_write_a_question_in_every_language_on_one_page(manager, hidden):
    here = (hidden.fund.slug, hidden.number)
    page = at("new_question", *here) + "?kind=choice"
    wrong = manager.post(page, typed(refusal_en=""))
    assert wrong.status_code == 400
    assert wrong.context["form"].errors["refusal_en"]
    assert 'value="A"' in wrong.content.decode(), "nothing that was typed is lost"
    nobody = manager.post(page, typed(**{"answers-0-label_en": ""}))
    assert "at least one answer" in nobody.content.decode()
    listed = at("round_eligibility", *here)
    assert manager.post(page, typed()).url == listed
    row = hidden.eligibility.get()
    assert "Arabic" in manager.get(listed).content.decode()
    one = at("question", *here, row.pk)
    drawn = html.fromstring(manager.get(one).content)
    arabic = drawn.xpath('//input[@name="question_ar"]')[0]
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert "Not translated yet" in drawn.xpath("string(//*[@id=$id])", id=arabic.get("aria-describedby"))
    whole = typed(
        question_ar="ما أنتم؟", refusal_ar="لا", seen=drawn.xpath('//input[@name="seen"]/@value')[0],
        **{"answers-0-value": "a", "answers-0-label_ar": "أ", "answers-1-value": "b", "answers-1-label_ar": "ب"},
    )  # fmt: skip
    assert manager.post(one, whole).url == listed
    row.refresh_from_db()
    assert (row.question_en, row.question_ar, row.options[1]["label"]) == ("What?", "ما أنتم؟", {"en": "B", "ar": "ب"})
    assert "Not translated yet" not in manager.get(one).content.decode()
    manager.post(at("move_question", *here, row.pk), {"act": f"drop:{eligibility_mark(row)}"})
    assert not hidden.eligibility.exists()


def test_answers_are_put_in_order_without_scripts_and_nothing_is_saved_by_that(manager, hidden):
    page = at("new_question", hidden.fund.slug, hidden.number) + "?kind=choice"
    drawn = html.fromstring(manager.post(page, typed(line="down-0")).content)
    assert drawn.xpath('//input[@name="answers-1-label_en"]/@value') == ["A"]
    assert drawn.xpath('//input[@name="answers-1-passes"][@checked]')
    assert not drawn.xpath('//input[@name="answers-0-passes"][@checked]')
    assert not hidden.eligibility.exists()


@pytest.mark.parametrize(
    ("kind", "sent", "accepted"),
    [
        ("yes_no", {"answer": "no"}, {"answer": False}),
        ("money", {"high": "٥٠٬٠٠٠"}, {"max": "50000"}),
        ("riddle", {"answer": "yes"}, {"answer": True}),
    ],
)
def test_each_kind_has_a_page_with_what_it_needs(manager, hidden, kind, sent, accepted):
    page = at("new_question", hidden.fund.slug, hidden.number) + f"?kind={kind}"
    assert manager.post(page, {"question_en": "Q", "blocking": "on", "refusal_en": "R", **sent}).status_code == 302
    assert hidden.eligibility.get().accepted == accepted


def test_who_saves_over_somebody_else_s_question_sees_both_and_chooses(manager, hidden, by):
    row = put(hidden, by, kind="choice", question={"en": "What?"}, answers=choices("A", "B"))
    here = at("question", hidden.fund.slug, hidden.number, row.pk)
    mine = typed(question_en="My words", seen=eligibility_mark(row), **{"answers-0-value": "a", "answers-1-value": "b"})
    again(row, by, question={"en": "Their words"}, answers=choices("C", "D"))
    stale = manager.post(here, mine)
    assert stale.status_code == 409
    for words in ("My words", "Their words", "What stands now", ">C<", 'value="A"'):
        assert words in stale.content.decode()
    assert hidden.eligibility.get().question_en == "Their words"
    assert manager.post(here, {**mine, "seen": stale.context["form"]["seen"].value()}).status_code == 302
    assert hidden.eligibility.get().question_en == "My words"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(by, hidden):
    row = put(hidden, by)
    seen = eligibility_mark(row)
    told = in_threads(2, lambda n: again(row, by, seen=seen, question={"en": f"Words {n}"}))
    assert sorted(getattr(one, "code", "saved") for one in told) == ["saved", "stale"]


# --- other rounds -----------------------------------------------------------------------------------------------------


def answered(made, **changes):
    return check_eligibility(made, {"in_london": True, "form": "charity", "amount": "12500", **changes}, by=None)


def test_another_round_fits_where_it_refuses_no_answer(open_round):
    criteria = list(open_round.eligibility.all())
    good = {"in_london": ("yes_no", True), "form": ("choice", "charity"), "amount": ("money", "10")}
    assert fit_of(criteria, good) == Fit(0)
    assert fit_of(criteria, {**good, "amount": ("money", "60000")}) is None
    assert fit_of(criteria, {"in_london": ("yes_no", True)}) == Fit(2)
    assert fit_of(criteria, {**good, "form": ("yes_no", True)}) == Fit(1), "another kind is another question"


def test_a_refused_reader_sees_open_rounds_that_fit_the_same_answers(client, open_round, by):
    fits, refuses, more = (
        builders.round_of(builders.fund(slug), eligibility=False) for slug in ("fits", "refuses", "more")
    )
    now = timezone.now()
    for made, passing in ((fits, "Other"), (refuses, "Charity")):
        before = made.opens_at - timedelta(days=1)
        row = ask(
            made,
            Asked("choice", {"en": "What are you?"}, refusal={"en": "R"}, answers=choices(passing, "X")),
            by=by,
            at=before,
        )
        type(row).objects.filter(pk=row.pk).update(
            key="form", accepted={"choices": ["other" if made is fits else "charity"]}
        )
    extra = ask(more, Asked("yes_no", {"en": "New?"}, refusal={"en": "R"}), by=by, at=more.opens_at - timedelta(days=1))
    client.post(at("eligibility", "shared-fund"), {"in_london": "yes", "form": "other", "amount": "10"})
    page = client.get(at("eligibility_result", "shared-fund"))
    assert [(one["round"].fund_id, one["left"]) for one in page.context["others"]] == [
        (fits.fund_id, 0),
        (more.fund_id, 1),
    ]
    assert "By these answers you can apply" in page.content.decode()
    assert extra.round_id == more.pk
    assert now < more.closes_at


def test_answers_to_the_same_questions_are_filled_in_for_another_fund(client, open_round):
    other = builders.round_of(builders.fund("other"))
    client.post(at("eligibility", "shared-fund"), {"in_london": "yes", "form": "charity", "amount": "10"})
    page = client.get(at("eligibility", "other"))
    assert page.context["form"].initial == {"in_london": "yes", "form": "charity", "amount": "10"}
    assert "what you answered for another fund" in page.content.decode()
    assert not EligibilityCheck.objects.filter(round=other).exists()
    fresh = type(client)().get(at("eligibility", "other"))
    assert "what you answered for another fund" not in fresh.content.decode()


# --- kept and attached ------------------------------------------------------------------------------------------------


def test_a_result_counts_by_the_questions_as_they_stand(by, applicant, ngo, hidden):
    opens = hidden.opens_at
    type(hidden.fund).objects.update(languages=["en"])
    put(hidden, by)
    type(hidden).objects.filter(pk=hidden.pk).update(published=True)
    hidden.refresh_from_db()
    check = check_eligibility(hidden, {"are-you-in-london": True}, by=applicant)
    row = hidden.eligibility.get()
    again(row, by, question={"en": "Are you outside?"}, answer=False)
    assert refused(start_application, hidden, ngo, by=applicant, at=opens, eligibility=check).code == "ineligible"
    put(hidden, by, question={"en": "Another?"})
    assert refused(start_application, hidden, ngo, by=applicant, at=opens, eligibility=check).code == "eligibility"
    good = check_eligibility(hidden, {"are-you-in-london": False, "another": True}, by=applicant)
    assert start_application(hidden, ngo, by=applicant, at=opens, eligibility=good).eligibility == good


def test_answers_that_nobody_applied_with_are_forgotten(open_round, applicant, draft):
    nameless, named = answered(open_round), builders.yes(open_round, applicant)
    now = timezone.now()
    assert forget_checks(now + timedelta(days=29)) == 0
    assert forget_checks(now + timedelta(days=31)) == 1
    assert not EligibilityCheck.objects.filter(pk=nameless.pk).exists()
    assert forget_checks(now + timedelta(days=366)) == 1
    assert not EligibilityCheck.objects.filter(pk=named.pk).exists()
    draft.refresh_from_db()
    assert draft.eligibility is not None, "what an application holds stays"
