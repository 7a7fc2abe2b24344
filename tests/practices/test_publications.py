"""The publication as a document: its pages and their numbers, its languages, and honesty about what it holds."""

from __future__ import annotations

import copy
import re
import uuid

import pytest

from cities.models import City
from practices.domain import archive_practice, edit_practice, publishing, set_texts
from practices.domain.collection_order import Arrangement, Step, Typed, arrange
from practices.domain.practices import PracticeFacts
from practices.domain.publications import Order, order_version
from practices.domain.publishing import make_publication
from practices.models import Practice, PracticeNarrative
from practices.queries.publications import content_of, plan_of, plan_of_collection, sheet_detail
from tests.people.signing import person
from tests.practices import builders as build
from tests.practices.collecting import circle
from tests.practices.publishing import bytes_of, languages_of, made, marks_of, order, pages_of, pdf_of

TYPST = '#eval("1+1") #{ panic("no") } $x^2$ \\ "q" {b} [c] `raw` #read("/etc/passwd") <label> @ref *b* //'
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def by():
    return build.operator()


def three(by) -> list:
    """One in English and Greek, one in Greek, one in Swedish; two of them of one city."""
    athens = build.city("athens", country="GR", en="Athens", el="Αθήνα", ar="أثينا")
    return [
        build.practice(
            by, {"el": build.version("Γέφυρες"), "en": build.version("Bridges")}, of=athens, licence="CC0-1.0"
        ),
        build.practice(by, {"sv": build.version("Broar")}, of=build.city("malmo", country="SE", en="Malmö")),
        build.practice(by, {"el": build.version("Δρόμοι")}, of=athens, licence="CC0-1.0"),
    ]


# --- pages ------------------------------------------------------------------------------------------------------------------


def test_it_is_tagged_titled_and_each_part_is_in_its_language(by):
    version = made(*three(by), by=by, subtitle="A book", foreword="Why.\n\nHow.", cover_note="For May")
    pdf = pdf_of(version)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert pdf.metadata.title == "Against hate"
    assert languages_of(version) == {"en", "el", "sv"}
    assert len(pdf.pages) == version.pages
    cover, foreword, *_rest = pages_of(version)
    for told in ("Against hate", "A book", "For May", "English", f"/publications/{version.publication.opaque_id}/"):
        assert told in cover, told
    assert "Foreword Why. How." in foreword


def test_contents_and_index_name_the_pages_on_which_the_practices_stand(by):
    version = made(*three(by), by=by)
    pages = pages_of(version)
    contents = next(page for page in pages if page.startswith("Contents"))
    index = next(page for page in pages if page.startswith("Cities and their pages"))
    standing = {
        title: [n for n, page in enumerate(pages, 1) if f"{title} " in page and "Maturity" in page]
        for title in ("Bridges", "Broar", "Δρόμοι")
    }
    assert standing == {"Bridges": [3], "Broar": [4], "Δρόμοι": [5]}
    for title, (page,) in standing.items():
        assert re.search(rf"{title} .*?\b{page}\b", contents), title
    assert "Athens, Greece: pages 3, 5" in index
    assert "Malmö, Sweden: page 4" in index
    for n, page in enumerate(pages[1:], 2):
        assert re.search(rf"\b{n}\b", page), f"page {n} says its number"


def test_links_of_contents_and_index_lead_to_those_pages(by):
    version = made(*three(by), by=by)
    pdf = pdf_of(version)
    found = set()
    for number in (1, 5):
        for link in pdf.pages[number]["/Annots"]:
            target = link.get_object().get("/Dest")
            if target is not None:
                place = list.__getitem__(target.get_object(), 0)
                found.add(next(n for n, page in enumerate(pdf.pages, 1) if page.indirect_reference == place))
    assert {3, 4, 5} <= found


def test_own_chapters_are_bookmarks_with_their_practices_and_comments_stand_in_the_contents(by):
    one, two, three_ = three(by)
    ring = circle(one, two, three_)
    arrange(
        ring.collection,
        Arrangement(comments={one.pk: Typed("", "Read first")}),
        Step("chapter_add", title="Water"),
        by=ring.owner,
    )
    chapter = ring.collection.chapters.get().pk
    arrange(ring.collection, Arrangement(chapters={two.pk: Typed("", str(chapter))}), by=ring.owner)
    version = made(by=ring.owner, collection=ring.collection)
    marks = [(depth, title, page) for depth, title, page in marks_of(version) if depth < 2]
    assert [title for _depth, title, _page in marks] == [
        "Contents", "Practices", "Bridges", "Δρόμοι", "Water", "Broar", "Cities and their pages", "Credits", "Licences",
        "CC0 1.0: public domain", "The city has not said: ask it before you use the text.",
    ]  # fmt: skip
    assert {title: page for _depth, title, page in marks}["Broar"] == 5
    assert [depth for depth, title, _page in marks if title in {"Water", "Broar"}] == [0, 1]
    assert "Read first" in pages_of(version)[1]


@pytest.mark.parametrize(
    ("chapters", "found"),
    [("theme", ["Housing", "School", "Other"]), ("city", ["Athens, Greece", "Malmö, Sweden"]), ("own", [])],
)
def test_chapters_by_theme_stand_in_the_schemes_order_and_by_city_in_the_alphabets(by, chapters, found):
    one, two, three_ = three(by)
    for code, practice in (("housing", one), ("school", two)):
        build.theme(code, by)
        edit_practice(practice, PracticeFacts(themes=(code,)), by=by)
    version = made(three_, two, one, by=by, chapters=chapters)
    tops = [title for depth, title, _page in marks_of(version) if depth == 0]
    assert [title for title in tops if title not in {"Contents", "Cities and their pages", "Credits", "Licences"}] == (
        found or ["Δρόμοι", "Broar", "Bridges"]
    )


@pytest.mark.parametrize("code", ["ar", "fa", "ur"])
def test_right_to_left_languages_are_laid_out_from_the_right(by, code):
    practice = build.practice(by, {code: build.version("جسور بين الأحياء"), "en": build.version("Bridges")})
    version = made(practice, by=by, language=code, title="جسور", words_language=code)
    pdf = pdf_of(version)
    assert pdf.trailer["/Root"]["/Lang"] == code
    assert pdf.trailer["/Root"]["/ViewerPreferences"]["/Direction"] == "/R2L"

    def side(page: int, word: str) -> float:
        places = []
        pdf.pages[page].extract_text(
            visitor_text=lambda text, cm, matrix, _font, _size: (
                places.append(cm[4] + matrix[4]) if word == text.strip() else None
            )
        )
        return places[0]

    assert side(0, "Koine") > 400
    # The number of the page that contents name stands at the end of the line: on the left.
    assert side(1, "3") < 150


def test_a_practice_without_the_language_stands_in_its_own_and_the_credits_say_so(by):
    version = made(*three(by), by=by, language="sv")
    pages = pages_of(version)
    assert "Γέφυρες" in pages[2]
    assert "Visas på grekiska, inte översatt till svenska än." in pages[2]
    told = pages[-2]
    assert re.search(r"2 exempel .*inte översatta till svenska", told)
    assert "Originaltext, på svenska." in told


@pytest.mark.parametrize(("code", "english"), [("fr", "en anglais"), ("de", "auf Englisch")])
def test_what_the_portal_does_not_say_in_a_language_yet_is_tagged_as_english_and_said(by, code, english):
    version = made(
        build.practice(by, {code: build.version("Ponts")}), by=by, language=code, title="Ponts", words_language=code
    )
    assert languages_of(version) == {code, "en"}
    assert english in pages_of(version)[-2]


# --- what people write ----------------------------------------------------------------------------------------------------------


def test_what_looks_like_the_typesetters_language_is_text_wherever_people_write(by):
    practice = build.practice(by, {"en": build.version("Bridges")})
    ring = circle(practice)
    said = {"comments": {practice.pk: Typed("", TYPST)}}
    arrange(ring.collection, Arrangement(**said), Step("chapter_add", title=TYPST), by=ring.owner)
    chapter = str(ring.collection.chapters.get().pk)
    arrange(ring.collection, Arrangement(chapters={practice.pk: Typed("", chapter)}), by=ring.owner)
    version = made(
        by=ring.owner, collection=ring.collection, title=TYPST, subtitle=TYPST, foreword=TYPST, cover_note=TYPST
    )
    pages = pages_of(version)
    for page in pages[:4]:
        for part in ('#eval("1+1")', "$x^2$", '#read("/etc/passwd")', "*b*"):
            assert part in page, part


@pytest.mark.parametrize(
    "title",
    ["\u202eevil\u202c \u2067mirrored", "漢字 😀 x", "W" * 200, "ط" * 200, "a" + "\u0301" * 150, "١٢٣ - 5 (x)"],
    ids=["bidi", "no glyphs", "one word", "one arabic word", "marks", "digits"],
)
def test_any_title_makes_a_document(by, title):
    practice = build.practice(by, {"en": build.version("Bridges")})
    for code in ("en", "ar"):
        version = made(practice, by=person(f"{code}@people.example"), title=title, words_language=code, language=code)
        assert version.pages == 6
        assert "\u202e" not in pages_of(version)[0]
        assert "\u202e" not in version.title


def test_a_title_without_a_letter_that_can_be_shown_still_makes_one(by):
    version = made(build.practice(by), by=by, title="漢字")
    assert pdf_of(version).metadata.title == "Koine"
    assert content_of(version)["title"]["text"] == "漢字"


# --- what vanishes, what stays -----------------------------------------------------------------------------------------------------


def test_a_practice_that_vanishes_in_the_middle_is_left_out_and_said(by, monkeypatch):
    one, two, three_ = three(by)
    version = order(one, two, three_, by=by)
    archive_practice(two, by=by)

    def vanishing(slug: str, code: str):
        # It is there when the job looks for its address, and gone when it is read.
        if slug == three_.slug:
            archive_practice(three_, by=by)
        return sheet_detail(slug, code)

    monkeypatch.setattr(publishing, "sheet_detail", vanishing)
    assert make_publication(version.pk)
    version.refresh_from_db()
    assert (version.practices, version.left_out) == (1, 2)
    text = " ".join(pages_of(version))
    assert "Broar" not in text
    assert "Δρόμοι" not in text
    assert "2 practices that were chosen are no longer public and were left out." in text


def test_where_all_vanish_nothing_comes_out_and_the_reason_is_told(by):
    practice = build.practice(by)
    version = order(practice, by=by)
    archive_practice(practice, by=by)
    assert not make_publication(version.pk)
    version.refresh_from_db()
    assert (version.state, version.fault, version.file.name) == ("failed", "empty", "")


def test_a_version_never_changes_and_the_next_one_is_as_things_stand_then(by):
    practice = build.practice(by, {"en": build.version("Bridges")})
    ring = circle(practice)
    first = made(by=ring.owner, collection=ring.collection)
    before = bytes_of(first)
    set_texts(practice, "en", {"title": "Tunnels"}, by=by)
    told = Order("Against hate", "en", "en")
    second = order_version(first.publication, told, plan_of_collection(ring.collection), by=ring.owner)
    assert make_publication(second.pk)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert bytes_of(first) == before
    assert "Bridges" in pages_of(first)[2]
    assert "Tunnels" in pages_of(second)[2]
    assert first.sha256 != second.sha256


def test_a_sheet_looks_in_a_publication_as_it_does_alone(by):
    practice = build.practice(by, {"en": build.version("Bridges", "Short words.", body="First one. Second one.")})
    text = pages_of(made(practice, by=by))[2]
    for told in (
        "Bridges",
        "Short words.",
        "First one. Second one.",
        "Maturity",
        "Facts",
        "Original text, in English.",
        f"/p/{practice.pk}",
    ):
        assert told in text, told


def copies(practice: Practice, cities: list[City], count: int) -> list[Practice]:
    """So many practices like that one, past the domain, for it would take seconds; each of the next city."""
    narrative = practice.narrative
    made_: list[Practice] = []
    for n in range(count):
        practice.pk = practice.id = None
        practice.uuid, practice.slug, practice.city = uuid.uuid4(), f"copy-{n}", cities[n % len(cities)]
        practice.title_en = f"Practice number {n}"
        made_.append(copy.copy(practice))
    Practice.objects.bulk_create(made_)
    rows = []
    for one in made_:
        narrative.pk, narrative.practice = None, one
        rows.append(copy.copy(narrative))
    PracticeNarrative.objects.bulk_create(rows)
    return made_


@pytest.mark.slow
def test_a_hundred_practices_are_a_hundred_sheets_with_their_index(by):
    cities = [build.city(f"city-of-{n}", en=f"City of {n}") for n in range(10)]
    practices = copies(build.practice(by, {"en": build.version("One", body="A few words. And more.")}), cities, 100)
    version = made(*practices, by=by, chapters="city")
    assert version.practices == 100
    marks = [
        (title, page) for depth, title, page in marks_of(version) if depth == 1 and title.startswith("Practice number")
    ]
    assert len(marks) == 100
    assert [page for _title, page in marks] == list(range(marks[0][1], marks[0][1] + 100))
    after = marks[-1][1]
    index = next(page for page in pages_of(version, after) if page.startswith("Cities and their pages"))
    first = sorted(page for title, page in marks if title.endswith("3"))
    assert f"City of 3, Sweden: pages {', '.join(map(str, first))}" in index


def test_the_plan_holds_practices_once_in_order():
    assert plan_of([]) == []
    assert plan_of([3, 1]) == [{"title": "", "practices": [[3, ""], [1, ""]]}]
