"""What people look for and miss: counted without a name, gathered once, forgotten in time, and read by those who may."""

from __future__ import annotations

import csv
import datetime
import io
import re
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from network.frame import notes
from network.people.desk import items
from network.people.enums import RoleKind, ScopeKind
from network.people.models import Role
from network.sheets import BOM
from practices.domain.insight import KEPT_DAYS, SINGLE_DAYS, forget, gather
from practices.models import AskedQuery, MissedTranslation
from practices.queries import coverage
from practices.queries.insight import asked, missed
from practices.rules.insight import asked_words, can_read_insight
from practices.tasks import forget_counts, gather_notes
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
LIST = "/en/practices/"


def look(client, query: str = "", code: str = "en", **headers: str) -> None:
    assert client.get(f"/{code}/practices/{query}", headers={**BROWSER, **headers}).status_code == 200


def counted() -> list[tuple]:
    gather()
    rows = AskedQuery.objects.order_by("language", "query", "filters")
    return list(rows.values_list("language", "query", "filters", "times", "without", "results"))


# --- searches ----------------------------------------------------------------------------------------------------------


def test_a_search_is_counted_by_its_folded_words_language_and_the_names_of_its_filters(client):
    build.theme("housing", build.operator())
    build.practice(build.operator(), {"en": build.version("Homes")}, of=build.city(country="GR"))
    look(client, "?q=HOMES")
    look(client, "?q=homes")
    look(client, "?q=homes&country=GR&theme=housing")
    look(client, "?country=GR")
    look(client, "?q=Ένταξη", "el")
    assert counted() == [
        ("el", "ενταξη", "", 1, 1, 0),
        ("en", "", "country", 1, 0, 1),
        ("en", "homes", "", 2, 0, 1),
        ("en", "homes", "country theme", 1, 1, 0),
    ]
    assert AskedQuery.objects.values_list("day", flat=True).distinct().get() == timezone.localdate()


def test_a_page_that_is_kept_ready_counts_each_time_it_is_answered(client):
    build.practice(build.operator())
    for _ in range(3):
        look(client, "?q=practice")
    assert client.get(f"{LIST}?q=practice", headers=BROWSER)["X-Cache"] == "hit"
    assert [row[3] for row in counted()] == [4]


@pytest.mark.parametrize(
    "query", ["", "?page=2&q=homes", "?view=map&q=homes", "?unknown=1", "?q=", "?theme=nothing", "?q=a@example.org",
              "?q=call+0171+234+5678", "?q=https://example.org/x"],
)  # fmt: skip
def test_what_is_no_search_or_may_name_somebody_is_not_counted(client, query):
    look(client, query)
    assert counted() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"User-Agent": "curl/8.5.0"},
        {"User-Agent": "python-requests/2.32"},
        {"User-Agent": ""},
        {"Sec-Purpose": "prefetch;prerender"},
    ],
)
def test_programs_and_browsers_that_fetch_ahead_are_not_counted(client, headers):
    look(client, "?q=homes", **headers)
    assert counted() == []


def test_people_who_are_signed_in_count_like_others_and_nobody_is_written_down(client):
    reader = build.person("Somebody Special")
    look(sign_in(Client(), reader), "?q=homes")
    assert [row[:4] for row in counted()] == [("en", "homes", "", 1)]
    columns = {field.name for model in (AskedQuery, MissedTranslation) for field in model._meta.get_fields()}
    assert columns == {
        "id", "day", "language", "query", "filters", "times", "without", "results", "practice", "views",
    }  # fmt: skip


def test_a_long_query_is_cut_at_a_word():
    assert asked_words("  Ένταξη ΤΏΡΑ ") == "ενταξη τωρα"
    assert asked_words("word " * 40) == ("word " * 20).strip()
    assert len(asked_words("x" * 400) or "") == 100
    assert asked_words("14 days in 2026") == "14 days in 2026"
    assert asked_words("12.05.1990") is None


def test_reading_writes_nothing_and_gathering_twice_counts_once(client, django_assert_num_queries):
    build.practice(build.operator())
    look(client, "?q=practice")
    assert not AskedQuery.objects.exists()
    assert gather_notes() == 1
    with django_assert_num_queries(3):
        assert gather() == 0
    look(client, "?q=practice")
    assert gather() == 1
    assert AskedQuery.objects.get().times == 2


def test_an_emptied_cache_begins_anew(client):
    look(client, "?q=one")
    cache.clear()
    look(client, "?q=two")
    assert [row[1] for row in counted()] == ["two"]
    look(client, "?q=three")
    assert [row[1] for row in counted()] == ["three", "two"]


def test_notes_that_nobody_collects_take_no_more_than_their_places(client, monkeypatch):
    monkeypatch.setattr(notes, "PLACES", 3)
    for number in range(5):
        look(client, f"?q=word{number}")
    assert [row[1] for row in counted()] == ["word2", "word3", "word4"]


@pytest.mark.django_db(transaction=True)
def test_two_machines_that_gather_at_once_count_each_note_once(client):
    for number in range(6):
        look(client, f"?q=word{number}")
    start, raised = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(timeout=10)
            gather()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert raised == []
    assert list(AskedQuery.objects.values_list("times", flat=True)) == [1] * 6


# --- missed translations ---------------------------------------------------------------------------------------------------


def test_opening_a_practice_that_is_not_there_in_ones_language_is_counted(client):
    practice = build.practice(build.operator(), {"el": build.version("Γέφυρες"), "sv": build.version("Broar")})
    for code in ("ar", "ar", "en", "sv", "el"):
        assert client.get(f"/{code}/practices/{practice.slug}/", headers=BROWSER).status_code == 200
    client.get(f"/ar/practices/{practice.slug}/?text=sv", headers=BROWSER)
    gather()
    rows = MissedTranslation.objects.order_by("language").values_list("language", "views")
    assert list(rows) == [("ar", 3), ("en", 1)]


def test_a_practice_that_is_gone_by_then_holds_nothing_up(client):
    practice, other = build.practice(build.operator()), build.practice(build.operator())
    for one in (practice, other):
        client.get(f"/ar/practices/{one.slug}/", headers=BROWSER)
    practice.delete()
    assert gather() == 2
    assert MissedTranslation.objects.get().practice == other


# --- forgetting ------------------------------------------------------------------------------------------------------------


def keep(query: str, days: int, times: int = 1, **more) -> AskedQuery:
    day = timezone.localdate() - datetime.timedelta(days=days)
    return AskedQuery.objects.create(**{"day": day, "language": "en", "query": query, "times": times, **more})


def test_what_was_asked_once_is_forgotten_after_90_days_and_everything_after_two_years():
    keep("once, long ago", SINGLE_DAYS + 1)
    keep("once", SINGLE_DAYS)
    keep("twice", SINGLE_DAYS + 1, 2)
    keep("again", SINGLE_DAYS + 50)
    keep("again", 3)
    keep("ancient", KEPT_DAYS + 1, 40)
    practice = build.practice(build.operator())
    for days in (KEPT_DAYS + 1, KEPT_DAYS):
        day = timezone.localdate() - datetime.timedelta(days=days)
        MissedTranslation.objects.create(day=day, practice=practice, language="ar", views=1)
    assert forget_counts() == 3
    assert set(AskedQuery.objects.values_list("query", flat=True)) == {"once", "twice", "again"}
    assert MissedTranslation.objects.count() == 1
    assert forget() == 0


# --- what staff read -------------------------------------------------------------------------------------------------------


def officer(kind: str = RoleKind.NETWORK_OFFICER, scope: str = ScopeKind.NETWORK):
    user = build.person("Officer")
    Role.objects.create(user=user, kind=kind, scope_kind=scope, scope_key="00000000-0000-4000-8000-000000000000")
    return user


def test_officers_of_networks_and_operators_read_it_and_nobody_else():
    for user in (build.operator(), officer()):
        assert can_read_insight(user)
        assert "/en/desk/insight/" in [item.url for item in items("may", user)]
    for user in (build.person(), officer(RoleKind.CITY_OFFICER, ScopeKind.CITY)):
        assert not can_read_insight(user)
        assert "/en/desk/insight/" not in [item.url for item in items("may", user)]
        for page in ("", "translations/", "coverage/", "searches.csv"):
            answer = sign_in(Client(), user).get(f"/en/desk/insight/{page}")
            assert answer.status_code == 403
            assert "Only officers of a network" in answer.content.decode()


@pytest.fixture
def signed() -> Client:
    return sign_in(Client(), build.operator())


def page(client: Client, address: str = "", code: str = "en", **query: str) -> str:
    answer = client.get(f"/{code}/desk/insight/{address}", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_most_frequent_and_those_that_find_nothing_stand_apart(signed):
    keep("homes", 1, 5, results=7)
    keep("homes", 2, 3, results=0, without=3)
    keep("zebra", 3, 4, results=0, without=4)
    keep("once", 1, 1, results=0, without=1)
    keep("old", 45, 9, results=2)
    keep("ενταξη", 1, 2, language="el", results=1)
    keep("", 1, 6, filters="country theme", results=3)
    keep("homes", 1, 2, filters="country", results=0, without=2)
    found = asked(30)
    assert [(row.query, row.filters, row.times, row.results) for row in found.top] == [
        ("homes", (), 8, 7), ("zebra", (), 4, 0), ("homes", ("country",), 2, 0), ("ενταξη", (), 2, 1),
    ]  # fmt: skip
    assert [(row.query, row.filters, row.without) for row in found.unanswered] == [
        ("zebra", (), 4),
        ("homes", ("country",), 2),
    ]
    assert found.filters == [("country", 8), ("theme", 6)]
    assert found.times == 23
    assert asked(90).top[0].query == "old"
    assert [row.query for row in asked(30, "el").top] == ["ενταξη"]
    text = page(signed, days="30")
    assert '<a href="/el/practices/?q=%CE%B5%CE%BD%CF%84%CE%B1%CE%BE%CE%B7" hreflang="el"><bdi>ενταξη</bdi></a>' in text
    assert "23 searches in this time." in text
    assert "once" not in text.replace("asked once only", "").replace("more than once", "")
    assert "Country" in text
    for strange in ({"days": "12"}, {"days": "x", "language": "tlh"}):
        assert "23 searches in this time." in page(signed, **strange)


def test_missed_translations_name_the_practice_in_a_language_it_has(signed):
    by = build.operator()
    practice = build.practice(by, {"el": build.version("Γέφυρες")})
    there = build.practice(by, {"en": build.version("Bridges"), "ar": build.version("جسور")})
    draft = build.practice(by, published=False)
    today = timezone.localdate()
    for one, language, views in ((practice, "ar", 4), (practice, "en", 2), (there, "ar", 3), (draft, "ar", 9)):
        MissedTranslation.objects.create(day=today, practice=one, language=language, views=views)
    rows = missed(30, "sv")
    assert [(row.title, row.title_language, row.language, row.views, row.there) for row in rows] == [
        ("Γέφυρες", "el", "ar", 4, False),
        ("Bridges", "en", "ar", 3, True),
        ("Γέφυρες", "el", "en", 2, False),
    ]
    text = page(signed, "translations/", language="ar")
    assert 'lang="el" dir="ltr">Γέφυρες</a>' in text
    assert text.count("There by now") == 1


@pytest.fixture
def library():
    """Two countries, two top themes of which one has a part, three languages, two years."""
    by = build.operator()
    top, sport = build.theme("services", by), build.theme("sport", by)
    part = build.theme("housing", by)
    part.broader = top
    part.save()
    assert sport.broader is None
    greece, sweden = build.city(country="GR"), build.city(country="SE")
    build.practice(by, {"el": build.version("A"), "en": build.version("A")}, of=greece, themes=["housing", "services"])
    build.practice(by, {"sv": build.version("B")}, of=sweden, themes=["housing", "sport"])
    build.practice(by, {"sv": build.version("C"), "en": build.version("C")}, of=sweden, themes=["sport"])
    build.practice(by, {"sv": build.version("D")}, of=sweden, themes=["sport"], published=False)
    return by


def test_coverage_counts_published_practices_once_in_each_cell(library):
    grid = coverage.themes_by_country("en", "Others")
    assert grid.columns == [("SE", "Sweden"), ("GR", "Greece")]
    assert [(code, figures) for code, _name, figures in grid.rows] == [("services", [1, 1]), ("sport", [2, 0])]
    few = coverage.themes_by_country("en", "Others", most=1)
    assert few.columns == [("SE", "Sweden"), ("…", "Others")]
    assert [figures for _code, _name, figures in few.rows] == [[1, 1], [2, 0]]
    languages = coverage.languages_by_original("en")
    columns = [code for code, _name in languages.columns]
    read = {
        (row, column): figure
        for row, _name, figures in languages.rows
        for column, figure in zip(columns, figures, strict=True)
        if figure
    }
    assert read == {("el", "el"): 1, ("el", "en"): 1, ("sv", "sv"): 2, ("sv", "en"): 1}
    (year,) = coverage.maturity_by_year().rows
    assert year == (str(timezone.now().year), str(timezone.now().year), [3, 0, 0, 0])


def test_coverage_is_drawn_with_its_tables_and_mirrored_in_arabic(signed, library):
    text = page(signed, "coverage/")
    assert text.count('<svg class="plot__drawing"') == 3
    assert text.count("The same as a table") == 3
    assert '<th scope="col" class="number">Sweden</th>' in text
    arabic = page(signed, "coverage/", "ar")
    assert '<html lang="ar" dir="rtl">' in arabic
    # Names end where the drawing begins: on the left here, on the right there.
    ends = [float(re.search(r'plot__name--end" x="([0-9.]+)"', one)[1]) for one in (text, arabic)]
    assert ends[0] < ends[1]


def test_an_empty_library_draws_nothing(signed):
    assert "plot__drawing" not in page(signed, "coverage/")
    assert "Nothing was asked more than once" in page(signed)
    assert "Nobody opened a practice" in page(signed, "translations/")


def table(client: Client, name: str, **query: str) -> list[list[str]]:
    answer = client.get(f"/en/desk/insight/{name}.csv", query)
    assert answer["Content-Disposition"] == f'attachment; filename="koine-{name}.csv"'
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix(BOM), newline="")))


def test_each_table_is_a_file_whose_cells_run_nothing(signed, library):
    keep('=hyperlink("x")', 1, 2, results=0, without=2)
    keep("+49", 40, 3, results=1)
    assert table(signed, "searches", days="30")[1:] == [['\'=hyperlink("x")', "English", "", "2", "2", "0"]]
    assert [row[0] for row in table(signed, "searches", days="90")[1:]] == ["+49", '\'=hyperlink("x")']
    assert len(table(signed, "unanswered", days="90")) == 2
    assert table(signed, "themes") == [["Theme", "Sweden", "Greece"], ["Services", "1", "1"], ["Sport", "2", "0"]]
    assert table(signed, "maturity")[0] == ["Year", "Emerging", "Promising", "Good", "Transferred"]
    assert len(table(signed, "languages")) == 3
    assert table(signed, "translations")[0][0] == "Practice"
    assert signed.get("/en/desk/insight/nothing.csv").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same_queries_for_one_row_and_for_three(signed, number, django_assert_num_queries):
    by = build.operator()
    for n in range(number):
        keep(f"word{n}", 1, 3, results=0, without=3)
        practice = build.practice(by, {"en": build.version("Talk")}, of=build.city(country=["GR", "SE", "IT"][n]))
        MissedTranslation.objects.create(day=timezone.localdate(), practice=practice, language="ar", views=1)
    for address, queries in (("", 7), ("translations/", 5), ("coverage/", 7)):
        page(signed, address)
        with django_assert_num_queries(queries):
            page(signed, address)
