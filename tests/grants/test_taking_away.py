"""Criteria, questions and drafts are taken away as they were seen: what a colleague changed meanwhile stays and is shown."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from grants.domain import building
from grants.domain.asking import Asked, ask, drop_question, rewrite
from grants.domain.criteria import change_criterion, drop_criterion
from grants.domain.questions import Asking, Wording
from grants.domain.rounds import NewCriterion
from grants.models import Criterion, EligibilityCriterion
from grants.queries.form_versions import sections_of
from grants.rules.seen import criterion_mark, eligibility_mark, mark_of, section_mark
from network.doors import DomainError
from tests.grants import builders
from tests.grants.browsing import at, text
from tests.grants.test_building import add, publish, question
from tests.threads import in_threads


@pytest.fixture
def hidden(db):
    now = timezone.now()
    times = {"opens": now + timedelta(days=30), "closes": now + timedelta(days=60)}
    return builders.round_of(
        builders.fund(languages=("en", "ar")), **times, published=False, form=False, eligibility=False
    )


@pytest.fixture
def more(hidden):
    """A colleague."""
    return {"by": builders.operator(), "at": timezone.now()}


def asked(round_, more):
    return ask(round_, Asked("yes_no", {"en": "In London?"}, refusal={"en": "Only London."}), **more)


def button(page, words):
    """The value of the button that is called so."""
    return html.fromstring(page.content).xpath(f"//button[starts-with(normalize-space(), '{words}')]/@value")


def refused(manager, action, act, *words):
    """Press a button of an old page: 409 with these words; answers the value with which it is done all the same."""
    page = manager.post(action, {"act": act})
    assert page.status_code == 409
    for word in ("so it was not taken away", "What stands now" if words else "Nothing differs", *words):
        assert word in text(page), word
    (again,) = button(page, "T")
    return again


# --- pages ------------------------------------------------------------------------------------------------------------


def test_a_criterion_that_a_colleague_changed_stays_and_is_shown(manager, hidden, here, more):
    row = hidden.criteria.get()
    old = button(manager.get(at("criteria", *here)), "Take away")[0]
    change_criterion(row, NewCriterion({"en": "Their name"}, weight=70), seen=criterion_mark(row), **more)
    move = at("move_criterion", *here, row.pk)
    again = refused(manager, move, old, "Their name", "70 %")
    assert hidden.criteria.get().name_en == "Their name"
    assert manager.post(move, {"act": again}).url == at("criteria", *here)
    assert not hidden.criteria.exists()


def test_an_eligibility_question_that_a_colleague_changed_stays_and_is_shown(manager, hidden, here, more):
    row = asked(hidden, more)
    old = button(manager.get(at("round_eligibility", *here)), "Take away")[0]
    rewrite(row, Asked("yes_no", {"en": "In Camden?"}, refusal={}), seen=eligibility_mark(row), **more)
    move = at("move_question", *here, row.pk)
    again = refused(manager, move, old, "In Camden?", "Only London.")
    assert hidden.eligibility.get().question_en == "In Camden?"
    assert manager.post(move, {"act": again}).url == at("round_eligibility", *here)
    assert not hidden.eligibility.exists()


def test_a_question_of_the_form_that_a_colleague_changed_stays_and_is_shown(manager, hidden, here, more):
    add(hidden, more, label={"en": "Who?"})
    old = next(one for one in button(manager.get(at("round_form", *here)), "Take away") if one.startswith("drop:who:"))
    changed = Asking("short_text", {"en": "Whom?"}, max_words=7)
    building.change_question(hidden, "who", changed, seen=mark_of(question(hidden, "who")), **more)
    act = at("form_act", *here)
    again = refused(manager, act, old, "Whom?", "Words at most")
    assert question(hidden, "who")["max_words"] == 7
    assert manager.post(act, {"act": again}).url == at("round_form", *here)
    assert question(hidden, "who") is None


def test_a_section_into_which_a_colleague_wrote_stays_with_what_is_in_it(manager, hidden, here, more):
    building.add_section(hidden, Wording({"en": "People", "ar": "الناس"}), **more)
    act = at("form_act", *here)
    old = button(manager.get(at("round_form", *here)), "Take away")[-1]
    assert old.startswith("section-drop:people:")
    add(hidden, more, "people", label={"en": "How many?"})
    again = refused(manager, act, old, "People", "الناس", "How many?")
    assert question(hidden, "how-many") is not None
    manager.post(act, {"act": again})
    assert [one["key"] for one in sections_of(hidden)[0]] == ["project"]


def test_a_draft_that_a_colleague_changed_is_not_thrown_away_unseen(manager, hidden, here, more):
    add(hidden, more)
    publish(hidden, more)
    add(hidden, more, label={"en": "Mine"})
    act = at("form_act", *here)
    (old,) = button(manager.get(at("round_form", *here)), "Throw")
    add(hidden, more, label={"en": "Theirs"})
    page = manager.post(act, {"act": old})
    assert page.status_code == 409
    for words in ("What differs from what is published", "Mine", "Theirs"):
        assert words in text(page)
    assert question(hidden, "theirs") is not None
    (again,) = button(page, "Throw")
    for key in ("mine", "theirs"):
        building.drop_question(hidden, key, seen=mark_of(question(hidden, key)), **more)
    again = refused(manager, act, again)
    assert manager.post(act, {"act": again}).url == at("round_form", *here)
    assert hidden.forms.get().published_at is not None


def test_a_button_without_a_mark_takes_nothing_away(manager, hidden, here, more):
    row, key = asked(hidden, more), add(hidden, more)
    sent = (
        (at("move_criterion", *here, hidden.criteria.get().pk), "drop"),
        (at("move_question", *here, row.pk), "drop"),
        (at("form_act", *here), f"drop:{key}"),
        (at("form_act", *here), "section-drop:project"),
        (at("form_act", *here), "discard"),
    )
    for action, act in sent:
        assert manager.post(action, {"act": act}).status_code == 409
    assert hidden.criteria.exists()
    assert hidden.eligibility.exists()
    assert question(hidden, key) is not None


def test_what_is_moved_meanwhile_is_taken_away_all_the_same(hidden, more):
    key = add(hidden, more)
    seen = mark_of(question(hidden, key))
    building.move_question(hidden, key, -1, **more)
    building.drop_question(hidden, key, seen=seen, **more)
    assert question(hidden, key) is None


# --- at the same moment -----------------------------------------------------------------------------------------------


def outcome(results):
    return sorted(one.code if isinstance(one, DomainError) else "done" for one in results)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["criterion", "eligibility", "question", "section"])
def test_of_two_who_change_and_take_away_at_once_one_is_told_and_no_change_is_lost(hidden, more, what):
    criterion, row, key = hidden.criteria.get(), asked(hidden, more), add(hidden, more)
    section = building.add_section(hidden, Wording({"en": "People"}), **more)
    there = next(one for one in sections_of(hidden)[0] if one["key"] == section)
    seen = {
        "criterion": criterion_mark(criterion),
        "eligibility": eligibility_mark(row),
        "question": mark_of(question(hidden, key)),
        "section": mark_of(there),
    }[what]
    new = NewCriterion({"en": "Changed"}, weight=100)
    change, drop = {
        "criterion": (
            lambda: change_criterion(criterion, new, seen=seen, **more),
            lambda: drop_criterion(criterion, seen=seen, **more),
        ),
        "eligibility": (
            lambda: rewrite(row, Asked("yes_no", {"en": "Changed"}), seen=seen, **more),
            lambda: drop_question(row, seen=seen, **more),
        ),
        "question": (
            lambda: building.change_question(hidden, key, Asking("short_text", {"en": "Changed"}), seen=seen, **more),
            lambda: building.drop_question(hidden, key, seen=seen, **more),
        ),
        "section": (
            lambda: building.change_section(
                hidden, section, Wording({"en": "Changed"}), seen=section_mark(there), **more
            ),
            lambda: building.drop_section(hidden, section, seen=seen, **more),
        ),
    }[what]
    told = outcome(in_threads(2, lambda n: (change, drop)[n]()))
    assert told in (["done", "stale"], ["done", "gone"])
    words = {
        "criterion": lambda: list(Criterion.objects.values_list("name_en", flat=True)),
        "eligibility": lambda: list(EligibilityCriterion.objects.values_list("question_en", flat=True)),
        "question": lambda: [field["label"]["en"] for one in sections_of(hidden)[0] for field in one["fields"]],
        "section": lambda: [one["title"]["en"] for one in sections_of(hidden)[0]],
    }[what]()
    assert ("Changed" in words) == (told == ["done", "stale"]), "a change that was saved is there"
