"""Lists as files: the rows of the page, in its order, in cells that run nothing, as streams."""

from __future__ import annotations

import csv
import datetime
import io
import json

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from openpyxl import load_workbook

from network.sheets import BOM, xlsx_stream
from practices.documents.exports import columns, export
from practices.domain import archive_practice
from practices.domain.labels import KindDetails, award_label, create_label_kind, withdraw_label
from practices.models import Practice
from practices.queries import exports as reading, listing
from practices.queries.described import award_text
from practices.queries.exports import export_rows
from practices.rules.verifying import GOOD_FOR
from practices.views import documents
from tests.practices import builders as build
from tests.practices.labelling import labelled

pytestmark = pytest.mark.django_db
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "|cmd",
    "%0A",
    "＝1+1",
    "\u200b=1",
    '=HYPERLINK("http://x.example","x")',
]


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()
    yield
    cache.clear()


def body(response) -> bytes:
    assert response.status_code == 200
    assert response.streaming
    return b"".join(response.streaming_content)


def csv_of(client, code: str = "en", **query: str) -> list[list[str]]:
    text = body(client.get(f"/{code}/practices/export.csv", query)).decode()
    assert text.startswith(BOM)
    assert text.count(BOM) == 1
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))


def sheet_of(client, code: str = "en", **query: str):
    return load_workbook(io.BytesIO(body(client.get(f"/{code}/practices/export.xlsx", query)))).active


def json_of(client, code: str = "en", **query: str):
    return json.loads(body(client.get(f"/{code}/practices/export.json", query)))


def test_the_three_files_hold_the_same_practice_in_words_and_in_codes(client):
    by = build.operator()
    build.theme("housing", by, el="Στέγαση")
    practice = build.practice(
        by,
        {
            "en": build.version("Bridges", "Short words", strapline="Over water"),
            "el": build.version("Γέφυρες", "Λόγια"),
        },
        of=build.city("north", country="GR", el="Βορράς"),
        themes=["housing"],
        started_on=build.LONG_AGO,
        started_precision="month",
        licence="CC-BY-4.0",
        source="A book",
        settings=3,
    )
    heading, row = csv_of(client, "el")
    named = dict(zip((column.name for column in columns("")), row, strict=True))
    today = timezone.now().date()
    assert len(heading) == len(set(heading)) == len(row)
    assert heading[1] == "Τίτλος"
    assert named == {
        "link": f"http://127.0.0.1:8000/p/{practice.pk}", "title": "Γέφυρες", "strapline": "", "summary": "Λόγια",
        "language": "Ελληνικά", "city": "Βορράς", "country": "Ελλάδα", "themes": "Στέγαση", "maturity": "Αναδυόμενη", "labels": "",
        "status": named["status"], "started": "2020-01", "ended": "", "places": "3", "original_language": "Αγγλικά",
        "languages": "Αγγλικά; Ελληνικά", "published": today.isoformat(), "changed": today.isoformat(),
        "verified": today.isoformat(), "review_due": (today + GOOD_FOR).isoformat(), "licence": named["licence"], "source": "A book", "demonstration": "",
    }  # fmt: skip
    assert "CC BY 4.0" in named["licence"]

    sheet = sheet_of(client, "el")
    cells = {column.name: cell for column, cell in zip(columns(""), sheet[2], strict=True)}
    assert [cell.value for cell in sheet[1]] == heading
    assert sheet[1][0].font.b
    assert cells["title"].value == "Γέφυρες"
    assert (cells["places"].value, cells["places"].data_type) == (3, "n")
    assert cells["published"].value.date() == today
    assert cells["ended"].value is None
    assert not sheet.sheet_view.rightToLeft

    data = json_of(client, "el")
    assert (data["language"], data["complete"]) == ("el", True)
    (found,) = data["practices"]
    assert list(found) == [column.name for column in columns("")]
    assert found | {"published": "", "changed": ""} == {
        "link": f"http://127.0.0.1:8000/p/{practice.pk}", "title": "Γέφυρες", "strapline": "", "summary": "Λόγια",
        "language": "el", "city": "north", "country": "GR", "themes": ["housing"], "maturity": "emerging", "labels": [],
        "status": "running", "started": "2020-01", "ended": None, "places": 3, "original_language": "en",
        "languages": ["en", "el"], "published": "", "changed": "", "verified": today.isoformat(),
        "review_due": (today + GOOD_FOR).isoformat(), "licence": "CC-BY-4.0", "source": "A book", "demonstration": False,
    }  # fmt: skip


def test_the_language_of_a_text_that_is_not_translated_is_told(client):
    build.practice(build.operator(), {"el": build.version("Γέφυρες")})
    (_heading, row) = csv_of(client, "sv")
    assert (row[1], row[4]) == ("Γέφυρες", "grekiska")


def test_a_file_has_exactly_the_rows_of_the_list_in_its_order(client):
    by = build.operator()
    greek, swedish = build.city(country="GR"), build.city(country="SE")
    made = [
        build.practice(
            by,
            {"en": build.version(f"School {n}" if n % 2 else "Other", f"School {n}")},
            of=greek if n % 3 else swedish,
        )
        for n in range(24)
    ]
    archive_practice(made[3], by=by)
    build.practice(by, {"en": build.version("School draft")}, published=False)
    for query in (
        {},
        {"q": "school"},
        {"q": "school", "sort": "newest"},
        {"country": "GR"},
        {"q": "school", "country": "SE", "page": "2"},
        {"country": "nonsense", "theme": "%"},
    ):
        shown = []
        pages = 1
        while pages <= 3:
            page = client.get("/en/practices/", {**query, "page": pages})
            shown += [
                card.title if isinstance(card.title, str) else str(card.title)
                for card in page.context["found"].rows
                if page.context["found"].page.number == pages
            ]
            pages += 1
        plain = [title.replace("<mark>", "").replace("</mark>", "") for title in shown]
        assert [row[1] for row in csv_of(client, **query)[1:]] == plain, query
        assert [row["title"] for row in json_of(client, **query)["practices"]] == plain, query


@pytest.mark.parametrize("code", ["ar", "fa", "ur"])
def test_right_to_left_languages_get_a_sheet_that_begins_on_the_right(client, code):
    build.practice(build.operator(), {code: build.version("جسور")})
    sheet = sheet_of(client, code)
    assert sheet.sheet_view.rightToLeft
    assert sheet["B2"].value == "جسور"


def test_no_cell_is_run_by_a_spreadsheet(client):
    by = build.operator()
    for text in FORMULAS:
        build.practice(by, {"en": build.version(text, text, strapline=text)}, source=text)
    for row in csv_of(client)[1:]:
        for cell in (row[1], row[2], row[3], row[-2]):
            assert cell.startswith("'"), cell
    sheet = sheet_of(client)
    for row in sheet.iter_rows(min_row=2):
        assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n", "d"}
        assert row[1].value.startswith("'")
    assert {row["title"] for row in json_of(client)["practices"]} == {
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "|cmd",
        "%0A",
        "＝1+1",
        "\u200b=1",
        FORMULAS[-1],
    }


def test_the_labels_of_today_stand_in_one_cell_in_the_readers_words_with_their_last_days(client):
    made = labelled()
    network, by = made.town.network, made.town.decider
    named = {"en": "=Best of all", "ar": "=الأفضل"}
    other = create_label_kind(network, KindDetails(names=named, meaning={}, months=12), by=by)
    past = create_label_kind(network, KindDetails(names={"en": "Lost"}, meaning={}), by=by)
    first, second = made.award(), award_label(made.practice, other, by=by)
    withdraw_label(award_label(made.practice, past, by=by), reason="Given by mistake.", by=by)
    place = [column.name for column in columns("")].index("labels")
    for code in ("en", "ar"):
        with override(code):
            told = "; ".join(
                award_text(label.kind.name_ar if code == "ar" else label.kind.name_en, shown, label.valid_until)
                for label, shown in ((first, network.name_en), (second, network.name_en))
            )
        (_heading, row) = csv_of(client, code)
        assert row[place] == told
        assert sheet_of(client, code)[2][place].value == told
    expected = [
        {"label": label.kind.slug, "network": network.slug, "valid_until": label.valid_until.isoformat()}
        for label in (first, second)
    ]
    assert [row["labels"] for row in json_of(client)["practices"]] == [expected]
    # What begins with a sign that a spreadsheet runs is text, whatever place the label has among others.
    withdraw_label(first, reason="Given by mistake.", by=by)
    (_heading, row) = csv_of(client)
    assert row[place].startswith("'=Best of all")
    cell = sheet_of(client)[2][place]
    assert (cell.value[:2], cell.data_type != "f") == ("'=", True)
    noon = datetime.time(12, tzinfo=datetime.UTC)
    for after, holds in ((0, True), (1, False)):
        day = second.valid_until + datetime.timedelta(days=after)
        with time_machine.travel(datetime.datetime.combine(day, noon), tick=False):
            (_heading, row) = csv_of(client)
            assert bool(row[place]) is holds
            assert bool(json_of(client)["practices"][0]["labels"]) is holds


def test_nothing_found_is_a_file_with_its_heading(client):
    assert len(csv_of(client, q="nothingatall")) == 1
    assert sheet_of(client, q="nothingatall").max_row == 1
    assert json_of(client, q="nothingatall") == {"language": "en", "complete": True, "practices": []}


def test_more_than_the_most_are_cut_and_every_file_and_the_page_say_so(client, monkeypatch):
    by = build.operator()
    for _n in range(4):
        build.practice(by)
    for module in (listing, reading):
        monkeypatch.setattr(module, "COUNTED", 3)
    rows = csv_of(client)
    assert len(rows) == 1 + 3 + 1
    assert rows[-1][0].startswith("Only the first")
    assert sheet_of(client)["A5"].value.startswith("Only the first")
    data = json_of(client)
    assert (data["complete"], len(data["practices"])) == (False, 3)
    assert "Files hold the first" in client.get("/en/practices/").content.decode()


def test_statements_grow_by_two_for_each_piece_and_what_vanishes_is_left_out(monkeypatch):
    by = build.operator()
    holder = labelled()
    holder.award()
    made = [holder.practice, *(build.practice(by, themes=[]) for _n in range(6))]
    monkeypatch.setattr(reading, "PIECE", 3)
    counts = {}
    for number in (1, 3, 4, 7):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert len(list(export_rows([one.pk for one in made[:number]], "en"))) == number
        counts[number] = len(seen)
    assert counts == {1: 2, 3: 2, 4: 4, 7: 6}
    rows = export_rows([one.pk for one in made], "en")
    first = next(rows)
    archive_practice(made[5], by=by)
    assert [first.id, *(row.id for row in rows)] == [one.pk for one in made if one != made[5]]


def test_a_stream_begins_before_the_last_row_is_read():
    by = build.operator()
    row = next(export_rows([build.practice(by).pk], "en"))
    read = []

    def endless():
        while True:
            read.append(1)
            yield row

    for kind in ("csv", "xlsx", "json"):
        read.clear()
        made = export(kind, endless(), "en", origin="", cut=False)
        assert b"".join(next(made) for _n in range(3))
        assert len(read) < 1000
        made.close()


def test_the_page_offers_the_files_with_its_filters(client):
    build.practice(build.operator(), {"en": build.version("School")})
    text = client.get("/en/practices/", {"q": "school", "page": "1"}).content.decode()
    for kind in ("csv", "xlsx", "json"):
        assert f'href="/en/practices/export.{kind}?q=school" download' in text
    assert "export.csv" not in client.get("/en/practices/", {"q": "nothingatall"}).content.decode()


def test_who_asks_too_often_is_told_where_else_to_read(client, monkeypatch):
    build.practice(build.operator())
    monkeypatch.setattr(documents, "MOST_EXPORTS", 2)
    for _n in range(2):
        assert client.get("/en/practices/export.csv").status_code == 200
    answer = client.get("/en/practices/export.json", {"q": "school"})
    assert answer.status_code == 429
    assert 'href="/en/practices/?q=school"' in answer.content.decode()
    assert client.get("/en/practices/export.csv", REMOTE_ADDR="192.0.2.9").status_code == 200


@pytest.mark.parametrize("kind", ["pdf", "csv.exe", "CSV", "../x"])
def test_other_kinds_of_files_there_are_none(client, kind):
    assert client.get(f"/en/practices/export.{kind}").status_code == 404
    assert client.post("/en/practices/export.csv").status_code == 405


def test_what_xml_forbids_and_what_is_too_long_does_not_break_a_sheet():
    made = b"".join(xlsx_stream("a/b[c]'", ["<&>"], [["x\x00\x0b\ufffe]]>" + "y" * 40_000], [None], [True], [1.5]]))
    sheet = load_workbook(io.BytesIO(made)).active
    assert sheet.title == "abc"
    assert sheet["A1"].value == "<&>"
    assert sheet["A2"].value.startswith("x]]>y")
    assert len(sheet["A2"].value) <= 32_767
    assert [sheet["A3"].value, sheet["A4"].value, sheet["A5"].value] == [None, "True", 1.5]
    assert Practice.objects.count() == 0
