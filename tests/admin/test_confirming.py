"""The yearly confirmation of practices for staff: what is late, asking the city, confirming for it."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from network.audit.models import AuditEvent
from network.frame.moments import day_text
from network.mail.models import OutgoingMail
from practices.models import Practice
from tests.admin.test_levers import act, address
from tests.admin.test_work_queue import rows_of, tiles
from tests.practices import builders as build

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
LIST = "/admin/practices/practice/"


@pytest.fixture
def practice(lamp, operator):
    """A public practice of the lamp's city, verified 400 days ago; and one that is to be confirmed in a month."""
    today = timezone.localdate()
    made = [build.practice(operator, {"en": build.version(title)}, of=lamp.city) for title in ("Late", "Soon")]
    for one, due in zip(made, (today - 35 * DAY, today + 30 * DAY), strict=True):
        Practice.objects.filter(pk=one.pk).update(verified_on=due - 365 * DAY, review_due_on=due)
        one.refresh_from_db()
    return made[0]


def offered(browser, practice) -> set[str]:
    page = browser.get(address(practice, "change", practice.pk))
    return {one["url"].rsplit("/", 2)[1] for one in page.context["levers"]}


def test_the_list_says_when_each_was_verified_and_is_asked_for_what_is_late_or_soon(practice, lamp, enter):
    browser = enter(lamp.officer)
    page = browser.get(LIST, {"ask": "overdue"}).content.decode()
    assert day_text(practice.verified_on) in page
    assert "Not confirmed in time</span>" in page
    assert [rows_of(browser, f"{LIST}?ask={key}") for key in ("overdue", "due-soon")] == [1, 1]
    url, number = tiles(browser)["Practices not confirmed in time"]
    assert (number, rows_of(browser, url)) == (1, 1)
    due = day_text(practice.review_due_on)
    assert f"to be confirmed by {due}." in browser.get(address(practice, "change", practice.pk)).content.decode()


def test_staff_ask_the_city_now_by_mail_and_it_stays_in_the_history(practice, lamp, enter):
    writer = build.officer(lamp.city, "Åsa")
    browser = enter(lamp.officer)
    assert {"ask-now", "confirm"} <= offered(browser, practice)
    assert act(browser, practice, "ask-now", note="The school has closed.").status_code == 302
    mail = OutgoingMail.objects.get(kind="practices.confirm_now")
    assert (mail.recipient, mail.context["note"]) == (writer, "The school has closed.")
    event = AuditEvent.objects.filter(table="practices_verification").latest("id")
    assert (event.reason, event.actor_id) == ("The school has closed.", lamp.officer.pk)
    again = act(browser, practice, "ask-now", note="")
    assert "less than a week ago" in again.content.decode()
    assert OutgoingMail.objects.filter(kind="practices.confirm_now").count() == 1


def test_staff_confirm_for_the_city_with_a_reason(practice, lamp, enter):
    browser = enter(lamp.officer)
    assert "reason" in act(browser, practice, "confirm", reason="").context["form"].errors
    assert Practice.objects.get(pk=practice.pk).verified_on < timezone.localdate()
    assert act(browser, practice, "confirm", reason="They rang us.").status_code == 302
    line = practice.verifications.latest("id")
    assert (line.kind, line.on_behalf, line.note, line.by) == ("still_true", True, "They rang us.", lamp.officer)
    assert rows_of(browser, f"{LIST}?ask=overdue") == 0


def test_nothing_is_asked_of_drafts_nor_of_what_is_over_and_others_reach_nothing(
    practice, lamp, harbour, operator, enter
):
    browser = enter(operator)
    draft = build.practice(operator, of=lamp.city, published=False)
    over = build.practice(operator, of=lamp.city, running="ended")
    for one in (draft, over):
        assert not {"ask-now", "confirm"} & offered(browser, one)
    stranger = enter(harbour.officer)
    for name in ("ask-now", "confirm"):
        assert act(stranger, practice, name, reason="x", note="x").status_code in {302, 403, 404}
    assert practice.verifications.count() == 1
    assert not OutgoingMail.objects.filter(kind="practices.confirm_now").exists()


def test_many_cities_are_asked_at_once_after_a_look(practice, lamp, operator, enter):
    build.officer(lamp.city, "Åsa")
    browser = enter(operator)
    keys = ",".join(str(pk) for pk in Practice.objects.filter(city=lamp.city).values_list("pk", flat=True))
    answer = browser.post(f"{LIST}act/ask-now/", {"keys": keys, "note": ""})
    assert answer.status_code == 302
    assert OutgoingMail.objects.filter(kind="practices.confirm_now").count() == 2
