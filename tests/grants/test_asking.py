"""Eligibility: questions written by staff, other rounds that fit the same answers, answers that are kept no longer than needed."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from grants.domain.asking import Asked, ask, drop_question, raise_question, rewrite
from grants.domain.drafts import start_application
from grants.domain.eligibility import check_eligibility, forget_checks
from grants.models import EligibilityCheck
from grants.rules.eligibility import Fit, fit_of
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_running_funds import refused
from tests.people.signing import sign_in


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
    sound = {"code": "en", "kind": "yes_no", "question": "Are you in London?", "refusal": "Only London."}
    return ask(round_, Asked(**{**sound, **more}), by=by, at=timezone.now())


def again(row, by, **more):
    sound = {"code": "en", "kind": row.kind, "question": "Q", "refusal": "R"}
    return rewrite(row, Asked(**{**sound, **more}), by=by, at=timezone.now())


# --- written by staff -------------------------------------------------------------------------------------------------


def test_a_question_of_each_kind_is_asked_and_answered(hidden, by):
    put(hidden, by, answer=True)
    choice = put(hidden, by, kind="choice", question="What are you?", passing=["Charity", "Group"], other=["Company"])
    put(hidden, by, kind="money", question="How much?", high=Decimal(50_000))
    assert [one.key for one in hidden.eligibility.all()] == ["are-you-in-london", "what-are-you", "how-much"]
    assert choice.accepted == {"choices": ["charity", "group"]}
    good = {"are-you-in-london": True, "what-are-you": "group", "how-much": "50000"}
    assert check_eligibility(hidden, good, by=None).eligible
    assert check_eligibility(hidden, {**good, "what-are-you": "company", "how-much": "50001"}, by=None).failed == [
        "what-are-you",
        "how-much",
    ]


def test_answers_keep_their_place_in_every_language(hidden, by):
    row = put(hidden, by, kind="choice", question="What?", passing=["Charity", "Group"], other=["Company"])
    row = again(row, by, code="sv", question="Vad?", refusal="Nej", passing=["Ideell", "Grupp"], other=["Företag"])
    assert [one["label"] for one in row.options] == [
        {"en": "Charity", "sv": "Ideell"},
        {"en": "Group", "sv": "Grupp"},
        {"en": "Company", "sv": "Företag"},
    ]
    row = again(row, by, passing=["Charity"], other=["Company", "Person"])
    row = again(row, by, code="sv", question="Vad?", refusal="Nej", passing=["Ideell"], other=["Företag", "Person"])
    assert [(one["value"], one["label"]) for one in row.options] == [
        ("charity", {"en": "Charity", "sv": "Ideell"}),
        ("company", {"en": "Company", "sv": "Företag"}),
        ("person", {"en": "Person", "sv": "Person"}),
    ]
    assert row.accepted == {"choices": ["charity"]}
    assert (row.question_en, row.question_sv) == ("Q", "Vad?")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"question": " "}, "question"),
        ({"refusal": ""}, "refusal"),
        ({"kind": "choice", "passing": [], "other": ["A", "B"]}, "passing"),
        ({"kind": "choice", "passing": ["A"]}, "other"),
        ({"kind": "choice", "passing": ["A" * 201], "other": ["B"]}, "passing"),
        ({"kind": "money"}, "low"),
        ({"kind": "money", "low": Decimal(2), "high": Decimal(1)}, "low"),
    ],
)
def test_a_question_that_lacks_something_is_refused(hidden, by, changes, code):
    assert refused(put, hidden, by, **changes).code == code
    assert not hidden.eligibility.exists()


def test_a_question_that_ends_nothing_needs_no_reason(hidden, by):
    put(hidden, by, blocking=False, refusal="")
    assert check_eligibility(hidden, {"are-you-in-london": False}, by=None).eligible


def test_questions_are_put_in_order_and_taken_away(hidden, by):
    rows = [put(hidden, by, question=name) for name in ("One", "Two", "Three")]
    raise_question(rows[2], by=by, at=timezone.now())
    raise_question(rows[0], by=by, at=timezone.now())
    assert [one.key for one in hidden.eligibility.order_by("position")] == ["one", "three", "two"]
    drop_question(rows[0], by=by, at=timezone.now())
    assert hidden.eligibility.count() == 2
    assert refused(again, rows[0], by).code == "gone"


def test_a_check_has_at_most_twenty_questions(hidden, by):
    for n in range(20):
        put(hidden, by, question=f"Question {n}")
    assert refused(put, hidden, by).code == "many"


def test_questions_stay_once_the_round_is_open_and_are_written_by_those_who_run_the_fund(
    open_round, hidden_for, by, applicant
):
    row, now = open_round.eligibility.first(), timezone.now()
    assert refused(put, open_round, by).code == "fixed"
    assert refused(again, row, by).code == "fixed"
    assert refused(drop_question, row, by=by, at=now).code == "fixed"
    assert refused(raise_question, row, by=by, at=now).code == "fixed"
    theirs = put(hidden_for, by)
    assert refused(put, hidden_for, applicant).code == "denied"
    assert refused(again, theirs, applicant).code == "denied"
    assert refused(drop_question, theirs, by=applicant, at=now).code == "denied"
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


def test_staff_write_a_question_on_its_page_and_what_is_wrong_stands_beside_it(client, hidden):
    manager = staff(RoleKind.FUND_MANAGER, hidden.fund.uuid, email="manager@fund.example", name="Manager")
    browser = sign_in(client, manager)
    page = at("new_question", hidden.fund.slug, hidden.number)
    sent = {"question": "What?", "kind": "choice", "passing": "A\nB", "other": "", "blocking": "on", "refusal": ""}
    wrong = browser.post(page, sent)
    assert wrong.status_code == 400
    assert wrong.context["form"].errors["refusal"]
    assert "A\nB" in wrong.content.decode()
    listed = at("round_eligibility", hidden.fund.slug, hidden.number)
    assert browser.post(page, {**sent, "refusal": "No"}).url == listed
    row = hidden.eligibility.get()
    assert "Arabic" in browser.get(listed).content.decode()
    shown = browser.get(at("question", hidden.fund.slug, hidden.number, row.pk))
    assert shown.context["form"].initial["passing"] == "A\nB"
    browser.post(at("move_question", hidden.fund.slug, hidden.number, row.pk), {"act": "drop"})
    assert not hidden.eligibility.exists()


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
    for made, passing in ((fits, ["Other"]), (refuses, ["Charity"])):
        before = made.opens_at - timedelta(days=1)
        row = ask(
            made, Asked("en", "choice", "What are you?", refusal="R", passing=passing, other=["X"]), by=by, at=before
        )
        type(row).objects.filter(pk=row.pk).update(
            key="form", accepted={"choices": ["other" if made is fits else "charity"]}
        )
    extra = ask(more, Asked("en", "yes_no", "New?", refusal="R"), by=by, at=more.opens_at - timedelta(days=1))
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
    now, opens = timezone.now(), hidden.opens_at
    type(hidden.fund).objects.update(languages=["en"])
    put(hidden, by)
    type(hidden).objects.filter(pk=hidden.pk).update(published=True)
    hidden.refresh_from_db()
    check = check_eligibility(hidden, {"are-you-in-london": True}, by=applicant)
    row = hidden.eligibility.get()
    rewrite(row, Asked("en", "yes_no", "Are you outside?", refusal="R", answer=False), by=by, at=now)
    assert refused(start_application, hidden, ngo, by=applicant, at=opens, eligibility=check).code == "ineligible"
    ask(hidden, Asked("en", "yes_no", "Another?", refusal="R"), by=by, at=now)
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
