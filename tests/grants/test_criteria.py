"""Criteria of a round: written by staff in every language, weights that add up, fixed once people write by them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.domain.criteria import change_criterion, drop_criterion, judge_by, raise_criterion
from grants.domain.funds import change_terms
from grants.domain.rounds import NewCriterion
from grants.domain.terms import show_round
from grants.models import Criterion, Fund
from grants.rules.seen import criterion_mark
from network.doors import DomainError
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.test_running_funds import refused
from tests.threads import in_threads


@pytest.fixture
def by(db):
    return builders.operator()


@pytest.fixture
def hidden(by):
    """A round in a month, judged by one criterion of 100 per cent."""
    now = timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    return builders.round_of(builders.fund(), **times, published=False, eligibility=False)


@pytest.fixture
def more(by):
    return {"by": by, "at": timezone.now()}


def rewrite(row, more, **changes):
    new = {"name": {"en": "Need"}, "weight": row.weight, "minimum": row.minimum, "maximum": row.maximum, **changes}
    return change_criterion(row, NewCriterion(**new), seen=criterion_mark(row), **more)


def test_criteria_are_added_changed_put_in_order_and_taken_away(hidden, more):
    need = hidden.criteria.get()
    reach = judge_by(hidden, NewCriterion({"en": "Reach", "ar": "المدى"}, weight=40), **more)
    row = rewrite(need, more, name={"en": "The need"}, weight=60, maximum=10)
    assert (row.name_en, row.name_ar, row.weight, row.maximum) == ("The need", "الحاجة", 60, 10)
    raise_criterion(reach, **more)
    raise_criterion(reach, **more)
    assert [one.pk for one in hidden.criteria.order_by("position")] == [reach.pk, need.pk]
    drop_criterion(reach, seen=criterion_mark(reach), **more)
    assert refused(change_criterion, reach, NewCriterion({"en": "X"}), seen="", **more).code == "gone"
    assert refused(drop_criterion, reach, seen=criterion_mark(reach), **more).code == "gone"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": {"en": " "}}, "name"),
        ({"name": {"en": "x" * 121}}, "name"),
        ({"guidance": {"en": "x" * 3_001}}, "guidance"),
        ({"weight": 0}, "weight"),
        ({"weight": 101}, "weight"),
        ({"minimum": 5}, "maximum"),
        ({"maximum": 101}, "maximum"),
    ],
)
def test_a_criterion_that_makes_no_sense_is_refused(hidden, more, changes, code):
    sound = {"name": {"en": "Reach"}, "weight": 40}
    assert refused(judge_by, hidden, NewCriterion(**{**sound, **changes}), **more).code == code
    assert hidden.criteria.count() == 1


def test_a_round_has_at_most_twenty_criteria(hidden, more):
    Criterion.objects.bulk_create(Criterion(round=hidden, name_en=str(n), weight=1) for n in range(19))
    assert refused(judge_by, hidden, NewCriterion({"en": "X"}), **more).code == "many"


def test_weights_that_everybody_sees_add_up(hidden, more):
    show_round(hidden, **more)
    assert refused(judge_by, hidden, NewCriterion({"en": "X"}, weight=1), **more).code == "weight"
    need = hidden.criteria.get()
    assert refused(drop_criterion, need, seen=criterion_mark(need), **more).code == "weight"
    rewrite(hidden.criteria.get(), more, name={"en": "Need, said better"})


def test_criteria_stay_once_people_write_by_them_and_are_written_by_those_who_run_the_fund(
    open_round, hidden_elsewhere, by, applicant
):
    more, theirs = {"by": by, "at": timezone.now()}, {"by": applicant, "at": timezone.now()}
    for round_, given, code in ((open_round, more, "fixed"), (hidden_elsewhere, theirs, "denied")):
        row = round_.criteria.get()
        assert refused(judge_by, round_, NewCriterion({"en": "X"}), **given).code == code
        assert refused(rewrite, row, given).code == code
        assert refused(raise_criterion, row, **given).code == code
        assert refused(drop_criterion, row, seen=criterion_mark(row), **given).code == code


@pytest.fixture
def hidden_elsewhere(by):
    now = timezone.now()
    times = {"opens": now + timedelta(days=3), "closes": now + timedelta(days=6)}
    return builders.round_of(builders.fund("other"), **times, published=False, eligibility=False)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_write_one_criterion_never_overwrite_each_other():
    by, now = builders.operator(), timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    row = builders.round_of(builders.fund(), **times, published=False).criteria.get()
    seen = criterion_mark(row)

    def write(n):
        return change_criterion(row, NewCriterion({"en": f"Writer {n}"}, weight=100), seen=seen, by=by, at=now)

    results = in_threads(2, write)
    assert [one.code for one in results if isinstance(one, DomainError)] == ["stale"]


# --- languages of a fund ----------------------------------------------------------------------------------------------


def terms(fund, languages, by):
    plain = {"themes": [], "publish_model": "lead", "currency": "GBP"}
    fund.refresh_from_db()
    return change_terms(fund, **plain, languages=languages, version=fund.version, by=by)


def test_a_fund_speaks_the_language_it_was_set_up_in_and_english(by):
    assert builders.fund("plain").languages == ["en"]
    assert builders.fund("greek", title={"el": "Ταμείο", "en": "Fund"}).languages == ["el", "en"]
    assert refused(builders.fund, "none", languages=("xx",)).code == "languages"


def test_a_language_is_added_once_what_everybody_sees_is_written_in_it(hidden, more, by):
    fund = hidden.fund
    assert terms(fund, ["ar", "en"], by).languages == ["en", "ar"], "its own language stays the first"
    assert terms(fund, ["en"], by).languages == ["en"]
    assert refused(terms, fund, [], by).code == "languages"
    assert refused(terms, fund, ["tlh"], by).code == "languages"
    show_round(hidden, **more)
    told = refused(terms, fund, ["en", "el"], by)
    assert told.code == "languages"
    assert "Greek" in str(told)
    assert Fund.objects.get(pk=fund.pk).languages == ["en"]


# --- pages ------------------------------------------------------------------------------------------------------------


def sent(row=None, **changes):
    plain = {"name_en": "Need", "guidance_en": "", "weight": "100", "minimum": "0", "maximum": "5"}
    return {**plain, "seen": criterion_mark(row) if row else "", **changes}


def test_staff_write_criteria_on_their_pages_and_what_is_wrong_stands_beside_it(manager, hidden):
    here = (hidden.fund.slug, hidden.number)
    new = at("new_criterion", *here)
    wrong = manager.post(new, sent(name_en="", weight="٤٠"))
    assert wrong.status_code == 400
    assert wrong.context["form"].errors["name_en"]
    assert 'value="٤٠"' in wrong.content.decode()
    assert manager.post(new, sent(name_en="Reach", weight="٤٠")).url == at("criteria", *here)
    page = manager.get(at("criteria", *here)).content.decode()
    assert "Together they are 140 per cent" in page
    row = hidden.criteria.get(name_en="Need")
    one = at("criterion", *here, row.pk)
    assert manager.post(one, sent(row, weight="60")).url == at("criteria", *here)
    assert "add up to 100" in manager.get(at("criteria", *here)).content.decode()
    row.refresh_from_db()
    manager.post(at("move_criterion", *here, row.pk), {"act": f"drop:{criterion_mark(row)}"})
    assert hidden.criteria.get().weight == 40


def test_who_saves_over_somebody_else_s_criterion_sees_both_and_can_save_again(manager, hidden, more):
    row = hidden.criteria.get()
    one, mine = at("criterion", hidden.fund.slug, hidden.number, row.pk), sent(row, name_en="My name")
    rewrite(row, more, name={"en": "Their name"})
    refused_page = manager.post(one, mine)
    assert refused_page.status_code == 409
    for words in ("My name", "Their name"):
        assert words in refused_page.content.decode()
    assert manager.post(one, {**mine, "seen": refused_page.context["form"]["seen"].value()}).status_code == 302
    assert hidden.criteria.get().name_en == "My name"


def test_a_round_that_lacks_texts_says_which_with_links_and_is_not_shown(manager, hidden):
    Fund.objects.filter(pk=hidden.fund_id).update(languages=["en", "el"])
    here = (hidden.fund.slug, hidden.number)
    show = at("round_show", *here)
    page = manager.get(show)
    urls = {one.url for one in page.context["lacks"]}
    assert at("criterion", *here, hidden.criteria.get().pk) in urls
    assert at("form_question", *here, "summary") in urls
    assert at("round_terms", *here) in urls
    wrong = manager.post(show)
    assert wrong.status_code == 400
    assert "Not written in every language" in wrong.content.decode()
    hidden.refresh_from_db()
    assert not hidden.published
