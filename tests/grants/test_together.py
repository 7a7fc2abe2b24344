"""Several people at one application: who else writes here, and what they say to one another."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin
from django.core.cache import cache
from django.utils import timezone

from grants.domain import comments as verbs
from grants.domain.people import add_member
from grants.domain.submission import submit_application
from grants.models import Comment
from grants.queries.comments import open_counts, threads_of
from grants.rules.answers import layout
from network.audit.models import AuditEvent
from network.doors import DomainError
from network.mail.models import OutgoingMail
from tests.grants import builders
from tests.grants.browsing import at, at_closing, autosave, post_section
from tests.threads import in_threads

NOW = timezone.now


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


@pytest.fixture
def maria(draft):
    """An editor of the draft."""
    made = builders.person("Maria")
    add_member(draft, made, "editor")
    return made


@pytest.fixture
def vera(draft):
    """A viewer of the draft."""
    made = builders.person("Vera")
    add_member(draft, made, "viewer")
    return made


# --- presence ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def empty_cache():
    cache.clear()
    yield
    cache.clear()


def here(client, draft, section="project"):
    return client.post(at("here", draft.opaque_id, section))


def test_a_section_says_who_else_has_it_open(client, applicant, draft, maria, empty_cache):
    client.force_login(maria)
    assert "writing here too" not in client.get(at("section", draft.opaque_id, "project")).content.decode()
    client.force_login(applicant)
    page = client.get(at("section", draft.opaque_id, "project")).content.decode()
    assert "\u2068Maria\u2069 is writing here too." in page
    assert here(client, draft).json() == {"text": "\u2068Maria\u2069 is writing here too."}
    assert here(client, draft, "budget").json() == {"text": ""}


def test_who_is_silent_for_45_seconds_is_gone(client, applicant, draft, maria, empty_cache):
    with time_machine.travel(NOW(), tick=False) as clock:
        client.force_login(maria)
        here(client, draft)
        client.force_login(applicant)
        clock.shift(44)
        assert "Maria" in here(client, draft).json()["text"]
        clock.shift(2)
        assert here(client, draft).json() == {"text": ""}


def test_saving_by_itself_says_that_one_is_here_and_going_on_that_one_left(
    client, applicant, draft, maria, empty_cache
):
    client.force_login(maria)
    autosave(client, draft, title="Mine")
    client.force_login(applicant)
    assert "Maria" in here(client, draft).json()["text"]
    client.force_login(maria)
    post_section(client, draft, "project", {"title": "Mine"}, revision=2)
    client.force_login(applicant)
    assert here(client, draft).json() == {"text": ""}


def test_a_page_that_was_left_open_hears_that_it_was_sent_or_that_it_is_too_late(
    client, applicant, ready, maria, empty_cache
):
    client.force_login(maria)
    with at_closing(client, maria, ready):
        assert "The deadline has passed" in here(client, ready).json()["text"]
    client.force_login(maria)
    assert here(client, ready).json() == {"text": ""}
    submit_application(ready, by=applicant, at=NOW())
    answer = here(client, ready)
    assert (answer.status_code, "“Change it again”" in answer.json()["text"]) == (200, True)
    client.force_login(applicant)
    assert "Maria" not in here(client, ready).json()["text"]


def test_several_are_named_and_viewers_and_strangers_are_not_asked(client, applicant, draft, maria, vera, empty_cache):
    for one in (maria, builders.person("Bilal")):
        add_member(draft, one, "editor")
        client.force_login(one)
        here(client, draft)
    client.force_login(applicant)
    assert here(client, draft).json()["text"] == "\u2068Maria\u2069, \u2068Bilal\u2069 are writing here too."
    for nobody, status in ((vera, 403), (builders.person("Sam"), 404)):
        client.force_login(nobody)
        assert here(client, draft).status_code == status
    client.logout()
    assert here(client, draft).status_code == 401


# --- comments ---------------------------------------------------------------------------------------------------------


def say(draft, by, text="Is this the right year?", **fields):
    return verbs.add_comment(draft, "project", text, by=by, at=NOW(), **fields)


def test_viewers_comment_others_answer_and_settle(client, applicant, draft, vera):
    client.force_login(vera)
    page = at("section_comments", draft.opaque_id, "project")
    assert client.post(page, {"text": "Is this the right year?", "field": "start_date"}).status_code == 302
    comment = Comment.objects.get()
    client.force_login(applicant)
    tasks = client.get(at("application", draft.opaque_id)).content.decode()
    assert "1 open comment" in tasks
    beside = client.get(at("section", draft.opaque_id, "project")).content.decode()
    assert "Is this the right year?" in beside
    client.post(at("answer_comment", draft.opaque_id, comment.pk), {"text": "Yes."})
    client.post(at("settle_comment", draft.opaque_id, comment.pk))
    shown = client.get(page).content.decode()
    assert all(text in shown for text in ("First day", "Is this the right year?", "Yes.", "Settled by"))
    assert "1 open comment" not in client.get(at("application", draft.opaque_id)).content.decode()
    client.post(at("settle_comment", draft.opaque_id, comment.pk), {"open": "1"})
    assert open_counts(draft) == {"project": 1}


def test_an_answer_opens_a_settled_thread(applicant, draft, vera):
    comment = say(draft, vera)
    verbs.settle_comment(comment, True, by=applicant, at=NOW())
    assert open_counts(draft) == {}
    answer = verbs.answer_comment(comment, "Not yet.", by=vera, at=NOW())
    assert verbs.answer_comment(answer, "Now.", by=applicant, at=NOW()).thread_id == comment.pk
    assert open_counts(draft) == {"project": 1}


def test_one_deletes_only_what_one_wrote_and_answers_stay(client, applicant, draft, vera):
    comment = say(draft, vera, "A secret")
    assert refusal(verbs.delete_comment, comment, by=applicant) == "denied"
    answer = verbs.answer_comment(comment, "Yes.", by=applicant, at=NOW())
    client.force_login(vera)
    assert client.get(at("delete_comment", draft.opaque_id, answer.pk)).status_code == 403
    client.post(at("delete_comment", draft.opaque_id, comment.pk))
    shown = client.get(at("section_comments", draft.opaque_id, "project")).content.decode()
    assert "A secret" not in shown
    assert "This comment was deleted by who wrote it." in shown
    assert "Yes." in shown
    verbs.delete_comment(answer, by=applicant)
    assert not draft.comments.exists()
    assert refusal(verbs.answer_comment, answer, "x", by=vera, at=NOW()) == "gone"
    assert "A secret" not in str(list(AuditEvent.objects.values_list("before", "after")))


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_a_comment_that_is_deleted_at_that_moment_is_kept_or_refused(applicant, draft):
    comment = say(draft, applicant)
    acts = [
        lambda: verbs.delete_comment(comment, by=applicant),
        lambda: verbs.answer_comment(comment, "Yes.", by=applicant, at=NOW()),
    ]
    deleted, answer = in_threads(2, lambda n: acts[n]())
    assert deleted is None
    if isinstance(answer, DomainError):
        assert (answer.code, Comment.objects.count()) == ("gone", 0)
    else:
        assert sorted(Comment.objects.values_list("text", flat=True)) == ["", "Yes."]


def test_what_is_no_comment_is_refused_and_kept(signed_in, applicant, draft, vera):
    page = at("section_comments", draft.opaque_id, "project")
    assert signed_in.post(page, {"text": "  "}).status_code == 400
    answer = signed_in.post(page, {"text": "y" * 4001})
    assert (answer.status_code, "y" * 4001 in answer.content.decode()) == (400, True)
    assert refusal(say, draft, applicant, field="policy") == "field"
    assert refusal(verbs.add_comment, draft, "nowhere", "x", by=applicant, at=NOW()) == "section"
    assert refusal(say, draft, builders.person("Sam")) == "denied"
    comment = say(draft, applicant)
    late = draft.round.closes_at
    assert refusal(verbs.answer_comment, comment, "x", by=vera, at=late) == "closed"
    assert refusal(verbs.settle_comment, comment, True, by=vera, at=late) == "closed"
    kept = signed_in.post(at("answer_comment", draft.opaque_id, comment.pk), {"text": "z" * 4001})
    assert (kept.status_code, "z" * 4001 in kept.content.decode()) == (409, True)


def test_none_of_it_is_sent_or_shown_to_others(client, applicant, ready, vera):
    say(ready, vera, "Between us")
    version = submit_application(ready, by=applicant, at=NOW())
    assert "Between us" not in str(version.answers)
    assert Comment not in admin.site._registry
    client.force_login(builders.person("Sam"))
    assert client.get(at("comments", ready.opaque_id)).status_code == 404


def test_the_page_has_as_many_queries_for_one_thread_as_for_four(
    signed_in, applicant, draft, vera, django_assert_num_queries
):
    section = next(one for one in layout(draft.form) if one.key == "project")
    for n in range(4):
        verbs.answer_comment(say(draft, vera, f"c{n}"), "a", by=applicant, at=NOW())
        with django_assert_num_queries(3):
            assert len(threads_of(draft, section)) == n + 1
    assert "c3" in signed_in.get(at("section_comments", draft.opaque_id, "project")).content.decode()
    assert "4 open comments" in signed_in.get(at("comments", draft.opaque_id)).content.decode()


def mails() -> list[tuple[str, int]]:
    rows = OutgoingMail.objects.filter(kind="grants.comments").order_by("pk")
    return [(row.to_name, row.context["count"]) for row in rows]


def test_the_others_hear_of_it_at_most_once_an_hour(applicant, draft, maria, vera):
    start = NOW()
    say(draft, vera)
    assert verbs.tell_of_comments(start + timedelta(minutes=1)) == 2
    assert sorted(mails()) == [("Amina", 1), ("Maria", 1)]
    verbs.add_comment(draft, "budget", "And this?", by=maria, at=start + timedelta(minutes=2))
    assert verbs.tell_of_comments(start + timedelta(minutes=3)) == 1
    assert mails()[-1] == ("Vera", 1)
    verbs.add_comment(draft, "budget", "Well?", by=maria, at=start + timedelta(minutes=50))
    assert verbs.tell_of_comments(start + timedelta(minutes=60)) == 0
    assert verbs.tell_of_comments(start + timedelta(minutes=61)) == 1
    assert mails()[-1] == ("Amina", 2)
    assert verbs.tell_of_comments(start + timedelta(minutes=64)) == 1
    assert mails()[-1] == ("Vera", 1)
    assert verbs.tell_of_comments(start + timedelta(days=1)) == 0


def test_nobody_is_written_to_about_what_was_deleted(applicant, draft, vera):
    verbs.delete_comment(say(draft, vera), by=vera)
    assert verbs.tell_of_comments(NOW()) == 0


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_once(applicant, draft):
    vera = builders.person("Vera")
    add_member(draft, vera, "viewer")
    say(draft, vera)
    moment = NOW()
    results = in_threads(3, lambda n: verbs.tell_of_comments(moment))
    assert sum(results) == 1
    assert mails() == [("Amina", 1)]
