"""The classification's pages in five languages, its filters, its open data, its forms for staff."""

from __future__ import annotations

import pytest
import rdflib
from django.conf import settings
from django.urls import reverse
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from network.languages import CODES, CORE, direction
from practices.domain import ThemeChanges, archive_theme, edit_theme, merge_themes, move_theme
from practices.domain.scheme_files import read_scheme
from practices.models import Concept
from tests.admin.conftest import enter  # noqa: F401  (a fixture)
from tests.admin.typing import fill
from tests.practices import builders as build
from tests.practices.scheme import loaded_scheme, whole_scheme  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_scheme")]

TREE = "/{code}/practices/themes/"


@pytest.mark.parametrize("code", CORE)
def test_the_tree_and_a_concept_speak_the_readers_language(client, code):
    housing = Concept.objects.get(code="housing")
    tree = client.get(TREE.format(code=code)).content.decode()
    assert f'<html lang="{code}" dir="{direction(code)}">' in tree
    assert getattr(housing, f"label_{code}") in tree
    assert tree.count("<details>") >= 15
    text = client.get(TREE.format(code=code) + "housing/").content.decode()
    assert f"<h1>{getattr(housing, f'label_{code}')}</h1>" in text
    assert f'href="/{code}/practices/themes/access-to-services/"' in text
    assert f'href="/{code}/practices/themes/homelessness/"' in text
    assert '<p class="lead" lang="en" dir="ltr">A place to live' in text
    for other in set(CODES) - {code}:
        assert getattr(housing, f"label_{other}").replace("'", "&#x27;") in text, other
    assert f'href="/{code}/practices/?theme=housing"' in text


def branches(page, kind: str = "theme") -> dict[str, int]:
    found = {}

    def walk(parts):
        for branch in parts:
            found[branch.url.split("/")[-2]] = branch.practices
            walk(branch.parts)

    walk(next(tree.branches for tree in page.context["trees"] if tree.kind.value == kind))
    return found


def test_the_tree_stands_in_the_readers_alphabet(client):
    trees = client.get(TREE.format(code="sv")).context["trees"]
    labels = [branch.label for branch in trees[0].branches]
    assert labels.index("Skola och utbildning") < labels.index("Trygghet och förebyggande arbete")
    assert [tree.kind.value for tree in trees] == ["theme", "target_group", "approach"]


@pytest.mark.parametrize("number", [1, 3])
def test_counts_are_of_public_practices_each_once_and_cost_the_same_queries(client, number, django_assert_num_queries):
    by = build.operator()
    for _ in range(number):
        build.practice(by, themes=["housing", "homelessness", "youth"])
    build.practice(by, themes=["housing"], published=False)
    page = client.get(TREE.format(code="en"))
    counts = branches(page)
    assert (counts["access-to-services"], counts["housing"], counts["homelessness"]) == (number, number, number)
    assert (counts["health"], branches(page, "target_group")["age-and-family"]) == (0, number)
    with django_assert_num_queries(0):
        client.get(TREE.format(code="el"))
    with django_assert_num_queries(3):
        text = client.get(TREE.format(code="en") + "housing/").content.decode()
    assert text.count('class="result"') == number


def test_a_filter_takes_what_is_narrower_and_the_three_hold_together(client):
    by = build.operator()
    deep = build.practice(by, themes=["homelessness", "refugees", "mentoring"])
    other = build.practice(by, themes=["health"])
    build.practice(by)

    def slugs(**query):
        return {row.slug for row in client.get("/en/practices/", query).context["found"].rows}

    assert slugs(theme="housing") == {deep.slug}
    assert slugs(theme="access-to-services") == {deep.slug, other.slug}
    assert slugs(group="migrants") == slugs(approach="with-people") == {deep.slug}
    assert slugs(theme="housing", group="migrants", approach="mentoring") == {deep.slug}
    assert slugs(theme="health", group="migrants") == set()
    assert len(slugs(theme="migrants")) == 3  # a target group is no theme: what can't be understood filters nothing
    text = client.get("/en/practices/", {"theme": "homelessness", "group": "refugees"}).content.decode()
    assert "Theme: Homelessness" in text
    assert "Target group: Refugees" in text
    answer = client.get("/api/v1/practices/", {"theme": "housing"}).json()
    assert [row["slug"] for row in answer["results"]] == [deep.slug]


def test_a_merged_code_leads_on_everywhere_and_an_archived_one_says_so(client, django_capture_on_commit_callbacks):
    by = build.operator()
    practice = build.practice(by, themes=["food"])
    kept = build.practice(by, themes=["sport"])
    with django_capture_on_commit_callbacks(execute=True):
        merge_themes(Concept.objects.get(code="food"), Concept.objects.get(code="culture"), by=by, reason="x")
    archive_theme(Concept.objects.get(code="sport"), by=by, reason="x")
    moved = client.get(TREE.format(code="ar") + "food/")
    assert (moved.status_code, moved["Location"]) == (301, "/ar/practices/themes/culture/")
    text = client.get("/en/practices/", {"theme": "food"}).content.decode()
    assert practice.title_en in text
    assert "Theme: Culture and heritage" in text
    page = client.get(TREE.format(code="en") + "sport/").content.decode()
    assert "No longer used" in page
    assert kept.title_en in page
    counts = branches(client.get(TREE.format(code="en")))
    assert "sport" not in counts
    assert "food" not in counts
    assert {row.slug for row in client.get("/en/practices/", {"theme": "sport"}).context["found"].rows} == {kept.slug}
    assert [row["slug"] for row in client.get("/api/v1/practices/", {"theme": "food"}).json()["results"]] == [
        practice.slug
    ]
    assert client.get(TREE.format(code="en") + "nothing/").status_code == 404


def test_an_address_without_a_language_leads_to_the_readers_page_and_no_practice_takes_it(client):
    moved = client.get("/practices/themes/housing/", headers={"Accept-Language": "sv"})
    assert (moved.status_code, moved["Location"]) == (302, "/sv/practices/themes/housing/")
    practice = build.practice(build.operator(), {"en": build.version("Themes")})
    assert practice.slug == "themes-2"
    assert client.get(practice.get_absolute_url()).status_code == 200


def graph(client, route: str, form: str) -> rdflib.Graph:
    response = client.get(reverse(route))
    assert response.status_code == 200
    return rdflib.Graph().parse(data=response.content, format=form)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_both_exports_parse_say_the_same_and_hold_every_concept(client):
    by = build.operator()
    housing = Concept.objects.get(code="housing")
    evil = 'A "quoted" \\ back\\slash'
    edit_theme(
        housing,
        ThemeChanges(hidden={"sv": [evil]}, scope_notes={"sv": f"{evil}\n\nRad\ttvå"}, exact_match=["https://x.example/1"]),
        by=by,
    )  # fmt: skip
    merge_themes(Concept.objects.get(code="food"), Concept.objects.get(code="culture"), by=by, reason="x")
    turtle, json_ld = graph(client, "scheme:turtle", "turtle"), graph(client, "scheme:json_ld", "json-ld")
    assert set(turtle) == set(json_ld)
    base = rdflib.URIRef(f"{settings.KOINE_BASE_URL}/practices/themes/")
    assert (base, RDF.type, SKOS.ConceptScheme) in turtle
    assert turtle.value(base, DCTERMS.license) == rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
    concepts = {str(one).split("/")[-2]: one for one in turtle.subjects(RDF.type, SKOS.Concept)}
    assert set(concepts) == set(Concept.objects.values_list("code", flat=True))
    for concept in concepts.values():
        languages = [label.language for label in turtle.objects(concept, SKOS.prefLabel)]
        assert sorted(languages) == sorted(CODES), concept
    one = concepts["housing"]
    assert rdflib.Literal(evil, "sv") in set(turtle.objects(one, SKOS.hiddenLabel))
    assert rdflib.Literal(f"{evil}\n\nRad\ttvå", "sv") in set(turtle.objects(one, SKOS.scopeNote))
    assert (one, SKOS.exactMatch, rdflib.URIRef("https://x.example/1")) in turtle
    assert (one, SKOS.broader, concepts["access-to-services"]) in turtle
    assert (concepts["access-to-services"], SKOS.narrower, one) in turtle
    assert (concepts["access-to-services"], SKOS.topConceptOf, base) in turtle
    assert (concepts["food"], DCTERMS.isReplacedBy, concepts["culture"]) in turtle
    assert (concepts["food"], OWL.deprecated, rdflib.Literal(True)) in turtle
    # What SKOS asks of a scheme: a label is in one of the two sets only, and nobody is broader than what is broader.
    for concept in concepts.values():
        assert not set(turtle.objects(concept, SKOS.prefLabel)) & set(turtle.objects(concept, SKOS.hiddenLabel))
        for broader in turtle.objects(concept, SKOS.broader):
            assert concept not in turtle.transitive_objects(broader, SKOS.broader)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_both_exports_tell_every_match_of_the_files(client):
    told = {
        (f"{settings.KOINE_BASE_URL}/practices/themes/{one.code}/", relation, match)
        for one in read_scheme()
        for relation, column in ((SKOS.exactMatch, "exact_match"), (SKOS.closeMatch, "close_match"))
        for match in one.said[column]
    }
    assert len(told) >= 150
    for route, form in (("scheme:turtle", "turtle"), ("scheme:json_ld", "json-ld")):
        found = graph(client, route, form)
        assert {
            (str(concept), relation, str(match))
            for relation in (SKOS.exactMatch, SKOS.closeMatch)
            for concept, match in found.subject_objects(relation)
        } == told


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ("In other vocabularies", "Library of Congress subject headings", "nearly the same")),
        ("ar", ("في مفردات أخرى", "رؤوس موضوعات مكتبة الكونغرس", "مشابه جدًّا")),
        ("el", ("Σε άλλα λεξιλόγια", "Θεματικές επικεφαλίδες της Βιβλιοθήκης του Κογκρέσου", "σχεδόν το ίδιο")),
        ("it", ("In altri vocabolari", "Soggettario della Library of Congress", "quasi lo stesso")),
        ("sv", ("I andra vokabulärer", "Library of Congress ämnesord", "nästan detsamma")),
    ],
)
def test_a_concepts_page_names_it_in_other_vocabularies(client, code, words):
    title, library, nearly = words
    text = client.get(TREE.format(code=code) + "media-literacy/").content.decode()
    part = text.partition(f"<h2>{title}</h2>")[2].partition("</section>")[0]
    heading, unesco = part.split("</li>")[:2]
    assert 'href="http://id.loc.gov/authorities/subjects/sh96010160"' in heading
    assert library in heading
    assert '<bdi dir="ltr">sh96010160</bdi>' in heading
    assert nearly not in heading
    assert 'href="http://vocabularies.unesco.org/thesaurus/concept17017"' in unesco
    assert nearly in unesco


def test_a_page_shows_no_empty_list_and_names_an_unknown_vocabulary_by_its_host(
    client, django_capture_on_commit_callbacks
):
    page = TREE.format(code="en") + "rumours/"
    assert "In other vocabularies" not in client.get(page).content.decode()
    rumours, by = Concept.objects.get(code="rumours"), build.operator()
    with django_capture_on_commit_callbacks(execute=True):
        found = ["https://terms.example/9?a=1&b=2", "https://eurovoc.europa.eu/"]
        edit_theme(rumours, ThemeChanges(close_match=found), by=by)
    answer = client.get(page)
    assert 'href="https://terms.example/9?a=1&amp;b=2"' in answer.content.decode()
    assert [(one.vocabulary, one.code, one.same) for one in answer.context["theme"].elsewhere] == [
        ("terms.example", "", False),
        ("eurovoc.europa.eu", "", False),
    ]


def address(page: str, *args) -> str:
    return reverse(f"admin:practices_concept_{page}", args=args)


def test_staff_change_words_and_place_in_one_form(enter):  # noqa: F811
    browser = enter(build.operator())
    sport, by = Concept.objects.get(code="sport"), {"hidden_sv": "boll\nsimhall\n\nBOLL", "label_da": "Sport"}
    sent = fill(browser, address("change", sport.pk), broader="", exact_match="https://x.example/sport", **by)
    assert sent.status_code == 302
    sport.refresh_from_db()
    assert (sport.broader, sport.hidden_labels["sv"], sport.label_da) == (None, ["boll", "simhall"], "Sport")
    assert sport.exact_match == ["https://x.example/sport"]
    bad = fill(browser, address("change", sport.pk), exact_match="not an address")
    assert "Write whole addresses" in bad.content.decode()
    twice = fill(browser, address("change", sport.pk), close_match="https://x.example/sport")
    assert "not both" in twice.content.decode()
    listed = browser.get(address("changelist"), {"q": "simhall"}).context["cl"].queryset
    assert [row.code for row in listed] == ["sport"]
    told = browser.get(address("history", sport.pk)).content.decode()
    assert "boll, simhall" in told


def test_the_list_of_staff_stands_in_the_order_of_the_tree(enter):  # noqa: F811
    rows = list(enter(build.operator()).get(address("changelist"), {"kind": "theme"}).context["cl"].queryset)
    places = {row.code: n for n, row in enumerate(rows)}
    assert (
        places["access-to-services"] < places["housing"] < places["homelessness"] < places["health"] < places["schools"]
    )
    assert [rows[places[code]].depth for code in ("schools", "housing", "homelessness")] == [0, 1, 2]


def test_staff_merge_and_split_by_levers_with_a_reason(enter):  # noqa: F811
    by = build.operator()
    browser, food, culture = enter(by), Concept.objects.get(code="food"), Concept.objects.get(code="culture")
    practices = [build.practice(by, themes=["food"]) for _ in range(2)]
    split = address("act", food.pk, "split")
    assert practices[0].title_en in browser.get(split).content.decode()
    data = {"label_1": "Kitchens", "practices_1": [str(practices[0].pk)], "practices_2": [str(practices[1].pk)]}
    assert "Name the second theme" in browser.post(split, {**data, "reason": "x"}).content.decode()
    data.pop("practices_2")
    assert "reason" in browser.post(split, data).context["form"].errors
    assert browser.post(split, {**data, "reason": "Too broad"}).status_code == 302
    assert set(practices[0].themes.values_list("code", flat=True)) == {"kitchens"}
    merge = address("act", food.pk, "merge")
    assert browser.post(merge, {"into": str(food.pk), "reason": "x"}).context["form"].errors["into"]
    refused = browser.post(merge, {"into": str(Concept.objects.get(code="kitchens").pk), "reason": "x"})
    assert "part of itself" in refused.content.decode()
    move_theme(Concept.objects.get(code="kitchens"), None, by=by)
    assert browser.post(merge, {"into": str(culture.pk), "reason": "Same"}).status_code == 302
    assert set(practices[1].themes.values_list("code", flat=True)) == {"culture"}
    assert browser.get(address("change", food.pk)).context["levers"] == []
