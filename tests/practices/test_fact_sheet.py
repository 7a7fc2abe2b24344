"""The fact sheet: one page, in any language, whatever people wrote, readable by machines that read aloud."""

from __future__ import annotations

import io
import json
import logging
import re
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings as run, strategies as st
from pypdf import PdfReader

from network.languages import CODES
from network.typesetting import TypesettingError, covered, showable, typeset
from practices.documents.cutting import clipped, sentences
from practices.documents.fact_sheet import TEMPLATE, fact_sheet, fingerprint, kept_sheet, sheet_data
from practices.domain import (
    EvidenceFields,
    ResultFields,
    Scores,
    add_adoption,
    add_evidence,
    add_lesson,
    add_peer_review,
    add_result,
    archive_practice,
    edit_practice,
    set_texts,
)
from practices.domain.practices import PracticeFacts
from practices.models import Concept, Practice, PracticeNarrative, Result
from practices.queries.detail import detail
from practices.rules.completeness import SECTIONS
from tests.people.signing import sign_in
from tests.practices import builders as build

ORIGIN = "https://koine.example"
TYPST = '#eval("1+1") #{ panic("no") } $x^2$ \\ "quoted" {brace} [bracket] `raw` #read("/etc/passwd") <label> @ref *b*'


def data_of(practice, code: str = "en", text: str = "") -> dict:
    with override(code):
        found = detail(Practice.objects.filter(pk=practice.pk), practice.slug, code, text)
        assert found is not None
        return sheet_data(found, ORIGIN)


def pdf_of(practice, code: str = "en", text: str = "") -> PdfReader:
    return PdfReader(io.BytesIO(fact_sheet(data_of(practice, code, text))))


def words(pdf: PdfReader) -> str:
    return " ".join(re.sub("[\u00ad\u2066-\u2069]", "", pdf.pages[0].extract_text()).split())


def filled(value: str, language: str):
    """A practice where that stands in every text and row, past every form."""
    by = build.operator()
    themes = [build.theme(f"filled-{language}-{n}", by).code for n in range(9)]
    practice = build.practice(by, {language: build.version("x")}, themes=themes, started_on=build.LONG_AGO, settings=3)
    for _n in range(8):
        add_result(
            practice,
            ResultFields({language: "x"}, Decimal("123456789012.34"), Decimal("1234567.5"), {language: "u"}),
            by=by,
        )
    add_evidence(practice, EvidenceFields("external_evaluation", {language: "x"}, independent=True), by=by)
    add_peer_review(practice, Scores(5, 5, 5, 5), by=by)
    add_adoption(practice, build.city(), 2024, {language: "x"}, by=by)

    def put(rows, **texts: int) -> None:
        rows.rewrite(False).update(**{name: value[:most] for name, most in texts.items()})

    put(
        Practice.objects.filter(pk=practice.pk),
        **{f"title_{language}": 200, f"strapline_{language}": 300, f"summary_{language}": 10_000, "source": 300},
    )
    put(PracticeNarrative.objects.filter(practice=practice), **{f"{name}_{language}": 10_000 for name in SECTIONS})
    put(Result.objects.filter(practice=practice), **{f"indicator_{language}": 300, f"unit_{language}": 80})
    put(type(practice.city).objects.filter(pk=practice.city_id), **{f"name_{language}": 120})
    put(Concept.objects.filter(code__in=themes), **{f"label_{language}": 120})
    return practice


# --- the page -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_it_is_tagged_titled_and_in_its_language_and_says_what_the_page_says():
    by = build.operator()
    practice = build.practice(
        by,
        {"en": build.version("Bridges", "Short words.", strapline="Over water", body="First one. Second one.")},
        of=build.city("north", country="GR", en="North Haven"),
        started_on=build.LONG_AGO,
        started_precision="year",
        source="A book of 1999",
        licence="CC-BY-4.0",
    )
    add_result(practice, ResultFields({"en": "Calls"}, Decimal("61.5"), Decimal(27), {"en": "per week"}), by=by)
    pdf = pdf_of(practice)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert pdf.metadata.title == "Bridges"
    text = words(pdf)
    for told in (
        "Bridges", "Over water", "North Haven, Greece", "Short words.", "Promising", "It has run for 12 months or longer, since 2020.",
        "To become good it needs", "The challenge", "First one. Second one.", "Calls", "27", "61.5", "per week", "2020",
        "A book of 1999", "CC BY 4.0", f"koine.example/p/{practice.pk}", "koine.example/en/cities/north/contact/",
        "Original text, in English.",
    ):  # fmt: skip
        assert told in text, told
    assert "Shortened" not in text
    assert "January 2020" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "sentence"), [("en", "Shown in Greek; not yet translated into English."), ("sv", "grekiska")]
)
def test_a_text_that_is_not_translated_is_the_whole_original_and_says_so(code, sentence):
    practice = build.practice(build.operator(), {"el": build.version("Γέφυρες", "Σύντομα λόγια.")})
    text = words(pdf_of(practice, code))
    assert sentence in text
    assert "Σύντομα λόγια." in text


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["ar", "fa", "ur"])
def test_right_to_left_languages_are_laid_out_from_the_right(code):
    practice = build.practice(
        build.operator(), {code: build.version("جسور بين الأحياء"), "en": build.version("Bridges")}
    )

    def side(language: str, word: str) -> float:
        places = []
        pdf_of(practice, language).pages[0].extract_text(
            visitor_text=lambda text, cm, matrix, _font, _size: (
                places.append(cm[4] + matrix[4]) if word in text else None
            )
        )
        return places[0]

    assert side("en", "Koine") < 150
    assert side(code, "Koine") > 400


@pytest.mark.django_db
def test_a_name_in_another_direction_is_kept_apart_and_vowel_marks_are_dropped():
    practice = build.practice(
        build.operator(), {"ar": build.version("مُمارَسَة", "كَتَبَ.")}, of=build.city("north", en="North", ar="Malmö (SE)")
    )
    data = data_of(practice, "ar")
    assert data["where"].startswith("\u2068Malmö (SE)\u2069")
    assert data["title"] == "ممارسة"
    assert data["summary"][0][0]["text"] == "كتب."


# --- what people write ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_looks_like_the_typesetters_language_is_text():
    text = words(pdf_of(filled(TYPST, "en")))
    for part in ('#eval("1+1")', '#{ panic("no") }', "$x^2$", '#read("/etc/passwd")', "*b*"):
        assert part in text, part


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "language"),
    [("W" * 10_000, "en"), ("Wwm " * 2_500, "de"), ("ممم " * 2_500, "ar"), ("ط" * 10_000, "fa"), ("Α. " * 3_000, "el"), ("\n\nx" * 3_000, "en")],
    ids=["one word", "words", "arabic", "one arabic word", "sentences", "paragraphs"],
)  # fmt: skip
def test_too_much_text_in_every_field_is_cut_and_says_so(value, language):
    pdf = pdf_of(filled(value, language), language)
    assert len(pdf.pages) == 1
    page = pdf.pages[0]
    assert "…" in page.extract_text()
    if language not in {"ar", "fa"}:
        assert "[…]" in page.extract_text()
        assert data_of(Practice.objects.get(), language)["read_on"]["cut"] in words(pdf)
    beyond = []
    page.extract_text(
        visitor_text=lambda text, _cm, matrix, _f, _s: (
            beyond.append((text, matrix[5])) if text.strip() and not 0 <= matrix[5] <= 842 else None
        )
    )
    assert beyond == []


@pytest.mark.django_db
def test_what_is_left_out_is_whole_sentences_from_the_end():
    body = " ".join(f"Sentence number {n} says something about the work." for n in range(40))
    by = build.operator()
    practice = build.practice(by, {"en": build.version("Long", body=body)})
    add_lesson(practice, {"en": "Begin early."}, by=by)
    add_lesson(practice, {"en": "Posters did nothing."}, kind="failed", by=by)
    text = words(pdf_of(practice))
    assert "Shortened to fit this page." in text
    challenge = text.split("The challenge ")[1].split(" […]")[0]
    assert body.startswith(challenge)
    assert challenge.endswith("the work.")
    assert "Lessons Begin early." in text
    assert "What did not work Posters did nothing." in text


@run(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300))
def test_any_text_at_all_makes_a_sheet(text):
    shown = showable(text)
    data = json.loads(
        json.dumps(
            EMPTY | {"title": f"a{shown}", "strapline": shown, "where": shown, "notes": [{"name": "x", "value": shown}]}
        )
    )
    assert typeset(TEMPLATE, data).startswith(b"%PDF-")


EMPTY = {
    "lang": "en", "dir": "ltr", "text_lang": "ar", "text_dir": "rtl", "kind": "k", "title": "", "strapline": "", "where": "w",
    "banners": [], "language_line": "", "summary": [], "sections": [], "results": None, "notes": [],
    "maturity": {"name": "m", "step": 1, "word": "w", "reasons": []},
    "facts": {"name": "f", "rows": []}, "themes": {"name": "t", "items": []},
    "contact": {"name": "c", "url": "https://x.example/", "address": "x.example"},
    "read_on": {"cut": "c", "words": "w", "url": "https://x.example/", "address": "x.example"},
}  # fmt: skip


def test_letters_that_no_typeface_has_are_seen_to_be_missing():
    assert showable("Ja 漢字 tack 😀") == "Ja \ufffd tack \ufffd"
    assert showable("a\u202eb\x07c") == "abc"
    assert showable("می\u200cروم") == "می\u200cروم"
    assert showable("e\u0301") == "é"


def test_the_typefaces_have_the_letters_of_all_our_languages():
    letters = "ÅÄÖåäöØøÆæÞþÐðßÑñÇçŒœÀàÙùΑαΆάΐΰς؟،؛ءأإآؤئىةپچژگکیۀٹڈڑںھہے«»„“”‘’–—…€0123456789٠۰"
    assert {ord(letter) for letter in letters} - covered(configured.BASE_DIR / "var/typefaces") == set()
    assert len(CODES) == 14


# --- shortening -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("One. Two! Three? “Four.” Five", "en", ["One.", "Two!", "Three?", "“Four.”", "Five"]),
        ("In 3.5 years, e.g. here, it grew.", "en", ["In 3.5 years, e.g. here, it grew."]),
        ("Γιατί; Επειδή. Τέλος", "el", ["Γιατί;", "Επειδή.", "Τέλος"]),
        ("One; Two.", "en", ["One; Two."]),
        ("لماذا؟ لأنه مفيد. انتهى", "ar", ["لماذا؟", "لأنه مفيد.", "انتهى"]),
        ("یہ ہے۔ وہ ہے۔", "ur", ["یہ ہے۔", "وہ ہے۔"]),
        ("aaaa bbbb cccc dddd", "en", ["aaaa bbbb cccc dddd"]),
    ],
)
def test_sentences_end_where_their_script_ends_them(text, language, found):
    assert sentences(text, language, 300) == found


def test_a_sentence_without_end_stands_in_parts():
    parts = sentences("word " * 200, "en", 100)
    assert max(map(len, parts)) <= 100
    assert " ".join(parts).split() == ["word"] * 200
    assert "".join(sentences("x" * 250, "en", 100)) == "x" * 250


def test_a_clipped_text_ends_with_a_word_and_an_ellipsis():
    assert clipped("short", 10) == "short"
    assert clipped("one two three four", 12) == "one two…"
    assert len(clipped("x" * 50, 12)) == 12


# --- its address ------------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.django_db
def test_the_address_answers_a_pdf_with_a_name_and_knows_when_nothing_changed(client):
    by = build.operator()
    practice = build.practice(by, {"en": build.version("Bridges"), "el": build.version("Γέφυρες")}, slug="γέφυρες")
    address = f"/en/practices/{practice.slug}/sheet.pdf"
    first = client.get(address)
    assert first.status_code == 200
    assert first["Content-Type"] == "application/pdf"
    assert first["Content-Disposition"] == (
        "inline; filename=\"koine.pdf\"; filename*=UTF-8''%CE%B3%CE%AD%CF%86%CF%85%CF%81%CE%B5%CF%82-en.pdf"
    )
    assert client.get(address)["ETag"] == first["ETag"]
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    greek = client.get(address, {"text": "el"})
    assert greek["Content-Language"] == "el"
    assert greek["ETag"] != first["ETag"]
    for nonsense in ("xx", "sv", "el'--"):
        assert client.get(address, {"text": nonsense})["ETag"] == first["ETag"]
    set_texts(practice, "en", {"title": "Bridges, again"}, by=by)
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert PdfReader(io.BytesIO(changed.content)).metadata.title == "Bridges, again"


@pytest.mark.django_db
def test_what_is_not_public_has_no_sheet_but_for_those_who_write_it(client):
    by = build.operator()
    draft = build.practice(by, published=False)
    archived = archive_practice(build.practice(by), by=by)
    for slug in (draft.slug, archived.slug, "no-such-practice"):
        assert client.get(f"/en/practices/{slug}/sheet.pdf").status_code == 404, slug
    address = f"/en/practices/{draft.slug}/draft/sheet.pdf"
    assert client.get(address).status_code == 302
    sign_in(client, build.person())
    assert client.get(address).status_code == 404
    sign_in(client, by)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Draft" in words(PdfReader(io.BytesIO(answer.content)))
    public = build.practice(by)
    assert client.get(f"/en/practices/{public.slug}/draft/sheet.pdf")["Location"].endswith(f"/{public.slug}/sheet.pdf")


@pytest.mark.django_db
def test_where_none_can_be_made_the_reader_and_the_log_are_told(client, settings, tmp_path: Path, caplog):
    practice = build.practice(build.operator())
    settings.BASE_DIR = tmp_path
    with caplog.at_level(logging.ERROR):
        answer = client.get(f"/en/practices/{practice.slug}/sheet.pdf")
    assert answer.status_code == 503
    assert "There is no fact sheet at the moment" in answer.content.decode()
    assert f"/en/practices/{practice.slug}/" in answer.content.decode()
    assert any("no typefaces" in record.exc_text for record in caplog.records if record.exc_text)


@pytest.mark.parametrize(
    ("template", "data"), [(TEMPLATE.with_name("no_such_template.typ"), {}), (TEMPLATE, {}), (TEMPLATE, EMPTY)]
)
def test_what_breaks_a_template_or_the_standard_is_one_kind_of_error(template, data):
    with pytest.raises(TypesettingError):
        typeset(template, data)


@pytest.mark.django_db(transaction=True)
def test_ten_who_ask_at_once_get_one_sheet_made_once():
    practice = build.practice(build.operator())
    data = data_of(practice)
    name = fingerprint(data)
    start, made = threading.Barrier(10), []

    def ask() -> None:
        start.wait()
        try:
            made.append(kept_sheet(practice.pk, name, data))
        finally:
            connection.close()

    readers = [threading.Thread(target=ask) for _n in range(10)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    # The same object for all but the first: what the cache has was put there by one.
    assert len(made) == 10
    assert len(set(made)) == 1
    assert kept_sheet(practice.pk, name, {"broken": True}) == made[0]


@pytest.mark.django_db
def test_the_page_leads_to_its_sheet_and_tells_the_licence_and_the_short_link(client):
    by = build.operator()
    practice = build.practice(by, {"en": build.version("Bridges"), "el": build.version("Γέφυρες")})
    edit_practice(practice, PracticeFacts(licence="CC0-1.0"), by=by)
    text = client.get(f"/en/practices/{practice.slug}/").content.decode()
    assert re.search(rf'href="/en/practices/{practice.slug}/sheet\.pdf"[^>]*>.*Fact sheet \(PDF\)', text)
    assert "CC0 1.0: public domain" in text
    assert f'href="http://127.0.0.1:8000/p/{practice.pk}"' in text
    greek = client.get(f"/en/practices/{practice.slug}/", {"text": "el"}).content.decode()
    assert f"/en/practices/{practice.slug}/sheet.pdf?text=el" in greek
