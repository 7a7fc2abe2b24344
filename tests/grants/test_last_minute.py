"""The last minute: many send at once while the round is moved or closes, and each is received or told why not."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from grants.domain import files as file_verbs
from grants.domain.extending import extend_application
from grants.domain.rounds import move_closing
from grants.domain.submission import settle_closed_rounds, submit_application
from grants.enums import Outcome, State
from grants.models import AnswerSection, Application, ApplicationMember, ApplicationVersion, Attachment, SubmitAttempt
from network.doors import DomainError
from network.mail.models import OutgoingMail
from tests.grants import builders
from tests.grants.browsing import at
from tests.grants.builders import pdf
from tests.grants.test_drafts import refusal
from tests.threads import in_threads

MANY, PEOPLE = 200, 10
SECOND = timedelta(seconds=1)


def copies_of(ready: Application, count: int) -> list[Application]:
    """As many drafts as whole as this one, of the same people."""
    keys = [uuid.uuid4() for _n in range(count)]
    drafts = Application.objects.bulk_create(
        Application(
            round=ready.round, organisation=ready.organisation, form=ready.form, uuid=key, opaque_id=key.hex[:16],
            title=ready.title, amount_requested=ready.amount_requested,
        )
        for key in keys
    )  # fmt: skip
    answers, files = list(ready.answers.all()), list(ready.attachments.all())
    AnswerSection.objects.bulk_create(
        AnswerSection(application=one, section=row.section, data=row.data) for one in drafts for row in answers
    )
    Attachment.objects.bulk_create(
        Attachment(
            application=one, field=file.field, name=file.name, size=file.size, sha256=file.sha256, mime=file.mime,
            scan=file.scan, file=file.file.name, uploaded_at=file.uploaded_at,
        )
        for one in drafts
        for file in files
    )  # fmt: skip
    members = ready.members.values_list("user_id", "role")
    ApplicationMember.objects.bulk_create(
        ApplicationMember(application=one, user_id=user_id, role=role) for one in drafts for user_id, role in members
    )
    return drafts


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_200_in_the_last_minute_none_is_lost_and_each_has_its_receipt():
    amina = builders.person("Amina")
    ready = builders.complete(
        builders.draft(amina, builders.round_of(builders.fund()), builders.organisation(amina)), by=amina
    )
    drafts = copies_of(ready, MANY)
    closes = ready.round.closes_at
    finished: list[int] = []

    def act(n: int) -> list[ApplicationVersion]:
        if n == PEOPLE:
            # The round's clock runs beside them, and is in nobody's way.
            while len(finished) < PEOPLE:
                assert settle_closed_rounds(closes - SECOND) == {"lapsed": 0, "screening": 0}
            return []
        try:
            return [
                submit_application(drafts[place], by=amina, at=closes - timedelta(seconds=60) * (MANY - place) / MANY)
                for place in range(n, MANY, PEOPLE)
            ]
        finally:
            finished.append(n)

    results = in_threads(PEOPLE + 1, act)
    versions = [version for sent in results for version in sent]
    assert len({version.receipt_code for version in versions}) == MANY
    numbers = set(Application.objects.filter(state=State.SUBMITTED).values_list("number", flat=True))
    assert len(numbers) == MANY
    told = OutgoingMail.objects.filter(kind="grants.receipt").values_list("context__code", flat=True)
    assert sorted(told) == sorted(version.receipt_code for version in versions)
    assert {one.outcome for one in SubmitAttempt.objects.all()} == {Outcome.RECEIVED}
    assert settle_closed_rounds(closes) == {"lapsed": 1, "screening": MANY}


@pytest.fixture
def racing(transactional_db):
    """An application that can be sent, and who runs its fund."""
    amina = builders.person("Amina")
    draft = builders.draft(amina, builders.round_of(builders.fund()), builders.organisation(amina))
    return amina, builders.complete(draft, by=amina)


@pytest.mark.parametrize("after", [-SECOND, SECOND])
def test_sent_while_it_is_given_more_time_and_its_round_is_moved(racing, after):
    """Whatever comes first: what arrived in time is received, and the latest time that was given counts for the rest."""
    amina, ready = racing
    by, closes = builders.operator(), ready.round.closes_at
    noon = closes.replace(hour=12, minute=0, second=0)
    arrived = closes + after
    acts = [
        lambda: submit_application(ready, by=amina, at=arrived),
        lambda: extend_application(
            ready, builders.wall(noon + timedelta(days=2)), reason="The line was down", by=by, at=closes - 2 * SECOND
        ),
        lambda: move_closing(ready.round, builders.wall(noon + timedelta(days=3)), reason="Storm", by=by),
    ]
    sent, extended, moved = in_threads(3, lambda n: acts[n]())
    assert not isinstance(moved, Exception)
    found = Application.objects.select_related("round").get()
    if isinstance(sent, DomainError):
        # It looked before either was there: the person presses again, and is in time.
        assert (after, sent.code) == (SECOND, "closed")
        assert submit_application(ready, by=amina, at=arrived).in_grace is False
    else:
        assert sent.received_at == arrived
    assert not isinstance(extended, Exception) or extended.code in {"stale", "until"}
    assert found.closes_at == found.round.closes_at == noon + timedelta(days=3)
    assert SubmitAttempt.objects.filter(outcome=Outcome.RECEIVED).count() == 1


# --- the days on which clocks change --------------------------------------------------------------------------------------

SPRING = datetime(2030, 3, 31, tzinfo=UTC)  # London: 01:00 becomes 02:00
AUTUMN = datetime(2030, 10, 27, tzinfo=UTC)  # London: 02:00 becomes 01:00


@pytest.mark.parametrize(
    ("closes", "until", "wall"),
    [
        # Half past midnight, before the clocks change; until half past three, after: two hours and four.
        (SPRING + timedelta(minutes=30), SPRING + timedelta(hours=2, minutes=30), "2030-03-31T03:30"),
        (AUTUMN - timedelta(minutes=30), AUTUMN + timedelta(hours=3, minutes=30), "2030-10-27T03:30"),
    ],
    ids=["spring", "autumn"],
)  # fmt: skip
def test_on_both_days_of_changed_clocks_an_extension_ends_when_clocks_show_it(db, closes, until, wall):
    with time_machine.travel(closes - timedelta(days=9), tick=False):
        amina = builders.person("Amina")
        made = builders.round_of(builders.fund(), closes=closes, max_per_organisation=4)
        ngo = builders.organisation(amina)
        drafts = [builders.complete(builders.draft(amina, made, ngo), by=amina) for _n in range(4)]
        assert made.closes_at == closes
        for draft in drafts[1:]:
            extend_application(
                draft,
                datetime.fromisoformat(wall),
                reason="The line was down",
                by=builders.operator(),
                at=timezone.now(),
            )
    assert refusal(submit_application, drafts[0], by=amina, at=closes) == "closed"
    assert submit_application(drafts[1], by=amina, at=until - SECOND)
    assert refusal(submit_application, drafts[2], by=amina, at=until) == "closed"
    assert refusal(submit_application, drafts[3], by=amina, at=until + SECOND) == "closed"
    # The hours between are real hours: those that clocks showed twice count twice, the one they skipped not at all.
    assert settle_closed_rounds(until - SECOND) == {"lapsed": 1, "screening": 0}
    assert settle_closed_rounds(until) == {"lapsed": 2, "screening": 1}


@pytest.mark.parametrize(("wall", "code"), [("2030-03-31T01:30", "imaginary"), ("2030-10-27T01:30", "doubled")])
def test_no_extension_ends_in_an_hour_that_clocks_skip_or_show_twice(db, wall, code):
    gone = datetime.fromisoformat(wall)
    with time_machine.travel(gone.replace(tzinfo=UTC) - timedelta(days=9), tick=False):
        amina = builders.person("Amina")
        made = builders.round_of(builders.fund(), closes=timezone.now() + timedelta(days=2))
        draft = builders.draft(amina, made, builders.organisation(amina))
        more = {"reason": "x", "by": builders.operator(), "at": timezone.now()}
        assert refusal(extend_application, draft, gone, **more) == code
    draft.refresh_from_db()
    assert draft.extended_until is None


# --- a file that arrives while somebody sends ---------------------------------------------------------------------------


def test_a_file_that_comes_through_after_sending_changes_nothing_that_was_sent(racing, client):
    amina, ready = racing
    sent = submit_application(ready, by=amina, at=timezone.now())
    assert refusal(file_verbs.attach_file, ready, "policy", pdf("late.pdf"), by=amina, at=timezone.now()) == "denied"
    client.force_login(amina)
    answer = client.post(at("file", ready.opaque_id, "policy"), {"file": pdf("late.pdf")})
    assert answer.status_code == 403
    assert "Change it again" in answer.content.decode()
    assert at("application", ready.opaque_id) in answer.content.decode()
    assert [file.name for file in Attachment.objects.all()] == ["policy.pdf"]
    assert ApplicationVersion.objects.get().content_hash == sent.content_hash


def test_a_file_and_sending_at_the_same_moment_end_in_one_order_or_the_other(racing):
    amina, ready = racing
    acts = [
        lambda: submit_application(ready, by=amina, at=timezone.now()),
        lambda: file_verbs.attach_file(ready, "policy", pdf("late.pdf"), by=amina, at=timezone.now()),
    ]
    sent, attached = in_threads(2, lambda n: acts[n]())
    names = [file["name"] for file in sent.files]
    if isinstance(attached, DomainError):
        assert (attached.code, names) == ("denied", ["policy.pdf"])
    else:
        assert names == ["late.pdf"]
    current = Attachment.objects.get(removed_at=None)
    assert [current.name] == names, "what is there is what was sent"
