"""Still true? Once a year a city says whether a published practice is still as it is described."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.utils import timezone

from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import User
from practices.domain import (
    PracticeFacts,
    archive_practice,
    ask_to_confirm,
    confirm_practice,
    edit_practice,
    publish_practice,
    publish_version,
    restore_practice,
    start_version,
    tell_changed,
    tell_ended,
)
from practices.enums.verifying import Freshness, VerificationKind
from practices.models import Practice, PracticeVersion, Verification
from practices.queries.history import history
from practices.rules.verifying import can_ask_to_confirm, can_confirm_practice, freshness, is_overdue
from tests.practices import builders as build
from tests.practices.reviewing import Town, town
from tests.threads import in_threads

pytestmark = pytest.mark.django_db
APART = pytest.mark.django_db(transaction=True)
YEAR = datetime.timedelta(days=365)


@pytest.fixture
def cast() -> Town:
    return town()


def refusal(code: str):
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def old(cast: Town, days: int = 400, **facts: object) -> Practice:
    """A practice of Malmö's that was verified so many days ago."""
    made = build.practice(cast.operator, {"sv": build.version("Broar")}, of=cast.city, published=False, **facts)
    return publish_practice(made, by=cast.operator, at=timezone.now() - datetime.timedelta(days=days))


def fresh(practice: Practice) -> Practice:
    return Practice.objects.get(pk=practice.pk)


def kinds(practice: Practice) -> list[str]:
    return list(practice.verifications.order_by("id").values_list("kind", flat=True))


# --- what publishing says -----------------------------------------------------------------------------------------------


def test_what_is_published_counts_as_verified_that_day_for_a_year(cast):
    today = timezone.localdate()
    version = cast.version()
    as_version = publish_version(version, by=cast.decider, unreviewed_because="A small network.")
    plainly = build.practice(cast.operator, of=cast.city)
    elsewhere = old(cast, days=100)
    assert [(fresh(one).verified_on, fresh(one).review_due_on) for one in (as_version, plainly)] == [
        (today, today + YEAR)
    ] * 2
    day = today - datetime.timedelta(days=100)
    assert (fresh(elsewhere).verified_on, fresh(elsewhere).review_due_on) == (day, day + YEAR)
    assert [kinds(one) for one in (as_version, plainly, elsewhere)] == [["published"]] * 3


def test_what_comes_out_of_the_archive_is_verified_anew_once_it_is_published(cast):
    practice = old(cast)
    archive_practice(practice, by=cast.operator)
    publish_practice(restore_practice(practice, by=cast.operator), by=cast.operator)
    assert fresh(practice).verified_on == timezone.localdate()
    assert Verification.objects.standing().get().pk == practice.verifications.latest("id").pk


@pytest.mark.parametrize("running", ["ended", "discontinued"])
def test_nobody_is_asked_about_what_is_over_until_it_runs_again(cast, running):
    practice = old(cast, running=running)
    assert (fresh(practice).review_due_on, freshness(fresh(practice))) == (None, Freshness.OVER)
    assert not Verification.objects.standing().exists()
    with refusal("denied"):
        confirm_practice(practice, by=cast.writer)
    edit_practice(practice, PracticeFacts(running="running"), by=cast.operator)
    assert fresh(practice).review_due_on == fresh(practice).verified_on + YEAR
    assert is_overdue(fresh(practice))
    edit_practice(practice, PracticeFacts(running=running), by=cast.operator)
    assert fresh(practice).review_due_on is None


@pytest.mark.parametrize(
    ("days", "standing"),
    [(0, "fresh"), (304, "fresh"), (305, "soon"), (365, "soon"), (366, "overdue")],
)
def test_a_confirmation_holds_for_a_year_to_the_day(cast, days, standing):
    assert freshness(fresh(old(cast, days))) == standing


# --- still true ----------------------------------------------------------------------------------------------------------


def test_an_officer_confirms_it_for_another_year_and_nothing_of_the_record_changes(cast):
    practice = old(cast)
    before = fresh(practice)
    assert is_overdue(before)
    confirm_practice(practice, by=cast.writer, note="Asked the school.")
    after, today = fresh(practice), timezone.localdate()
    assert (after.verified_on, after.review_due_on, after.updated_at) == (today, today + YEAR, before.updated_at)
    assert not is_overdue(after)
    line = practice.verifications.latest("id")
    assert (line.kind, line.by, line.note, line.on_behalf) == ("still_true", cast.writer, "Asked the school.", False)
    event = AuditEvent.objects.filter(table="practices_verification").latest("id")
    assert (event.action, event.row, event.reason) == ("I", str(line.pk), "Asked the school.")


def test_staff_confirm_on_behalf_of_a_city_with_a_reason_only(cast):
    for by in (cast.decider, cast.operator):
        practice = old(cast)
        for note in ("", " \n"):
            with refusal("reason"):
                confirm_practice(practice, by=by, note=note)
        assert is_overdue(fresh(practice))
        confirm_practice(practice, by=by, note="They wrote to us.")
        assert practice.verifications.latest("id").on_behalf


def test_nobody_else_confirms_it_and_only_what_is_public_is_confirmed(cast):
    practice = old(cast)
    for stranger in (cast.peers["athens"], build.person()):
        assert not can_confirm_practice(stranger, practice)
        for act in (confirm_practice, tell_changed, tell_ended):
            with refusal("denied"):
                act(practice, by=stranger, note="x")
    draft = build.practice(cast.operator, of=cast.city, published=False)
    archived = archive_practice(old(cast), by=cast.operator)
    gone = build.practice(cast.operator)
    type(gone.city).objects.filter(pk=gone.city_id).update(archived_at=timezone.now())
    with refusal("denied"):
        confirm_practice(gone, by=cast.operator, note="x")
    for one in (draft, archived):
        for act in (confirm_practice, tell_changed, tell_ended):
            with refusal("denied"):
                act(one, by=cast.writer)
    assert set(Verification.objects.values_list("kind", flat=True).order_by()) == {"published"}


def test_the_second_of_two_is_told_that_it_is_done_and_by_whom(cast):
    practice = old(cast)
    seen = practice.version
    confirm_practice(practice, by=cast.writer, expected_version=seen)
    other = build.officer(cast.city, "Bo")
    for act in (confirm_practice, tell_changed, tell_ended):
        with pytest.raises(DomainError, match="Åsa confirmed it today already") as refused:
            act(practice, by=other, expected_version=seen)
        assert refused.value.code == "done"
    with refusal("done"):
        confirm_practice(practice, by=other)
    assert kinds(practice) == ["published", "still_true"]
    # Whoever has read that may still say that it has ended.
    tell_ended(practice, by=other, expected_version=fresh(practice).version)


def test_what_changed_since_it_was_read_is_read_again(cast):
    practice = old(cast)
    tell_changed(practice, by=cast.writer, expected_version=practice.version)
    with refusal("changed"):
        confirm_practice(practice, by=cast.writer, expected_version=practice.version)
    with refusal("too_long"):
        confirm_practice(practice, by=cast.writer, note="x" * 1001)


@APART
def test_of_two_officers_at_once_one_confirms_it_and_one_is_told():
    cast = town()
    practice, others = old(cast), [build.officer(cast.city, "Bo"), build.officer(cast.city, "Cia")]
    ends = in_threads(
        2, lambda n: confirm_practice(practice, by=User.objects.get(pk=others[n].pk), expected_version=practice.version)
    )
    assert sorted(type(end).__name__ for end in ends) == ["DomainError", "Practice"]
    assert next(end.code for end in ends if isinstance(end, DomainError)) == "done"
    assert kinds(practice) == ["published", "still_true"]


# --- changed, ended ------------------------------------------------------------------------------------------------------


def test_what_has_changed_begins_the_next_version_and_stays_to_be_confirmed(cast):
    practice = old(cast)
    version = tell_changed(practice, by=cast.writer, note="New partners.")
    assert (version.state, version.practice_id) == ("draft", practice.pk)
    assert tell_changed(practice, by=cast.writer).pk == version.pk
    assert is_overdue(fresh(practice))
    assert kinds(practice) == ["published", "changed", "changed"]
    assert Verification.objects.standing().get().kind == VerificationKind.PUBLISHED


def test_what_has_ended_stays_public_says_so_and_history_keeps_both(cast):
    practice = old(cast, started_on=build.LONG_AGO)
    day = timezone.localdate() - datetime.timedelta(days=30)
    tell_ended(practice, by=cast.writer, ended_on=day, note="The money ran out.")
    after = fresh(practice)
    assert (after.state, after.running, after.ended_on, after.review_due_on) == ("published", "ended", day, None)
    assert after.verified_on == timezone.localdate()
    assert not is_overdue(after)
    newer, older = PracticeVersion.objects.filter(practice=practice).order_by("-number")
    assert (newer.state, newer.minor, newer.started_by, newer.language) == ("published", True, cast.writer, "sv")
    assert newer.note
    assert older.published_at < newer.published_at
    told = history(after, {})
    assert [one.number for one in told.versions] == [2, 1]
    assert "ended" in str(told.differences).lower()
    with refusal("denied"):
        confirm_practice(practice, by=cast.writer)


def test_an_end_that_cannot_be_is_refused_and_nothing_is_changed(cast):
    practice = old(cast, started_on=build.LONG_AGO)
    for day in (timezone.localdate() + datetime.timedelta(days=1), build.LONG_AGO - datetime.timedelta(days=1)):
        with refusal("dates"):
            tell_ended(practice, by=cast.writer, ended_on=day)
    start_version(practice, by=cast.writer)
    with refusal("version"):
        tell_ended(practice, by=cast.writer)
    assert (fresh(practice).running, kinds(practice)) == ("running", ["published"])


def test_an_end_without_a_day_keeps_the_one_there_is(cast):
    practice = old(cast)
    tell_ended(practice, by=cast.writer)
    assert (fresh(practice).running, fresh(practice).ended_on) == ("ended", None)


# --- asked by staff ------------------------------------------------------------------------------------------------------


def test_those_who_decide_ask_the_city_now_and_once_a_week(cast):
    practice = old(cast, days=100)
    assert can_ask_to_confirm(cast.decider, practice)
    for somebody in (cast.writer, cast.peers["athens"]):
        with refusal("denied"):
            ask_to_confirm(practice, by=somebody)
    line = ask_to_confirm(practice, by=cast.decider, note="The school has closed.")
    mail = OutgoingMail.objects.get(kind="practices.confirm_now")
    assert (mail.to_name, mail.klass) == ("Åsa", "notice")
    assert (mail.context["asker"], mail.context["note"]) == ("Grace", "The school has closed.")
    assert mail.context["path"].endswith(f"/practices/{practice.slug}/still-true/")
    assert (line.kind, line.verified_on, line.by) == ("asked", None, cast.decider)
    with refusal("asked"):
        ask_to_confirm(practice, by=cast.operator)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        ask_to_confirm(practice, by=cast.operator)
    assert OutgoingMail.objects.filter(kind="practices.confirm_now").count() == 2
    assert fresh(practice).verified_on == timezone.localdate() - datetime.timedelta(days=100)


def test_where_a_city_has_no_officers_those_of_its_networks_are_asked_but_nobody_by_themselves(cast):
    grant_role(build.person("Ida"), RoleKind.NETWORK_OFFICER, cast.network.uuid, reason="Named.", by=cast.operator)
    cast.writer.roles.all().delete()
    ask_to_confirm(old(cast), by=cast.decider)
    assert [row.to_name for row in OutgoingMail.objects.filter(kind="practices.confirm_now")] == ["Ida"]


def test_where_there_is_nobody_to_ask_staff_are_told(cast):
    lonely = build.practice(cast.operator, of=build.city("lonely"))
    with refusal("nobody"):
        ask_to_confirm(lonely, by=cast.operator)
    with refusal("denied"):
        ask_to_confirm(archive_practice(lonely, by=cast.operator), by=cast.operator)
    assert kinds(lonely) == ["published"]
