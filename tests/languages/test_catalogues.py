"""The message catalogues: whole in the core languages, the frame in all.

A language without a real translation of something fails here, not in front of a reader. That nothing was forgotten by
the collector is proved in `tests/machinery/test_collected.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from network.languages import CODES, CORE, DEFAULT

LOCALE = Path(settings.LOCALE_PATHS[0])
CORE_CODES = [code for code in CORE if code != DEFAULT]
OTHER_CODES = [code for code in CODES if code not in CORE]
PLURALS = {"ar": 6, "fr": 2, "es": 2}
FRAME = (
    "templates/base.html",
    "templates/components/",
    "templates/frame/",
    "network/frame/",
    *(f"templates/{n}" for n in ("400", "403", "404", "413", "429", "500", "503")),
)
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}")
# One message a line, after its language ("sv|Person"), or for all ("*|Koine").
ALLOWED = set((Path(__file__).parent / "same_as_english.txt").read_text(encoding="utf-8").split("\n")) - {""}


def catalogue(code: str) -> polib.POFile:
    """The catalogue of one language."""
    return polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po"))


def texts(entry: polib.POEntry) -> list[str]:
    """Every translated form of an entry."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("code", CORE_CODES)
def test_a_core_language_is_whole(code):
    entries = [entry for entry in catalogue(code) if not entry.obsolete]
    assert len(entries) > 300, "the collector found suspiciously little"
    missing = [entry.msgid for entry in entries if entry.fuzzy or not all(texts(entry))]
    assert missing == []


@pytest.mark.parametrize("code", CORE_CODES)
def test_no_translation_is_just_english(code):
    same = [
        e.msgid
        for e in catalogue(code)
        if not e.obsolete
        and e.msgid in texts(e)
        and not {f"{code}|{e.msgid}", f"*|{e.msgid}"} & ALLOWED
        and re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", e.msgid))
    ]
    assert same == []


@pytest.mark.parametrize("code", OTHER_CODES)
def test_the_frame_is_translated_in_every_language(code):
    frame = [
        entry
        for entry in catalogue(code)
        if not entry.obsolete and any(path.startswith(FRAME) for path, _ in entry.occurrences)
    ]
    assert len(frame) > 30
    assert [entry.msgid for entry in frame if entry.fuzzy or not all(texts(entry))] == []


@pytest.mark.parametrize("code", [code for code in CODES if code != DEFAULT])
def test_placeholders_and_plural_forms_are_right(code):
    wrong = []
    po = catalogue(code)
    forms = int(re.search(r"nplurals=(\d)", po.metadata["Plural-Forms"]).group(1))
    assert forms == PLURALS.get(code, forms)
    for entry in po:
        if entry.obsolete or not all(texts(entry)):
            continue
        if entry.msgid_plural and len(entry.msgstr_plural) != forms:
            wrong.append(f"{entry.msgid}: {len(entry.msgstr_plural)} plural forms, not {forms}")
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        # A plural form may leave the number out ("one city"), never anything else.
        for text in texts(entry):
            found = set(PLACEHOLDER.findall(text))
            lost = wanted - found
            if found - wanted or (lost and not (entry.msgid_plural and len(lost) == 1)):
                wrong.append(f"{entry.msgid!r} -> {text!r}")
    assert wrong == []
