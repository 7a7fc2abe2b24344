"""What was probably meant, where a search finds little: in every language, and never instead of what was typed."""

from __future__ import annotations

import pytest

from network.languages import CODES
from practices.domain import archive_practice
from practices.domain.words import count_words
from practices.models import SearchWord
from practices.queries.matching import parse
from practices.queries.spelling import did_you_mean
from practices.queries.wanted import Wanted
from practices.rules.spelling import distance, near, remains
from practices.tasks import refresh
from tests.practices import builders as build

pytestmark = pytest.mark.django_db

# The language, what is written in the record, what somebody types, and what is proposed.
PAIRS = [
    ("en", "Neighbourhood mediators listen", "mediattors", "mediators"),
    ("en", "Neighbourhood mediators listen", "neigbourhood", "neighbourhood"),
    ("en", "Hate speech stops here", "hatespeech", "hate speech"),
    ("ar", "إدماج اللاجئين في المدينة", "المدينا", "المدينة"),
    ("ar", "مكافحة الكراهية", "الكراحية", "الكراهية"),
    ("el", "Ένταξη προσφύγων στη γειτονιά", "προσφιγων", "προσφύγων"),
    ("el", "Ένταξη προσφύγων στη γειτονιά", "geitonia", "γειτονιά"),
    ("it", "Cittadinanza attiva", "citadinanza", "cittadinanza"),
    ("sv", "Nyanlända bygger broar", "nylanända", "nyanlända"),
    ("fr", "Quartiers solidaires et médiation", "solidiares", "solidaires"),
    ("fa", "همبستگی شهروندان محله", "همبسطگی", "همبستگی"),
    ("ur", "شہریوں کی برداشت", "بردشات", "برداشت"),
    ("da", "Fællesskaber i boligområder", "fælleskaber", "fællesskaber"),
    ("nb", "Nabolag uten utenforskap", "utneforskap", "utenforskap"),
    ("fi", "Yhdenvertaisuus kouluissa", "yhdenvertasuus", "yhdenvertaisuus"),
    ("is", "Fjölmenning í hverfinu", "fjölmeninng", "fjölmenning"),
    ("es", "Convivencia vecinal", "combivencia", "convivencia"),
    ("de", "Nachbarschaftshilfe für alle", "Nachbahrschaftshilfe", "Nachbarschaftshilfe"),
]


@pytest.fixture
def library():
    by, place = build.operator(), build.city("somewhere")
    for n, (code, title) in enumerate(dict.fromkeys((code, title) for code, title, _typed, _meant in PAIRS)):
        build.practice(by, {code: build.version(title, title)}, of=place, slug=f"p{n}")
    count_words()


def meant_by(typed: str, code: str = "en", **filters) -> str:
    found = did_you_mean(Wanted(query=parse(typed), **filters), code, 0)
    return found.text if found else ""


def test_mistyped_words_of_every_language_are_corrected_as_they_are_spelt(library):
    assert {code for code, *_rest in PAIRS} == set(CODES)
    wrong = [
        (typed, meant, meant_by(typed, code)) for code, _title, typed, meant in PAIRS if meant_by(typed, code) != meant
    ]
    assert wrong == [], wrong


def test_what_is_proposed_finds_more_and_keeps_the_filters(client, library):
    text = client.get("/en/practices/?q=hate+mediattors&country=SE&page=4").content.decode()
    assert "Did you mean" not in text  # "hate mediators" finds nothing either
    page = client.get("/en/practices/?q=mediattors+listen&country=SE").content.decode()
    assert 'Did you mean <a href="?country=SE&amp;q=mediators+listen" dir="auto">mediators listen</a>' in page
    assert "(1 practice)" in page
    assert "Did you mean" not in client.get("/en/practices/?q=mediattors&country=FI").content.decode()
    assert meant_by("zzyzx qqqq") == ""


def test_words_that_are_known_are_left_alone(library):
    assert meant_by("mediators hate") == ""
    assert meant_by("1402 12") == ""
    assert meant_by("the of and") == ""


def test_enough_is_enough(library, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert did_you_mean(Wanted(query=parse("mediattors")), "en", 3) is None
        assert did_you_mean(Wanted(), "en", 0) is None


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "mediattors " * 900, "’" * 5000, "of the " * 3000, "a b c d e f g h i j k"]
)
def test_anything_typed_is_answered(client, library, typed, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        assert client.get("/en/practices/", {"q": typed}).status_code == 200


def test_a_rare_slip_in_a_record_does_not_hide_what_is_meant():
    by = build.operator()
    for n in range(6):
        build.practice(by, {"en": build.version(f"Libraries {n}")})
    build.practice(by, {"en": build.version("Librairies")})
    count_words()
    found = did_you_mean(Wanted(query=parse("librairies")), "en", 1)
    assert found is not None
    assert (found.text, found.total) == ("libraries", 6)


def test_words_are_counted_again_only_where_something_changed(django_assert_max_num_queries):
    by = build.operator()
    build.practice(by, {"sv": build.version("Gemenskap")})
    gone = build.practice(by, {"fi": build.version("Yhteisö")})
    refresh()
    assert set(SearchWord.objects.filter(form__in=["gemenskap", "yhteiso"]).values_list("language", flat=True)) == {
        "sv",
        "fi",
    }
    assert not SearchWord.objects.filter(form__contains="#").exists()
    with django_assert_max_num_queries(1):
        assert count_words() == 0
    archive_practice(gone, by=by)
    count_words()
    assert not SearchWord.objects.filter(language="fi").exists()


def test_words_one_letter_apart_meet_whatever_the_slip():
    word = "integration"
    for slip in ("integratoin", "integrtion", "integrattion", "intogration", "integration"):
        assert set(near(word)) & remains(slip), slip
    assert [distance(word, other) for other in ("integratoin", "integrtion", "intogratiom", "nothing")] == [1, 1, 2, 9]
    assert "entaxi" in near("ενταξη")
