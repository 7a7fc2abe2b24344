"""Sending: in time or not to the second, once however often somebody presses, and for ever as it was."""

import importlib
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from grants import tasks
from grants.domain.people import add_member
from grants.domain.submission import (
    Incomplete,
    content_hash,
    reopen_application,
    settle_closed_rounds,
    submit_application,
    withdraw_application,
)
from grants.enums import Outcome, Verb, next_state
from grants.models import Application, ApplicationVersion, SubmitAttempt
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.limits import LONGEST_WAIT
from network.mail.models import OutgoingMail
from tests.grants import builders
from tests.grants.test_drafts import refusal
from tests.threads import in_threads

NOW = timezone.now
UNREAD = "UPDATE grants_applicationversion SET amount_requested = NULL"


def graced(application: Application, seconds: int = 0) -> Application:
    application.round.grace_seconds = seconds
    application.round.save()
    return application


@pytest.mark.parametrize(
    ("seconds", "grace", "code"),
    [(-1, 0, None), (0, 0, "closed"), (1, 0, "closed"), (0, 180, None), (179, 180, None), (180, 180, "closed")],
)
def test_the_second_of_arrival_decides(applicant, ready, seconds, grace, code):
    at = graced(ready, grace).round.closes_at + timedelta(seconds=seconds)
    if code:
        assert refusal(submit_application, ready, by=applicant, at=at) == code
        assert SubmitAttempt.objects.get().outcome == Outcome.LATE
        assert not ApplicationVersion.objects.exists()
    else:
        version = submit_application(ready, by=applicant, at=at)
        assert (version.received_at, version.in_grace) == (at, seconds >= 0)


def test_versions_that_were_sent_before_they_knew_their_amount_are_read(applicant, ready):
    migration = importlib.import_module("grants.migrations.0010_amount_as_it_was_sent")
    version = submit_application(ready, by=applicant, at=NOW())
    with connection.cursor() as cursor:
        for statement in (*migration.OPEN, UNREAD, migration.READ, *migration.SHUT):
            cursor.execute(statement)
    version.refresh_from_db()
    assert version.amount_requested == 12_500
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicationVersion.objects.update(amount_requested=1)


def test_what_was_sent_is_one_version_with_number_code_hash_and_mail(applicant, ready):
    version = submit_application(ready, by=applicant, at=NOW(), revision=ready.revision)
    ready.refresh_from_db()
    assert (ready.state, ready.current_version, version.number) == ("submitted", version, 1)
    assert ready.number >= 1001
    assert version.answers["budget"] == {"amount_requested": "12500", "people": "200"}
    assert version.amount_requested == 12_500
    assert version.answers["project"]["start_date"] == "2027-03-27"
    assert [file["name"] for file in version.files] == ["policy.pdf"]
    assert version.content_hash == content_hash(version.form_id, version.answers, version.files)
    assert len(version.receipt_code) == 14
    mail = OutgoingMail.objects.get(kind="grants.receipt")
    assert mail.context["code"] == version.receipt_code
    assert mail.context["reference"] == ready.reference


def test_nothing_is_sent_while_something_is_missing_and_all_of_it_is_said(applicant, draft):
    builders.write(draft, "project", {"title": "T", "summary": "word " * 11, "aim": "c"}, by=applicant)
    with pytest.raises(Incomplete) as incomplete:
        submit_application(draft, by=applicant, at=NOW())
    assert [(one.field, one.code) for one in incomplete.value.problems] == [
        ("summary", "words"),
        ("aim", "choice"),
        ("amount_requested", "missing"),
        ("policy", "missing"),
        ("truth", "missing"),
    ]
    attempt = SubmitAttempt.objects.get()
    assert (attempt.outcome, attempt.user) == (Outcome.INCOMPLETE, applicant)
    assert attempt.missing[0] == "project.summary:words"
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("draft", None)


def test_the_rounds_sizes_bind_the_amount(applicant, ready):
    builders.write(ready, "budget", {"amount_requested": "999"}, by=applicant)
    with pytest.raises(Incomplete) as incomplete:
        submit_application(ready, by=applicant, at=NOW())
    assert [one.code for one in incomplete.value.problems] == ["min"]


def test_only_the_owner_sends(applicant, ready):
    editor = builders.person("Bilal")
    add_member(ready, editor, "editor")
    assert refusal(submit_application, ready, by=editor, at=NOW()) == "denied"
    assert SubmitAttempt.objects.get().outcome == Outcome.REFUSED
    assert submit_application(ready, by=applicant, at=NOW())


def test_a_page_of_an_older_state_sends_nothing(applicant, ready):
    assert refusal(submit_application, ready, by=applicant, at=NOW(), revision=ready.revision + 1) == "stale"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("presses", [2, 3])
def test_many_presses_give_one_version_one_number_and_one_mail(applicant, ready, presses):
    revision = ready.revision
    results = in_threads(presses, lambda n: submit_application(ready, by=applicant, at=NOW(), revision=revision))
    assert {one.receipt_code for one in results} == {ApplicationVersion.objects.get().receipt_code}
    outcomes = sorted(SubmitAttempt.objects.values_list("outcome", flat=True))
    assert outcomes == ["received", *["repeated"] * (presses - 1)]
    assert OutgoingMail.objects.filter(kind="grants.receipt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_and_saving_at_the_same_moment_loses_neither(applicant, ready):
    def act(n):
        if n == 0:
            return submit_application(ready, by=applicant, at=NOW())
        return builders.write(ready, "project", {**builders.ANSWERS["project"], "title": "Last word"}, by=applicant)

    sent, saved = in_threads(2, act)
    if isinstance(saved, DomainError):
        assert saved.code == "denied"
        assert sent.answers["project"]["title"] == "Neighbours at one table"
    else:
        assert sent.answers["project"]["title"] == "Last word"


def test_a_sent_application_is_changed_again_until_the_deadline_and_its_version_stays(applicant, ready):
    first = submit_application(ready, by=applicant, at=NOW())
    reopen_application(ready, by=applicant, at=ready.round.closes_at - timedelta(seconds=1))
    ready.refresh_from_db()
    assert (ready.state, ready.current_version) == ("draft", first)
    builders.write(ready, "project", {**builders.ANSWERS["project"], "title": "Better"}, by=applicant)
    second = submit_application(ready, by=applicant, at=NOW())
    number = ready.number
    ready.refresh_from_db()
    assert (second.number, ready.number, ready.current_version) == (2, number, second)
    assert first.answers["project"]["title"] == "Neighbours at one table"
    assert OutgoingMail.objects.filter(kind="grants.receipt").count() == 2


def test_it_is_not_changed_again_after_the_deadline_nor_by_others(applicant, ready):
    graced(ready, 180)
    submit_application(ready, by=applicant, at=NOW())
    closes = ready.round.closes_at
    assert refusal(reopen_application, ready, by=applicant, at=closes) == "closed"
    editor = builders.person("Bilal")
    add_member(ready, editor, "editor")
    assert refusal(reopen_application, ready, by=editor, at=NOW()) == "denied"


def test_withdrawing_needs_a_reason_and_is_for_good(applicant, ready):
    submit_application(ready, by=applicant, at=NOW())
    assert refusal(withdraw_application, ready, reason=" \n", by=applicant, at=NOW()) == "reason"
    withdraw_application(ready, reason="We merge.", by=applicant, at=NOW())
    ready.refresh_from_db()
    assert (ready.state, ready.withdrawn_reason) == ("withdrawn", "We merge.")
    assert AuditEvent.objects.filter(table="grants_application", reason="We merge.").exists()
    assert refusal(withdraw_application, ready, reason="Again", by=applicant, at=NOW()) == "state"
    assert refusal(submit_application, ready, by=applicant, at=NOW()) == "state"


def test_a_withdrawn_application_makes_room_for_another(applicant, ngo, open_round):
    drafts = [builders.draft(applicant, open_round, ngo) for _n in range(2)]
    assert refusal(builders.draft, applicant, open_round, ngo) == "max_per_organisation"
    withdraw_application(drafts[0], reason="Mistake", by=applicant, at=NOW())
    assert builders.draft(applicant, open_round, ngo)


def test_at_closing_drafts_lapse_and_what_was_sent_goes_on(applicant, ngo, open_round):
    plain, sent = (builders.draft(applicant, open_round, ngo) for _n in range(2))
    builders.write(plain, "project", {"title": "Half done"}, by=applicant)
    builders.complete(sent, by=applicant)
    submit_application(sent, by=applicant, at=NOW())
    closes = open_round.closes_at
    assert settle_closed_rounds(closes - timedelta(seconds=1)) == {"lapsed": 0, "screening": 0}
    assert settle_closed_rounds(closes) == {"lapsed": 1, "screening": 1}
    assert settle_closed_rounds(closes + timedelta(minutes=1)) == {"lapsed": 0, "screening": 0}
    assert set(Application.objects.values_list("pk", "state")) == {(plain.pk, "lapsed"), (sent.pk, "screening")}
    mail = OutgoingMail.objects.get(kind="grants.lapsed")
    assert mail.context["copy"][0]["answers"][0]["answer"] == "Half done"
    assert submit_application(sent, by=applicant, at=closes) == sent.versions.get()


def test_nothing_is_settled_within_the_grace(applicant, draft):
    closes = graced(draft, 180).round.closes_at
    assert settle_closed_rounds(closes + timedelta(seconds=179))["lapsed"] == 0
    assert settle_closed_rounds(closes + timedelta(seconds=180))["lapsed"] == 1


def test_a_reopened_draft_goes_on_with_the_version_that_was_sent(applicant, ready):
    first = submit_application(ready, by=applicant, at=NOW())
    reopen_application(ready, by=applicant, at=NOW())
    builders.write(ready, "project", {"title": ""}, by=applicant)
    assert settle_closed_rounds(ready.round.closes_at) == {"lapsed": 0, "screening": 1}
    ready.refresh_from_db()
    assert (ready.state, ready.current_version) == ("screening", first)
    assert not OutgoingMail.objects.filter(kind="grants.lapsed").exists()


@pytest.mark.parametrize(
    "sql", ["UPDATE grants_applicationversion SET number = 9", "DELETE FROM grants_applicationversion"]
)
def test_the_database_refuses_to_change_what_was_sent(applicant, ready, sql):
    submit_application(ready, by=applicant, at=NOW())
    with pytest.raises(DatabaseError, match="sent versions stay"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_mails_are_written_in_their_readers_language(ready, applicant):
    applicant.preferred_language = "ar"
    applicant.save()
    submit_application(ready, by=applicant, at=NOW())
    mail = OutgoingMail.objects.get(kind="grants.receipt")
    assert mail.language == "ar"
    assert mail.context["fund"] == "الصندوق المشترك"
    assert "/ar/applications/" in mail.context["url"]


def test_the_workflow_knows_no_way_back_from_the_end_but_by_an_extension():
    assert all(next_state("withdrawn", verb) is None for verb in Verb)
    assert {verb: next_state("lapsed", verb) for verb in Verb if next_state("lapsed", verb)} == {Verb.EXTEND: "draft"}


def test_the_minutes_run_settles_and_may_run_twice(own_media, applicant, draft):
    with time_machine.travel(draft.round.closes_at + LONGEST_WAIT - timedelta(seconds=1), tick=False) as clock:
        # Something that arrived in time may still wait for a thread.
        assert tasks.tick()["lapsed"] == 0
        clock.shift(1)
        assert tasks.tick() == {"lapsed": 1, "screening": 0, "scanned": 0, "told": 0}
        assert tasks.tick() == {"lapsed": 0, "screening": 0, "scanned": 0, "told": 0}
        tasks.sweep_uploads()
        assert tasks.sweep_uploads() == 0
