"""One practice's page: one language at a time, honest about which."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from urllib.parse import quote

import pytest

from practices.domain import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_adoption,
    add_evidence,
    add_peer_review,
    add_result,
    archive_practice,
    set_texts,
)
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&"
GREEK_AND_ENGLISH = {
    "el": build.version("Γέφυρες", "Σύντομα λόγια", body="Πρώτα.\n\nΎστερα."),
    "en": build.version("Bridges", "Short words", body="First.\n\nThen."),
}


def page(client, practice, code: str = "en", **query: str) -> str:
    response = client.get(f"/{code}/practices/{practice.slug}/", query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("code", "direction", "original", "own"),
    [
        ("sv", "ltr", "grekiska", "svenska"),
        ("ar", "rtl", "اليونانية", "العربية"),
        ("it", "ltr", "greco", "italiano"),
    ],
)
def test_a_reader_without_a_translation_gets_the_whole_original_and_is_told(client, code, direction, original, own):
    practice = build.practice(build.operator(), GREEK_AND_ENGLISH)
    text = page(client, practice, code)
    assert f'<html lang="{code}" dir="{direction}">' in text
    assert '<h1 lang="el" dir="ltr">Γέφυρες</h1>' in text
    assert "Short words" not in text
    assert text.count('lang="el" dir="ltr"') >= 6
    line = re.search(r'<div class="language-line language-line--fallback">.*?</p>', text, re.DOTALL)
    assert line
    assert original in line[0]
    assert own in line[0]


def test_the_notice_of_a_missing_translation_says_what_is_and_what_is_not(client):
    practice = build.practice(build.operator(), {"el": build.version("Γέφυρες")})
    assert "Shown in Greek; not yet translated into English." in page(client, practice, "en")


@pytest.mark.parametrize(("code", "title"), [("el", "Γέφυρες"), ("en", "Bridges")])
def test_a_reader_gets_the_own_language_where_it_is_complete(client, code, title):
    practice = build.practice(build.operator(), GREEK_AND_ENGLISH)
    text = page(client, practice, code)
    assert f'<h1 lang="{code}" dir="ltr">{title}</h1>' in text
    assert "language-line--fallback" not in text


def test_a_half_finished_translation_is_not_shown_and_not_offered(client, django_capture_on_commit_callbacks):
    by = build.operator()
    practice = build.practice(by, {**GREEK_AND_ENGLISH, "sv": {**build.version("Broar"), "goals": ""}})
    text = page(client, practice, "sv")
    assert "Broar" not in text
    assert '<link rel="alternate" hreflang="sv"' not in text
    with django_capture_on_commit_callbacks(execute=True):
        set_texts(practice, "sv", {"goals": "Mål"}, by=by)
    assert '<h1 lang="sv" dir="ltr">Broar</h1>' in page(client, practice, "sv")


def test_another_version_is_read_while_the_interface_stays(client):
    practice = build.practice(build.operator(), GREEK_AND_ENGLISH)
    text = page(client, practice, "en", text="el")
    assert '<html lang="en" dir="ltr">' in text
    assert '<h1 lang="el" dir="ltr">Γέφυρες</h1>' in text
    assert "not yet translated" not in text
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/el/practices/{quote(practice.slug)}/">' in text
    for nonsense in ("sv", "xx", "", "el'--", "\u202eel", "EL"):
        assert '<h1 lang="en" dir="ltr">Bridges</h1>' in page(client, practice, "en", text=nonsense)


def test_alternates_are_the_languages_it_can_be_read_in(client):
    practice = build.practice(build.operator(), GREEK_AND_ENGLISH)
    alternates = re.findall(
        r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)"', page(client, practice, "ar", text="en")
    )
    assert alternates == [
        (code, f"http://127.0.0.1:8000/{code}/practices/{quote(practice.slug)}/") for code in ("en", "el")
    ]


def test_what_is_hidden_or_unknown_is_not_there(client):
    by = build.operator()
    draft = build.practice(by, published=False)
    archived = archive_practice(build.practice(by), by=by)
    lost = build.practice(by)
    lost.city.archived_at = lost.updated_at
    lost.city.save()
    for slug in (
        draft.slug,
        archived.slug,
        lost.slug,
        "old-name",
        "الجسر",
        "γέφυρα-που-δεν-υπάρχει",
        "a" * 500,
        "%00",
        "..",
        "'",
    ):
        assert client.get(f"/en/practices/{slug}/").status_code in {400, 404}, slug
    response = client.get("/en/practices/old-name/")
    assert response.status_code == 404
    assert 'name="q"' in response.content.decode()


def test_texts_of_people_are_text_and_never_markup(client):
    by = build.operator()
    texts = {"en": dict.fromkeys(build.version(""), EVIL)}
    practice = build.practice(by, texts, source=EVIL)
    add_result(practice, ResultFields({"en": EVIL}, Decimal(2), Decimal(1), {"en": EVIL[:60]}, 3, {"en": EVIL}), by=by)
    add_evidence(practice, EvidenceFields("external_evaluation", {"en": EVIL}), by=by)
    add_adoption(practice, build.city("x", en=EVIL), 2024, {"en": EVIL}, by=by)
    for text in (
        page(client, practice),
        client.get("/en/practices/").content.decode(),
        client.get("/en/practices/", {"q": "script alert"}).content.decode(),
        client.get("/en/practices/", {"q": EVIL, "city": EVIL, "theme": EVIL}).content.decode(),
    ):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    found = client.get("/en/practices/", {"q": "script alert"}).content.decode()
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>" in found


def test_machines_read_it_as_linked_data(client):
    practice = build.practice(build.operator(), {"en": build.version("</script><b>Bridges")})
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, practice), re.DOTALL)
    assert block
    data = json.loads(block[1])
    assert data["@type"] == "Article"
    assert data["headline"] == "</script><b>Bridges"
    assert data["inLanguage"] == "en"
    assert data["url"].endswith(f"/en/practices/{quote(practice.slug)}/")


def test_a_row_without_the_pages_language_is_marked_with_its_own(client):
    by = build.operator()
    practice = build.practice(by, GREEK_AND_ENGLISH)
    add_result(practice, ResultFields({"el": "Κλήσεις"}, Decimal(27), Decimal("61.5")), by=by)
    assert '<span lang="el" dir="ltr">Κλήσεις</span>' in page(client, practice, "en")


def test_a_date_is_told_no_more_exactly_than_it_is_known(client):
    by = build.operator()
    practice = build.practice(by, started_on=build.LONG_AGO, started_precision="year")
    text = page(client, practice)
    assert "<bdi>2020</bdi>" in text
    assert "January 2020" not in text


def test_the_page_says_why_it_has_its_maturity(client):
    practice = build.practice(build.operator())
    text = page(client, practice)
    assert "To become promising it needs one result measured before and after." in text


def _enrich(practice, by, rows: int) -> None:
    for n in range(rows):
        add_result(practice, ResultFields({"el": f"Δείκτης {n}"}, Decimal(n), Decimal(1)), by=by)
        add_evidence(practice, EvidenceFields("participant_survey", {"el": f"Έρευνα {n}"}), by=by)
        add_peer_review(practice, Scores(1, 2, 3, 4), by=by)
        add_adoption(practice, build.city(), 2024, {"el": "Αλλιώς"}, by=by)
        build.practice(by, GREEK_AND_ENGLISH, themes=["peace"])


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_queries_however_rich_the_record(client, rows, django_assert_num_queries):
    by = build.operator()
    build.theme("peace", by)
    practice = build.practice(by, GREEK_AND_ENGLISH, themes=["peace"])
    _enrich(practice, by, rows)
    with django_assert_num_queries(10):
        text = page(client, practice, "sv")
    assert text.count("Δείκτης") == rows
    assert text.count('class="result"') == rows
