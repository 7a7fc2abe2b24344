"""What is written and what is typed, in fourteen languages: how much is found, and how little else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from network.languages import CODES
from network.text import lexemes
from practices.queries.finding import find
from practices.queries.matching import parse
from practices.queries.wanted import Wanted
from practices.rules.stems import stem, stems
from tests.practices import builders as build
from tests.practices.scheme import loaded_scheme, whole_scheme  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_scheme")]
HERE = Path(__file__).parent
# The languages of the networks at first; the others are counted too, and none may fall behind.
TWELVE = ("en", "ar", "el", "it", "sv", "fr", "fa", "ur", "da", "nb", "fi", "is")
LEAST = 132 / 141


def pairs(name: str) -> list[tuple[str, str, str, str]]:
    """language, written, typed, what lies between."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    assert all(len(row) == 4 for row in rows)
    return rows


def found(rows: list[tuple[str, str, str, str]]) -> list[bool]:
    """For each whether its record is found by what is typed, each by a reader of its language."""
    by, place = build.operator(), build.city("somewhere")
    titles = dict.fromkeys((code, written) for code, written, _typed, _why in rows)
    made = {
        key: build.practice(by, {key[0]: build.version(key[1], "–")}, of=place, slug=f"p{n}").pk
        for n, key in enumerate(titles)
    }
    return [made[row[0], row[1]] in find(Wanted(query=parse(row[2])), row[0], 100, 0).ids for row in rows]


def test_what_is_left_of_a_typed_word_counts_in_texts_of_languages_that_leave_it():
    """Most leave the same: one lexeme, but in texts of the others; what few leave, in theirs."""
    policy = parse("policy").terms[0]
    assert dict(policy.bent) == {"polici": "('l#en')", "policy": "!('l#en' | 'l#fi')", "polic": "('l#fi')"}
    assert dict(parse("one").terms[0].bent) == {"one": ""}
    assert "l#" in policy.tsquery()
    assert "l#" not in policy.tsquery("A", scored=True)


def test_what_is_typed_finds_what_is_written_as_the_languages_bend_their_words():
    rows = pairs("search_pairs.tsv")
    missed = [row for row, hit in zip(rows, found(rows), strict=True) if not hit]
    for row in missed:
        print("missed:", *row, sep="  ")
    twelve = [row for row in rows if row[0] in TWELVE]
    assert len(twelve) >= 141
    assert {row[0] for row in rows} == set(CODES)
    missed_of_twelve = [row for row in missed if row[0] in TWELVE]
    print(
        f"{len(twelve) - len(missed_of_twelve)} of {len(twelve)} in twelve languages, {len(rows) - len(missed)} of {len(rows)} in all"
    )
    assert 1 - len(missed_of_twelve) / len(twelve) >= LEAST, missed
    assert 1 - len(missed) / len(rows) >= LEAST, missed
    # No language pays for the others.
    assert max(Counter(row[0] for row in missed).values(), default=0) <= 3, missed


def test_what_is_typed_does_not_find_what_only_begins_or_sounds_like_it():
    rows = pairs("search_strangers.tsv")
    wrong = [row for row, hit in zip(rows, found(rows), strict=True) if hit]
    assert len(rows) >= 50
    assert wrong == [], "\n".join("  ".join(row) for row in wrong)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "municipality municipalities"), ("en", "repair repaired repairing"), ("en", "discrimination discriminated"),
        ("it", "biblioteca biblioteche"), ("it", "ufficio uffici"), ("fr", "refugie refugiees"), ("fr", "journal journaux"),
        ("es", "ciudad ciudades"), ("es", "vecino vecinas"), ("de", "haus hauser hausern"), ("de", "schule schulen"),
        ("sv", "skola skolan skolor skolornas"), ("sv", "bok bocker bockerna"), ("da", "kommune kommunerne kommunernes"),
        ("nb", "ungdom ungdommer ungdommene"), ("is", "skoli skolar skolanum"), ("is", "bokasafn bokasofnin"),
        ("fi", "kotoutuminen kotoutumisen"), ("fi", "kirjasto kirjastoissa kirjastot"), ("fi", "kaupunki kaupungeissa"),
        ("el", "ενταξη ενταξησ ενταξεισ ενταξεων"), ("el", "γειτονια γειτονιεσ"),
    ],
)  # fmt: skip
def test_a_words_bent_forms_have_one_stem(code, words):
    assert len({stem(word, code) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [("en", "police policy"), ("en", "hat hate"), ("sv", "hat hattar"), ("de", "hass hasen"), ("el", "ενταξη ενταση")],
)
def test_different_words_have_different_stems(code, words):
    assert len({stem(word, code) for word in words.split()}) == 2


def test_a_word_of_another_script_or_language_is_left_whole():
    assert stem("αθηνα", "sv") == "αθηνα"
    assert stem("skolan", "el") == "skolan"
    assert stem("مدرسه", "ar") == "مدرسه"
    assert stems("ενταξη") == {"el": "ενταξ"}
    assert stems("مدرسه") == stems("2024") == {}


def test_what_an_invisible_mark_joins_is_found_whole_and_by_its_parts():
    joined, spaced = lexemes("نفرت‌پراکنی"), lexemes("نفرت پراکنی")
    assert len(joined) == 1
    assert {form for forms in spaced for form in forms} < set(joined[0])
    assert len(parse("نفرت‌پراکنی").terms) == 2
    assert len(parse("کتابخانه‌ها").terms) == 1
