"""What people want by mail: the page of preferences, and the verb behind it."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.domain.choices import choose
from network.mail.models import BouncedAddress, MailChoice
from network.mail.queries.choices import by_mail, preferences_of
from network.outgoing import KINDS, Message, MessageClass
from network.people.models import User
from network.people.queries.personal_data import own_data
from tests.people.signing import person, sign_in

AWARD = Message("tests.award", "Award letter", MessageClass.DECISION)
NEWS = Message("tests.news", "News of the house", mandatory=False, about="When the house has news.")
SOON = Message("grants.soon", "Soon over", MessageClass.REMINDER, mandatory=False, about="Before it is over.")
PAGE = "/en/desk/mail/"


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    for message in (AWARD, NEWS, SOON):
        monkeypatch.setitem(KINDS, message.kind, message)


def optional() -> list[str]:
    return [kind for kind, message in KINDS.items() if not message.mandatory]


def off(user: User) -> set[str]:
    return set(MailChoice.objects.filter(user=user, by_mail=False).values_list("kind", flat=True))


def ticked(page: str) -> set[str]:
    boxes = re.findall(r'<input type="checkbox" name="by_mail" value="([^"]+)"[^>]*?( checked)?>', page)
    assert {kind for kind, _on in boxes} == set(optional())
    return {kind for kind, on in boxes if on}


def test_everything_comes_by_mail_until_somebody_says_otherwise(db):
    user = person()
    page = sign_in(Client(), user).get(PAGE).content.decode()
    assert ticked(page) == set(optional())
    assert "When the house has news." in page
    assert by_mail(user.pk, NEWS.kind) is True
    assert by_mail(user.pk + 1, NEWS.kind) is None


def test_switches_are_saved_by_the_form_alone_and_shown_as_saved(db):
    user = person()
    client = sign_in(Client(), user)
    answer = client.post(PAGE, {"shown": [NEWS.kind, SOON.kind], "by_mail": [SOON.kind]}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Your mail preferences are saved." in answer.content.decode()
    assert off(user) == {NEWS.kind}
    assert ticked(answer.content.decode()) == set(optional()) - {NEWS.kind}
    client.post(PAGE, {"shown": [NEWS.kind, SOON.kind], "by_mail": [NEWS.kind, SOON.kind]})
    assert off(user) == set()


def test_a_kind_that_the_page_did_not_show_stays_as_it_was(db):
    user = person()
    choose(user, {SOON.kind: False}, by=user)
    sign_in(Client(), user).post(PAGE, {"shown": [NEWS.kind], "by_mail": [NEWS.kind]})
    assert off(user) == {SOON.kind}


@pytest.mark.parametrize("kind", [AWARD.kind, "people.reset_password", "tests.no_such_kind", ""])
def test_what_must_come_or_does_not_exist_is_refused_and_nothing_is_half_written(db, kind):
    user = person()
    with pytest.raises(DomainError) as refused:
        choose(user, {NEWS.kind: False, kind: False}, by=user)
    assert refused.value.code == "denied"
    answer = sign_in(Client(), user).post(PAGE, {"shown": [NEWS.kind, kind], "by_mail": []})
    assert answer.status_code == 422
    assert str(refused.value) in answer.content.decode()
    assert not MailChoice.objects.exists()
    choose(user, {NEWS.kind: False}, by=user)
    assert off(user) == {NEWS.kind}


def test_nobody_chooses_for_another(db):
    user, other = person(), person("b@example.org", "B")
    with pytest.raises(DomainError) as refused:
        choose(user, {NEWS.kind: False}, by=other)
    assert refused.value.code == "denied"
    assert off(user) == set()


def test_history_keeps_who_chose_and_nothing_where_nothing_changed(db):
    user = person()
    client = sign_in(Client(), user)
    for _ in range(2):
        client.post(PAGE, {"shown": [NEWS.kind, SOON.kind], "by_mail": [SOON.kind]})
    event = AuditEvent.objects.get(table="mail_mailchoice")
    assert event.actor_id == user.pk


def test_the_choices_are_part_of_what_a_person_may_take_along(db):
    user = person()
    assert own_data(user)["mail_choices"] == {}
    choose(user, {NEWS.kind: False}, by=user)
    assert own_data(user)["mail_choices"] == {NEWS.kind: False}


def test_what_always_comes_is_named_with_the_reason(db):
    user = person()
    page = sign_in(Client(), user).get(PAGE).content.decode()
    always = page[page.index('id="always"') :]
    for title in ("Award letter", "Choose a new password", "Receipt for an application"):
        assert f"<li>{title}</li>" in always
    assert "nobody must miss one" in always
    assert "News of the house" not in always
    told = {str(title) for group in preferences_of(user).always for title in group.titles}
    assert told == {str(one.title) for kind, one in KINDS.items() if one.mandatory and not kind.startswith("mail.")}


def test_kinds_stand_under_the_name_of_their_part_of_the_portal(db):
    areas = {str(area.name): {s.message.kind for s in area.switches} for area in preferences_of(person()).areas}
    assert SOON.kind in areas["Grants"]
    assert areas["Other"] == {NEWS.kind}


def test_the_language_of_mails_is_saved_and_the_rest_of_the_profile_stays(db):
    user = person(time_zone="Europe/Athens")
    client = sign_in(Client(), user)
    assert client.post(PAGE, {"preferred_language": "el"}).status_code == 302
    user.refresh_from_db()
    assert (user.preferred_language, user.time_zone, user.display_name) == ("el", "Europe/Athens", "Nour Haddad")
    answer = client.post(PAGE, {"preferred_language": "xx"})
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.preferred_language == "el"


@pytest.mark.parametrize(
    ("setting", "said"),
    [("21:00-07:00", "do not come between 21:00 and 07:00 on your clock"), ("", "Mails come at any hour.")],
)
def test_zone_and_quiet_hours_are_told_in_words(db, settings, setting, said):
    settings.KOINE_QUIET_HOURS = setting
    page = sign_in(Client(), person(time_zone="Europe/Athens")).get(PAGE).content.decode()
    assert "Greece: Athens" in page
    assert said in page
    assert reverse("people:profile") in page


def test_a_person_whose_address_takes_no_mail_is_warned(db):
    client = sign_in(Client(), person("nour@example.org"))
    assert "Mail does not reach you" not in client.get(PAGE).content.decode()
    BouncedAddress.objects.create(email="nour@example.org")
    page = client.get(PAGE).content.decode()
    assert "Mail does not reach you" in page
    assert reverse("account_email") in page


def test_the_page_costs_the_same_for_few_choices_and_many(db, django_assert_num_queries, monkeypatch):
    user = person()
    client = sign_in(Client(), user)
    client.get(PAGE)
    choose(user, {NEWS.kind: False}, by=user)
    with django_assert_num_queries(6):
        client.get(PAGE)
    for n in range(3):
        monkeypatch.setitem(KINDS, f"tests.k{n}", Message(f"tests.k{n}", f"K {n}", mandatory=False, about="Now."))
        choose(user, {f"tests.k{n}": False}, by=user)
    with django_assert_num_queries(6):
        client.get(PAGE)


def test_the_page_stands_right_to_left_in_arabic(db):
    page = sign_in(Client(), person()).get("/ar/desk/mail/").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert 'action="/ar/desk/mail/"' in page


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_leave_one_choice(transactional_db):
    user = person()
    start, failed = threading.Barrier(4), []

    def press(by_mail: bool) -> None:
        try:
            start.wait()
            choose(user, {NEWS.kind: by_mail, SOON.kind: by_mail}, by=user)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(on,)) for on in (False, False, True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    rows = dict(MailChoice.objects.filter(user=user).values_list("kind", "by_mail"))
    assert set(rows) == {NEWS.kind, SOON.kind}
    assert len(set(rows.values())) == 1
