"""Changing the classification: who may, what is refused, what becomes of the practices, and races."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from network.audit.models import AuditEvent
from network.doors import DomainError
from practices.domain import (
    Part,
    PracticeFacts,
    ThemeChanges,
    archive_theme,
    create_theme,
    edit_practice,
    edit_theme,
    merge_themes,
    move_theme,
    rename_theme,
    restore_theme,
    set_hidden_labels,
    split_theme,
)
from practices.models import Concept, Practice, SearchEntry
from practices.queries.scheme import scheme
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


def refused(verb: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as told:
        verb()
    return told.value.code


def codes_of(practice: Practice) -> set[str]:
    return set(practice.themes.values_list("code", flat=True))


def test_only_operators_change_the_scheme():
    by, stranger = build.operator(), build.person()
    one, other = build.theme("one", by), build.theme("other", by)
    for verb in (
        lambda: create_theme("new", {"en": "New"}, by=stranger),
        lambda: edit_theme(one, ThemeChanges(labels={"en": "X"}), by=stranger),
        lambda: rename_theme(one, {"en": "X"}, by=stranger),
        lambda: move_theme(one, other, by=stranger),
        lambda: set_hidden_labels(one, {"en": ["x"]}, by=stranger),
        lambda: archive_theme(one, by=stranger, reason="x"),
        lambda: restore_theme(one, by=stranger, reason="x"),
        lambda: merge_themes(one, other, by=stranger, reason="x"),
        lambda: split_theme(one, [Part("part", {"en": "Part"})], by=stranger, reason="x"),
    ):
        assert refused(verb) == "denied"
    assert Concept.objects.filter(archived_at__isnull=True, broader__isnull=True).count() == 2


def test_a_concept_moves_in_its_tree_but_never_into_itself_nor_too_deep():
    by = build.operator()
    top, middle, leaf, lone = (build.theme(code, by) for code in ("top", "middle", "leaf", "lone"))
    group = create_theme("group", {"en": "Group"}, by=by, kind="target_group")
    middle = move_theme(middle, top, by=by)
    leaf = move_theme(leaf, middle, by=by, reason="It belongs there")
    event = AuditEvent.objects.filter(table="practices_concept", row=str(leaf.pk)).latest("id")
    assert (event.reason, event.after["broader_id"]) == ("It belongs there", middle.pk)
    for theme, broader, why in (
        (top, top, "circle"), (top, leaf, "circle"), (middle, leaf, "circle"), (lone, leaf, "too_deep"),
        (top, lone, "too_deep"), (group, top, "kind"),
    ):  # fmt: skip
        assert refused(lambda theme=theme, broader=broader: move_theme(theme, broader, by=by)) == why
    assert [one.code for one in scheme(fresh=True).above(leaf.pk)] == ["top", "middle"]
    assert move_theme(middle, None, by=by).broader is None


@pytest.mark.parametrize("code", ["", "Two words", "UPPER", "a_b", "-a", "a--b", "θέμα", "x" * 61])
def test_a_code_is_plain(code):
    by = build.operator()
    assert refused(lambda: create_theme(code, {"en": "X"}, by=by)) == "code"


def test_words_that_find_a_concept_are_cleaned_and_bounded():
    by = build.operator()
    theme = build.theme("housing", by, sv="Boende")
    given = {"sv": [" boende ", "Bostad", "lägenhet\u202e", "BOSTAD", "", "  "], "el": ["στέγη", "ΣΤΕΓΗ"], "da": []}
    assert set_hidden_labels(theme, given, by=by).hidden_labels == {"el": ["στέγη"], "sv": ["Bostad", "lägenhet"]}
    assert set_hidden_labels(theme, {"sv": [f"ord{n}" for n in range(99)]}, by=by).hidden_labels["sv"][-1] == "ord59"
    # A word that becomes the name is no longer hidden.
    assert rename_theme(theme, {"el": "Στέγη"}, by=by).hidden_labels.get("el") is None
    assert refused(lambda: set_hidden_labels(theme, {"xx": ["a"]}, by=by)) == "language"
    assert refused(lambda: rename_theme(theme, {"en": " "}, by=by)) == "no_label"
    for address in ("javascript:alert(1)", "example.org/a", "https://x.example/a b", "https://x.example/<"):
        changes = ThemeChanges(exact_match=[address])
        assert refused(lambda changes=changes: edit_theme(theme, changes, by=by)) == "address", address
    kept = edit_theme(theme, ThemeChanges(exact_match=["https://x.example/a", "https://x.example/a"]), by=by)
    assert kept.exact_match == ["https://x.example/a"]
    both = ThemeChanges(close_match=["https://x.example/b", "https://x.example/a"])
    assert refused(lambda: edit_theme(theme, both, by=by)) == "both"
    moved = edit_theme(theme, ThemeChanges(exact_match=[], close_match=["https://x.example/a"]), by=by)
    assert (moved.exact_match, moved.close_match) == ([], ["https://x.example/a"])
    # What stood in both before this was refused hinders no other change.
    Concept.objects.filter(pk=theme.pk).update(exact_match=["https://x.example/a"])
    assert rename_theme(theme, {"en": "Another"}, by=by).label_en == "Another"


def test_merging_takes_practices_words_parts_and_former_codes_along(django_capture_on_commit_callbacks):
    by = build.operator()
    gone, kept, part, older = (build.theme(code, by) for code in ("gone", "kept", "part", "older"))
    move_theme(part, gone, by=by)
    merge_themes(older, gone, by=by, reason="Before")
    set_hidden_labels(gone, {"sv": ["borta"]}, by=by)
    both = build.practice(by, {"sv": build.version("Ett")}, themes=["gone", "kept"])
    lone = build.practice(by, {"sv": build.version("Två")}, themes=["gone"])
    with django_capture_on_commit_callbacks(execute=True):
        kept = merge_themes(gone, kept, by=by, reason="They say the same")
    assert codes_of(both) == codes_of(lone) == {"kept"}
    gone.refresh_from_db()
    part.refresh_from_db()
    older.refresh_from_db()
    assert gone.archived_at is not None
    assert gone.replaced_by == older.replaced_by == part.broader == kept
    assert kept.hidden_labels == {"en": ["Gone", "Older"], "sv": ["borta"]}
    tsv = SearchEntry.objects.get(practice=lone).tsv
    assert f"c#{kept.pk}" in tsv
    assert f"c#{gone.pk}" not in tsv
    assert scheme(fresh=True).resolve("older").code == "kept"
    tables = set(AuditEvent.objects.filter(reason="They say the same").values_list("table", flat=True))
    assert tables == {"practices_concept", "practices_practice_themes"}


def test_merging_is_refused_where_it_makes_no_sense():
    by = build.operator()
    one, part, done = build.theme("one", by), build.theme("part", by), build.theme("done", by)
    group = create_theme("group", {"en": "Group"}, by=by, kind="target_group")
    move_theme(part, one, by=by)
    merge_themes(done, part, by=by, reason="x")
    for theme, into, why in ((one, one, "same"), (one, part, "circle"), (one, group, "kind"), (part, done, "archived"), (done, one, "replaced")):  # fmt: skip
        assert refused(lambda theme=theme, into=into: merge_themes(theme, into, by=by, reason="x")) == why
    # The deepest level takes another leaf in: nothing becomes deeper.
    leaf, lone = build.theme("leaf", by), build.theme("lone", by)
    move_theme(leaf, part, by=by)
    assert merge_themes(lone, leaf, by=by, reason="x").code == "leaf"


def test_splitting_sorts_the_practices_into_new_parts():
    by = build.operator()
    theme = build.theme("work", by)
    first, second, stays, stranger = (build.practice(by, themes=["work"] if n < 3 else []) for n in range(4))
    parts = [
        Part("jobs", {"en": "Jobs", "sv": "Jobb"}, [first.pk, second.pk]),
        Part("skills", {"en": "Skills"}, [second.pk]),
    ]
    made = split_theme(theme, parts, by=by, reason="Too broad")
    assert [(one.code, one.broader, one.kind) for one in made] == [("jobs", theme, "theme"), ("skills", theme, "theme")]
    assert (codes_of(first), codes_of(second), codes_of(stays)) == ({"jobs"}, {"jobs", "skills"}, {"work"})
    for bad, why in (
        ([], "no_parts"), ([Part("other", {"en": "Other"}, [stranger.pk])], "not_its"), ([Part("jobs", {"en": "Jobs"})], "taken"),
        ([Part("more", {"en": "More"}, [stays.pk]), Part("more", {"en": "More"})], "taken"),
    ):  # fmt: skip
        assert refused(lambda bad=bad: split_theme(theme, bad, by=by, reason="x")) == why
    assert codes_of(stays) == {"work"}
    leaf = split_theme(made[0], [Part("first-jobs", {"en": "First jobs"})], by=by, reason="x")[0]
    assert refused(lambda: split_theme(leaf, [Part("deep", {"en": "Deep"})], by=by, reason="x")) == "too_deep"


def test_what_is_out_of_use_classifies_nothing_new_and_comes_back():
    by = build.operator()
    theme, part = build.theme("old", by), build.theme("part", by)
    move_theme(part, theme, by=by)
    assert refused(lambda: archive_theme(theme, by=by, reason="x")) == "parts"
    move_theme(part, None, by=by)
    had = build.practice(by, themes=["old"])
    archive_theme(theme, by=by, reason="Nobody uses it")
    assert refused(lambda: build.practice(by, themes=["old"])) == "theme"
    assert codes_of(edit_practice(had, PracticeFacts(themes=("old", "part")), by=by)) == {"old", "part"}
    assert refused(lambda: move_theme(part, theme, by=by)) == "archived"
    assert refused(lambda: archive_theme(theme, by=by, reason="x")) == "already"
    restore_theme(theme, by=by, reason="Needed after all")
    assert refused(lambda: restore_theme(theme, by=by, reason="x")) == "already"
    merge_themes(theme, part, by=by, reason="x")
    assert refused(lambda: restore_theme(theme, by=by, reason="x")) == "replaced"
    # The code of a merged concept still classifies: by its successor.
    assert codes_of(build.practice(by, themes=["old"])) == {"part"}


def together(*verbs: Callable[[], object]) -> list[str]:
    """Run them at the same moment, each on its own connection; "done" or the code of the refusal for each."""
    barrier, told = threading.Barrier(len(verbs)), [""] * len(verbs)

    def run(n: int, verb: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            verb()
            told[n] = "done"
        except DomainError as refusal:
            told[n] = refusal.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert all(told), told
    return told


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_each_into_the_other_end_with_one():
    by = build.operator()
    one, other = build.theme("one", by), build.theme("other", by)
    practice = build.practice(by, themes=["one", "other"])
    told = together(
        lambda: merge_themes(one, other, by=by, reason="a"), lambda: merge_themes(other, one, by=by, reason="b")
    )
    assert sorted(told) in (["archived", "done"], ["done", "replaced"])
    assert Concept.objects.filter(archived_at__isnull=True).count() == 1
    assert codes_of(practice) == set(Concept.objects.filter(archived_at__isnull=True).values_list("code", flat=True))


@pytest.mark.django_db(transaction=True)
def test_two_who_move_each_below_the_other_make_no_circle():
    by = build.operator()
    one, other = build.theme("one", by), build.theme("other", by)
    assert sorted(together(lambda: move_theme(one, other, by=by), lambda: move_theme(other, one, by=by))) == [
        "circle",
        "done",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_practice_edited_while_its_concept_is_merged_keeps_no_dead_concept():
    by = build.operator()
    gone, kept = build.theme("gone", by), build.theme("kept", by)
    practices = [build.practice(by, themes=["gone"] if n % 2 else []) for n in range(4)]
    told = together(
        lambda: merge_themes(gone, kept, by=by, reason="x"),
        *(lambda one=one: edit_practice(one, PracticeFacts(themes=("gone",)), by=by) for one in practices),
    )
    assert told == ["done"] * 5
    assert [codes_of(practice) for practice in practices] == [{"kept"}] * 4


@pytest.mark.django_db(transaction=True)
def test_a_split_and_a_merge_at_once_lose_no_practice():
    by = build.operator()
    theme, other = build.theme("theme", by), build.theme("other", by)
    practice = build.practice(by, themes=["theme"])
    told = together(
        lambda: split_theme(theme, [Part("part", {"en": "Part"}, [practice.pk])], by=by, reason="x"),
        lambda: merge_themes(theme, other, by=by, reason="y"),
    )
    assert told[1] == "done"
    live = set(Concept.objects.filter(archived_at__isnull=True).values_list("code", flat=True))
    assert codes_of(practice)
    assert codes_of(practice) <= live
