"""What a book is refused for: files that are none, cells that are wrong, people who may not; and nothing is kept of it."""

from __future__ import annotations

import datetime
import io
import random
import zipfile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from network.workbooks import MAX_BYTES
from practices.domain import archive_practice, start_version
from practices.enums import VersionState
from practices.imports import books
from practices.imports.book_sheets import MOST
from practices.models import Practice, PracticeVersion
from practices.queries.adoptions import cities_of
from practices.rules.practices import can_create_practice
from tests import places
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.books import (
    ADDRESS,
    FULL,
    RESULTS,
    TEMPLATE,
    apply,
    as_file,
    book_of,
    filled,
    outcomes,
    problems,
    put,
    send,
    sheet_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    by = build.operator()
    for code in ("housing", "food"):
        build.theme(code, by, el={"housing": "Στέγαση", "food": "Τροφή"}[code])
    return build.city("malmo", sv="Malmö", native="Malmö", native_language="sv")


@pytest.fixture
def officer(city):
    return build.officer(city)


@pytest.fixture
def desk(client, officer):
    return sign_in(client, officer)


def broken_files() -> dict[str, bytes]:
    whole = io.BytesIO()
    book = Workbook()
    book.active["A1"] = "x"
    book.save(whole)
    sound = whole.getvalue()
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (61 * 1024 * 1024))
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(600):
            archive.writestr(str(number), b"")
    return {
        "no practice": sound,
        "cut off": sound[: len(sound) // 2],
        "only the beginning": b"PK\x03\x04",
        "csv": b"practice.id,about.title\nA,B\n",
        "an old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        "unpacks without end": bomb.getvalue(),
        "many parts": many.getvalue(),
        "larger than is read": b"PK\x03\x04" + b"0" * MAX_BYTES,
        "empty": b"",
    }


def test_everything_that_is_wrong_is_told_with_its_cell_and_nothing_is_kept(desk, city):
    book = filled(
        desk,
        {**FULL, "practice.id": "good"},
        {**FULL, "practice.id": "bad", "about.running": "Perhaps", "about.started_on": "31 2 2019", "classification.themes": "Nonsense",
         "summary.summary": "word " * 101, "resources.total_cost": "a lot", "practice.language": "Klingon"},
        {"results.practice": "bad", "results.indicator": "Trust", "results.value": "high"},
        {"results.practice": "elsewhere", "results.indicator": "Trust"},
        {**FULL, "practice.id": "good"},
        {"practice.id": "", "about.title": "No name"},
        {**FULL, "practice.id": "city", "practice.city": "Athens"},
        {"practice.id": "no title", "practice.language": "en", "summary.summary": "x"},
        {**FULL, "practice.id": "p/99999"},
    )  # fmt: skip
    page = send(desk, book)
    assert outcomes(page) == [books.NEW, *[books.WRONG] * 6]
    main, results = sheet_of(book, "practice.id"), sheet_of(book, "results.practice")
    letters = {cell.value: cell.column_letter for cell in (*main[2], *results[2])}
    told = dict(problems(page))
    assert set(told) == {
        f"{results.title}!{letters['results.practice']}4",
        f"{main.title}!{letters['practice.language']}4",
        f"{main.title}!A5",
        f"{main.title}!A6",
        f"{main.title}!{letters['practice.city']}7",
        f"{main.title}!{letters['about.title']}8",
        f"{main.title}!A9",
    }
    assert "Klingon" in told[f"{main.title}!{letters['practice.language']}4"]
    assert not page.context["sealed"]
    # The language put right, the rest of that row is judged.
    main[f"{letters['practice.language']}4"].value = "English"
    told = dict(problems(send(desk, book)))
    for code in (
        "about.running",
        "about.started_on",
        "classification.themes",
        "summary.summary",
        "resources.total_cost",
    ):
        assert f"{main.title}!{letters[code]}4" in told, code
    assert "Nonsense" in told[f"{main.title}!{letters['classification.themes']}4"]
    assert (
        "101" in told[f"{main.title}!{letters['summary.summary']}4"]
        or "1 word" in told[f"{main.title}!{letters['summary.summary']}4"]
    )
    assert f"{results.title}!{letters['results.value']}3" in told
    assert Practice.objects.count() == 0
    greek = send(desk, as_file(book), "el")
    assert dict(problems(greek)).keys() == told.keys()
    assert set(dict(problems(greek)).values()).isdisjoint(told.values())


def test_a_formula_is_refused_where_it_stands(desk, city):
    book = filled(desk, {**FULL, "about.title": "=1+1"}, {**RESULTS, "results.value": "=A1*2"})
    told = problems(send(desk, book))
    assert len(told) >= 2
    assert sum("formula" in text for _where, text in told) == 2


def test_what_is_being_reviewed_or_archived_is_not_touched(desk, city, officer):
    by = build.operator()
    reviewed, archived = (build.practice(by, {"sv": build.version("Broar")}, of=city) for _ in range(2))
    PracticeVersion.objects.filter(pk=start_version(reviewed, by=officer).pk).update(state=VersionState.IN_REVIEW)
    archive_practice(archived, by=by)
    rows = [{**FULL, "practice.id": f"p/{one.pk}", "practice.language": "sv"} for one in (reviewed, archived)]
    page = send(desk, filled(desk, *rows))
    assert outcomes(page) == [books.WRONG, books.WRONG]
    assert ["submitted" in text or "archive" in text for _where, text in problems(page)] == [True, True]


def test_a_preview_is_its_makers_alone_and_lasts_an_hour(client, desk, city):
    page = send(desk, filled(desk, FULL))
    other = sign_in(client.__class__(), build.officer(city))
    assert apply(other, page).status_code == 409
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        assert desk.post(ADDRESS.format(code="en"), {"sealed": page.context["sealed"]}).status_code in {302, 409}
    for forged in ("x", "", page.context["sealed"][:-2]):
        assert desk.post(ADDRESS.format(code="en"), {"sealed": forged}).status_code == 409
    assert Practice.objects.count() == 0


@pytest.mark.parametrize("kind", list(broken_files()))
def test_a_file_that_is_no_book_is_refused_in_words(desk, city, kind):
    answer = send(desk, SimpleUploadedFile("book.xlsx", broken_files()[kind]), "el", status=400)
    (said,) = answer.context["form"].errors["book"]
    assert not said.isascii(), said
    assert not Practice.objects.exists()


def test_a_damaged_book_never_breaks_the_page(desk, city):
    sound = as_file(filled(desk, FULL, RESULTS)).read()
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(7)
    for number in range(60):
        data = io.BytesIO()
        hurt = chance.choice(sorted(parts))
        with zipfile.ZipFile(data, "w") as archive:
            for name, body in parts.items():
                if name == hurt:
                    place = chance.randrange(len(body))
                    body = body[:place] + chance.randbytes(number % 5) + body[place + chance.randrange(9) :]
                archive.writestr(name, body)
        answer = desk.post(ADDRESS.format(code="en"), {"book": SimpleUploadedFile("b.xlsx", data.getvalue())})
        assert answer.status_code in {200, 400}, hurt


def test_more_practices_than_a_book_takes_and_more_rows_than_a_section_takes_are_refused(desk, city):
    book = book_of(desk)
    put(book, *({**FULL, "practice.id": str(number)} for number in range(MOST + 1)))
    answer = send(desk, book, status=400)
    assert "200" in str(answer.context["form"].errors)
    rows = ({**RESULTS, "results.indicator": f"Trust {number}"} for number in range(21))
    told = problems(send(desk, filled(desk, FULL, *rows)))
    assert any("20" in text for _where, text in told)


def test_strangers_send_no_book_and_officers_only_those_of_their_cities(client, city, officer):
    stranger = sign_in(client, places.person())
    assert stranger.get(ADDRESS.format(code="en")).status_code == 403
    assert stranger.get(TEMPLATE.format(code="en")).status_code == 403
    desk = sign_in(client, officer)
    build.city("lund")
    assert desk.get(TEMPLATE.format(code="en"), {"city": "lund"}).status_code == 404
    assert desk.get(TEMPLATE.format(code="en"), {"city": "malmo"}).status_code == 200


def test_the_cities_somebody_writes_for_are_those_of_the_rule(city, officer):
    network, other = places.network("Lamp"), places.network("Other")
    member, elsewhere = places.city("Thessaloniki"), places.city("Kozani")
    places.member(network, member)
    places.member(other, elsewhere)
    everyone = [officer, places.officer_of(network), places.operator(), places.person()]
    swept = 0
    for user in everyone:
        for one in (city, member, elsewhere):
            assert (one in cities_of(user)) == bool(can_create_practice(user, one)), (user, one)
            swept += 1
    assert swept == 12
