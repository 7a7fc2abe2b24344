"""Rules of reminders: written in words, checked at each field, changed by one person at a time, removed while unused."""

from dataclasses import replace
from datetime import time

import pytest
from django.db import transaction
from django.urls import reverse

from network.audit.models import AuditEvent
from network.deadlines import DEADLINES
from network.doors import DomainError
from network.mail.domain.reminder_rules import RuleData, add_rule, change_rule, remove_rule, switch_rule
from network.mail.models import ReminderRule
from tests.admin import things
from tests.mail import deadlines_for_tests as meetings
from tests.mail.deadlines_for_tests import meeting  # noqa: F401  (a fixture of this file too)

pytestmark = pytest.mark.django_db
LIST = "/admin/mail/reminderrule/"
ADD = f"{LIST}add/"
WEEK = RuleData("tests.meeting", "members", "tests.soon", days_before=7, at_local=time(9))
FORM = {
    "deadline": "tests.meeting",
    "audience": "tests.meeting:members",
    "message": "tests.meeting:tests.soon",
    "days_before": "7",
    "at_local": "09:00",
    "hours_before": "",
}


@pytest.fixture(autouse=True)
def _known(meeting):  # noqa: F811
    """Every test here knows of meetings."""


def send(browser, address, **changed):
    """The form at that address, sent back with these changes."""
    form = browser.get(address).context["adminform"].form
    data = {**FORM, "opened_mark": form["opened_mark"].value() if "opened_mark" in form.fields else "", **changed}
    return browser.post(address, {name: data[name] for name in form.fields}, follow=True)


def errors(page) -> dict[str, list[str]]:
    return {name: [str(one) for one in found] for name, found in page.context["adminform"].form.errors.items()}


def test_a_rule_is_written_and_stands_in_words(operator, enter):
    browser = enter(operator)
    page = send(browser, ADD)
    rule = ReminderRule.objects.get()
    assert page.redirect_chain == [(f"{LIST}{rule.pk}/change/", 302)]
    assert (rule.days_before, rule.at_local, rule.hours_before, rule.active) == (7, time(9), None, True)
    words = "7 days before, at 09:00 on the deadline’s clock: Members"
    assert f"Saved: {words}." in page.content.decode()
    listed = browser.get(LIST).content.decode()
    assert words in listed
    assert "A meeting" in listed
    assert "Meets soon" in listed
    send(browser, ADD, days_before="", at_local="", hours_before="3", message="tests.meeting:tests.last")
    assert "3 hours before: Members" in browser.get(LIST).content.decode()
    send(browser, ADD, days_before="0", at_local="07:30")
    assert "On the day itself, at 07:30 on the deadline’s clock: Members" in browser.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"deadline": "nothing"}, "deadline", "nothing"),
        ({"deadline": ""}, "deadline", "required"),
        ({"audience": "other.kind:members"}, "audience", "not one of"),
        ({"audience": "members"}, "audience", "not one of"),
        ({"message": ""}, "message", "required"),
        ({"days_before": "", "at_local": ""}, "days_before", "how many days or hours"),
        ({"hours_before": "3"}, "hours_before", "not both"),
        ({"days_before": "366"}, "days_before", "Between 0 and 365"),
        ({"days_before": "-1"}, "days_before", "Between 0 and 365"),
        ({"days_before": "9" * 30}, "days_before", "Between 0 and 365"),
        ({"at_local": ""}, "at_local", "at what time"),
        ({"at_local": "25:00"}, "at_local", "valid time"),
        ({"at_local": "01:00"}, "at_local", "twice or not at all"),
        ({"at_local": "02:30"}, "at_local", "twice or not at all"),
        ({"at_local": "03:00"}, "at_local", "twice or not at all"),
        ({"days_before": "", "hours_before": "3"}, "at_local", "not with hours"),
        ({"days_before": "", "at_local": "", "hours_before": "0"}, "hours_before", "Between 1 and 720"),
        ({"days_before": "", "at_local": "", "hours_before": "721"}, "hours_before", "Between 1 and 720"),
        ({"days_before": "seven"}, "days_before", "whole number"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(operator, enter, changed, field, words):
    page = send(enter(operator), ADD, **changed)
    assert page.status_code == 200
    found = errors(page)
    assert words in " ".join(found[field]), found
    assert not ReminderRule.objects.exists()


@pytest.mark.parametrize(
    "fits", [{"days_before": "365"}, {"at_local": "00:59"}, {"at_local": "03:01"}, {"at_local": "23:59"},
             {"days_before": "", "at_local": "", "hours_before": "720"}]
)  # fmt: skip
def test_the_outermost_values_fit(operator, enter, fits):
    send(enter(operator), ADD, **fits)
    assert ReminderRule.objects.count() == 1


def test_people_and_texts_of_another_deadline_do_not_fit(operator, enter):
    other = replace(meetings.KIND, name="tests.other", title="Another", messages=(meetings.LAST,))
    DEADLINES[other.name] = other
    browser = enter(operator)
    told = browser.get(ADD).content.decode()
    assert '<optgroup label="Another">' in told
    page = send(browser, ADD, audience="tests.other:members", message="tests.other:tests.last")
    assert errors(page) == {
        "audience": ["These people have nothing to do with that deadline."],
        "message": ["This text does not fit that deadline."],
    }
    for field in ("audience", "message", "deadline"):
        with pytest.raises(DomainError) as refusal, transaction.atomic():
            add_rule(replace(WEEK, **{field: "nothing"}), by=operator)
        assert refusal.value.code == field
    with pytest.raises(DomainError) as refusal:
        add_rule(replace(WEEK, at_local=time(2)), by=operator)
    assert refusal.value.code == "at_local"
    assert not ReminderRule.objects.exists()


def test_the_same_people_are_not_reminded_twice_at_one_moment(operator, enter):
    add_rule(WEEK, by=operator)
    page = send(enter(operator), ADD, message="tests.meeting:tests.last")
    assert "There is a rule for these people at this moment already." in page.content.decode()
    send(enter(operator), ADD, audience="tests.meeting:owners")
    assert ReminderRule.objects.count() == 2


def test_a_rule_changes_and_its_history_tells_it_in_words(operator, enter):
    browser = enter(operator)
    send(browser, ADD)
    rule = ReminderRule.objects.get()
    address = f"{LIST}{rule.pk}/change/"
    assert 'name="deadline"' not in browser.get(address).content.decode()
    send(browser, address, days_before="5", audience="tests.meeting:owners")
    rule.refresh_from_db()
    assert (rule.days_before, rule.audience, rule.deadline, rule.version) == (5, "owners", "tests.meeting", 2)
    send(browser, address, days_before="5", audience="tests.meeting:owners")
    rule.refresh_from_db()
    assert rule.version == 2
    story = browser.get(f"{LIST}{rule.pk}/history/").content.decode()
    for words in ("A meeting", "Meets soon", "Members", "Owners", "Operator Olsen", "09:00"):
        assert words in story
    assert "tests.soon" not in story


def test_of_two_people_the_second_is_told_what_the_first_did(operator, enter):
    rule = add_rule(WEEK, by=operator)
    browser = enter(operator)
    address = f"{LIST}{rule.pk}/change/"
    mark = browser.get(address).context["adminform"].form["opened_mark"].value()
    change_rule(rule, replace(WEEK, days_before=4), version=1, by=operator)
    page = browser.post(address, {**FORM, "opened_mark": mark, "days_before": "3"})
    assert "after you opened it" in page.content.decode()
    assert ReminderRule.objects.get().days_before == 4
    with pytest.raises(DomainError) as refusal:
        change_rule(rule, replace(WEEK, days_before=2), version=1, by=operator)
    assert refusal.value.code == "version"
    with pytest.raises(DomainError) as refusal:
        change_rule(rule, replace(WEEK, deadline="tests.other"), version=2, by=operator)
    assert refusal.value.code == "deadline"


def act(browser, rule, lever, reason="The jury asked"):
    return browser.post(reverse("admin:mail_reminderrule_act", args=[rule.pk, lever]), {"reason": reason}, follow=True)


def test_a_rule_is_switched_off_and_on_for_a_reason(operator, enter):
    rule = add_rule(WEEK, by=operator)
    browser = enter(operator)
    assert act(browser, rule, "switch-off", reason="").context["form"].errors
    assert ReminderRule.objects.get().active
    act(browser, rule, "switch-off")
    assert not ReminderRule.objects.get().active
    assert [row.pk for row in browser.get(LIST, {"ask": "off"}).context["cl"].result_list] == [rule.pk]
    switch_rule(rule, on=False, reason="again", by=operator)
    assert ReminderRule.objects.get().version == 2
    act(browser, rule, "switch-on")
    assert ReminderRule.objects.get().active
    reasons = AuditEvent.objects.filter(table="mail_reminderrule", action="U").values_list("reason", flat=True)
    assert list(reasons) == ["The jury asked"] * 2


def test_only_a_rule_that_never_reminded_anybody_is_removed(operator, enter):
    used, unused = add_rule(WEEK, by=operator), add_rule(replace(WEEK, days_before=3), by=operator)
    things.mail(rule=used)
    browser = enter(operator)
    page = browser.get(f"{LIST}{used.pk}/change/")
    assert not any("remove" in lever["url"] for lever in page.context["levers"])
    refused = act(browser, used, "remove")
    assert refused.status_code == 403
    assert "It has reminded people." in refused.content.decode()
    done = act(browser, unused, "remove")
    assert done.redirect_chain == [(LIST, 302)]
    assert list(ReminderRule.objects.all()) == [used]
    with pytest.raises(DomainError) as refusal:
        remove_rule(unused, reason="x", by=operator)
    assert refusal.value.code == "gone"


def test_the_last_rule_of_a_deadline_is_switched_off_instead(operator):
    """The planner gives a kind of deadline that has no rule at all those that its app begins with."""
    rule = add_rule(WEEK, by=operator)
    with pytest.raises(DomainError) as refusal:
        remove_rule(rule, reason="x", by=operator)
    assert refusal.value.code == "denied"
    assert "only rule" in str(refusal.value)
    assert ReminderRule.objects.exists()


def test_only_operators_set_reminders_and_auditors_read_them(operator, auditor, lamp, enter):
    rule = add_rule(WEEK, by=operator)
    page = enter(auditor).get(f"{LIST}{rule.pk}/change/")
    told = page.content.decode()
    assert "7 days before, at 09:00 on the deadline’s clock" in told
    assert 'name="days_before"' not in told
    assert page.context["levers"] == []
    for person in (auditor, lamp.officer, lamp.manager):
        for call in (
            lambda person=person: add_rule(replace(WEEK, days_before=1), by=person),
            lambda person=person: change_rule(rule, replace(WEEK, days_before=1), version=1, by=person),
            lambda person=person: switch_rule(rule, on=False, reason="x", by=person),
            lambda person=person: remove_rule(rule, reason="x", by=person),
        ):
            with pytest.raises(DomainError) as refusal, transaction.atomic():
                call()
            assert refusal.value.code == "denied"
        browser = enter(person)
        assert browser.get(ADD).status_code == browser.post(ADD, FORM).status_code == 403
        for lever in ("switch-off", "remove"):
            address = reverse("admin:mail_reminderrule_act", args=[rule.pk, lever])
            assert browser.post(address, {"reason": "x"}).status_code in {403, 404}
    assert ReminderRule.objects.values_list("days_before", "active").get() == (7, True)
