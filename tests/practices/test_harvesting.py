"""The library for harvesters: an independent client gets everything, learns of what is gone, and misses no change."""

from __future__ import annotations

import datetime

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from sickle.oaiexceptions import NoRecordsMatch

from practices.domain import (
    PracticeFacts,
    add_adoption,
    archive_practice,
    edit_practice,
    move_theme,
    rename_theme,
    restore_practice,
    set_texts,
)
from practices.models import Concept, HarvestRecord, Practice, PracticeNarrative
from practices.queries.harvest import PER_PAGE
from tests.practices import builders as build
from tests.practices.harvesting import DC, LANG, OAI, Harvester, ask, code, judged, settle

pytestmark = pytest.mark.django_db


def many(number: int) -> None:
    """Public practices in bulk, a second apart."""
    home, first = build.city(country="GR"), Practice.objects.count()
    made = Practice.objects.bulk_create(
        Practice(
            slug=f"bulk-{first + n}", city=home, state="published", published_at=timezone.now(), original_language="en",
            languages=["en"], title_en=f"Bulk {first + n}", summary_en="Summary",
        )
        for n in range(number)
    )  # fmt: skip
    PracticeNarrative.objects.bulk_create(PracticeNarrative(practice=practice) for practice in made)
    for n, practice in enumerate(made):
        moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(seconds=n // 3)
        HarvestRecord.objects.filter(practice=practice).update(datestamp=moment)


def identifiers(client, **arguments) -> list[str]:
    answer = ask(client, **{"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **arguments})
    return [found.text for found in answer.iter(f"{OAI}identifier")]


def said(answer, element: str) -> list[tuple[str | None, str]]:
    return [(one.get(LANG), one.text) for one in answer.iter(f"{DC}{element}")]


def get(client, practice):
    return ask(client, verb="GetRecord", identifier=practice.uuid.urn, metadataPrefix="oai_dc")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_independent_client_harvests_every_practice_once(client, method):
    many(2 * PER_PAGE + 30)
    harvester = Harvester(client, method)
    records = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert len(records) == 2 * PER_PAGE + 30
    assert harvester.asked == 3
    assert {record.header.identifier for record in records} == {
        uuid.urn for uuid in Practice.objects.values_list("uuid", flat=True)
    }
    assert {record.metadata["title"][0] for record in records} == set(
        Practice.objects.values_list("title_en", flat=True)
    )
    headers = list(harvester.ListIdentifiers(metadataPrefix="oai_dc"))
    assert [header.identifier for header in headers] == [record.header.identifier for record in records]
    stamps = [header.datestamp for header in headers]
    assert stamps == sorted(stamps)
    identity = harvester.Identify()
    assert (identity.protocolVersion, identity.deletedRecord) == ("2.0", "persistent")
    assert identity.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert identity.earliestDatestamp == stamps[0]
    assert [one.metadataPrefix for one in harvester.ListMetadataFormats()] == ["oai_dc"]
    assert "country-GR" in {one.setSpec for one in harvester.ListSets()}


def test_a_list_tells_how_long_it_is_and_ends_with_an_empty_token(client):
    many(PER_PAGE + 1)
    first = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")[-1]
    assert (first.get("completeListSize"), first.get("cursor")) == (str(PER_PAGE + 1), "0")
    last = ask(client, verb="ListIdentifiers", resumptionToken=first.text)[-1]
    assert (last.get("completeListSize"), last.get("cursor"), last.text) == (str(PER_PAGE + 1), str(PER_PAGE), None)


def test_what_changes_while_somebody_harvests_is_told_at_the_end_and_nothing_is_left_out(client):
    many(PER_PAGE + 5)
    answer = ask(client, verb="ListRecords", metadataPrefix="oai_dc")
    early, late = Practice.objects.get(slug="bulk-3"), Practice.objects.get(slug=f"bulk-{PER_PAGE + 1}")
    for practice in (early, late):
        Practice.objects.filter(pk=practice.pk).update(title_en="Changed")
    settle()
    rest = ask(client, verb="ListRecords", resumptionToken=answer[-1].text)
    told = [found.text for found in rest.iter(f"{OAI}identifier") if found.text.startswith("urn:uuid")]
    assert set(told[-2:]) == {early.uuid.urn, late.uuid.urn}
    titles = [text for _lang, text in said(rest, "title")]
    assert titles == [f"Bulk {PER_PAGE + n}" for n in (0, 2, 3, 4)] + ["Changed", "Changed"]


def test_a_list_whose_rest_moved_away_tells_the_last_one_again_instead_of_nothing(client):
    many(PER_PAGE + 1)
    first = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", until="2026-02-01")
    Practice.objects.filter(slug=f"bulk-{PER_PAGE}").update(title_en="Changed")
    last = ask(client, verb="ListIdentifiers", resumptionToken=first[-1].text)
    assert last.find(f".//{OAI}identifier").text == first[-2].find(f"{OAI}identifier").text
    assert last[-1].text is None


def test_a_record_says_in_every_complete_language_what_dublin_core_asks_for(client):
    by = build.operator()
    athens = build.city("athens", country="GR", el="Αθήνα", native="Αθήνα", native_language="el")
    build.theme("housing", by, el="Στέγαση")
    practice = build.practice(
        by,
        {
            "el": build.version("Γέφυρες & <δρόμοι>", "Λόγια", strapline="Πάνω από το νερό"),
            "en": build.version("Bridges", "Words"),
            "sv": {"title": "Broar"},
        },
        of=athens,
        themes=["housing"],
        started_on=datetime.date(2017, 6, 1),
        started_precision="month",
        licence="CC-BY-4.0",
        source="A book",
    )
    add_adoption(practice, build.city("malmo"), 2024, by=by)
    answer = get(client, practice)
    assert said(answer, "title") == [("el", "Γέφυρες & <δρόμοι>"), ("en", "Bridges")]
    assert said(answer, "description") == [("el", "Πάνω από το νερό"), ("el", "Λόγια"), ("en", "Words")]
    assert said(answer, "creator") == [("el", "Αθήνα"), ("en", "Athens")]
    theme = "http://127.0.0.1:8000/practices/themes/housing/"
    assert said(answer, "subject") == [("el", "Στέγαση"), ("en", "Housing"), (None, theme)]
    assert said(answer, "coverage") == [("el", "Αθήνα, Ελλάδα"), ("en", "Athens, Greece"), (None, "2017-06/..")]
    assert said(answer, "rights") == [(None, "https://creativecommons.org/licenses/by/4.0/")]
    short = f"http://127.0.0.1:8000/p/{practice.pk}"
    assert said(answer, "identifier") == [(None, short), (None, practice.uuid.urn)]
    assert said(answer, "relation") == [(None, "http://127.0.0.1:8000/cities/malmo/")]
    assert said(answer, "language") == [(None, "el"), (None, "en")]
    assert said(answer, "source") + said(answer, "type") == [(None, "A book"), (None, "Text")]
    assert [spec.text for spec in answer.iter(f"{OAI}setSpec")] == ["theme-housing", "country-GR"]
    assert client.get(f"/p/{practice.pk}").status_code == 302


def test_a_demonstration_says_so_and_reserved_rights_too(client):
    answer = get(client, build.practice(build.operator(), demo=True, licence="reserved"))
    assert said(answer, "description")[0] == ("en", "Demonstration: it did not happen")
    assert said(answer, "rights") == [("en", "All rights reserved: ask the city")]


def test_characters_that_xml_cannot_hold_break_nothing(client):
    practice = build.practice(build.operator(), {"en": build.version("A\ufffeB", "Line\x0bfeed ]]> &amp; \U0001f600")})
    Practice.objects.filter(pk=practice.pk).update(source="\x01\x0c")
    answer = get(client, practice)
    assert said(answer, "title") == [("en", "AB")]
    assert "]]> &amp; \U0001f600" in said(answer, "description")[0][1]


def test_what_is_archived_is_told_as_deleted_for_ever_and_a_draft_never(client):
    by = build.operator()
    build.theme("housing", by)
    gone, kept = (build.practice(by, themes=["housing"]) for _ in range(2))
    draft = build.practice(by, published=False)
    set_texts(draft, "en", {"title": "Still a draft"}, by=by)
    archive_practice(draft, by=by)
    settle()
    before = HarvestRecord.objects.get(practice=gone).datestamp
    archive_practice(gone, by=by)
    assert HarvestRecord.objects.get(practice=gone).datestamp > before
    settle()
    told = {record.header.identifier: record for record in Harvester(client).ListRecords(metadataPrefix="oai_dc", set="theme-housing")}  # fmt: skip
    assert {name: record.header.deleted for name, record in told.items()} == {gone.uuid.urn: True, kept.uuid.urn: False}
    assert get(client, gone).find(f".//{OAI}header").get("status") == "deleted"
    assert get(client, gone).find(f".//{OAI}metadata") is None
    assert code(get(client, draft)) == "idDoesNotExist"
    assert code(ask(client, verb="ListMetadataFormats", identifier=draft.uuid.urn)) == "idDoesNotExist"
    # Out of the archive it is a draft again: what is written in it now moves nothing.
    stamp = HarvestRecord.objects.get(practice=gone).datestamp
    set_texts(restore_practice(gone, by=by), "en", {"title": "Secret"}, by=by)
    assert HarvestRecord.objects.get(practice=gone).datestamp == stamp
    assert get(client, gone).find(f".//{OAI}header").get("status") == "deleted"
    assert "Secret" not in client.get("/oai", {"verb": "ListRecords", "metadataPrefix": "oai_dc"}).content.decode()


def test_the_datestamp_moves_with_whatever_is_told_and_with_nothing_else(client):
    by = build.operator()
    home, other = build.city("athens"), build.city("malmo")
    theme = build.theme("housing", by)
    practice = build.practice(by, of=home, themes=["housing"])
    facts = PracticeFacts(themes=("housing",))

    def moved(change) -> bool:
        HarvestRecord.objects.update(datestamp=F("datestamp") - datetime.timedelta(days=1))
        before = HarvestRecord.objects.get(practice=practice).datestamp
        change()
        return HarvestRecord.objects.get(practice=practice).datestamp > before

    def set_city(city, **fields):
        for name, value in fields.items():
            setattr(city, name, value)
        city.save()

    assert moved(lambda: set_texts(practice, "en", {"title": "Another"}, by=by))
    assert moved(lambda: set_texts(practice, "el", {"title": "Άλλο"}, by=by))
    assert moved(lambda: edit_practice(practice, PracticeFacts(themes=("housing",), licence="CC0-1.0"), by=by))
    assert moved(lambda: edit_practice(practice, PracticeFacts(), by=by))
    assert moved(lambda: edit_practice(practice, facts, by=by))
    assert moved(lambda: rename_theme(theme, {"el": "Στέγη"}, by=by))
    assert moved(lambda: add_adoption(practice, other, 2024, by=by))
    assert moved(lambda: set_city(home, name_el="Αθήνα"))
    assert moved(lambda: set_city(other, name_el="Μάλμε"))
    assert moved(lambda: set_city(home, archived_at=timezone.now()))
    assert get(client, practice).find(f".//{OAI}header").get("status") == "deleted"
    assert not moved(lambda: Practice.objects.filter(pk=practice.pk).update(source=practice.source))
    assert not moved(lambda: set_city(build.city(), name_el="Αλλού"))
    assert not moved(lambda: build.practice(by, of=other, themes=["housing"]))
    assert moved(lambda: Practice.objects.filter(pk=practice.pk).delete())
    assert get(client, practice).find(f".//{OAI}header").get("status") == "deleted"


def test_a_change_is_told_from_a_second_on_that_has_not_come_when_it_was_made(client):
    practice = build.practice(build.operator())
    stamp = HarvestRecord.objects.get(practice=practice).datestamp
    assert datetime.timedelta(seconds=5) <= stamp - timezone.now() + datetime.timedelta(seconds=1)
    assert stamp.microsecond == 0
    assert code(ask(client, verb="ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"
    assert get(client, practice).find(f".//{OAI}metadata") is not None
    settle()
    assert identifiers(client) == [practice.uuid.urn]


def test_from_and_until_include_their_second_and_their_day(client):
    many(4)  # three in the first second of the year, one in the next
    for arguments, found in (
        ({"from_": "2026-01-01"}, 4),
        ({"from_": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, 3),
        ({"from_": "2026-01-01T00:00:01Z"}, 1),
        ({"until": "2026-01-01T00:00:00Z"}, 3),
        ({"from_": "2026-01-01", "until": "2026-01-01"}, 4),
        ({"from_": "0001-01-01", "until": "9999-12-31"}, 4),
    ):
        assert len(identifiers(client, **arguments)) == found, arguments
    for arguments in ({"from_": "2026-01-02"}, {"until": "2025-12-31"}, {"set_": "country-SE"}, {"set_": "theme-none"}):
        answer = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **arguments)
        assert code(answer) == "noRecordsMatch", arguments
    with pytest.raises(NoRecordsMatch):
        Harvester(client).ListRecords(**{"metadataPrefix": "oai_dc", "from": "2999-01-01"})


def test_a_set_of_a_theme_holds_what_is_narrower_and_speaks_every_language(client):
    by = build.operator()
    housing = build.theme("housing", by, el="Στέγαση")
    build.theme("homelessness", by)
    move_theme(Concept.objects.get(code="homelessness"), housing, by=by)
    practice = build.practice(by, themes=["homelessness"], of=build.city(country="SE"))
    settle()
    header = get(client, practice).find(f".//{OAI}header")
    specs = [spec.text for spec in header.iter(f"{OAI}setSpec")]
    assert specs == ["theme-housing", "theme-homelessness", "country-SE"]
    for spec in specs:
        assert identifiers(client, set=spec) == [practice.uuid.urn]
    sets = {one.findtext(f"{OAI}setSpec"): one for one in ask(client, verb="ListSets")}
    assert set(specs) <= set(sets)
    assert ("el", "Στέγαση") in said(sets["theme-housing"], "title")
    assert sets["country-SE"].findtext(f"{OAI}setName") == "Sweden"
    assert code(ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set="group-housing")) == "noRecordsMatch"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "badVerb"),
        ("verb=", "badVerb"),
        ("verb=listrecords", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&verb=ListSets", "badVerb"),
        ("metadataPrefix=oai_dc", "badVerb"),
        ("verb=Identify&identifier=urn:a", "badArgument"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&metadataPrefix=%20", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20b", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=no:such:set", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=0000-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00:00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T25:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00:00.5Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=%D9%A2%D9%A0%D9%A2%D9%A6-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01&until=2026-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-02&until=2026-01-01", "badArgument"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=urn:uuid:1", "badArgument"),
        ("verb=GetRecord&identifier=no%20uri&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&identifier=oai:elsewhere:1&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=urn:uuid:x&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=GetRecord&identifier=urn:uuid:00000000-0000-4000-8000-000000000000&metadataPrefix=oai_dc", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=urn:x:1", "idDoesNotExist"),
    ],
)  # fmt: skip
def test_what_breaks_the_rules_gets_the_protocols_own_code(client, query, expected):
    many(1)
    response = client.get(f"/oai?{query}")
    assert code(judged(response)) == expected
    assert code(judged(client.post("/oai", query, content_type="application/x-www-form-urlencoded"))) == expected
    echoed = response.content.decode().partition("<request")[2].partition(">")[0]
    if expected in {"badVerb", "badArgument", "badResumptionToken"}:
        assert echoed == ""
    else:
        assert "verb=" in echoed


def test_a_token_serves_its_own_list_only_and_nobody_can_write_one(client):
    many(PER_PAGE + 1)
    token = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")[-1].text
    for wrong in (token[:-1], token + "x", "x" * 900, "x" * 20_000, token.replace(":", ";"), "\ud7ff"):
        assert code(ask(client, verb="ListIdentifiers", resumptionToken=wrong)) == "badResumptionToken"
    assert code(ask(client, verb="ListRecords", resumptionToken=token)) == "badResumptionToken"
    assert code(ask(client, verb="ListIdentifiers", resumptionToken=[token, token])) == "badArgument"
    for _ in range(2):
        assert ask(client, verb="ListIdentifiers", resumptionToken=token).tag == f"{OAI}ListIdentifiers"


def test_it_answers_at_one_address_to_readers_and_forms_only_and_asks_the_greedy_to_wait(client, monkeypatch):
    assert judged(client.get("/oai/?verb=Identify")).tag == f"{OAI}Identify"
    assert client.head("/oai?verb=Identify").status_code == 200
    assert client.put("/oai?verb=Identify").status_code == 405
    # Arguments of a form stand in the form.
    assert code(judged(client.post("/oai?verb=Identify"))) == "badVerb"
    assert code(judged(client.post("/oai", "{}", content_type="application/json"))) == "badVerb"
    monkeypatch.setattr("practices.views.harvest.MOST", 1)
    waiting = client.get("/oai?verb=Identify")
    assert waiting.status_code == 503
    assert int(waiting["Retry-After"]) > 0


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_a_page_of_a_hundred_costs_as_many_queries_as_one_record(client, verb):
    by = build.operator()
    build.theme("housing", by)
    build.practice(by, themes=["housing"])
    HarvestRecord.objects.update(datestamp=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC))
    asked = {"verb": verb, "metadataPrefix": "oai_dc", "set": "country-SE"}
    counts = []
    for more in (0, 0, PER_PAGE):
        many(more)
        with CaptureQueriesContext(connection) as captured:
            assert ask(client, **{**asked, "set": "country-GR" if more else "country-SE"}).tag == f"{OAI}{verb}"
        counts.append(len(captured))
    assert counts[1] == counts[2] == (6 if verb == "ListRecords" else 5), counts
