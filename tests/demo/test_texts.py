"""The texts of the files: whole sentences in the right script, without leftovers of making them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from network.languages import CODES
from network.portal.demo import content
from network.portal.demo.paper import page

FILES = sorted(content.HERE.rglob("*.json"))
SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "fa": re.compile(r"[\u0600-\u06ff]"),
    "ur": re.compile(r"[\u0600-\u06ff]"),
    "el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
}
# What a text must never hold: broken encodings, markup, unfinished work, invisible controls, double spaces.
WRONG = re.compile(
    r"Ã.|â€|\ufffd|[\x00-\x09\x0b-\x1f\x7f-\x9f]|[\u202a-\u202e\u2066-\u2069]|</?[a-z]|\{\{|\b(lorem ipsum|todo|tbd|fixme|xxx)\b|  ",
    re.IGNORECASE,
)
# Names and project names stay as they are written, whatever the language.
BRANDS = re.compile(r"^[\w\s().,&’'-]{1,60}$")


def texts(node: Any, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every translated text below a node: (where, language code, text)."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in CODES and isinstance(value, str):
                yield path, key, value
            elif key in CODES and isinstance(value, dict):
                yield from ((f"{path}.{name}", key, text) for name, text in value.items())
            else:
                yield from texts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts(value, f"{path}[{number}]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_texts_are_clean_and_in_the_script_of_their_language(path: Path):
    swept = 0
    for where, code, text in texts(json.loads(path.read_text(encoding="utf-8"))):
        assert text.strip() == text, (where, code, text)
        assert text, (where, code)
        assert not WRONG.search(text), (where, code, WRONG.search(text))
        if code in SCRIPTS and not BRANDS.match(text):
            assert SCRIPTS[code].search(text), (where, code, text)
        if code not in SCRIPTS:
            assert len(re.findall(r"[\u0600-\u06ff\u0370-\u03ff]", text)) < len(text) / 2, (where, code, text)
        swept += 1
    # Applications and drafts are written in one language, so nothing in their files is a translation.
    assert swept or path.stem in {"applications", "confirmations", "drafts", "reviews", "verifications"}


def test_real_practices_say_their_source_and_demonstrations_are_marked():
    for told in content.practices():
        assert told["demo"] or told["source"], told["slug"]
        assert set(told["texts"]) >= {told["original_language"], "en"}, told["slug"]


def test_the_generated_page_is_a_pdf_that_says_what_it_should():
    made = page("A (good) title", ["First line", "", r"back\slash"])
    assert made.startswith(b"%PDF-1.4\n")
    assert made.endswith(b"%%EOF\n")
    assert rb"(A \(good\) title) Tj" in made
    start = int(made.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert made[start:].startswith(b"xref\n0 6\n")
    for number in range(1, 6):
        offset = int(made[start:].split(b"\n")[2 + number][:10])
        assert made[offset:].startswith(b"%d 0 obj" % number)
