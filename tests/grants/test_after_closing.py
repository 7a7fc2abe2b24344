"""What people get in their hands: the copy of a draft that was not sent in time, and the receipt of one that was."""

import email
import email.policy

import pytest
from django.utils import timezone

from grants import messages
from grants.domain.people import add_member
from grants.domain.submission import settle_closed_rounds, submit_application
from grants.models import Application
from network.mail.documents import compose
from network.mail.models import OutgoingMail
from tests.grants import builders
from tests.threads import in_threads


def settle(draft: Application) -> None:
    settle_closed_rounds(draft.round.closes_at)


def bodies(row: OutgoingMail) -> tuple[str, str]:
    """Text and HTML as the recipient's program reads them."""
    message = email.message_from_bytes(compose(row).message().as_bytes(), policy=email.policy.default)
    return tuple(message.get_body((kind,)).get_content() for kind in ("plain", "html"))


@pytest.fixture
def editor(applicant, draft):
    """Writes in the draft and reads Arabic; beside them somebody who only looks."""
    made = builders.person("Bilal", preferred_language="ar")
    add_member(draft, made, "editor")
    add_member(draft, builders.person("Vera"), "viewer")
    return made


def test_who_owns_or_writes_the_draft_gets_all_of_it_in_their_language(applicant, editor, draft):
    builders.complete(draft, by=applicant)
    settle(draft)
    rows = {row.recipient_id: row for row in OutgoingMail.objects.filter(kind="grants.lapsed")}
    assert set(rows) == {applicant.pk, editor.pk}
    for body in bodies(rows[applicant.pk]):
        for words in ("Neighbours at one table", "We eat together.", "Aim A", "27 March 2027", "200", "policy.pdf"):
            assert words in body
        for words in ("Which aim?", "£12,500", f"/en/applications/{draft.opaque_id}/"):
            assert words in body
    text, html = bodies(rows[editor.pk])
    for body in (text, html):
        for words in ("أي هدف؟", "Neighbours at one table", "policy.pdf", f"/ar/applications/{draft.opaque_id}/"):
            assert words in body
    assert 'dir="rtl"' in html
    assert "Which aim?" not in text


def test_what_was_typed_is_text_in_a_mail_and_no_markup(applicant, draft):
    builders.write(draft, "project", {"title": "<b>T</b>", "summary": "one & two\nthree"}, by=applicant)
    settle(draft)
    text, html = bodies(OutgoingMail.objects.get())
    assert "<b>T</b>" in text
    assert "one & two\nthree" in text
    assert "&lt;b&gt;T&lt;/b&gt;" in html
    assert "one &amp; two<br>three" in html


@pytest.mark.parametrize(("most", "first", "second"), [(10, 10, 0), (26, 20, 6), (10_000, 20, 20)])
def test_a_huge_draft_is_cut_with_the_way_to_all_of_it(applicant, draft, monkeypatch, most, first, second):
    monkeypatch.setattr(messages, "MAX_COPY", most)
    builders.write(draft, "project", {"title": "ж" * 20, "summary": "ю" * 20}, by=applicant)
    builders.write(draft, "budget", {"people": "7777777"}, by=applicant)
    settle(draft)
    for body in bodies(OutgoingMail.objects.get()):
        assert (body.count("ж"), body.count("ю")) == (first, second)
        assert ("The copy ends here" in body) == (most < 100)
        assert ("7,777,777" in body) == (most > 100)
        assert f"/en/applications/{draft.opaque_id}/" in body


def test_an_empty_draft_is_told_of_without_a_copy(applicant, draft):
    settle(draft)
    text, _html = bodies(OutgoingMail.objects.get())
    assert "was not sent" in text
    assert "A copy of your answers" not in text


@pytest.mark.django_db(transaction=True)
def test_several_workers_that_settle_at_once_and_again_send_one_copy_a_person(applicant, ngo, open_round):
    drafts = [builders.draft(applicant, open_round, ngo) for _n in range(2)]
    other = builders.person("Bilal")
    add_member(drafts[0], other, "editor")
    results = in_threads(3, lambda n: settle_closed_rounds(open_round.closes_at))
    settle(drafts[0])
    assert sum(one["lapsed"] for one in results) == 2
    sent = sorted(OutgoingMail.objects.values_list("kind", "recipient_id"))
    assert sent == [("grants.lapsed", applicant.pk)] * 2 + [("grants.lapsed", other.pk)]


def test_a_closed_account_gets_nothing(applicant, editor, draft):
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    settle(draft)
    assert OutgoingMail.objects.get().recipient == applicant


def test_the_receipt_goes_to_each_owner_in_their_language_with_all_that_proves_it(applicant, editor, ready):
    second = builders.person("Chloe", preferred_language="ar")
    add_member(ready, second, "owner")
    version = submit_application(ready, by=applicant, at=timezone.now())
    rows = {row.recipient_id: row for row in OutgoingMail.objects.filter(kind="grants.receipt")}
    assert set(rows) == {applicant.pk, second.pk}
    for who, code in ((applicant, "en"), (second, "ar")):
        for body in bodies(rows[who.pk]):
            for words in (version.receipt_code, version.content_hash, "policy.pdf", f"/{code}/applications/"):
                assert words in body
    assert "الصندوق المشترك" in bodies(rows[second.pk])[0]
