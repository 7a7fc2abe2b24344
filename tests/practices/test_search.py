"""The search finds what people mean, in twelve languages, and nothing typed can break it."""

from __future__ import annotations

import pytest

from network.text import word_forms
from practices.queries.listing import Wanted, find
from practices.queries.matching import MOST_WORDS, parse
from tests.practices import builders as build

pytestmark = pytest.mark.django_db

# (language, what is written in the record, what somebody types)
PAIRS = [
    ("el", "Ένταξη μεταναστών", "ενταξη"),
    ("el", "Ένταξη μεταναστών", "ΕΝΤΑΞΗ"),
    ("el", "Ένταξη μεταναστών", "ένταξης"),
    ("el", "Οι εντάξεις των νέων", "ένταξης"),
    ("el", "Στήριξη προσφύγων", "πρόσφυγες"),
    ("el", "Ο Δήμος Αθηναίων", "δημοσ"),
    ("el", "Γειτονιές χωρίς μίσος", "γειτονιά"),
    ("sv", "Medborgarmöten mot hat", "medborgarmote"),
    ("sv", "Medborgarmöten mot hat", "medborgarmötena"),
    ("sv", "Boende i Skåne för nyanlända", "skane"),
    ("sv", "Kommunens skolor öppnar", "skola"),
    ("sv", "Bibliotek på landsbygden", "biblioteken"),
    ("da", "Mødested på Nørrebro", "modested"),
    ("da", "Mødested på Nørrebro", "moedested"),
    ("da", "Aarhus lytter", "Århus"),
    ("da", "Lærere og forældre", "laerere"),
    ("nb", "Trygge ungdommer på reise", "ungdommene"),
    ("nb", "Språkkafé i Tromsø", "sprakkafe"),
    ("nb", "Integrering på arbeidsplassen", "integreringen"),
    ("is", "Aðlögun í Reykjavík", "adlogun"),
    ("is", "Íslenska í pottinum", "islenska"),
    ("is", "Þjóðir saman á torginu", "thjodir"),
    ("fi", "Kotoutuminen kirjastossa", "kotoutumisen"),
    ("fi", "Vertaistulkit päiväkodissa", "paivakodit"),
    ("fi", "Nuorten työpajat", "tyopaja"),
    ("de", "Flüchtlinge im Löschzug", "fluechtlinge"),
    ("de", "Feuerwehr auf der Straße", "strasse"),
    ("de", "Nachbarschaften öffnen Türen", "Nachbarschaft"),
    ("fr", "L’intégration à l’école", "integration"),
    ("fr", "Médiatrices au cœur du quartier", "coeur"),
    ("fr", "Accueil des réfugiés", "réfugiée"),
    ("es", "Español para recién llegados", "espanol"),
    ("es", "Vecinos que median en conflictos", "vecina"),
    ("it", "Le città accolgono", "citta"),
    ("it", "L’inclusione nelle scuole", "inclusioni"),
    ("it", "Custodi dei mercati serali", "mercato"),
    ("en", "Neighbours repair the stairs", "neighbour"),
    ("en", "Municipalities against hate", "municipality"),
    ("en", "A café for newcomers", "cafe"),
    ("ar", "الإدماج في المدينة", "إدماج"),
    ("ar", "سياسات الإدماج", "والإدماج"),
    ("ar", "دعم اللاجئين", "لاجئون"),
    ("ar", "خدمات للاجئين", "اللاجئين"),
    ("ar", "بلدية مفتوحة", "البلديات"),
    ("ar", "مُدَرِّسَة الحي", "مدرسة"),
    ("ar", "مســــاجد وكنائس", "مساجد"),
    ("ar", "مكتبة الأطفال", "الاطفال"),
    ("fa", "ادغام اجتماعی در شهر", "اجتماعي"),
    ("fa", "کتابخانه‌های محله", "كتابخانه"),
    ("fa", "شهرهای همدل", "شهر‌ها"),
    ("fa", "سال ۱۴۰۲ در مدرسه", "1402"),
    ("ur", "عورتیں اور شہر", "عورت"),
    ("ur", "شہروں کی کہانیاں", "شہر"),
    ("ur", "نوواردوں کا استقبال", "استقبال"),
]


def found_by(typed: str, code: str = "en") -> list[int]:
    return find(Wanted(query=parse(typed)), code, 20, 0).ids


def test_what_is_written_is_found_by_what_is_typed():
    by, place = build.operator(), build.city("somewhere")
    titles = sorted({(code, title) for code, title, _typed in PAIRS})
    practices = {
        title: build.practice(by, {code: build.version(title, "–")}, of=place, slug=f"p{n}").pk
        for n, (code, title) in enumerate(titles)
    }
    missed = [pair for pair in PAIRS if practices[pair[1]] not in found_by(pair[2])]
    assert missed == []
    assert len({code for code, _title, _typed in PAIRS}) >= 12
    # The measure is worth something only if it does not find everything: strangers stay out.
    assert found_by("zzyzx") == []
    assert len(found_by("إدماج")) == 2
    assert found_by("إدماج بلدية") == []


def test_every_word_of_a_query_is_needed_and_function_words_are_not():
    by = build.operator()
    one = build.practice(by, {"en": build.version("Libraries listen", "Quiet rooms")})
    build.practice(by, {"en": build.version("Libraries speak", "Loud rooms")})
    assert found_by("the libraries that listen") == [one.pk]
    assert len(found_by("libraries")) == 2


@pytest.mark.parametrize("typed", ["", "   ", "the of and", "και το", "في", "!!! ???", "\u200f\u200b", "___", "«»"])
def test_a_query_without_meaning_filters_nothing(typed, client):
    by = build.operator()
    practice = build.practice(by)
    assert not parse(typed)
    assert found_by(typed) == [practice.pk]
    assert client.get("/en/practices/", {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "bridge & !river | (sea", "bridge:*", "'bridge", "bridge\\", "''':A", "<-> bridge <2>", "bridge'); DROP TABLE x",
        "% _ bridge", "bridge:ABCD*", '"bridge" -sea', "{bridge}", "%s bridge %(query)s", "bri\x01dge",
    ],
)  # fmt: skip
def test_operators_are_words_like_any_other(typed, client):
    by = build.operator()
    build.practice(by, {"en": build.version("A bridge over the river and the sea")})
    response = client.get("/en/practices/", {"q": typed})
    assert response.status_code == 200
    found_by(typed)


def test_a_long_query_is_cut_and_quick(client):
    by = build.operator()
    practice = build.practice(by, {"en": build.version("Neighbours")})
    query = parse("neighbours " + "κείμενο " * 10_000)
    assert len(query.text) <= 300
    assert len(query.terms) == 2
    assert len(parse(" ".join(f"word{n}" for n in range(500))).terms) == MOST_WORDS
    assert found_by("neighbours " * 1_000) == [practice.pk]
    assert client.get("/en/practices/", {"q": "α" * 10_000}).status_code == 200


def test_the_title_comes_first_then_the_readers_language():
    by = build.operator()
    deep = build.practice(by, {"en": build.version("Evenings", "Dialogue, dialogue and dialogue again")})
    titled = build.practice(by, {"en": build.version("Dialogue", "Evenings")})
    assert found_by("dialogue") == [titled.pk, deep.pk]
    swedish = build.practice(by, {"sv": build.version("Kväll", "Integration")})
    english = build.practice(by, {"en": build.version("Night", "Integration")})
    assert found_by("integration", "sv") == [swedish.pk, english.pk]
    assert found_by("integration", "en") == [english.pk, swedish.pk]


def test_a_practice_stands_once_whatever_number_of_its_languages_match():
    by = build.operator()
    texts = {code: build.version("Radio Integration") for code in ("en", "sv", "it")}
    practice = build.practice(by, texts)
    found = find(Wanted(query=parse("integration")), "el", 20, 0)
    assert (found.ids, found.total) == ([practice.pk], 1)


def test_city_names_of_every_language_and_themes_of_the_readers_find_a_practice():
    by = build.operator()
    build.theme("housing", by, sv="Boende")
    athens = build.city("athens", country="GR", native="Αθήνα", native_language="el", el="Αθήνα", sv="Aten", ar="أثينا")
    practice = build.practice(
        by, {"el": build.version("Στέγη"), "sv": build.version("Tak")}, of=athens, themes=["housing"]
    )
    for typed in ("Aten", "αθηνα", "أثينا", "Athina", "boende", "Grekland", "Ελλάδα"):
        assert found_by(typed) == [practice.pk], typed


def test_drafts_and_archived_cities_are_never_found():
    by = build.operator()
    hidden = build.city()
    build.practice(by, {"en": build.version("Secret garden")}, published=False)
    build.practice(by, {"en": build.version("Secret garden")}, of=hidden)
    hidden.archived_at = hidden.updated_at
    hidden.save()
    assert found_by("secret garden") == []


@pytest.mark.parametrize(("word", "other"), [("integration", "integrated"), ("وزاره", "زاره"), ("kunst", "kunstner")])
def test_folding_keeps_different_words_apart_in_the_index(word, other):
    assert word_forms(word)[0] != word_forms(other)[0]


def test_a_word_that_most_texts_have_is_not_looked_for_as_the_beginning_of_others():
    """In a large library it would cost the most and tell the least; of other words beginnings are found as ever."""
    query = parse("bibliotek against")
    assert [term.prefixes for term in query.terms] == [("bibliotek",), ("against",)]
    plain = query.without_beginnings(frozenset(["against", "other"]))
    assert [term.prefixes for term in plain.terms] == [("bibliotek",), ()]
    assert "'against':*" not in plain.widened()
    assert query.without_beginnings(frozenset(["other"])) is query
