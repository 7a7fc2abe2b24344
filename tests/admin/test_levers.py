"""Levers: state changes only through them, with a reason, and on many rows only after a look at what would happen."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from cities.models import City
from network.audit.models import AuditEvent
from network.mail.enums import Status
from network.membership.domain import decide
from network.membership.enums import DecisionKind
from network.membership.models import Membership
from network.people.models import Role, User
from practices.enums import State
from practices.models import Practice
from tests import places
from tests.admin import things

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def address(thing, page, *args):
    meta = thing._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def act(browser, thing, name, **data):
    return browser.post(address(thing, "act", thing.pk, name), data)


def test_a_suspension_needs_a_reason_and_is_kept_with_its_dates(lamp, enter):
    browser = enter(lamp.officer)
    refused = act(browser, lamp.membership, "suspend", effective_on=str(TODAY()))
    assert refused.status_code == 200
    assert "reason" in refused.context["form"].errors
    assert lamp.membership.decisions.count() == 1
    done = act(
        browser, lamp.membership, "suspend", effective_on=str(TODAY()), requested_on="2026-01-05", reason="No dues paid"
    )
    assert done.status_code == 302
    decision = lamp.membership.decisions.get(kind=DecisionKind.SUSPEND)
    assert (decision.effective_on, decision.requested_on) == (TODAY(), datetime.date(2026, 1, 5))
    assert (decision.reason, decision.decided_by) == ("No dues paid", lamp.officer)
    event = AuditEvent.objects.filter(table="membership_membershipdecision").latest("id")
    assert (event.reason, event.actor_id) == ("No dues paid", lamp.officer.pk)


def test_what_the_domain_refuses_comes_back_as_the_forms_error(lamp, enter):
    page = act(enter(lamp.officer), lamp.membership, "suspend", effective_on="2019-01-01", reason="Long ago")
    assert page.status_code == 200
    assert "A later decision is on record" in page.content.decode()
    assert lamp.membership.decisions.count() == 1


def test_only_levers_that_can_be_pulled_are_offered(lamp, enter, operator):
    browser = enter(lamp.officer)

    def offered() -> set[str]:
        page = browser.get(address(lamp.membership, "change", lamp.membership.pk))
        return {one["url"].rsplit("/", 2)[1] for one in page.context["levers"]}

    assert offered() == {"suspend", "withdraw", "end", "exclude"}
    decide(lamp.membership, DecisionKind.SUSPEND, by=operator, reason="x")
    assert offered() == {"reinstate", "withdraw", "end", "exclude"}
    assert browser.get(address(lamp.membership, "act", lamp.membership.pk, "suspend")).status_code == 403
    assert browser.get(address(lamp.membership, "act", lamp.membership.pk, "dance")).status_code == 404


@pytest.mark.parametrize(
    "typed", ["state", "status", "last_decision", "maturity", "archived_at", "is_staff", "is_superuser", "version"]
)
def test_posting_a_state_changes_nothing(lamp, operator, enter, typed):
    browser = enter(operator)
    before = {model: list(model.objects.order_by("pk").values()) for model in (Practice, City, User, Membership)}
    for thing in (lamp.practice, lamp.city, lamp.membership, lamp.officer):
        opened = browser.get(address(thing, "change", thing.pk))
        form = opened.context["adminform"].form
        data = {name: form[name].value() or "" for name in form.fields}
        data |= {
            "contacts-TOTAL_FORMS": "0",
            "contacts-INITIAL_FORMS": "0",
            typed: "published" if typed == "state" else "1",
        }
        browser.post(address(thing, "change", thing.pk), data)
    after = {model: list(model.objects.order_by("pk").values()) for model in (Practice, City, User, Membership)}
    assert after == before


def test_a_practice_is_published_only_when_it_is_whole(lamp, enter):
    browser = enter(lamp.officer)
    page = act(browser, lamp.practice, "publish")
    assert page.status_code == 200
    assert "every section" in page.content.decode()
    assert act(browser, lamp.practice, "archive", reason="Twice on record").status_code == 302
    lamp.practice.refresh_from_db()
    assert lamp.practice.state == State.ARCHIVED


def test_staff_write_down_who_took_a_practice_up(lamp, harbour, enter):
    browser = enter(lamp.officer)
    said = {"city": str(harbour.city), "status": "in_place", "year": "2024", "what_changed": "Shorter"}
    assert "already" not in act(browser, lamp.practice, "adopted", **{**said, "year": "1066"}).content.decode()
    assert not lamp.practice.adoptions.exists()
    assert act(browser, lamp.practice, "adopted", **said).status_code == 302
    adoption = lamp.practice.adoptions.get()
    assert (adoption.city, adoption.state, adoption.year) == (harbour.city, "confirmed", 2024)
    assert act(browser, lamp.practice, "adopted", **said).status_code == 200
    assert act(enter(harbour.officer), lamp.practice, "adopted", **said).status_code in {403, 404}


def test_a_city_is_archived_with_a_reason_and_comes_back(lamp, enter):
    browser = enter(lamp.officer)
    assert act(browser, lamp.city, "archive", reason="Merged").status_code == 302
    assert City.objects.get(pk=lamp.city.pk).archived_at
    assert act(browser, lamp.city, "restore", reason="Not merged after all").status_code == 302
    assert City.objects.get(pk=lamp.city.pk).archived_at is None


@pytest.mark.parametrize(
    ("status", "lever", "leads_to"),
    [
        (Status.FAILED, "send-again", Status.QUEUED),
        (Status.UNCERTAIN, "send-again", Status.QUEUED),
        (Status.UNCERTAIN, "arrived", Status.SENT),
        (Status.HELD, "release", Status.QUEUED),
        (Status.HELD, "stop", Status.ABORTED),
        (Status.SENT, "send-again", None),
        (Status.SENT, "stop", None),
        (Status.FAILED, "arrived", None),
        (Status.INFLIGHT, "stop", None),
    ],
)
def test_mail_moves_by_levers_only_where_its_table_allows(operator, enter, monkeypatch, status, lever, leads_to):
    monkeypatch.setattr("network.mail.domain.outbox.enqueue", lambda *args, **kwargs: None)
    mail = things.mail(status)
    browser = enter(operator)
    opened = browser.get(address(mail, "act", mail.pk, lever))
    answer = act(browser, mail, lever, reason="The server is back")
    mail.refresh_from_db()
    assert opened.status_code == (200 if leads_to else 403)
    assert answer.status_code == 302
    assert mail.status == (leads_to or status)
    told = browser.get(answer["Location"]).content.decode()
    assert ("Done:" in told) is bool(leads_to)
    assert (f"Not possible: this mail is “{mail.get_status_display()}”." in told) is not leads_to


def test_roles_are_given_by_name_and_end_by_lever(lamp, harbour, operator, enter):
    somebody = places.person("Zoe")
    browser = enter(operator)
    missing = act(browser, somebody, "role", kind="network_officer", scope="", reason="New colleague")
    assert "scope" in missing.context["form"].errors
    assert (
        act(browser, somebody, "role", kind="network_officer", scope="Harbour", reason="New colleague").status_code
        == 302
    )
    role = Role.objects.get(user=somebody)
    assert (role.scope_key, role.granted_by) == (str(harbour.network.uuid), operator)
    assert User.objects.get(pk=somebody.pk).is_staff
    assert act(browser, role, "end", reason="Left").status_code == 302
    assert not User.objects.get(pk=somebody.pk).is_staff


def test_an_officer_gives_no_role_outside_of_the_own_network(lamp, harbour, enter):
    page = act(enter(lamp.officer), lamp.officer, "role", kind="network_officer", scope="Harbour", reason="Friend")
    assert page.status_code == 200
    assert "only within the networks" in page.content.decode()
    assert Role.objects.filter(user=lamp.officer).count() == 1


def test_an_account_is_closed_and_opened_again(lamp, operator, enter):
    browser = enter(operator)
    assert act(browser, lamp.officer, "close", reason="Left the office").status_code == 302
    assert not User.objects.get(pk=lamp.officer.pk).is_active
    assert act(browser, lamp.officer, "reopen", reason="Back").status_code == 302
    assert act(browser, operator, "close", reason="Oops").status_code == 403


# --- many rows --------------------------------------------------------------------------------------------------------


def choose(browser, action, rows):
    return browser.post(
        reverse("admin:membership_membership_changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows], "index": "0"},
    )


def test_many_rows_are_first_foretold_then_changed(lamp, harbour, operator, enter):
    applied = places.network("Bench")
    suspended = places.member(applied, lamp.city)
    decide(suspended, DecisionKind.SUSPEND, by=operator, reason="x")
    ended = places.member(applied, harbour.city)
    decide(ended, DecisionKind.WITHDRAW, by=operator, reason="x")
    browser = enter(operator)
    rows = [lamp.membership, harbour.membership, suspended, ended]
    before = Membership.objects.count(), AuditEvent.objects.count()
    page = choose(browser, "suspend", rows)
    assert page.status_code == 200
    assert page.context["number"] == 2
    assert page.context["unchanged"] == ["Athens in Bench"]
    assert page.context["refused"] == [("Malmö in Bench", "Not possible: the city is “ended” today.")]
    assert (Membership.objects.count(), AuditEvent.objects.count()) == before
    url = reverse("admin:membership_membership_act_on_many", args=["suspend"])
    assert browser.post(url, {"keys": page.context["keys"], "effective_on": str(TODAY())}).context["form"].errors
    done = browser.post(
        url, {"keys": page.context["keys"], "effective_on": str(TODAY()), "reason": "No dues"}, follow=True
    )
    assert "2 rows changed" in done.content.decode()
    for membership in (lamp.membership, harbour.membership):
        assert membership.decisions.latest("id").kind == DecisionKind.SUSPEND
    assert ended.decisions.count() == 2


def test_an_officer_looks_at_the_own_rows_and_chooses_the_whole_list(lamp, harbour, enter):
    browser = enter(lamp.officer)
    page = choose(browser, "suspend", [lamp.membership, harbour.membership])
    assert page.context["affected"] == ["Athens in Lamp"]
    data = {"action": "suspend", "_selected_action": [lamp.membership.pk], "select_across": "1", "index": "0"}
    whole = browser.post(reverse("admin:membership_membership_changelist"), data)
    assert whole.context["affected"] == ["Athens in Lamp"]


def test_more_than_twenty_rows_ask_for_their_number(lamp, operator, enter):
    rows = [places.member(lamp.network, places.city()) for _n in range(21)]
    browser = enter(operator)
    page = choose(browser, "suspend", rows)
    assert page.context["confirm"] is not None
    url = reverse("admin:membership_membership_act_on_many", args=["suspend"])
    data = {"keys": page.context["keys"], "effective_on": str(TODAY()), "reason": "No dues"}
    for typed in ("", "20"):
        assert browser.post(url, {**data, "typed": typed}).status_code == 200
        assert rows[0].decisions.count() == 1
    assert browser.post(url, {**data, "typed": "21"}).status_code == 302
    assert all(row.decisions.count() == 2 for row in rows)


def test_twenty_rows_do_not(lamp, operator, enter):
    rows = [places.member(lamp.network, places.city()) for _n in range(20)]
    assert choose(enter(operator), "suspend", rows).context["confirm"] is None


def test_one_refusal_among_many_leaves_the_others_done(lamp, harbour, operator, enter):
    browser = enter(operator)
    page = choose(browser, "suspend", [lamp.membership, harbour.membership])
    url = reverse("admin:membership_membership_act_on_many", args=["suspend"])
    later = TODAY() + datetime.timedelta(days=30)
    decide(harbour.membership, DecisionKind.SUSPEND, by=operator, reason="x", effective_on=later)
    data = {"keys": page.context["keys"], "effective_on": str(TODAY()), "reason": "No dues"}
    told = browser.post(url, data, follow=True).content.decode()
    assert "1 row changed" in told
    assert "A later decision is on record" in told
    assert lamp.membership.decisions.count() == 2
