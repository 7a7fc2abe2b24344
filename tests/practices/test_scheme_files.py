"""The classification's own files: whole, free of doubles, and loaded without stepping on what staff wrote."""

from __future__ import annotations

import copy
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from network.audit.models import AuditEvent
from network.languages import CODES, CORE
from network.text import normalise
from practices.domain import (
    ThemeChanges,
    archive_theme,
    create_theme,
    edit_theme,
    merge_themes,
    move_theme,
    rename_theme,
    set_hidden_labels,
)
from practices.domain.scheme_files import REASON, Loaded, load_scheme, read_concept, read_scheme
from practices.enums import ConceptKind
from practices.models import Concept
from practices.rules.themes import HIDDEN, LABEL, LEVELS, NOTE, is_code
from tests.practices import builders as build

TOLD = read_scheme()
BY_CODE = {told.code: told for told in TOLD}


def hidden(told, code: str) -> list[str]:
    return told.said[f"hidden_{code}"]


def label(told, code: str) -> str:
    return told.said[f"label_{code}"]


def test_there_are_about_120_concepts_of_three_kinds():
    assert 115 <= len(TOLD) <= 140
    assert len(BY_CODE) == len(TOLD)
    assert {told.kind for told in TOLD} == set(ConceptKind.values)
    assert all(is_code(told.code) for told in TOLD)


def test_every_concept_has_a_label_and_words_in_every_language():
    for told in TOLD:
        for code in CODES:
            assert label(told, code).strip() == label(told, code) != "", (told.code, code)
            assert len(label(told, code)) <= LABEL
        assert all(hidden(told, code) for code in CORE), told.code
        assert 10 < len(told.said["scope_note_en"]) <= NOTE, told.code


def test_no_two_concepts_of_a_kind_have_the_same_label():
    seen: dict[tuple[str, str, str], str] = {}
    for told in TOLD:
        for code in CODES:
            key = (told.kind, code, normalise(label(told, code)))
            assert key not in seen, (told.code, seen[key], key)
            seen[key] = told.code


def test_words_that_find_a_concept_differ_from_its_label_and_from_each_other():
    for told in TOLD:
        for code in CODES:
            folded = [normalise(words) for words in (label(told, code), *hidden(told, code))]
            assert len(set(folded)) == len(folded), (told.code, code, folded)
            assert len(folded) <= HIDDEN
            assert all(len(words) <= LABEL for words in hidden(told, code))


def test_no_word_that_finds_a_concept_is_the_label_of_another_in_the_same_language():
    labels = {(code, normalise(label(told, code))): told.code for told in TOLD for code in CODES}
    for told in TOLD:
        for code in CODES:
            for words in hidden(told, code):
                assert labels.get((code, normalise(words)), told.code) == told.code, (told.code, code, words)


def test_the_tree_has_no_circle_and_three_levels():
    for told in TOLD:
        above, at = [told.code], told
        while at.broader:
            assert at.broader not in above
            assert BY_CODE[at.broader].kind == told.kind
            above.append(at.broader)
            at = BY_CODE[at.broader]
        assert len(above) <= LEVELS


def matches(told) -> list[tuple[str, str]]:
    return [(one, kind) for kind in ("exact", "close") for one in told.said[f"{kind}_match"]]


def test_the_docs_tell_the_source_of_every_match_and_of_no_other():
    text = (Path(settings.BASE_DIR) / "docs/scheme-matches.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\S+) \| (http\S+) \| (exact|close) \| (.+) \| (EuroVoc|LCSH|UNESCO) \|$", text, re.MULTILINE
    )
    starts = {
        "EuroVoc": "http://eurovoc.europa.eu/",
        "LCSH": "http://id.loc.gov/authorities/subjects/sh",
        "UNESCO": "http://vocabularies.unesco.org/thesaurus/concept",
    }
    assert sorted(row[:3] for row in rows) == sorted((told.code, *match) for told in TOLD for match in matches(told))
    assert len(set(rows)) == len(rows) >= 150
    for _code, address, _kind, found, source in rows:
        assert address.startswith(starts[source]), address
        assert found.strip()


def test_no_two_concepts_mean_exactly_the_same_one_elsewhere():
    """Otherwise they would mean the same themselves: exactMatch holds through."""
    exact = [one for told in TOLD for one in told.said["exact_match"]]
    assert len(set(exact)) == len(exact) >= 40


HOUSING = {
    "code": "housing",
    "broader": "",
    "note": "A place to live.",
    "names": {code: ["Housing", "homes"] for code in CODES},
}
HERE, THERE = "http://eurovoc.europa.eu/1690", "http://id.loc.gov/authorities/subjects/sh85062603"


def test_a_file_may_name_concepts_elsewhere_or_none():
    assert read_concept(HOUSING, "theme", 0).said["exact_match"] == []
    told = read_concept({**HOUSING, "exact": [HERE], "close": [THERE]}, "theme", 0)
    assert (told.said["exact_match"], told.said["close_match"]) == ([HERE], [THERE])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"exact": ["eurovoc.europa.eu/1690"]}, "whole address"),
        ({"close": ["javascript:alert(1)"]}, "whole address"),
        ({"exact": ["http://eurovoc.europa.eu/16 90"]}, "whole address"),
        ({"close": [HERE, THERE, HERE]}, "once"),
        ({"exact": [f"{HERE}{n}" for n in range(21)]}, "at most 20"),
        ({"exact": [HERE], "close": [THERE, HERE]}, f"both exact and close: {HERE}"),
    ],
)
def test_a_file_with_matches_that_cannot_stand_is_refused(given, told):
    with pytest.raises(ValueError, match=f"housing: .*{re.escape(told)}"):
        read_concept({**copy.deepcopy(HOUSING), **given}, "theme", 0)


def as_before_matches():
    """What a portal holds that loaded the files when they named no concept elsewhere."""
    load_scheme()
    for row in Concept.objects.all():
        row.from_scheme = {**row.from_scheme, "exact_match": [], "close_match": []}
        row.exact_match = row.close_match = []
        row.save()


@pytest.mark.django_db
def test_a_portal_in_use_gets_the_matches_and_nothing_is_indexed_for_them():
    as_before_matches()
    before = {row.code: (row.labelled_at, row.mark) for row in Concept.objects.all()}
    matched = {told.code for told in TOLD if matches(told)}
    assert load_scheme() == Loaded(0, len(matched))
    for row in Concept.objects.all():
        said = BY_CODE[row.code].said
        assert (row.exact_match, row.close_match) == (said["exact_match"], said["close_match"])
        assert row.labelled_at == before[row.code][0]
        assert (row.mark != before[row.code][1]) == (row.code in matched)
    assert load_scheme() == Loaded(0, 0)


@pytest.mark.django_db
def test_matches_that_staff_wrote_or_removed_stay():
    as_before_matches()
    by, own = build.operator(), "https://www.wikidata.org/entity/Q1"
    sport, housing, health = (Concept.objects.get(code=code) for code in ("sport", "housing", "health"))
    edit_theme(sport, ThemeChanges(exact_match=[own]), by=by)
    # The files have the first of these as exact.
    edit_theme(housing, ThemeChanges(close_match=[HERE]), by=by)
    load_scheme()
    for row in (sport, housing, health):
        row.refresh_from_db()
    assert sport.exact_match == [own]
    assert (housing.exact_match, housing.close_match) == ([THERE], [HERE])
    assert health.close_match == BY_CODE["health"].said["close_match"] != []
    edit_theme(health, ThemeChanges(close_match=[]), by=by)
    # As if the files had named another one the last time.
    for row in (sport, health):
        row.refresh_from_db()
        row.from_scheme = {**row.from_scheme, "close_match": ["https://x.example/old"]}
        row.save()
    assert load_scheme().changed == 2
    health.refresh_from_db()
    assert health.close_match == []


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    assert load_scheme() == Loaded(len(TOLD), 0)
    before = list(Concept.objects.order_by("pk").values())
    events = AuditEvent.objects.count()
    assert load_scheme() == Loaded(0, 0)
    assert list(Concept.objects.order_by("pk").values()) == before
    assert AuditEvent.objects.count() == events
    assert set(AuditEvent.objects.filter(table="practices_concept").values_list("reason", flat=True)) == {REASON}


@pytest.mark.django_db
def test_what_staff_changed_stays_and_the_rest_is_renewed():
    by = build.operator()
    load_scheme()
    housing = Concept.objects.get(code="housing")
    rename_theme(housing, {"sv": "Hem"}, by=by)
    set_hidden_labels(housing, {"sv": ["kåk"]}, by=by)
    move_theme(Concept.objects.get(code="sport"), None, by=by)
    archive_theme(Concept.objects.get(code="food"), by=by, reason="Not ours")
    merge_themes(Concept.objects.get(code="remembrance"), Concept.objects.get(code="culture"), by=by, reason="One")
    # As if the files had said something else the last time.
    for row in Concept.objects.all():
        row.from_scheme = {**row.from_scheme, "label_da": "Før", "hidden_da": ["gammel"]}
        row.label_da, row.hidden_labels = "Før", {**row.hidden_labels, "da": ["gammel"]}
        row.save()
    assert load_scheme().added == 0
    housing.refresh_from_db()
    assert (housing.label_sv, housing.hidden_labels["sv"]) == ("Hem", ["kåk"])
    assert (housing.label_da, housing.hidden_labels["da"]) == ("Bolig", hidden(BY_CODE["housing"], "da"))
    assert Concept.objects.get(code="sport").broader is None
    assert Concept.objects.get(code="food").archived_at
    assert Concept.objects.get(code="remembrance").replaced_by.code == "culture"


@pytest.mark.django_db
def test_a_concept_that_was_there_before_keeps_its_words_and_gets_what_it_lacks(capsys):
    by = build.operator()
    create_theme("youth", {"en": "The young", "sv": "De unga"}, by=by)
    call_command("load_scheme")
    assert f"{len(TOLD) - 1} concepts added, 1 renewed" in capsys.readouterr().out
    youth = Concept.objects.get(code="youth")
    assert (youth.label_en, youth.label_sv, youth.label_fi) == ("The young", "De unga", "Nuoret")
    assert (youth.kind, youth.broader.code) == ("target_group", "age-and-family")
