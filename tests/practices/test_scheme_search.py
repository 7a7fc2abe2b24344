"""A query that names a concept finds what names it in any other language."""

from __future__ import annotations

import pytest

from practices.domain import rename_theme, set_hidden_labels
from practices.models import Concept, SearchEntry
from practices.queries import spelling
from practices.queries.indexing import behind_the_scheme
from practices.queries.listing import Wanted, find, listing
from practices.queries.matching import parse
from practices.queries.meaning import understood
from practices.queries.scheme import scheme
from practices.tasks import refresh
from tests.practices import builders as build
from tests.practices.scheme import loaded_scheme, whole_scheme  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_scheme")]

# What somebody types, and what is written in the record: its language and its title.
PAIRS = [
    ("ενταξη", "sv", "Integration i Malmö"),
    ("ένταξης", "ar", "الإدماج في المدينة"),
    ("إدماج", "el", "Η ένταξη των νέων κατοίκων"),
    ("إدماج", "sv", "Vägar till integration"),
    ("kotoutuminen", "el", "Κοινωνική ένταξη στη γειτονιά"),
    ("kotoutumisen", "ar", "سياسات الاندماج"),
    ("inclusione", "sv", "Inkludering på jobbet"),
    ("inclusione", "ar", "الشمول الاجتماعي في الأحياء"),
    ("medborgarmöten", "el", "Συνελεύσεις κατοίκων το απόγευμα"),
    ("medborgarmötena", "fi", "Asukasillat lähiössä"),
    ("íbúafundur", "de", "Bürgerversammlungen im Rathaus"),
    ("Bürgerrat", "ar", "اجتماعات السكان في الساحة"),
    ("hate speech", "el", "Ρητορική μίσους: τι κάνουμε"),
    ("خطاب الكراهية", "da", "Hadtale i byrådet"),
    ("vihapuhetta", "it", "Contro i discorsi d’odio"),
    ("αντισημιτισμός", "sv", "Mot judehat i skolan"),
    ("rumores", "en", "Anti-rumour agents on the tram"),
    ("شایعه", "sv", "Rykten på torget"),
    ("bostad", "ar", "السكن للجميع"),
    ("مسکن", "is", "Húsnæði í borginni"),
    ("flyktingar", "el", "Πρόσφυγες και γείτονες"),
    ("refugees", "fi", "Pakolaiset ja naapurit"),
    ("mediazione", "el", "Διαμεσολάβηση στην πολυκατοικία"),
    ("ثالثی", "nb", "Mekling i borettslaget"),
    ("guichet unique", "it", "Lo sportello unico di via Roma"),
    ("budget participatif", "fi", "Osallistuva budjetointi kouluissa"),
    ("mentorar", "en", "Mentors at the harbour"),
    ("youth work", "nb", "Fritidsklubben som aldri stenger: ungdomsarbeid"),
    ("hemlöshet", "fr", "Sortir du sans-abrisme"),
    ("نوجوان", "da", "Unge mennesker på vej"),
    ("Gewalt gegen Frauen", "es", "Frente a la violencia de género"),
    ("tulkki", "en", "Interpreters at the counter"),
]


def found_by(typed: str, code: str = "en") -> list[int]:
    return find(Wanted(query=parse(typed)), code, 20, 0).ids


def test_what_is_typed_in_one_language_finds_what_is_written_in_another():
    by, place = build.operator(), build.city("somewhere")
    practices = {
        title: build.practice(by, {code: build.version(title, "–")}, of=place, slug=f"p{n}").pk
        for n, (_typed, code, title) in enumerate(PAIRS)
    }
    missed = [(typed, title) for typed, _code, title in PAIRS if practices[title] not in found_by(typed)]
    assert missed == []
    assert len(PAIRS) >= 24
    # Concepts keep apart what they name: strangers stay out.
    assert practices["السكن للجميع"] not in found_by("ενταξη")
    assert practices["Mekling i borettslaget"] not in found_by("refugees")
    assert found_by("zzyzx") == []


def test_words_come_before_concepts_and_the_card_says_why(client):
    by = build.operator()
    greek = build.practice(by, {"el": build.version("Ένταξη, ένταξη και ένταξη", "ένταξη " * 20)})
    english = build.practice(by, {"en": build.version("Evenings", "Dinner", body="For kotoutuminen, a Finnish word.")})
    found = listing(Wanted(query=parse("kotoutuminen")), "en")
    assert [card.id for card in found.rows] == [english.pk, greek.pk]
    assert "Found by its theme" not in found.rows[0].note
    assert found.rows[1].note == "Found by its theme: Integration."
    newest = listing(Wanted(query=parse("kotoutuminen"), sort="newest"), "en")
    assert [card.note[:5] for card in newest.rows] == ["", "Found"]
    text = client.get("/sv/practices/", {"q": "kotoutuminen"}).content.decode()
    assert "Integration" in text
    assert '<mark lang="' not in text


def test_the_concept_of_a_record_finds_it_whatever_its_texts_say():
    by = build.operator()
    practice = build.practice(by, {"en": build.version("Two keys", "Doors")}, themes=["housing"])
    assert found_by("asuminen") == [practice.pk]
    card = listing(Wanted(query=parse("asuminen")), "en").rows[0]
    assert card.note == "Found by its theme: Housing."
    assert {"text": "Housing", "kind": "civic"} in card.chips


def test_every_word_beside_the_concept_is_still_needed():
    by, malmo, aten = build.operator(), build.city("malmo"), build.city("athens")
    text = {"el": build.version("Ρητορική μίσους")}
    here = build.practice(by, text, of=malmo)
    build.practice(by, text, of=aten)
    assert found_by("hate speech malmo") == [here.pk]


def test_the_longest_label_is_meant_and_first_in_the_readers_language():
    known = scheme()
    query = understood(parse("the prevention of hate speech online"), known, "en")
    assert [known.concepts[one].code for one in query.concepts] == ["hate-speech-prevention"]
    assert [known.concepts[one].code for one in understood(parse("digital inclusion"), known, "en").concepts] == [
        "digital-inclusion"
    ]
    # "Barn" are children to a Swede; an English reader who types it means whatever it names in any language.
    assert [known.concepts[one].code for one in understood(parse("barn"), known, "sv").concepts] == ["children"]
    assert understood(parse("zzyzx"), known, "en").meant == ()
    assert understood(parse("the of and"), known, "en").concepts == []


def test_a_typed_lexeme_of_a_concept_finds_nothing():
    by = build.operator()
    build.practice(by, themes=["housing"])
    key = Concept.objects.get(code="housing").pk
    assert f"c#{key}" in SearchEntry.objects.get().tsv
    for typed in (f"c#{key}", f"c{key}", f"'c#{key}'"):
        assert found_by(typed) == []


def test_new_words_find_old_texts_and_lost_words_no_longer_do(django_capture_on_commit_callbacks):
    by = build.operator()
    practice = build.practice(by, {"sv": build.version("Kåkar i Skåne")})
    housing = Concept.objects.get(code="housing")
    assert found_by("asunto") == []
    with django_capture_on_commit_callbacks(execute=True):
        set_hidden_labels(housing, {"sv": ["kåkar"]}, by=by)
    assert found_by("asunto") == [practice.pk]
    with django_capture_on_commit_callbacks(execute=True):
        set_hidden_labels(housing, {"sv": []}, by=by)
    assert found_by("asunto") == []


def test_what_a_lost_job_left_behind_is_caught_up_with():
    by = build.operator()
    practice = build.practice(by, {"sv": build.version("Kåkar i Skåne")})
    refresh()
    SearchEntry.objects.update(indexed_at="2020-01-01T00:00:00Z")
    Concept.objects.update(labelled_at="2019-01-01T00:00:00Z")
    assert behind_the_scheme() == []
    rename_theme(Concept.objects.get(code="housing"), {"sv": "Kåkar"}, by=by)
    assert behind_the_scheme() == [practice.pk]
    refresh()
    assert found_by("asunto") == [practice.pk]


@pytest.mark.parametrize("number", [1, 3])
def test_a_search_across_languages_costs_no_query_more(client, number, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(spelling, "FEW", 1)
    by = build.operator()
    for _ in range(number):
        build.practice(by, {"el": build.version("Ένταξη")}, themes=["integration"])
    client.get("/en/practices/?q=street")  # what is kept until content changes
    with django_assert_num_queries(3):  # one more than a hit by word: the narratives are looked through for a passage
        response = client.get("/en/practices/?q=kotoutuminen")
    assert response.content.decode().count("Found by its theme: Integration.") == number
