"""Practices as a spreadsheet: told before anything is changed, all or nothing, never published, found again by their names."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from network.audit.models import AuditEvent
from practices.domain import NewRecord, ResultFields, add_result, save_section, start_practice
from practices.enums import State, VersionState
from practices.imports import book_columns as columns, books
from practices.models import ExternalId, Practice, PracticeVersion, VersionSection
from tests.people.signing import sign_in
from tests.practices import builders as build
from tests.practices.books import FULL, RESULTS, apply, book_of, filled, outcomes, problems, put, send, sheet_of

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
