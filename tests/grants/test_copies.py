"""An application on paper: marked as what it is, in every direction, with room for what is not answered."""

import pytest
from django.utils import timezone, translation

from grants.documents.copy import copy_data
from grants.domain.submission import reopen_application, submit_application
from grants.models import Application
from network.typesetting import page_count
from tests.grants import builders
from tests.grants.browsing import at

TRICKS = '#import "x" $a$ *b* <c> \\ \u202eevil &amp; <script>alert(1)</script>'


def data_of(application, language="en"):
    fresh = Application.objects.select_related("round__fund", "form", "organisation", "current_version").get(
        pk=application.pk
    )
    with translation.override(language):
        return copy_data(fresh, "https://koine.example")


def questions(data):
    return {one["label"]: one for section in data["sections"] for one in section["questions"]}


@pytest.mark.parametrize("language", ["en", "ar", "el", "fa"])
def test_every_member_gets_it_in_their_language(signed_in, applicant, draft, language):
    builders.write(
        draft, "project", {"title": TRICKS, "summary": "\u0645\u0631\u062d\u0628\u0627\n\nHello " * 40}, by=applicant
    )
    answer = signed_in.get(at("copy", draft.opaque_id, language=language))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert page_count(answer.content) >= 1


def test_a_draft_says_so_and_has_room_for_what_is_missing(applicant, draft):
    builders.write(draft, "project", {"title": "Tables", "aim": "b"}, by=applicant)
    data = data_of(draft, "ar")
    assert (data["dir"], data["title"], data["titledir"]) == ("rtl", "Tables", "ltr")
    asked = questions(data_of(draft))
    assert len(asked) == sum(len(section["fields"]) for section in builders.SECTIONS)
    assert data_of(draft)["mark"] == "Draft: nothing was sent."
    assert asked["Title of the project"]["answer"] == [{"text": "Tables", "dir": "ltr"}]
    assert (asked["The project in brief"]["lines"], asked["First day"]["lines"]) == (4, 1)
    assert asked["Which aim?"]["boxes"] == [
        {"text": "Aim A", "chosen": False},
        {"text": "Aim B (chosen)", "chosen": True},
    ]
    assert asked["This is true."]["boxes"] == [{"text": "Yes", "chosen": False}]
    assert asked["Safeguarding policy"]["lines"] == 1


def test_what_was_sent_carries_its_receipt_code_and_a_draft_after_it_too(applicant, ready):
    version = submit_application(ready, by=applicant, at=timezone.now())
    sent = data_of(ready)
    assert version.receipt_code in sent["mark"]
    assert sent["mark"].startswith("Version 1 as it was sent")
    assert questions(sent)["Safeguarding policy"]["answer"][0]["text"] == "policy.pdf"
    assert questions(sent)["Amount you ask for"]["answer"][0]["text"] == "\u00a312,500"
    reopen_application(ready, by=applicant, at=timezone.now())
    assert data_of(ready)["mark"].startswith("Draft: these changes were not sent. Version 1 counts")


def test_answers_keep_their_own_direction(applicant, draft):
    builders.write(draft, "project", {"summary": "\u0645\u0631\u062d\u0628\u0627\nHello\n123"}, by=applicant)
    shown = questions(data_of(draft, "ar"))[
        "\u0627\u0644\u0645\u0634\u0631\u0648\u0639 \u0628\u0625\u064a\u062c\u0627\u0632"
    ]["answer"]
    assert [one["dir"] for one in shown] == ["rtl", "ltr", "rtl"]


def test_tables_budgets_and_addresses_are_drawn_full_and_empty(signed_in, applicant, draft):
    label = {"en": "Costs"}
    fields = [
        {"key": "costs", "kind": "budget", "label": label, "options": [{"value": "staff", "label": {"en": "Staff"}}]},
        {"key": "where", "kind": "address", "label": {"en": "Where"}},
        {"key": "aims", "kind": "choices", "label": {"en": "Aims"}, "options": [{"value": "a", "label": {"en": "A"}}]},
        {"key": "steps", "kind": "milestones", "label": {"en": "Steps"}, "when": {"field": "aims", "is": ["a"]}},
    ]
    form = draft.form
    form.pk, form.number = None, 2
    form.sections = [*builders.SECTIONS, {"key": "more", "title": {"en": "More"}, "fields": fields}]
    form.save()
    Application.objects.filter(pk=draft.pk).update(form=form)
    empty = questions(data_of(draft))
    assert (len(empty["Costs"]["rows"]), len(empty["Steps"]["rows"])) == (6, 6)
    assert {cell["text"] for row in empty["Costs"]["rows"] for cell in row} == {""}
    assert empty["Where"]["rows"][0][1]["text"] == ""
    assert "Only if" in empty["Steps"]["note"]
    for language in ("en", "ar"):
        assert signed_in.get(at("copy", draft.opaque_id, language=language)).status_code == 200
