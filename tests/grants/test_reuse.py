"""Answers of an earlier application: what fits comes over, nothing that is written is lost, and it is told which."""

import pytest
from django.utils import timezone

from grants.domain import reuse as verbs
from grants.domain.people import add_member
from grants.domain.submission import submit_application
from grants.models import Application, Attachment
from network.doors import DomainError
from network.scanner import Scan
from tests.grants import builders
from tests.grants.browsing import at

NOW = timezone.now


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


@pytest.fixture
def source(applicant, ready):
    """An application that was sent."""
    submit_application(ready, by=applicant, at=NOW())
    return Application.objects.select_related("form", "current_version", "organisation").get(pk=ready.pk)


@pytest.fixture
def fresh(applicant, ngo, open_round, source):
    """Another draft of the same organisation."""
    return builders.draft(applicant, open_round, ngo)


def keys(questions) -> set[str]:
    return {one.key for one in questions}


def test_same_questions_are_answered_and_what_is_written_stays(applicant, source, fresh):
    builders.write(fresh, "project", {"title": "Mine"}, by=applicant)
    done = verbs.take_over(fresh, source, by=applicant, at=NOW())
    assert keys(done.taken) == {"summary", "aim", "start_date", "amount_requested", "people", "policy"}
    assert done.unfit == []
    project = fresh.answers.get(section="project").data
    assert (project["title"], project["summary"], project["aim"]) == ("Mine", "We eat together.", "a")
    assert not fresh.answers.get(section="declaration").data.get("truth")
    copy = fresh.attachments.get()
    theirs = source.attachments.get()
    assert (copy.sha256, copy.scan) == (theirs.sha256, Scan.CLEAN)
    assert copy.file.name != theirs.file.name
    with copy.file.open("rb") as ours, theirs.file.open("rb") as original:
        assert ours.read() == original.read()
    fresh.refresh_from_db()
    assert (fresh.title, fresh.amount_requested) == ("Mine", 12500)
    assert keys(verbs.take_over(fresh, source, by=applicant, at=NOW()).taken) == set()


def test_other_kinds_and_unknown_options_do_not_fit(applicant, source, fresh):
    form = fresh.form
    sections = [dict(section, fields=[dict(one) for one in section["fields"]]) for section in builders.SECTIONS]
    sections[0]["fields"][1]["kind"] = "short_text"
    sections[0]["fields"][2]["options"] = [{"value": "z", "label": {"en": "Z"}}]
    form.pk, form.number, form.sections = None, 2, sections
    form.save()
    Application.objects.filter(pk=fresh.pk).update(form=form)
    done = verbs.take_over(fresh, source, by=applicant, at=NOW())
    assert keys(done.unfit) == {"summary", "aim"}
    assert "title" in keys(done.taken)
    assert "summary" not in {key for key, text in fresh.answers.get(section="project").data.items() if text}


@pytest.mark.parametrize("scan", [Scan.PENDING, Scan.INFECTED, Scan.ERROR])
def test_files_that_are_not_known_to_be_clean_stay_behind(applicant, source, fresh, scan):
    Attachment.objects.update(scan=scan)
    assert keys(verbs.take_over(fresh, source, by=applicant, at=NOW()).unfit) == {"policy"}
    assert not fresh.attachments.exists()


def test_only_what_one_may_read_of_the_same_organisation(applicant, ngo, open_round, source, fresh):
    other = builders.person("Olga")
    theirs = builders.draft(other, open_round, builders.organisation(other, slug="other"))
    add_member(theirs, applicant, "viewer")
    assert refusal(verbs.take_over, fresh, theirs, by=applicant, at=NOW()) == "source"
    assert refusal(verbs.take_over, fresh, fresh, by=applicant, at=NOW()) == "source"
    helper = builders.person("Helper")
    add_member(fresh, helper, "editor")
    assert refusal(verbs.take_over, fresh, source, by=helper, at=NOW()) == "denied"
    assert refusal(verbs.take_over, fresh, source, by=applicant, at=fresh.round.closes_at) == "closed"


def test_the_page_says_what_came_over(signed_in, applicant, source, fresh):
    assert (
        "Take over answers of an earlier application"
        in signed_in.get(at("application", fresh.opaque_id)).content.decode()
    )
    page = at("earlier", fresh.opaque_id)
    assert "Neighbours at one table" in signed_in.get(page).content.decode()
    assert signed_in.post(page, {"earlier": fresh.opaque_id}).status_code == 400
    shown = signed_in.post(page, {"earlier": source.opaque_id}, follow=True).content.decode()
    assert "7 answers came over: " in shown
    assert "Title of the project" in shown
    again = signed_in.post(page, {"earlier": source.opaque_id}, follow=True).content.decode()
    assert "Nothing came over" in again


def test_one_begins_with_earlier_answers(signed_in, applicant, ngo, source, open_round):
    builders.yes(open_round, applicant)
    page = at("start", "shared-fund")
    assert "Begin with the answers of an earlier application" in signed_in.get(page).content.decode()
    answer = signed_in.post(page, {"organisation": ngo.pk, "earlier": source.opaque_id})
    begun = Application.objects.exclude(pk=source.pk).get()
    assert answer.url == begun.get_absolute_url()
    assert begun.title == "Neighbours at one table"
