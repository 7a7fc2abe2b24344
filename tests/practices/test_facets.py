"""The filters of the list with their counts: what each choice would leave."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from network.membership.models import Membership, MembershipDecision, Network
from practices.domain import ResultFields, add_adoption, add_result, create_theme, move_theme
from practices.enums import Facet
from practices.models import Concept, Practice, SearchEntry, SearchWord
from practices.models.search import COMMON
from practices.queries import finding, spelling
from practices.queries.finding import find
from practices.queries.listing import listing
from practices.queries.matching import block_lexemes, key_lexeme, parse
from practices.queries.wanted import Wanted
from practices.rules.facets import code_of, cost_band, key, letters, value_of
from practices.tasks import refresh
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def library():
    """Five practices of three cities."""
    by = build.operator()
    people = create_theme("people", {"en": "People"}, by=by)
    create_theme("youth", {"en": "Youth"}, by=by, broader=people)
    create_theme("elders", {"en": "Elders"}, by=by, broader=people)
    build.theme("housing", by)
    athens = build.city("athens", country="GR", el="Αθήνα")
    malmo = build.city("malmo", country="SE", en="Malmö")
    lund = build.city("lund", country="SE")
    long_ago = {"started_on": datetime.date(2012, 5, 1)}
    return {
        "roof": build.practice(by, {"el": build.version("Στέγη school")}, of=athens, themes=["housing"], **long_ago),
        "ball": build.practice(by, {"sv": build.version("Boll school")}, of=malmo, themes=["youth", "elders"]),
        "tak": build.practice(
            by,
            {"sv": build.version("Tak"), "en": build.version("Roof school")},
            of=malmo,
            themes=["housing", "elders"],
            **long_ago,
        ),
        "lund": build.practice(by, {"en": build.version("Lund")}, of=lund, started_on=datetime.date(2020, 1, 1)),
        "draft": build.practice(by, of=lund, themes=["housing"], published=False),
    }


def offered(code: str = "en", **wanted) -> dict[str, dict[str, int | None]]:
    """What each filter offers, with its counts."""
    wanted = {name: (value,) if isinstance(value, str) and name != "sort" else value for name, value in wanted.items()}
    if "q" in wanted:
        wanted["query"] = parse(wanted.pop("q")[0])
    found = listing(Wanted(**wanted), code, filters=True)
    return {one.name: {option.value: option.count for option in one.options} for one in found.filters}


def test_every_choice_says_how_many_practices_it_would_leave(library):
    assert offered() == {
        "theme": {"people": 2, "youth": 1, "elders": 2, "housing": 2},
        "group": {}, "approach": {}, "network": {},
        "label": {},
        "country": {"GR": 1, "SE": 3}, "city": {"malmo": 2, "athens": 1, "lund": 1},
        "maturity": {"emerging": 4}, "year": {"2020": 1, "2012": 2}, "cost": {"unknown": 4},
        "original": {"el": 1, "sv": 2, "en": 1}, "readable": {"on": 2},
    }  # fmt: skip
    assert offered("sv")["readable"] == {"on": 2}
    assert offered("fi")["readable"] == {}


def test_a_concept_counts_each_practice_of_what_is_narrower_once(library):
    # "ball" is of both parts of "people".
    assert offered(theme="people")["country"] == {"SE": 2}


def test_a_filter_in_force_still_offers_its_other_values_by_what_the_others_leave(library):
    found = offered(country="SE", theme="housing")
    assert found["country"] == {"GR": 1, "SE": 1}
    assert found["theme"] == {"people": 2, "youth": 1, "elders": 2, "housing": 1}
    assert found["city"] == {"malmo": 1}
    assert offered(city="malmo")["city"] == {"malmo": 2, "athens": 1, "lund": 1}
    assert offered(readable=True)["readable"] == {"on": 2}


def test_counts_go_with_the_query(library):
    assert offered(q="school")["city"] == {"malmo": 2, "athens": 1}
    assert offered(q="school", country="SE")["country"] == {"GR": 1, "SE": 2}
    assert offered(q="nothing like it")["country"] == {}


def test_what_is_in_force_is_offered_even_where_it_leaves_nothing(library):
    assert offered(q="school", country="FI")["country"] == {"FI": 0, "GR": 1, "SE": 2}
    assert offered(q="school", city="Αθηνα")["city"] == {"Αθηνα": None, "malmo": 2, "athens": 1}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("theme=housing&theme=youth", {"roof", "ball", "tak"}),
        ("theme=housing&theme=youth&country=SE", {"ball", "tak"}),
        ("country=GR&country=SE&year=2012", {"roof", "tak"}),
        ("year=2012&year=2020", {"roof", "tak", "lund"}),
        ("city=lund&city=Αθήνα", {"lund", "roof"}),
        ("original=el&original=en", {"roof", "lund"}),
        ("theme=people&theme=nothing", {"ball", "tak"}),
        ("year=20x0&year=%D9%A2%D9%A0%D9%A1%D9%A2&network=none&cost=free", {"roof", "ball", "tak", "lund"}),
    ],
)
def test_values_of_one_filter_are_alternatives_and_filters_hold_together(client, library, asked, names):
    response = client.get(f"/en/practices/?{asked}")
    assert {row.slug for row in response.context["found"].rows} == {library[name].slug for name in names}


def test_a_network_is_that_of_the_city_today(client, library):
    network = Network.objects.create(slug="north", kind="coalition", name_en="North")
    past = Network.objects.create(slug="past", kind="coalition", name_en="Past")
    today = timezone.localdate()
    for number, (one, kind) in enumerate([(network, "approve"), (past, "approve"), (past, "withdraw")]):
        tie, _new = Membership.objects.get_or_create(city=library["ball"].city, network=one)
        MembershipDecision.objects.create(
            membership=tie, kind=kind, effective_on=today - datetime.timedelta(days=9 - number)
        )
    assert offered()["network"] == {"north": 2}
    assert offered(network="north")["city"] == {"malmo": 2}
    assert offered(network="north", country="GR")["network"] == {"north": 0}
    page = client.get("/en/practices/?network=north&network=past")
    assert {row.slug for row in page.context["found"].rows} == {library["ball"].slug, library["tak"].slug}
    assert "Network: North" in page.content.decode()
    assert client.get("/en/practices/?network=past").context["found"].total == 0


def test_counts_follow_what_changes_beside_the_texts(library):
    by = build.operator()
    before = dict(SearchEntry.objects.values_list("pk", "indexed_at"))
    add_adoption(library["lund"], library["ball"].city, 2024, by=by)
    add_result(library["lund"], ResultFields(value=Decimal(2), baseline=Decimal(1), indicator={"en": "Trust"}), by=by)
    assert offered()["maturity"] == {"emerging": 3, "promising": 1}
    assert find(Wanted(sort="reused"), "en", 20, 0).ids[0] == library["lund"].pk
    assert find(Wanted(sort="newest"), "en", 20, 0).ids == sorted(
        (library[name].pk for name in ("roof", "ball", "tak", "lund")), reverse=True
    )
    # The texts were not read again for it.
    assert dict(SearchEntry.objects.values_list("pk", "indexed_at")) == before
    assert find(Wanted(query=parse("lund")), "en", 20, 0).ids == [library["lund"].pk]


def test_a_concept_that_moves_takes_its_counts_along(library, django_capture_on_commit_callbacks):
    by = build.operator()
    housing, youth = (Concept.objects.get(code=code) for code in ("housing", "youth"))
    with django_capture_on_commit_callbacks(execute=True):
        move_theme(youth, housing, by=by)
    assert offered()["theme"] == {"people": 2, "elders": 2, "housing": 3, "youth": 1}


def test_rows_of_an_earlier_version_are_made_anew(library):
    SearchEntry.objects.filter(practice=library["roof"]).update(form=0, keys=[])
    SearchEntry.objects.filter(practice=library["lund"]).delete()
    assert offered()["country"] == {"SE": 2}
    refresh()
    assert offered()["country"] == {"GR": 1, "SE": 3}


@pytest.mark.parametrize("number", [1, 3])
def test_filters_in_force_cost_no_statement_more(client, number, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(spelling, "FEW", 1)
    by = build.operator()
    build.theme("housing", by)
    place = build.city("malmo", country="SE")
    for _ in range(number):
        build.practice(by, {"en": build.version("School")}, of=place, themes=["housing"])
    client.get("/en/practices/?q=street")  # what is kept until content changes
    with django_assert_num_queries(2):
        text = client.get("/en/practices/?q=school&theme=housing&country=SE&maturity=emerging").content.decode()
    assert text.count(f'<span class="choice__count">{number}</span>') >= 5


def test_the_page_says_of_how_many_the_numbers_are(client, library, monkeypatch):
    assert "Numbers count the newest" not in client.get("/en/practices/?q=school").content.decode()
    monkeypatch.setattr(finding, "LATEST", 2)
    text = client.get("/en/practices/?q=school&again=1").content.decode()
    assert "Numbers count the newest 2 of these practices." in text
    assert "3 practices" in text


def test_a_large_library_is_searched_newest_first_until_there_is_enough(library, monkeypatch):
    """Rows of 40,000 practices, far apart in age, as if they were found by one word; the old one is one of a kind."""
    entry = SearchEntry.objects.filter(practice=library["lund"]).get()

    def words(n: int, pk: int) -> list[str]:
        return [
            "school",
            "o#1",
            key_lexeme(key(Facet.COUNTRY, letters("SE"))),
            *(["old"] if n == 1 else []),
            *block_lexemes(pk),
        ]

    rows = [
        SearchEntry(
            practice_id=library["lund"].pk + 10 * n,
            language="en",
            keys=entry.keys,
            tsv=" ".join(f"'{one}'" for one in words(n, library["lund"].pk + 10 * n)),
            published_at=entry.published_at + datetime.timedelta(minutes=n),
        )
        for n in range(1, 4001)
    ]
    with connection.cursor() as cursor:  # the rows stand alone: no practice is behind them, and the test is undone
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    SearchEntry.objects.bulk_create(rows)
    monkeypatch.setattr(finding, "COUNTED", 100)
    found = find(Wanted(query=parse("school")), "en", 20, 0, counts=True)
    assert found.total > 100
    assert found.total < 3000
    assert found.ids[0] == rows[-1].practice_id
    assert find(Wanted(query=parse("old")), "en", 20, 0).ids == [rows[0].practice_id]
    monkeypatch.setattr(finding, "COUNTED", 10_000)
    wanted = Wanted(query=parse("school"))
    found = find(wanted, "en", 20, 0, counts=True)
    assert (found.total, found.counted) == (4000 + 3, finding.LATEST)
    assert found.counts_of("maturity")[key(Facet.MATURITY, 1)] == finding.LATEST
    # What is only counted on the first pages is found on the last ones: each once, in one order.
    pages = [one for offset in range(0, 4003, 500) for one in find(wanted, "en", 500, offset).ids]
    assert len(pages) == len(set(pages)) == 4003
    assert pages[-1] == min(pages)
    # A word that many had when words were counted last is not counted anew, unless something narrows it.
    SearchWord.objects.create(language="en", form="school", practices=COMMON, near=[])
    cache.clear()
    assert find(wanted, "en", 20, 0).total == 10_001
    assert find(replace(wanted, country=("SE",)), "en", 20, 0).total == 4000 + 2
    assert find(Wanted(query=parse("school old")), "en", 20, 0).total == 1
    SearchWord.objects.update(practices=COMMON - 1)
    cache.clear()
    assert find(wanted, "en", 20, 0).total == 4000 + 3
    SearchEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()


@pytest.mark.parametrize(
    ("total", "yearly", "currency", "band"),
    [
        (None, None, "", "unknown"), (0, None, "EUR", "under-10000"), (9999, 300_000, "EUR", "under-10000"),
        (10_000, None, "EUR", "10000-50000"), (50_000, None, "EUR", "50000-250000"), (None, 250_000, "EUR", "over-250000"),
        (5, None, "SEK", "other-currency"),
    ],
)  # fmt: skip
def test_a_cost_band_is_of_euro_of_the_cost_in_all_else_of_a_year(total, yearly, currency, band):
    practice = Practice(total_cost=total, yearly_cost=yearly, currency=currency)
    assert cost_band(practice) == band


def test_keys_are_numbers_and_back():
    assert code_of(letters("GR")) == "GR"
    assert value_of(key(Facet.YEAR, 2019)) == 2019
    assert key(Facet.COST, 0xFFFFFF) < 2**31


def test_htmx_gets_results_and_counts_and_choices_are_safe(client):
    by = build.operator()
    build.practice(by, of=build.city("x", en="<b>Bad & city</b>"))
    part = client.get("/en/practices/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="filters-facets"' in part
    assert "&lt;b&gt;Bad &amp; city&lt;/b&gt;" in part
    text = client.get("/en/practices/", {"city": '"><script>'}).content.decode()
    assert '<script>"' not in text
    assert 'value="&quot;&gt;&lt;script&gt;"' in text
