"""What the pages' heads tell machines: schema.org's JSON-LD and Dublin Core."""

from __future__ import annotations

import datetime
import json
import re
from html import unescape

import pytest
import rdflib
from django.utils import timezone

from practices.domain import add_adoption
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
# Of https://schema.org/Article, City, DefinedTerm, Dataset, DataDownload and the others that stand in the pages.
PROPERTIES = {
    "url", "identifier", "headline", "alternativeHeadline", "abstract", "inLanguage", "creator", "publisher", "isPartOf",
    "about", "spatialCoverage", "temporalCoverage", "license", "isAccessibleForFree", "datePublished", "dateModified",
    "encoding", "translationOfWork", "workTranslation", "name", "termCode", "inDefinedTermSet", "address",
    "addressCountry", "contentUrl", "encodingFormat", "description", "includedInDataCatalog", "distribution",
    "mainEntityOfPage", "lastReviewed",
}  # fmt: skip
META = re.compile(r'<meta name="DC\.(\w+)"(?: lang="(\w+)")? content="([^"]*)">')


def data_of(client, path: str) -> dict:
    text = client.get(path).content.decode()
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    return json.loads(block)


def names_in(value) -> set[str]:
    if isinstance(value, list):
        return set().union(*(names_in(one) for one in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    return {name for name in value if not name.startswith("@")} | names_in(list(value.values()))


@pytest.fixture
def bridges():
    by = build.operator()
    build.theme("housing", by, el="Στέγαση")
    practice = build.practice(
        by,
        {code: build.version(f"Bridges {code}", "Words") for code in ("el", "en", "sv")},
        of=build.city("athens", country="GR", el="Αθήνα"),
        themes=["housing"],
        licence="CC-BY-4.0",
        started_on=datetime.date(2017, 1, 1),
        started_precision="year",
        ended_on=datetime.date(2019, 3, 1),
        slug="bridges",
    )
    add_adoption(practice, build.city("malmo"), 2024, by=by)
    return practice


def test_the_original_names_its_translations_and_each_of_them_the_original(client, bridges):
    base = "http://127.0.0.1:8000/{}/practices/bridges/"
    original = data_of(client, "/el/practices/bridges/")
    assert original["@id"] == original["url"] == base.format("el")
    assert [work["@id"] for work in original["workTranslation"]] == [base.format("en"), base.format("sv")]
    assert "translationOfWork" not in original
    for code in ("en", "sv"):
        version = data_of(client, f"/{code}/practices/bridges/")
        assert (version["@id"], version["inLanguage"]) == (base.format(code), code)
        assert version["translationOfWork"]["@id"] == base.format("el")
        assert "workTranslation" not in version
    # Read in a language it is not translated into, the page is the original's.
    assert data_of(client, "/it/practices/bridges/")["@id"] == base.format("el")
    for url in (original["encoding"]["contentUrl"], *(work["url"] for work in original["workTranslation"])):
        assert client.get(url.removeprefix("http://127.0.0.1:8000")).status_code == 200


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_a_practice_says_what_where_when_and_under_which_terms_in_words_that_schema_org_knows(client, bridges):
    data = data_of(client, "/el/practices/bridges/")
    assert names_in(data) <= PROPERTIES
    assert data["about"] == [
        {
            "@type": "DefinedTerm",
            "@id": "http://127.0.0.1:8000/practices/themes/housing/",
            "name": "Στέγαση",
            "termCode": "housing",
            "inDefinedTermSet": "http://127.0.0.1:8000/practices/themes/",
        }
    ]
    assert data["spatialCoverage"]["name"] == data["creator"]["name"] == "Αθήνα"
    assert data["spatialCoverage"]["address"]["addressCountry"] == "GR"
    assert data["temporalCoverage"] == "2017/2019-03-01"
    assert data["mainEntityOfPage"]["lastReviewed"] == timezone.localdate().isoformat()
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert data["identifier"] == [f"http://127.0.0.1:8000/p/{bridges.pk}", bridges.uuid.urn]
    graph = rdflib.Graph().parse(
        data=json.dumps({**data, "@context": {"@vocab": "https://schema.org/"}}), format="json-ld"
    )
    work = rdflib.URIRef(data["@id"])
    assert (work, rdflib.RDF.type, rdflib.URIRef("https://schema.org/Article")) in graph
    assert (work, rdflib.URIRef("https://schema.org/about"), rdflib.URIRef(data["about"][0]["@id"])) in graph


def test_the_head_of_a_page_speaks_dublin_core_in_the_language_that_is_shown(client, bridges):
    text = client.get("/sv/practices/bridges/").content.decode()
    assert '<link rel="schema.DC" href="http://purl.org/dc/elements/1.1/">' in text
    said = [(name, language, unescape(content)) for name, language, content in META.findall(text)]
    assert ("title", "sv", "Bridges sv") in said
    assert ("identifier", "", f"http://127.0.0.1:8000/p/{bridges.pk}") in said
    assert ("rights", "", "https://creativecommons.org/licenses/by/4.0/") in said
    assert ("relation", "", "http://127.0.0.1:8000/cities/malmo/") in said
    assert [content for name, _language, content in said if name == "language"] == ["sv"]


def test_nothing_typed_ends_the_head(client):
    evil = '"><script>alert(1)</script>'
    build.practice(build.operator(), {"en": build.version(evil, evil)}, slug="evil", source=evil)
    text = client.get("/en/practices/evil/").content.decode()
    assert "<script>alert" not in text
    assert ("title", "en", evil) in [(n, lang, unescape(content)) for n, lang, content in META.findall(text)]
    assert data_of(client, "/en/practices/evil/")["headline"] == evil


def test_a_draft_tells_machines_nothing(client):
    by = build.operator()
    build.practice(by, published=False, slug="draft")
    client.force_login(by)
    text = client.get("/en/practices/draft/draft/").content.decode()
    assert "DC.title" not in text
    assert "ld+json" not in text


def test_the_library_tells_how_it_is_handed_out_and_every_way_leads_somewhere(client, bridges):
    data = data_of(client, "/el/practices/")
    assert names_in(data) <= PROPERTIES
    assert data["@type"] == "Dataset"
    kinds = set()
    for way in data["distribution"]:
        answer = client.get(way["contentUrl"].removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200
        assert answer["Content-Type"].partition(";")[0] == way["encodingFormat"]
        kinds.add(way["encodingFormat"])
    assert {"text/csv", "application/json", "application/atom+xml", "text/xml"} <= kinds
    assert "ld+json" not in client.get("/el/practices/", {"theme": "housing"}).content.decode()
