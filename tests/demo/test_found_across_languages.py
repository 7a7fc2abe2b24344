"""What the library promises an official in Malmö, shown with the demonstration: found in any language, read honestly."""

from __future__ import annotations

import pytest

ATHENS = {"gr-athens-accmr", "gr-athens-kem", "syneleyseis-geitonias-athens"}


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("medborgarmöten mot hat", "syneleyseis-geitonias-athens"),
        ("ενταξη", "gr-athens-accmr"),
        ("إدماج", "gr-athens-accmr"),
    ],
)
def test_what_athens_wrote_in_greek_is_found_by_words_of_other_languages(demo, client, typed, slug):
    page = client.get("/sv/practices/", {"q": typed, "city": "athens"}).content.decode()
    assert f'href="/sv/practices/{slug}/"' in page
    everywhere = client.get("/sv/practices/", {"q": typed}).content.decode()
    assert any(f'href="/sv/practices/{one}/"' in everywhere for one in ATHENS)


def test_what_is_translated_is_read_in_swedish_and_what_is_not_says_so(demo, client):
    translated = client.get("/sv/practices/gr-athens-accmr/").content.decode()
    assert "language-line--fallback" not in translated
    assert '<h1 lang="sv"' in translated
    only_greek_and_english = client.get("/sv/practices/syneleyseis-geitonias-athens/").content.decode()
    assert "language-line--fallback" in only_greek_and_english
    assert '<h1 lang="el"' in only_greek_and_english
