"""Nothing that the source marks for translation is missing from a catalogue, plurals and contexts included.

`tests/languages/test_catalogues.py` judges the translations; this looks for the texts that were never collected, reading
Python and templates as gettext does (extraction.py), so that it needs no gettext.
"""

from __future__ import annotations

import polib
import pytest

from network.embedded.places import ROOT
from network.languages import CODES, DEFAULT
from tests.machinery.extraction import Text, all_texts


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    found = all_texts()
    assert len(found) > 500, "the extraction finds nothing any more"
    assert sum(bool(text.plural) for text in found) > 10
    return found


@pytest.mark.parametrize("language", [code for code in CODES if code != DEFAULT])
def test_every_text_of_the_source_was_collected(language: str, texts: set[Text]) -> None:
    source = ROOT / "locale" / language / "LC_MESSAGES/django.po"
    assert source.exists(), f"no catalogue for {language}: make messages"
    entries = [entry for entry in polib.pofile(str(source)) if not entry.obsolete]
    collected = {Text(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "") for entry in entries}
    # gettext joins a text with the plural entry of the same words.
    words = {(entry.context, entry.text) for entry in collected}
    forgotten = [text for text in texts - collected if text.plural or (text.context, text.text) not in words]
    assert sorted(forgotten) == [], "make messages, and translate"
