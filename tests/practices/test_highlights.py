"""Marks cover whole words as they were written, and excerpts are cut at words."""

from __future__ import annotations

import pytest

from practices.queries.highlights import excerpt, hits_in, marked
from practices.queries.matching import parse


@pytest.mark.parametrize(
    ("text", "typed", "html"),
    [
        ("Η Ένταξη σήμερα", "ενταξη", "Η <mark>Ένταξη</mark> σήμερα"),
        ("والإدماج أولاً", "إدماج", "<mark>والإدماج</mark> أولاً"),
        ("كتب مُدَرِّسَة الحي", "مدرسة", "كتب <mark>مُدَرِّسَة</mark> الحي"),
        ("کتابخانه‌های محله", "کتابخانه", "<mark>کتابخانه‌های</mark> محله"),
        ("L’intégration", "integration", "L’<mark>intégration</mark>"),
        ("Mødested & <b>torg</b>", "modested torg", "<mark>Mødested</mark> &amp; &lt;b&gt;<mark>torg</mark>&lt;/b&gt;"),
        ("e\u0301cole et quartier", "école", "<mark>e\u0301cole</mark> et quartier"),
        ("Nothing here", "river", "Nothing here"),
    ],
)
def test_a_mark_covers_the_word_as_it_is_written(text, typed, html):
    assert marked(text, parse(typed)) == html


def test_an_excerpt_shows_where_most_is_found_and_stays_short():
    text = "bridge " + "filler " * 100 + "the river and the bridge " + "filler " * 100
    query = parse("river bridge")
    shown = excerpt(text, hits_in(text, query))
    assert "<mark>river</mark> and the <mark>bridge</mark>" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 300


def test_an_excerpt_without_a_hit_is_the_beginning():
    assert excerpt("one two three", []) == "one two three"
    assert excerpt("word " * 100, [], length=12) == "word word …"


def test_a_text_without_spaces_is_cut_all_the_same():
    assert len(excerpt("x" * 10_000, [])) < 300
