"""The pages on which an application is written, filled with files and sent, over HTTP."""

import pytest
from django.test import Client
from django.utils import timezone

from grants.domain.files import attach_file
from grants.domain.people import add_member
from grants.domain.submission import settle_closed_rounds, submit_application
from grants.models import SubmitAttempt
from tests.grants import builders
from tests.grants.browsing import at, at_closing, autosave, post_section

NOW = timezone.now


# --- writing ----------------------------------------------------------------------------------------------------------


def test_sections_are_saved_without_scripts_and_lead_on(signed_in, draft):
    saved = post_section(signed_in, draft, "project", builders.ANSWERS["project"])
    assert saved.url == at("section", draft.opaque_id, "budget")
    left = post_section(signed_in, draft, "budget", builders.ANSWERS["budget"], leave="1")
    assert left.url == draft.get_absolute_url()
    page = signed_in.get(at("section", draft.opaque_id, "project")).content.decode()
    assert "Neighbours at one table" in page
    assert "Saved at" in page


def test_what_is_wrong_is_saved_and_marked(signed_in, draft):
    saved = post_section(
        signed_in, draft, "project", {"title": "T", "summary": "word " * 11, "start_date": "31 2 2027"}
    )
    assert saved.url == at("section", draft.opaque_id, "project")
    page = signed_in.get(saved.url).content.decode()
    assert page.count("is 1 word too long") == 2
    assert "Error: " in page
    assert "word word" in page
    states = [task["state"] for task in signed_in.get(draft.get_absolute_url()).context["page"].tasks]
    assert states == ["error", "todo", "todo", "todo"]


def test_without_scripts_a_stale_save_shows_both_texts_and_takes_the_choice(signed_in, applicant, draft):
    builders.write(draft, "project", {"title": "Theirs", "summary": "Theirs too"}, by=applicant)
    mine = {"title": "Mine", "summary": "Mine too"}
    conflict = post_section(signed_in, draft, "project", mine, revision=1)
    assert conflict.status_code == 409
    text = conflict.content.decode()
    assert all(words in text for words in ("Theirs too", "Mine too"))
    choice = {"resolve": "1", "keep-title": "theirs", "keep-summary": "mine"}
    assert post_section(signed_in, draft, "project", mine, revision=2, **choice).status_code == 302
    data = draft.answers.get(section="project").data
    assert (data["title"], data["summary"]) == ("Theirs", "Mine too")


def test_a_save_after_the_deadline_is_refused_and_gives_the_text_back(client, applicant, draft):
    with at_closing(client, applicant, draft):
        late = post_section(client, draft, "project", {"title": "Late words", "summary": ""})
        assert late.status_code == 409
        assert "Late words" in late.content.decode()
        assert client.get(at("section", draft.opaque_id, "project")).url == draft.get_absolute_url()
    assert draft.answers.get(section="project").revision == 1


def test_a_session_that_ended_loses_no_word(applicant, draft):
    browser = Client()
    sent = post_section(browser, draft, "project", {"title": "Typed for an hour"})
    assert sent.status_code == 302
    assert "login" in sent.url
    browser.force_login(applicant)
    page = browser.get(at("section", draft.opaque_id, "project")).content.decode()
    assert "Typed for an hour" in page


# --- saving while people write ----------------------------------------------------------------------------------------


def test_autosave_answers_with_the_new_revision_and_moment(signed_in, draft):
    answer = autosave(signed_in, draft, title="T", summary="a b c")
    assert answer.status_code == 200
    assert answer.json()["revision"] == 2
    assert answer.json()["state"] == "saved"
    assert draft.answers.get(section="project").data["title"] == "T"


def test_autosave_of_a_stale_text_answers_with_both(signed_in, applicant, draft):
    builders.write(draft, "project", {"title": "Theirs"}, by=applicant)
    answer = autosave(signed_in, draft, title="Mine")
    assert answer.status_code == 409
    body = answer.json()
    assert (body["revision"], body["theirs"]["a-title"], body["by"]) == (2, ["Theirs"], "Amina")


@pytest.mark.parametrize(
    ("section", "revision", "status"),
    [("nowhere", 1, 404), ("project", "x", 409), ("project", "", 409), ("papers", 1, 404)],
)
def test_autosave_of_nonsense_changes_nothing(signed_in, applicant, draft, section, revision, status):
    builders.write(draft, "project", {"title": "Kept"}, by=applicant)
    assert autosave(signed_in, draft, section, revision, title="x").status_code == status
    assert draft.answers.get(section="project").data["title"] == "Kept"


def test_autosave_signed_out_is_401_and_leads_nowhere(client, draft):
    answer = autosave(client, draft, title="T")
    assert answer.status_code == 401
    assert "sign in" in answer.json()["message"]


def test_autosave_after_the_deadline_says_so(client, applicant, draft):
    with at_closing(client, applicant, draft):
        answer = autosave(client, draft, title="T")
    assert answer.status_code == 422
    assert "deadline" in answer.json()["message"]


def test_autosave_is_cheap(signed_in, draft, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        autosave(signed_in, draft, title="T")


# --- who may ----------------------------------------------------------------------------------------------------------

PAGES = [
    ("application", ()),
    ("section", ("project",)),
    ("file", ("policy",)),
    ("check", ()),
]


@pytest.mark.parametrize(("name", "more"), [*PAGES, ("receipt", ()), ("reopen", ()), ("withdraw", ()), ("submit", ())])
def test_other_peoples_applications_are_not_found(client, applicant, ready, name, more):
    submit_application(ready, by=applicant, at=NOW())
    url = at(name, ready.opaque_id, *more)
    assert "login" in client.get(url).url
    client.force_login(builders.person("Sam"))
    assert client.get(url).status_code == 404
    client.force_login(applicant)
    assert client.get(url).status_code in {200, 302}


@pytest.mark.parametrize(("name", "more"), PAGES)
def test_an_editor_opens_the_pages_of_a_draft(client, applicant, draft, name, more):
    editor = builders.person("Bilal")
    add_member(draft, editor, "editor")
    client.force_login(editor)
    assert client.get(at(name, draft.opaque_id, *more)).status_code == 200


def test_a_viewer_reads_and_is_told_why_nothing_more(client, applicant, draft):
    viewer = builders.person("Vera")
    add_member(draft, viewer, "viewer")
    client.force_login(viewer)
    assert client.get(draft.get_absolute_url()).status_code == 200
    assert client.get(at("section", draft.opaque_id, "project")).status_code == 302
    refused = post_section(client, draft, "project", {"title": "x"})
    assert refused.status_code == 403
    assert "Ask its owner" in refused.content.decode()
    assert autosave(client, draft, title="x").status_code == 422
    assert client.post(at("withdraw", draft.opaque_id), {"reason": "x"}).status_code == 403
    assert client.post(at("reopen", draft.opaque_id)).status_code == 403
    assert client.post(at("submit", draft.opaque_id)).status_code == 403


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_uploaded_shown_downloaded_and_removed(signed_in, draft):
    url = at("file", draft.opaque_id, "policy")
    signed_in.post(url, {"file": builders.pdf("سياسة – 5.pdf")})
    attachment = draft.attachments.get()
    page = signed_in.get(url).content.decode()
    download = at("download", draft.opaque_id, attachment.uuid)
    assert download in page
    answer = signed_in.get(download)
    assert b"".join(answer.streaming_content) == builders.PDF
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D8%B3")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    remove = at("file_remove", draft.opaque_id, "policy")
    assert "Remove this file?" in signed_in.get(remove).content.decode()
    assert signed_in.post(remove).url == url
    assert signed_in.get(download).status_code == 404


def test_a_file_is_given_out_to_members_only_and_only_when_clean(client, applicant, draft, signed_in):
    attachment = attach_file(draft, "policy", builders.pdf(), by=applicant, at=NOW())
    download = at("download", draft.opaque_id, attachment.uuid)
    assert b"".join(signed_in.get(download).streaming_content) == builders.PDF
    for scan in ("pending", "infected", "error"):
        draft.attachments.update(scan=scan)
        assert signed_in.get(download).status_code == 404
    draft.attachments.update(scan="clean")
    other = Client()
    other.force_login(builders.person("Sam"))
    assert other.get(download).status_code == 404
    assert "login" in Client().get(download).url


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (("a.svg", b"<svg/>"), "Upload a PDF"),
        (("a.pdf", b"<html>"), "not what its name says"),
        (("a.pdf", b""), "empty"),
    ],
)
def test_a_refused_file_says_why(signed_in, draft, file, words):
    answer = signed_in.post(at("file", draft.opaque_id, "policy"), {"file": builders.pdf(*file)})
    assert answer.status_code == 422
    assert answer.content.decode().count(words) >= 2
    assert not draft.attachments.exists()


def test_no_file_is_a_refusal_too(signed_in, draft):
    answer = signed_in.post(at("file", draft.opaque_id, "policy"), {})
    assert "Choose a file first" in answer.content.decode()
    assert signed_in.get(at("file", draft.opaque_id, "summary")).status_code == 404


# --- sending ----------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_listed_with_links_and_marked_where_it_is(signed_in, draft):
    tried = signed_in.post(at("submit", draft.opaque_id), {"revision": draft.revision})
    assert tried.status_code == 422
    text = tried.content.decode()
    link = at("section", draft.opaque_id, "project") + "?check=1#id_a-title"
    assert link.replace("&", "&amp;") in text
    assert at("file", draft.opaque_id, "policy") in text
    assert "6 things are missing" in text
    marked = signed_in.get(at("section", draft.opaque_id, "project") + "?check=1").content.decode()
    assert "Answer “Title of the project”" in marked
    assert "Answer “" not in signed_in.get(at("section", draft.opaque_id, "project")).content.decode()
    assert SubmitAttempt.objects.get().outcome == "incomplete"


def test_after_the_deadline_the_draft_is_there_to_read_and_can_not_be_sent(client, applicant, ready):
    with at_closing(client, applicant, ready):
        tried = client.post(at("submit", ready.opaque_id), {"revision": ready.revision})
        assert tried.url == ready.get_absolute_url()
        page = client.get(tried.url).content.decode()
        assert client.get(at("check", ready.opaque_id)).url == ready.get_absolute_url()
    for words in ("The deadline has passed", "it reached us", "Neighbours at one table"):
        assert words in page, words
    assert "Send application</button>" not in page
    settle_closed_rounds(ready.round.closes_at)
    client.force_login(applicant)
    lapsed = client.get(ready.get_absolute_url()).content.decode()
    assert "Neighbours at one table" in lapsed
    assert client.get(at("receipt", ready.opaque_id)).status_code == 404


def test_changing_again_and_withdrawing_ask_first(signed_in, applicant, ready):
    submit_application(ready, by=applicant, at=NOW())
    reopen, withdraw = at("reopen", ready.opaque_id), at("withdraw", ready.opaque_id)
    assert "stays valid until you send again" in signed_in.get(reopen).content.decode()
    assert signed_in.post(reopen).url == ready.get_absolute_url()
    assert "Version 1 stays valid" in signed_in.get(ready.get_absolute_url()).content.decode()
    assert "Go on with the changes" in signed_in.get(at("receipt", ready.opaque_id)).content.decode()
    assert "Say in a few words" in signed_in.post(withdraw, {"reason": " "}).content.decode()
    signed_in.post(withdraw, {"reason": "We merge."})
    assert "We merge." in signed_in.get(ready.get_absolute_url()).content.decode()


def test_names_with_overrides_and_line_breaks_stay_one_clean_line(signed_in, draft):
    post_section(signed_in, draft, "project", {"title": "A\r\nBcc: x@y\u202eZ", "summary": ""})
    draft.refresh_from_db()
    assert draft.title == "A Bcc: x@yZ"


# --- cost -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "queries"), [("application", (), 9), ("section", ("project",), 8), ("check", (), 7)]
)
def test_pages_of_a_draft_take_the_same_queries_empty_and_full(
    signed_in, applicant, draft, django_assert_num_queries, name, more, queries
):
    url = at(name, draft.opaque_id, *more)
    with django_assert_num_queries(queries):
        signed_in.get(url)
    builders.complete(draft, by=applicant)
    with django_assert_num_queries(queries):
        signed_in.get(url)


def test_what_was_sent_is_read_with_its_files(signed_in, applicant, ready):
    version = submit_application(ready, by=applicant, at=NOW())
    page = signed_in.get(ready.get_absolute_url()).content.decode()
    for words in (
        "£12,500",
        "27 March 2027",
        "Aim A",
        "Change it again",
        at("download", ready.opaque_id, version.files[0]["uuid"]),
    ):
        assert words in page, words
    assert signed_in.get(at("section", ready.opaque_id, "project")).url == ready.get_absolute_url()
