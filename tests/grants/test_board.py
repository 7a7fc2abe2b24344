"""A round while it runs: its numbers, a sealed one's silence, the sheet in which nothing runs, and a letter to all drafts."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from grants.domain.letters import write_to_drafts
from grants.domain.submission import reopen_application, submit_application, withdraw_application
from grants.models import Application, Round, RoundLetter
from grants.queries.board import board
from network.doors import DomainError
from network.mail.domain.sending import send_due
from tests.grants import builders
from tests.people.signing import sign_in


def sent(round_: Round, name: str, **answers) -> Application:
    """An application that was sent at the opening of its round; `answers` are of its section for money or project."""
    owner, at = builders.person(name), round_.opens_at
    draft = builders.draft(owner, round_, builders.organisation(owner, slug=f"house-{name.lower()}"), at)
    builders.complete(draft, by=owner, at=at)
    for section, change in answers.items():
        builders.write(draft, section, builders.ANSWERS[section] | change, by=owner, at=at)
    submit_application(draft, by=owner, at=at)
    draft.refresh_from_db()
    return draft


def owner_of(application: Application):
    return application.members.get(role="owner").user


@pytest.fixture
def round_(db) -> Round:
    """An open round with two sizes."""
    made = builders.round_of(builders.fund())
    made.tiers.create(minimum=1_000, maximum=20_000, match=0)
    made.tiers.create(minimum=Decimal("20000.01"), maximum=50_000, match=0)
    return made


@pytest.fixture
def staff(client):
    """A client signed in as somebody who runs the fund."""
    sign_in(client, builders.operator())
    return client


def address(name: str, round_: Round) -> str:
    return reverse(f"grants:{name}", args=[round_.fund.slug, round_.number])


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_what_was_begun_and_sent_is_counted_once(round_):
    at = round_.opens_at
    first = sent(round_, "A")
    sent(round_, "B", budget={"amount_requested": "30000"}, project={"aim": "b"})
    reopen_application(first, by=owner_of(first), at=at)
    gone = sent(round_, "C")
    withdraw_application(gone, reason="Elsewhere.", by=owner_of(gone), at=at)
    drafter = builders.person("D")
    builders.draft(drafter, round_, builders.organisation(drafter, slug="house-d"), at)
    told = board(round_, at)
    # The reopened one counts as sent: its version stays valid until another is sent.
    assert (told.begun, told.sent, told.drafts, told.withdrawn, told.lapsed) == (4, 2, 1, 1, 0)
    assert told.asked == Decimal(42_500)
    assert told.left == Decimal(800_000)
    assert [(one.count, one.asked) for one in told.sizes] == [(1, Decimal(12_500)), (1, Decimal(30_000))]
    (aims,) = told.breakdowns
    assert (aims.title, [(one.name, one.count) for one in aims.shares]) == ("Which aim?", [("Aim A", 1), ("Aim B", 1)])


def test_amounts_outside_of_every_size_are_told(round_):
    sent(round_, "A")
    round_.tiers.filter(minimum=1_000).delete()
    assert [(one.name, one.count) for one in board(round_, round_.opens_at).sizes][-1] == ("None of the sizes", 1)


def test_many_applications_cost_no_more_statements_than_one(round_, staff):
    one = sent(round_, "A")
    with CaptureQueriesContext(connection) as few:
        assert staff.get(address("board", round_)).status_code == 200
    version = one.current_version
    for number in range(2, 30):
        one.pk, one.opaque_id, one.number, one.uuid = None, f"code-{number:011d}", 10**6 + number, None
        one.uuid = Application._meta.get_field("uuid").get_default()
        one.current_version = version
        one.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page = staff.get(address("board", round_)).content.decode()
    assert "K-1000029" in page
    assert len(many) <= len(few) <= 25


def test_what_is_being_changed_again_is_told_as_it_was_sent(round_, staff):
    one = sent(round_, "A", project={"title": "As it was sent"})
    owner, moment = owner_of(one), round_.opens_at
    reopen_application(one, by=owner, at=moment)
    builders.write(one, "project", builders.ANSWERS["project"] | {"title": "Not sent yet"}, by=owner, at=moment)
    builders.write(one, "budget", {"amount_requested": "41,000"}, by=owner, at=moment)
    page = staff.get(address("board", round_)).content.decode()
    assert ("As it was sent" in page, "Not sent yet" in page) == (True, False)
    sheet = b"".join(staff.get(address("board_csv", round_)).streaming_content).decode()
    assert ("As it was sent" in sheet, "Not sent yet" in sheet, "41000" in sheet) == (True, False, False)
    again = board(round_, moment)
    assert again.asked == 12_500
    assert sum(share.asked for breakdown in again.breakdowns for share in breakdown.shares) == 12_500 * len(
        again.breakdowns
    )


# --- sealed -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sealed(db) -> Round:
    return builders.round_of(builders.fund(), sealed=True)


def test_a_sealed_round_tells_only_how_many(sealed, staff):
    application = sent(sealed, "Secret")
    told = board(sealed, sealed.opens_at)
    assert (told.sent, told.asked, told.sizes, told.breakdowns) == (1, None, [], [])
    page = staff.get(address("board", sealed)).content.decode()
    assert "This round is sealed" in page
    for hidden in (application.title, str(application.organisation), application.reference, "12,500"):
        assert hidden not in page


@pytest.mark.parametrize("name", ["board_csv", "board_xlsx"])
def test_a_sealed_round_has_no_sheet_before_it_closes(sealed, staff, name):
    sent(sealed, "Secret")
    answer = staff.get(address(name, sealed))
    assert answer.status_code == 403
    assert "Neighbours" not in answer.content.decode()
    moved = sealed.opens_at - timedelta(days=90)
    Round.objects.filter(pk=sealed.pk).update(opens_at=moved, closes_at=moved + timedelta(days=30))
    assert staff.get(address(name, sealed)).status_code == 200


# --- the sheet --------------------------------------------------------------------------------------------------------

FORMULA = '=HYPERLINK("https://evil.example")'


def test_the_csv_holds_all_answers_and_runs_nothing(round_, staff):
    sent(round_, "A", project={"title": FORMULA, "summary": "+1 و رحلة"})
    body = b"".join(staff.get(address("board_csv", round_)).streaming_content).decode("utf-8-sig")
    heading, row = list(csv.reader(io.StringIO(body)))
    told = dict(zip(heading, row, strict=True))
    assert told["Title of the project"] == f"'{FORMULA}"
    assert told["The project in brief"] == "'+1 و رحلة"
    assert told["Which aim?"] == "Aim A"
    assert told["Safeguarding policy"] == "policy.pdf"
    assert told["Amount you ask for"] == "£12,500"


def test_the_workbook_has_text_where_a_formula_was_typed(round_, staff):
    sent(round_, "A", project={"title": FORMULA})
    body = b"".join(staff.get(address("board_xlsx", round_)).streaming_content)
    sheet = load_workbook(io.BytesIO(body)).active
    heading, row = list(sheet.iter_rows())
    cell = next(one for one, name in zip(row, heading, strict=True) if name.value == "Title of the project")
    assert (cell.value, cell.data_type) == (f"'{FORMULA}", "s")


# --- letters ----------------------------------------------------------------------------------------------------------


def drafted(round_: Round, name: str, language: str = "en"):
    person = builders.person(name, preferred_language=language)
    house = builders.organisation(person, slug=f"house-{name.lower()}")
    return person, builders.draft(person, round_, house, round_.opens_at)


def test_a_letter_reaches_everybody_with_a_draft_and_nobody_else(round_, staff, django_capture_on_commit_callbacks):
    layla, draft = drafted(round_, "Layla", "ar")
    viewer = builders.person("Viewer")
    draft.members.create(user=viewer, role="viewer")
    sent(round_, "Sent")
    data = {"subject": "Two days\r\nBcc: x@evil.example", "body": "We answer questions on Tuesday.\n\nCome!"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = staff.post(address("round_letter", round_), data)
    assert answer.status_code == 302
    letter = RoundLetter.objects.get()
    assert (letter.people, letter.subject) == (1, "Two days Bcc: x@evil.example")
    send_due()
    (post,) = [one for one in mail.outbox if "Two days" in one.subject]
    assert [to.endswith(f"<{layla.email}>") for to in post.to] == [True]
    assert "We answer questions on Tuesday." in post.body
    assert "لم تُرسل" in post.body
    assert draft.opaque_id in post.body
    page = staff.get(address("board", round_)).content.decode()
    assert "to 1 person" in page
    assert layla.email not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"subject": "", "body": "Hello"}, "Write what the letter is about."),
        ({"subject": "Hello", "body": " \u202e "}, "Write the letter."),
        ({"subject": "Hello", "body": "x" * 5_001}, "At most 5,000 characters."),
    ],
)
def test_a_letter_without_words_is_not_sent_and_what_was_typed_stays(round_, staff, data, words):
    drafted(round_, "Layla")
    answer = staff.post(address("round_letter", round_), data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert "Hello" in page
    assert not RoundLetter.objects.exists()


def test_no_letter_where_nobody_reads_it_and_no_more_than_three_a_day(round_):
    by, at = builders.operator(), round_.opens_at
    with pytest.raises(DomainError) as nobody:
        write_to_drafts(round_, subject="A", body="B", by=by, at=at)
    assert nobody.value.code == "nobody"
    drafted(round_, "Layla")
    for _n in range(3):
        write_to_drafts(round_, subject="A", body="B", by=by, at=at)
    with pytest.raises(DomainError) as many:
        write_to_drafts(round_, subject="A", body="B", by=by, at=at + timedelta(hours=23))
    assert many.value.code == "limit"
    write_to_drafts(round_, subject="A", body="B", by=by, at=at + timedelta(hours=25))


def test_who_does_not_run_the_fund_writes_no_letter(round_):
    person, _draft = drafted(round_, "Layla")
    with pytest.raises(DomainError) as refused:
        write_to_drafts(round_, subject="A", body="B", by=person, at=round_.opens_at)
    assert refused.value.code == "denied"
