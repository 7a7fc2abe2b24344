"""What differs between two states of a record, word by word and row by row, in every script and at every length."""

from __future__ import annotations

import pytest
from django.test import Client

from practices.domain import (
    PracticeFacts,
    add_lesson,
    ask_revision,
    edit_practice,
    publish_version,
    start_version,
    submit_version,
)
from practices.models import VersionSection
from practices.queries.differences import differences, stored, stored_when_sent_back
from practices.rules.wording import Change, moved, pieces
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.reviewing import Town, town, write

SMALL = "A small network."


def marked(before: str, after: str) -> str:
    """The pieces in one line: what went in [-...-], what came in {+...+}."""
    marks = {Change.SAME: "{}", Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}
    return "".join(marks[piece.change].format(piece.text) for piece in pieces(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", ""),
        ("", "New.", "{+New.+}"),
        ("Old.", "", "[-Old.-]"),
        ("Forty came.", "Forty people came.", "Forty {+people +}came."),
        ("One, two, three", "One, three", "One, [-two, -]three"),
        ("The end", "The end. And more", "The end{+. And more+}"),
        ("Μία βραδιά τον μήνα", "Δύο βραδιές τον μήνα", "[-Μία βραδιά -]{+Δύο βραδιές +}τον μήνα"),
        ("بدأنا بأربع صيدليات", "بدأنا بخمس صيدليات", "بدأنا [-بأربع -]{+بخمس +}صيدليات"),
        ("می\u200cرویم خانه", "می\u200cرویم مدرسه", "می\u200cرویم [-خانه-]{+مدرسه+}"),
        ("cafe\u0301 noir", "cafe\u0301 blanc", "cafe\u0301 [-noir-]{+blanc+}"),
        ("a\nb", "a\n\nb", "a\n\nb"),
    ],
)
def test_words_that_went_and_came_are_told_apart(before, after, expected):
    assert marked(before, after) == expected


@pytest.mark.parametrize(("before", "after"), [("x y z " * 40, "x z y " * 41), ("α " * 300, "α β " * 200)])
def test_what_stayed_and_came_is_the_new_text_and_what_stayed_and_went_the_old_one(before, after):
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.change != Change.REMOVED) == after
    old = "".join(piece.text for piece in found if piece.change != Change.ADDED)
    assert old.split() == before.split()


def test_very_long_texts_are_compared_by_paragraphs_and_beyond_that_as_a_whole():
    paragraphs = [f"Paragraph {n} says this and that.\n\n" for n in range(400)]
    before = "".join(paragraphs)
    after = "".join([*paragraphs[:200], "A new one.\n\n", *paragraphs[201:]])
    changed = [piece for piece in pieces(before, after) if piece.change != Change.SAME]
    assert next(piece.text for piece in changed if piece.change == Change.ADDED).startswith("A new")
    assert sum(len(piece.text) for piece in changed) < 200
    other = "".join(f"{n} {n * 7} " for n in range(12_000))
    assert [piece.change for piece in pieces(before.replace("\n", " "), other)] == [Change.REMOVED, Change.ADDED]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("abc", "abc", ""), ("abc", "acb", "c"), ("abcd", "dabc", "d"), ("abc", "xby", ""), ("abc", "cba", "bc")],
)
def test_the_fewest_rows_count_as_moved(before, after, expected):
    found = moved(list(before), list(after))
    assert len(found) == len(expected)
    if len(expected) == 1:
        assert found == set(expected)


# --- records ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db) -> Town:
    return town()


def rows(version, section: str) -> list[dict]:
    return VersionSection.objects.get(version=version, section=section).data["rows"]


def told(before, after) -> list[tuple]:
    """The differences in short."""
    return [
        (part.key, [field.label for field in part.fields], [(row.name, row.change, row.moved) for row in part.rows])
        for part in differences(before, after, "sv", {})
    ]


def test_fields_and_rows_that_came_went_changed_and_moved_are_told_by_section(cast):
    practice = publish_version(cast.version(), by=cast.decider, unreviewed_because=SMALL)
    for text in ("Ett", "Två", "Tre"):
        add_lesson(practice, {"sv": text}, by=cast.operator)
    version = start_version(practice, by=cast.writer)
    before = stored(version)
    one, _two, three = rows(version, "lessons")
    build.theme("housing", cast.operator)
    write(
        version,
        {
            "about": {"title": "Broar över vatten", "running": "ended", "ended_on": "1 2 2024"},
            "classification": {"themes": ["housing"]},
            "lessons": {"rows": [three, {**one, "text": "Ett och ett halvt"}, {"kind": "failed", "text": "Fyra"}]},
            "actors": {"rows": [{"name": "Röda Korset", "role": "värd"}]},
        },
        cast.writer,
    )
    found = told(before, stored(version))
    assert found == [
        ("about", ["Title", "Status", "Ended"], []),
        ("classification", ["Themes"], []),
        ("actors", [], [("Röda Korset", "added", False)]),
        (
            "lessons",
            [],
            [
                ("Lesson", "moved", True),
                ("Lesson", "changed", False),
                ("Lesson", "added", False),
                ("Lesson", "removed", False),
            ],
        ),
    ]
    (about, themes, *_rest) = differences(before, stored(version), "sv", {})
    assert [(piece.change, piece.text) for piece in about.fields[1].pieces] == [
        ("removed", "Running"),
        ("added", "Ended"),
    ]
    assert about.fields[0].language == "sv"
    assert [(piece.change, piece.text) for piece in themes.fields[0].pieces] == [
        ("removed", "Peace"),
        ("added", "Housing"),
    ]


def test_the_same_thing_typed_otherwise_is_no_difference(cast):
    version = cast.version()
    before = stored(version)
    after = {**before, "about": {**before["about"], "started_on": "09 2019", "settings_count": "2.0"}}
    assert told(before, after) == []


def test_what_stood_there_when_it_was_sent_back_is_read_from_history(cast):
    version = cast.version()
    version = ask_revision(version, by=cast.decider, reason="Say more.")
    write(version, {"summary": {"summary": "Vad det var."}}, cast.writer)
    write(version, {"summary": {"summary": "Vad det är och var."}}, cast.writer)
    then = stored_when_sent_back(version)
    assert then["summary"] == {"summary": "Vad det är."}
    assert told(then, stored(version)) == [("summary", ["Summary"], [])]
    assert stored_when_sent_back(cast.version()) is None


# --- pages -----------------------------------------------------------------------------------------------------------------


def second(cast):
    """Two published versions."""
    practice = publish_version(cast.version(), by=cast.decider, unreviewed_because=SMALL)
    version = start_version(practice, by=cast.writer)
    write(version, {"summary": {"summary": "Vad det är i dag."}}, cast.writer)
    submit_version(version, by=cast.writer, note="Andra året.")
    publish_version(version, by=cast.decider, unreviewed_because=SMALL, minor=True)
    return practice


def test_everybody_reads_the_history_and_what_changed_from_one_version_to_the_next(cast, client):
    practice = second(cast)
    page = client.get(f"/en/practices/{practice.slug}/history/").content.decode()
    for words in ("Andra året.", "small change", "From version 1 to version 2", "Texts are compared in Swedish"):
        assert words in page
    assert '<ins><span class="visually-hidden" lang="en">[added:] </span>i dag' in page
    assert "A small network." not in page
    assert "History and earlier versions" in client.get(f"/en/practices/{practice.slug}/").content.decode()


@pytest.mark.parametrize("query", ["?from=2&to=1", "?from=1&to=1", "?from=99&to=x", "?from=now", "?from=1&to=2&from=2"])
def test_any_question_about_two_versions_is_answered(cast, client, query):
    practice = second(cast)
    page = client.get(f"/en/practices/{practice.slug}/history/{query}")
    assert page.status_code == 200
    assert "From version 1 to version 2" in page.content.decode()


def test_what_staff_changed_after_the_newest_version_is_not_hidden(cast, client):
    practice = second(cast)
    edit_practice(practice, PracticeFacts(themes=("peace",), running="ended"), by=cast.operator)
    page = client.get(f"/en/practices/{practice.slug}/history/").content.decode()
    assert "Changed by staff after the version below." in page
    assert "From version 2 to now" in page
    assert "Ended" in page


def test_a_record_that_never_was_a_version_says_so(cast, client):
    practice = build.practice(cast.operator, {"sv": build.version("Gammal")}, of=cast.city)
    page = client.get(f"/en/practices/{practice.slug}/history/").content.decode()
    assert "There is one version." in page
    draft = build.practice(cast.operator, of=cast.city, published=False)
    assert client.get(f"/en/practices/{draft.slug}/history/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_history_costs_the_same_queries_however_long_it_is(cast, client, number, django_assert_num_queries):
    practice = second(cast)
    for n in range(number):
        version = start_version(practice, by=cast.writer)
        write(version, {"summary": {"summary": f"Nummer {n}."}}, cast.writer)
        publish_version(submit_version(version, by=cast.writer), by=cast.decider, unreviewed_because=SMALL)
    with django_assert_num_queries(16):
        client.get(f"/sv/practices/{practice.slug}/history/")


def test_who_writes_reviews_and_decides_sees_what_a_version_changes_and_nobody_else(cast):
    practice = second(cast)
    version = start_version(practice, by=cast.writer)
    write(version, {"summary": {"summary": "Vad det blir."}}, cast.writer)
    submit_version(version, by=cast.writer)
    address = f"/en/practices/{practice.slug}/versions/{version.number}/changes/"
    cast.ask(version, "athens")
    for user, status in (
        (cast.writer, 200),
        (cast.decider, 200),
        (cast.peers["athens"], 200),
        (cast.peers["bari"], 404),
    ):
        answer = sign_in(Client(), user).get(address)
        assert answer.status_code == status
        if status == 200:
            assert "blir" in answer.content.decode()
    first = cast.version()
    page = (
        sign_in(Client(), cast.writer).get(f"/en/practices/{first.practice.slug}/versions/1/changes/").content.decode()
    )
    assert "all of it is new" in page
