"""Message catalogues are compiled without gettext, on machines that have none."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from network.embedded.catalogues import compile_all

GREEK = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: el\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "City"
msgstr "Πόλη"

#, fuzzy
msgid "Network"
msgstr "Δίχτυ"

msgid "Fund"
msgstr ""

msgctxt "verb"
msgid "Open"
msgstr "Άνοιγμα"

msgid "%(count)s city"
msgid_plural "%(count)s cities"
msgstr[0] "%(count)s πόλη"
msgstr[1] "%(count)s πόλεις"
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "locale/el/LC_MESSAGES/django.po"
    path.parent.mkdir(parents=True)
    path.write_text(GREEK, encoding="utf-8")
    return path


def test_a_compiled_catalogue_translates_and_leaves_fuzzy_and_empty_entries_out(tmp_path: Path, source: Path) -> None:
    assert compile_all(tmp_path) == 1
    with source.with_suffix(".mo").open("rb") as compiled:
        greek = gettext.GNUTranslations(compiled)
    assert greek.gettext("City") == "Πόλη"
    assert greek.pgettext("verb", "Open") == "Άνοιγμα"
    assert [greek.ngettext("%(count)s city", "%(count)s cities", n) for n in (1, 3)] == [
        "%(count)s πόλη",
        "%(count)s πόλεις",
    ]
    assert greek.gettext("Network") == "Network"
    assert greek.gettext("Fund") == "Fund"


def test_only_what_changed_is_compiled_again(tmp_path: Path, source: Path) -> None:
    assert [compile_all(tmp_path), compile_all(tmp_path)] == [1, 0]
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_all(tmp_path) == 1


def test_a_broken_catalogue_names_its_line_and_keeps_the_old_one(tmp_path: Path, source: Path) -> None:
    compile_all(tmp_path)
    before = source.with_suffix(".mo").read_bytes()
    source.write_text('msgid "City"\nnonsense\n', encoding="utf-8")
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    with pytest.raises(OSError, match="line 2"):
        compile_all(tmp_path)
    assert source.with_suffix(".mo").read_bytes() == before
