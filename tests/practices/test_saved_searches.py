"""Searches that a person keeps: saved once, named, changed, run again, removed; and nobody else's business."""

from __future__ import annotations

import datetime
import threading
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from network.doors import DomainError
from network.mail.domain.choices import choose
from network.membership.models import Network
from network.people.queries.personal_data import own_data
from practices.domain import Alerts, change_search, merge_themes, remove_search, save_search
from practices.enums import Alert
from practices.messages import ALERT
from practices.models import SavedSearch
from practices.rules import saved_searches as rules
from tests.people.signing import sign_in
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
PAGE, NEW = "/en/desk/searches/", "/en/desk/searches/new/"
WEEKLY = Alerts(Alert.WEEKLY, 1, datetime.time(8))


@pytest.fixture
def reader():
    return build.person("Reader")


@pytest.fixture
def signed(reader) -> Client:
    return sign_in(Client(), reader)


def text_of(response, status: int = 200) -> str:
    assert response.status_code == status
    return response.content.decode()


def test_the_results_offer_to_save_what_they_understood_and_the_form_names_it(signed, reader):
    build.theme("housing", build.operator())
    page = text_of(signed.get("/en/practices/?theme=housing&country=XX&q=new+homes&page=2&sort=newest"))
    assert 'href="/en/desk/searches/new/?q=new+homes&amp;theme=housing&amp;sort=newest"' in page
    form = text_of(signed.get(f"{NEW}?q=new+homes&theme=housing&sort=newest"))
    assert 'value="“new homes” · Theme: Housing"' in form
    answer = signed.post(
        NEW,
        {"query": "q=new+homes&theme=housing&sort=newest", "name": "Homes", "alert": "weekly", "weekday": "3", "at_local": "07:00"},
        follow=True,
    )  # fmt: skip
    assert answer.redirect_chain == [(PAGE, 302)]
    kept = SavedSearch.objects.get()
    assert (kept.user, kept.name, kept.language) == (reader, "Homes", "en")
    assert (kept.alert, kept.weekday, kept.at_local) == ("weekly", 3, datetime.time(7))
    page = text_of(answer)
    assert 'href="/en/practices/?q=new+homes&amp;theme=housing&amp;sort=newest"' in page
    assert "Once a week: Wednesday, 07:00" in page
    assert 'href="/en/practices/feed.atom?q=new+homes' in page


def test_a_search_is_run_again_in_the_language_it_was_asked_in(signed):
    signed.post("/el/desk/searches/new/", {"query": "readable=on", "name": "Ελληνικά", "alert": "none"})
    page = text_of(signed.get(PAGE))
    assert 'href="/el/practices/?readable=on"' in page
    assert "Asked in: Greek" in page


def test_filters_are_told_in_the_language_of_the_page_and_kept_for_nobody_elses(signed, reader):
    build.practice(build.operator(), of=build.city(country="GR"))
    save_search("Grekland", "country=GR", "sv", Alerts(), by=reader)
    assert "Country: <bdi>" not in (page := text_of(signed.get(PAGE)))
    assert "Country: Greece" in page
    assert "<bdi>Grekland</bdi>" in text_of(Client().get("/sv/practices/"))


def test_a_visitor_is_led_to_sign_in_and_back_to_the_search():
    answer = Client().get(f"{NEW}?theme=housing")
    assert answer.status_code == 302
    assert ("next", f"{NEW}?theme=housing") in parse_qsl(urlsplit(answer["Location"]).query)


def test_the_same_search_is_kept_once_and_shown_instead(signed, reader):
    build.theme("housing", build.operator())
    kept = save_search("Homes", "theme=housing", "en", Alerts(), by=reader)
    for answer in (
        signed.get(f"{NEW}?theme=housing&page=3"),
        signed.post(NEW, {"query": "theme=housing", "name": "x"}),
    ):
        assert answer["Location"] == f"{PAGE}{kept.pk}/"
    with pytest.raises(DomainError, match="You keep this search already"):
        save_search("Again", "theme=housing", "en", Alerts(), by=reader)
    save_search("In Greek", "theme=housing", "el", Alerts(), by=reader)
    save_search("Somebody else", "theme=housing", "en", Alerts(), by=build.person())
    assert SavedSearch.objects.count() == 3


def test_more_searches_than_allowed_are_refused_kindly_and_nothing_typed_is_lost(signed, reader, monkeypatch):
    monkeypatch.setattr("practices.domain.saved_searches.MOST_SEARCHES", 2)
    assert rules.MOST_SEARCHES == 50
    for name in ("one", "two"):
        save_search(name, f"q={name}", "en", Alerts(), by=reader)
    page = text_of(signed.post(NEW, {"query": "q=three", "name": "The third", "alert": "at_once"}), 422)
    assert "You keep 2 searches. Remove one before you save another." in page
    assert 'value="The third"' in page
    assert 'value="q=three"' in page


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "", "alert": "none"}, "Fill in: Name of the search"),
        ({"name": "\u202e \u200f", "alert": "none"}, "Give the search a name."),
        ({"name": "x" * 121, "alert": "none"}, "at most 120 characters"),
        ({"name": "Homes"}, "Choose: When do you want to be told"),
        ({"name": "Homes", "alert": "daily"}, "daily"),
        ({"name": "Homes", "alert": "weekly"}, "Choose the day and the hour of the weekly alert."),
        ({"name": "Homes", "alert": "weekly", "weekday": "9", "at_local": "07:00"}, "9"),
        ({"name": "Homes", "alert": "weekly", "weekday": "1", "at_local": "noon"}, "noon"),
    ],
)
def test_what_can_not_be_saved_is_told(signed, sent, told):
    assert told in text_of(signed.post(NEW, {"query": "q=homes", **sent}), 422)
    assert not SavedSearch.objects.exists()


def test_a_query_that_no_address_holds_is_refused(reader):
    with pytest.raises(DomainError, match="too long to be saved"):
        save_search("Long", "q=" + "x" * 4000, "en", Alerts(), by=reader)
    with pytest.raises(DomainError, match="does not know that language"):
        save_search("Klingon", "q=x", "tlh", Alerts(), by=reader)


def test_a_search_is_renamed_and_its_alerts_set_and_it_is_removed(signed, reader):
    kept = save_search("Homes", "theme=housing", "en", WEEKLY, by=reader)
    address = f"{PAGE}{kept.pk}/"
    assert 'value="Homes"' in text_of(signed.get(address))
    answer = signed.post(address, {"name": "Flats", "alert": "at_once", "weekday": "1", "at_local": "08:00"})
    assert answer["Location"] == PAGE
    kept.refresh_from_db()
    assert (kept.name, kept.alert, kept.weekday, kept.at_local) == ("Flats", "at_once", None, None)
    assert "Flats" in text_of(signed.get(f"{address}remove/"))
    assert SavedSearch.objects.exists()
    assert "The search is removed." in text_of(signed.post(f"{address}remove/", follow=True))
    assert not SavedSearch.objects.exists()


def test_a_search_is_there_for_nobody_else(signed, reader):
    kept = save_search("Theirs", "q=x", "en", Alerts(), by=build.person())
    for address in (f"{PAGE}{kept.pk}/", f"{PAGE}{kept.pk}/remove/"):
        assert signed.get(address).status_code == 404
        assert signed.post(address, {"name": "Mine", "alert": "none"}).status_code == 404
    for verb in (lambda: change_search(kept, "Mine", Alerts(), by=reader), lambda: remove_search(kept, by=reader)):
        with pytest.raises(DomainError, match="somebody else"):
            verb()
    assert "Theirs" not in text_of(signed.get(PAGE))


def test_a_search_that_is_gone_is_told(reader):
    kept = save_search("Homes", "q=x", "en", Alerts(), by=reader)
    SavedSearch.objects.all().delete()
    with pytest.raises(DomainError, match="removed already"):
        change_search(kept, "Flats", Alerts(), by=reader)


def test_the_page_says_what_is_not_understood_any_more_and_a_merged_theme_is(
    signed, reader, django_capture_on_commit_callbacks
):
    by = build.operator()
    old, new = build.theme("shelter", by), build.theme("housing", by)
    north = Network.objects.create(slug="north", kind="coalition", name_en="North")
    save_search("North", "network=north", "en", WEEKLY, by=reader)
    save_search("Shelter", "theme=shelter", "en", WEEKLY, by=reader)
    assert "not understood any more" not in text_of(signed.get(PAGE))
    with django_capture_on_commit_callbacks(execute=True):
        merge_themes(old, new, by=by, reason="The same")
        north.archived_at = timezone.now()
        north.save()
    page = text_of(signed.get(PAGE))
    assert page.count("not understood any more") == 1
    assert "Theme: Housing" in page


def test_who_switched_alerts_off_is_told_where_they_stand(signed, reader):
    save_search("Homes", "q=x", "en", WEEKLY, by=reader)
    assert "These mails are switched off" not in text_of(signed.get(PAGE))
    choose(reader, {ALERT.kind: False}, by=reader)
    assert "These mails are switched off" in text_of(signed.get(PAGE))


def test_an_empty_page_says_how_to_begin(signed):
    assert "press “Save this search” above the results" in text_of(signed.get(PAGE))


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_queries_for_one_search_and_for_three(
    signed, reader, number, django_assert_num_queries
):
    for n in range(number):
        save_search(f"Search {n}", f"q=word{n}&theme=housing", "en", WEEKLY, by=reader)
    signed.get(PAGE)
    with django_assert_num_queries(6):
        page = text_of(signed.get(PAGE))
    assert page.count('class="result"') == number


def test_saved_searches_are_in_the_persons_export(reader):
    save_search("Homes", "theme=housing", "en", WEEKLY, by=reader)
    (told,) = own_data(reader)["saved_searches"]
    assert told | {"since": ""} == {
        "name": "Homes", "query": "theme=housing", "language": "en", "alerts": "weekly", "weekday": 1, "at": "08:00",
        "since": "",
    }  # fmt: skip


def test_the_form_stands_in_right_to_left_languages(signed):
    page = text_of(signed.get("/ar/desk/searches/new/?q=سكن"))
    assert '<html lang="ar" dir="rtl">' in page
    with translation.override("ar"):
        assert translation.gettext("Save this search") in page


@pytest.mark.django_db(transaction=True)
def test_two_browsers_save_the_same_search_once():
    reader, start, told = build.person(), threading.Barrier(2), []

    def press() -> None:
        start.wait(timeout=10)
        try:
            save_search("Homes", "theme=housing", "en", WEEKLY, by=reader)
        except DomainError as refused:
            told.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert told == ["already"]
    assert SavedSearch.objects.count() == 1
