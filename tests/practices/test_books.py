"""Practices as a spreadsheet: told before anything is changed, all or nothing, never published, found again by their names."""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from network.audit.models import AuditEvent
from network.workbooks import MAX_BYTES
from practices.domain import (
    NewRecord,
    ResultFields,
    add_result,
    archive_practice,
    save_section,
    start_practice,
    start_version,
)
from practices.enums import State, VersionState
from practices.imports import book_columns as columns, books
from practices.imports.book_sheets import MOST
from practices.models import ExternalId, Practice, PracticeVersion, VersionSection
from practices.queries.adoptions import cities_of
from practices.rules.practices import can_create_practice
from tests import places
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
ADDRESS = "/{code}/desk/practices/book/"
TEMPLATE = ADDRESS + "template.xlsx"
FULL = {
    "practice.id": "A-1", "practice.language": "English", "about.title": "Bridges", "about.running": "Pilot",
    "about.started_on": "2019-09", "about.settings_count": "3", "classification.themes": "Housing; food",
    "classification.prevention": "People at risk (secondary)", "summary.summary": "What it is.\n\nAnd more.",
    "resources.total_cost": "12 500", "resources.currency": "EUR", "actors.lead_organisation": "The office",
}  # fmt: skip
RESULTS = {"results.practice": "A-1", "results.indicator": "Trust", "results.baseline": "31", "results.value": "58,5"}


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


def book_of(desk, code: str = "en", **query: str):
    answer = desk.get(TEMPLATE.format(code=code), query)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return load_workbook(io.BytesIO(answer.content))


def sheet_of(book, code: str):
    """The sheet that has a column of that code."""
    return next(sheet for sheet in book if any(cell.value == code for cell in sheet[2]))


def put(book, *rows: dict[str, str]) -> None:
    """Write rows below those that are there, each into the sheet that knows its first code."""
    for row in rows:
        sheet = sheet_of(book, next(iter(row)))
        places = {cell.value: cell.column for cell in sheet[2]}
        number = max(3, 1 + max((cell.row for cells in sheet.iter_rows() for cell in cells if cell.value), default=2))
        for code, value in row.items():
            sheet.cell(row=number, column=places[code]).value = value


def as_file(book, name: str = "book.xlsx") -> SimpleUploadedFile:
    data = io.BytesIO()
    book.save(data)
    return SimpleUploadedFile(name, data.getvalue())


def send(desk, book, code: str = "en", status: int = 200):
    answer = desk.post(
        ADDRESS.format(code=code), {"book": book if isinstance(book, SimpleUploadedFile) else as_file(book)}
    )
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def filled(desk, *rows: dict[str, str], code: str = "en"):
    book = book_of(desk, code)
    put(book, *rows)
    return book


def apply(desk, page, code: str = "en"):
    assert page.context["sealed"], [one.problems for one in page.context["plan"].practices]
    return desk.post(ADDRESS.format(code=code), {"sealed": page.context["sealed"]})


def outcomes(page) -> list[str]:
    return [one.outcome for one in page.context["plan"].practices]


def problems(page) -> list[tuple[str, str]]:
    plan = page.context["plan"]
    return [(one.where, one.text) for one in (*plan.problems, *(p for row in plan.practices for p in row.problems))]


def section(practice: Practice, key: str) -> dict:
    return VersionSection.objects.get(version__practice=practice, version__state="draft", section=key).data


def test_a_book_makes_drafts_that_nobody_sees_and_the_same_book_again_changes_nothing(client, desk, city):
    book = filled(desk, FULL, RESULTS)
    page = send(desk, book)
    assert outcomes(page) == [books.NEW]
    assert Practice.objects.count() == 0
    done = apply(desk, page)
    assert (done.status_code, done.context["done"]) == (200, 1)
    practice = Practice.objects.get()
    assert (practice.state, practice.original_language, practice.city, practice.title_en) == (
        "draft",
        "en",
        city,
        "Bridges",
    )
    assert ExternalId.objects.get().practice == practice
    about = section(practice, "about")
    assert (about["running"], about["started_on"], about["settings_count"]) == ("pilot", "2019-09", "3")
    assert section(practice, "classification")["themes"] == ["housing", "food"]
    assert section(practice, "classification")["prevention"] == "secondary"
    assert section(practice, "summary")["summary"] == "What it is.\n\nAnd more."
    (row,) = section(practice, "results")["rows"]
    assert (row["indicator"], row["baseline"], row["value"]) == ("Trust", "31", "58,5")
    assert client.get(practice.get_absolute_url()).status_code == 404
    assert "book.xlsx" in AuditEvent.objects.filter(table="practices_externalid").latest("id").reason
    again = send(desk, book)
    assert outcomes(again) == [books.UNCHANGED]
    assert not again.context["sealed"]
    assert Practice.objects.count() == 1


@pytest.mark.parametrize("code", ["en", "ar", "sv"])
def test_the_book_of_a_city_sent_back_as_it_is_changes_nothing_in_any_language(desk, city, code):
    by = build.operator()
    for number in range(3):
        practice = build.practice(
            by, {"sv": build.version(f"Broar {number}", "Ord\n\noch fler")}, of=city, themes=["housing"],
            published=number > 0, started_on=build.LONG_AGO, started_precision="month", licence="CC-BY-4.0",
        )  # fmt: skip
        add_result(practice, ResultFields({"sv": "Tillit"}, value=Decimal(number)), by=by)
    book = book_of(desk, code, city="malmo")
    assert len(list(sheet_of(book, "practice.id").iter_rows(min_row=3))) == 3
    page = send(desk, book, code)
    assert outcomes(page) == [books.UNCHANGED] * 3
    assert not problems(page)
    assert PracticeVersion.objects.count() == 0


def test_a_book_speaks_the_language_of_whoever_takes_it_and_helps_to_fill_it_in(desk, city):
    book = book_of(desk, "ar")
    guidance, *forms, lists = book.worksheets
    assert lists.sheet_state == "hidden"
    assert all(sheet.sheet_view.rightToLeft for sheet in (guidance, *forms))
    main = sheet_of(book, "practice.id")
    assert [cell.value for cell in main[2]][:3] == ["practice.id", "practice.city", "practice.language"]
    assert all(cell.value and not cell.value.isascii() for cell in main[1])
    rules = {str(rule.sqref).split(":")[0]: rule for rule in main.data_validations.dataValidation}
    running = next(cell for cell in main[2] if cell.value == "about.running")
    rule = rules[f"{running.column_letter}3"]
    assert (rule.type, rule.showErrorMessage) == ("list", True)
    _sheet, _bang, cells = rule.formula1.partition("!")
    offered = [cell[0].value for cell in lists[cells.replace("$", "")]]
    assert len(offered) == 5
    themes = next(cell for cell in main[2] if cell.value == "classification.themes")
    assert rules[f"{themes.column_letter}3"].showErrorMessage is False
    kinds = {sheet[2][0].value for sheet in forms}
    assert kinds == {"practice.id", *(f"{key}.practice" for key in columns.ROWS)}
    assert "pictures.practice" not in kinds
    told = " ".join(str(cell.value) for row in guidance.iter_rows() for cell in row if cell.value)
    for cell in main[1]:
        assert cell.value in told


def test_words_of_a_colleague_abroad_are_understood(desk, city):
    book = filled(
        desk,
        {
            **FULL,
            "practice.language": "ελληνικά",
            "classification.themes": "στεγαση؛ Τροφή",
            "about.running": "Πιλοτική",
        },
        code="sv",
    )
    page = send(desk, book, "it")
    assert problems(page) == []
    apply(desk, page, "it")
    practice = Practice.objects.get()
    assert (practice.original_language, practice.title_el) == ("el", "Bridges")
    assert section(practice, "classification")["themes"] == ["housing", "food"]
    assert section(practice, "about")["running"] == "pilot"


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


def test_a_public_practice_gets_a_new_version_and_stays_as_it_is(client, desk, city):
    by = build.operator()
    practice = build.practice(by, {"sv": build.version("Broar", "Ord")}, of=city, themes=["housing"])
    kept = add_result(practice, ResultFields({"sv": "Tillit", "en": "Trust"}, value=Decimal(1)), by=by)
    add_result(practice, ResultFields({"sv": "Annat"}, value=Decimal(2)), by=by)
    book = book_of(desk, city="malmo")
    main, results = sheet_of(book, "practice.id"), sheet_of(book, "results.practice")
    codes = {cell.value: cell.column for cell in (*main[2], *results[2])}
    main.cell(row=3, column=codes["about.title"]).value = "Nya broar"
    main.cell(row=3, column=codes["classification.themes"]).value = "-"
    main.cell(row=3, column=codes["about.strapline"]).value = None
    results.cell(row=3, column=codes["results.value"]).value = "5"
    results.delete_rows(4)
    put(book, {"results.practice": f"p/{practice.pk}", "results.indicator": "Tredje", "results.value": "7"})
    page = send(desk, book)
    assert outcomes(page) == [books.CHANGED]
    changes = [(change.what, change.before, change.after) for change in page.context["plan"].practices[0].changes]
    assert ("Title", "Broar", "Nya broar") in changes
    assert ("Themes", "Housing", "") in changes
    assert ("Results, row 1: After", "1", "5") in changes
    assert ("Results, row 2", "", "Tredje · 7") in changes
    assert ("Results", "Annat · 2", "") in changes
    assert len(changes) == 5
    assert PracticeVersion.objects.count() == 0
    apply(desk, page)
    rows = section(practice, "results")["rows"]
    assert rows[0]["key"] == str(kept.key)
    assert [row["indicator"] for row in rows] == ["Tillit", "Tredje"]
    assert section(practice, "classification")["themes"] == []
    practice.refresh_from_db()
    assert (practice.state, practice.title_sv, practice.results.count()) == (State.PUBLISHED, "Broar", 2)
    assert outcomes(send(desk, book)) == [books.UNCHANGED]


def test_what_is_being_reviewed_or_archived_is_not_touched(desk, city, officer):
    by = build.operator()
    reviewed, archived = (build.practice(by, {"sv": build.version("Broar")}, of=city) for _ in range(2))
    PracticeVersion.objects.filter(pk=start_version(reviewed, by=officer).pk).update(state=VersionState.IN_REVIEW)
    archive_practice(archived, by=by)
    rows = [{**FULL, "practice.id": f"p/{one.pk}", "practice.language": "sv"} for one in (reviewed, archived)]
    page = send(desk, filled(desk, *rows))
    assert outcomes(page) == [books.WRONG, books.WRONG]
    assert ["submitted" in text or "archive" in text for _where, text in problems(page)] == [True, True]


def test_whoever_writes_meanwhile_is_not_overwritten(desk, city, officer):
    version = start_practice(NewRecord(city, "en", "Bridges"), by=officer)
    name = {**FULL, "practice.id": f"p/{version.practice_id}"}
    page = send(desk, filled(desk, name, {**FULL, "practice.id": "new"}))
    assert outcomes(page) == [books.CHANGED, books.NEW]
    save_section(version, "summary", {"summary": "Mine"}, revision=1, by=officer, at=timezone.now())
    refused = apply(desk, page)
    assert refused.status_code == 409
    assert "changed" in refused.context["trouble"]
    assert section(version.practice, "summary")["summary"] == "Mine"
    assert Practice.objects.count() == 1
    assert ("Summary", "Mine", FULL["summary.summary"]) in [
        (change.what, change.before, change.after) for change in refused.context["plan"].practices[0].changes
    ]
    assert apply(desk, refused).context["done"] == 2


def test_a_version_that_was_submitted_after_the_preview_stops_all_of_it(desk, city, officer, monkeypatch):
    version = start_practice(NewRecord(city, "en", "Bridges"), by=officer)
    page = send(desk, filled(desk, {**FULL, "practice.id": f"p/{version.practice_id}"}, {**FULL, "practice.id": "new"}))
    PracticeVersion.objects.filter(pk=version.pk).update(state=VersionState.SUBMITTED)
    refused = apply(desk, page)
    assert refused.status_code == 409
    assert Practice.objects.count() == 1


def test_a_preview_is_its_makers_alone_and_lasts_an_hour(client, desk, city):
    page = send(desk, filled(desk, FULL))
    other = sign_in(client.__class__(), build.officer(city))
    assert apply(other, page).status_code == 409
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        assert desk.post(ADDRESS.format(code="en"), {"sealed": page.context["sealed"]}).status_code in {302, 409}
    for forged in ("x", "", page.context["sealed"][:-2]):
        assert desk.post(ADDRESS.format(code="en"), {"sealed": forged}).status_code == 409
    assert Practice.objects.count() == 0


def test_a_name_means_a_practice_of_that_city_only(desk, client, city, officer):
    other = build.city("lund")
    apply(desk, send(desk, filled(desk, FULL)))
    stranger = sign_in(client.__class__(), build.officer(other))
    page = send(stranger, filled(stranger, FULL))
    assert outcomes(page) == [books.NEW]
    own = Practice.objects.get()
    assert outcomes(send(stranger, filled(stranger, {**FULL, "practice.id": f"p/{own.pk}"}))) == [books.WRONG]
    both = sign_in(client.__class__(), build.operator())
    apply(stranger, page)
    told = send(both, filled(both, FULL))
    assert outcomes(told) == [books.WRONG]
    named = send(both, filled(both, {**FULL, "practice.city": "Lund", "about.title": "Other"}))
    assert outcomes(named) == [books.CHANGED]


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
