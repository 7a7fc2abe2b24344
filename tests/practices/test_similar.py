"""Practices like another one: by what they are about and by their rare words, whatever their language."""

from __future__ import annotations

import pytest

from practices.domain import create_theme
from practices.domain.words import count_words
from practices.models import Concept, Practice
from practices.queries.similar import Alike, find_similar
from tests.practices import builders as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def themes():
    """Concepts with Greek and Swedish names: children and peace are common below, boats are rare."""
    by = build.operator()
    named = {"peace": ("Ειρήνη", "Fred"), "children": ("Παιδιά", "Barn"), "boats": ("Βάρκες", "Båtar")}
    return {code: build.theme(code, by, el=el, sv=sv).pk for code, (el, sv) in named.items()}


def alike(practice) -> list[int]:
    return [one.id for one in similar(practice)]


def similar(practice) -> list[Alike]:
    return find_similar(practice, list(practice.themes.order_by("pk").values_list("pk", flat=True)))


def english(title: str, summary: str = "", **facts: object) -> Practice:
    return build.practice(build.operator(), {"en": build.version(title, summary or "–")}, **facts)


def test_a_rare_theme_that_is_shared_says_more_than_common_ones(themes):
    mine = english("One", themes=["peace", "boats"])
    rare = english("Two", themes=["boats"])
    common = [english(f"Common {n}", themes=["peace"]) for n in range(4)]
    both = english("Three", themes=["peace", "boats"])
    assert alike(mine)[:2] == [both.pk, rare.pk]
    assert alike(mine)[2] in {one.pk for one in common}
    assert similar(mine)[0].concepts == (themes["boats"], themes["peace"])


def test_rare_words_decide_among_those_that_share_the_same_themes(themes):
    mine = english("Lighthouse keepers", "Keepers tell stories.", themes=["peace"])
    like = english("A lighthouse for stories", themes=["peace"])
    for n in range(5):
        english(f"Newer {n}", themes=["peace"])
    count_words()
    assert alike(mine)[0] == like.pk


def test_words_alone_find_what_shares_no_theme_and_say_so(client, themes):
    mine = english("Lighthouse keepers", themes=["peace"])
    like = english("A lighthouse at night", themes=["children"])
    english("Something else", themes=["children"])
    count_words()
    assert similar(mine) == [Alike(like.pk, ())]
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "Written in similar words." in page


def test_what_is_written_about_the_same_thing_in_another_language_is_like_it(themes):
    mine = english("Boats for all", "We build boats with neighbours.")
    greek = build.practice(build.operator(), {"el": build.version("Στο λιμάνι", "Χτίζουμε.")}, themes=["boats"])
    build.practice(build.operator(), {"el": build.version("Κήποι", "Φυτεύουμε δέντρα.")})
    assert similar(mine) == [Alike(greek.pk, (themes["boats"],))]


def test_it_is_never_itself_and_no_city_fills_the_list(themes):
    malmo, lund = build.city("malmo"), build.city("lund")
    mine = english("Mine", of=malmo, themes=["boats"])
    for n in range(4):
        english(f"Sibling {n}", of=malmo, themes=["boats"])
    assert alike(mine) == [], "nothing but the own city"
    theirs = [english(f"Theirs {n}", of=lund, themes=["boats"]) for n in range(3)]
    found = alike(mine)
    assert len(found) == 2
    assert mine.pk not in found
    assert len(set(found) & {one.pk for one in theirs}) == 1


def test_only_public_practices_of_kept_cities_are_like_it(themes):
    mine = english("Mine", themes=["boats"])
    english("Draft", themes=["boats"], published=False)
    gone = english("Gone", themes=["boats"])
    gone.city.archived_at = gone.updated_at
    gone.city.save()
    assert alike(mine) == []
    there = english("There", themes=["boats"])
    assert alike(mine) == [there.pk]


def test_a_draft_has_what_is_like_its_themes(themes):
    there = english("There", themes=["boats"])
    assert alike(english("Draft", themes=["boats"], published=False)) == [there.pk]
    assert alike(english("Without any", published=False)) == []


def test_a_card_says_what_it_shares_in_the_readers_language(client, themes):
    mine = english("Mine", themes=["boats", "peace"])
    english("Theirs", themes=["boats", "peace"])
    english("Other", themes=["peace"])
    page = client.get(mine.get_absolute_url()).content.decode()
    assert "Shares: Boats, Peace." in page
    page = client.get(mine.get_absolute_url().replace("/en/", "/sv/")).content.decode()
    assert "Båtar, Fred" in page


def test_a_card_names_the_narrowest_of_what_is_shared(client, themes):
    by = build.operator()
    create_theme("sailing", {"en": "Sailing"}, by=by, broader=Concept.objects.get(code="boats"))
    mine = english("Mine", themes=["sailing"])
    english("Theirs", themes=["sailing", "boats"])
    assert "Shares: Sailing." in client.get(mine.get_absolute_url()).content.decode()


def test_it_is_one_statement_however_much_is_alike(themes, django_assert_num_queries):
    mine = english("Lighthouse keepers", themes=["boats", "peace", "children"])
    for rows in (1, 3):
        for n in range(rows):
            english(f"Lighthouse {n}", themes=["boats", "peace"])
        count_words()
        similar(mine)
        concepts = list(mine.themes.values_list("pk", flat=True))
        with django_assert_num_queries(1):
            assert find_similar(mine, concepts)


def test_a_merged_or_archived_theme_breaks_no_page(client, themes):
    mine = english("Mine", themes=["boats"])
    english("Theirs", themes=["boats"])
    Concept.objects.filter(code="boats").update(archived_at=mine.updated_at)
    assert client.get(mine.get_absolute_url()).status_code == 200
