"""The message catalogues: complete in the core languages, sound in all of them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import polib
import pytest
from django import conf

from network.embedded.places import ROOT
from tests.machinery.extraction import Text, all_texts

CORE = ("ar", "el", "it", "sv")
OTHERS = ("en", "fr", "fa", "ur", "da", "nb", "fi", "is", "es", "de")
NAMED = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
SAME = Path(__file__).with_name("same_as_english.txt")


def source(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES/django.po"


@cache
def catalogue(language: str) -> polib.POFile:
    assert source(language).exists(), f"no catalogue for {language}: make messages"
    return polib.pofile(str(source(language)))


def plural_forms(catalogue: polib.POFile) -> int:
    """How many plural forms a catalogue says that its language has."""
    header = catalogue.metadata.get("Plural-Forms", "")
    found = re.search(r"nplurals\s*=\s*(\d+)", header)
    assert found, header
    return int(found[1])


@cache
def right_plural_forms(language: str) -> int:
    """How many Django's own catalogue of the language counts; ours must agree, or the two can't be merged."""
    return plural_forms(polib.pofile(str(Path(conf.__file__).parent / f"locale/{language}/LC_MESSAGES/django.po")))


def key(entry: polib.POEntry) -> Text:
    return Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def answers(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def allowed_to_be_the_same(language: str) -> set[str]:
    """The texts that read alike in English and in the language: names, units, loan words; one `code: text` per line."""
    lines = [line.partition(": ") for line in SAME.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {text for code, _, text in lines if code in {language, "*"}}


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    found = all_texts()
    assert len(found) > 100, "the extraction finds nothing any more"
    return found


@pytest.mark.parametrize("language", CORE)
def test_every_text_of_the_source_is_translated(language: str, texts: set[Text]) -> None:
    translated = {key(entry) for entry in catalogue(language) if entry.translated() and not entry.obsolete}
    # gettext joins a text with the plural entry of the same words.
    by_words = {(entry.context, entry.text) for entry in translated}
    missing = [text for text in texts - translated if text.plural or (text.context, text.text) not in by_words]
    assert sorted(missing) == []


@pytest.mark.parametrize("language", CORE)
def test_no_entry_is_the_english_text_again(language: str) -> None:
    allowed = allowed_to_be_the_same(language)
    letters = re.compile(r"[^\W\d_]{2,}")
    same = [
        entry.msgid
        for entry in catalogue(language)
        if not entry.obsolete
        and entry.msgid in answers(entry)
        and letters.search(NAMED.sub("", entry.msgid))
        and entry.msgid not in allowed
    ]
    assert same == []


@pytest.mark.parametrize("language", [code for code in (*CORE, *OTHERS) if source(code).exists()])
def test_every_entry_is_sound(language: str) -> None:
    faults = []
    for entry in catalogue(language):
        if entry.obsolete:
            continue
        given = answers(entry)
        if "fuzzy" in entry.flags:
            faults.append(f"fuzzy: {entry.msgid}")
        if not any(given):
            continue
        if entry.msgid_plural and (len(given) != right_plural_forms(language) or not all(given)):
            faults.append(f"{len(given)} plural forms instead of {right_plural_forms(language)}: {entry.msgid}")
        known = set(NAMED.findall(entry.msgid + entry.msgid_plural))
        # A plural form may leave the number out ("one city"); a plain text must keep every name.
        if any(set(NAMED.findall(text)) - known for text in given) or (
            not entry.msgid_plural and any(set(NAMED.findall(text)) != known for text in given)
        ):
            faults.append(f"placeholders differ: {entry.msgid}")
        if any(text.startswith("\n") != entry.msgid.startswith("\n") for text in given):
            faults.append(f"line breaks differ: {entry.msgid}")
    assert faults == []


@pytest.mark.parametrize("language", [code for code in (*CORE, *OTHERS) if source(code).exists()])
def test_the_header_counts_plural_forms_as_the_language_does(language: str) -> None:
    assert plural_forms(catalogue(language)) == right_plural_forms(language)
