"""The pages of funds and applications as people meet them, over HTTP."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from grants.domain.submission import submit_application
from grants.enums import FundStatus
from grants.models import Application, EligibilityCheck
from network.mail.models import OutgoingMail
from network.people.desk import items
from tests.grants import builders
from tests.grants.browsing import at, post_section

NOW = timezone.now
YES = {"in_london": "yes", "form": "charity", "amount": "١٢٬٥٠٠"}


# --- the whole way ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.django_db(transaction=True)
def test_from_the_eligibility_check_without_an_account_to_the_receipt(client, applicant, ngo, open_round, language):
    applicant.preferred_language = language
    applicant.save()
    page = client.get(at("fund", "shared-fund", language=language))
    assert page.status_code == 200
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in page.content.decode()
    answered = client.post(at("eligibility", "shared-fund", language=language), YES)
    assert answered.url == at("eligibility_result", "shared-fund", language=language)
    assert client.get(answered.url).status_code == 200
    check = EligibilityCheck.objects.get()
    assert (check.eligible, check.answers["amount"], check.user) == (True, "12500", None)

    start = at("start", "shared-fund", language=language)
    led = client.get(start)
    assert led.status_code == 302
    assert "accounts/login" in led.url
    client.force_login(applicant)
    begun = client.post(start, {"organisation": ngo.pk})
    application = Application.objects.get()
    assert begun.url == at("application", application.opaque_id, language=language)
    assert application.eligibility == check

    for key, answers in builders.ANSWERS.items():
        saved = post_section(client, application, key, answers, language=language)
        assert saved.status_code == 302, saved.content.decode()
    upload = at("file", application.opaque_id, "policy", language=language)
    assert client.post(upload, {"file": builders.pdf("سياسة.pdf")}).url == upload
    tasks = client.get(at("application", application.opaque_id, language=language)).context["page"]
    assert tasks.ready
    assert {task["state"] for task in tasks.tasks} == {"done"}
    check_page = client.get(at("check", application.opaque_id, language=language))
    assert check_page.context["page"].problems == []
    assert "سياسة.pdf" in check_page.content.decode()

    sent = client.post(at("submit", application.opaque_id, language=language), {"revision": application.revision})
    assert sent.url == at("receipt", application.opaque_id, language=language)
    receipt = client.get(sent.url).content.decode()
    application.refresh_from_db()
    assert application.reference in receipt
    assert application.current_version.receipt_code in receipt
    mail = OutgoingMail.objects.get(kind="grants.receipt")
    assert (mail.language, mail.status) == (language, "sent")
    again = client.post(at("submit", application.opaque_id, language=language), {"revision": 1})
    assert again.url == sent.url
    assert client.get(again.url).content.decode().count(application.reference) == receipt.count(application.reference)


# --- public pages -----------------------------------------------------------------------------------------------------


def test_the_list_is_told_by_where_rounds_stand(client, db):
    empty = client.get(at("funds"))
    assert "Funds stand here once" in empty.content.decode()
    now = NOW().replace(microsecond=0)
    first = builders.fund("first")
    builders.round_of(first, opens=now - timedelta(days=90), closes=now - timedelta(days=60), awarded=1000, projects=3)
    builders.round_of(first)
    builders.round_of(builders.fund("second"), opens=now + timedelta(days=5), closes=now + timedelta(days=9))
    builders.round_of(builders.fund("hidden"), published=False)
    builders.round_of(builders.fund("secret", status=FundStatus.DRAFT))
    builders.round_of(builders.fund("ended", status=FundStatus.CLOSED))
    page = client.get(at("funds") + "?again").context["page"]
    assert [[one.fund.slug for one in part] for part in (page.open, page.upcoming, page.past)] == [
        ["first"],
        ["second"],
        ["ended", "first"],
    ]
    assert client.get(at("fund", "secret")).status_code == 404
    assert client.get(at("fund", "لا شيء")).status_code == 404
    assert client.get(at("fund", "hidden")).context["page"].round is None


def test_a_funds_page_shows_everything_before_anybody_starts(client, open_round):
    page = client.get(at("fund", "shared-fund")).content.decode()
    for words in (
        "City-Hall",
        "£400,000",
        "£800,000",
        "Need",
        "100%",
        "The project in brief",
        "Start an application",
        "London",
        "Languages in which people can apply",
    ):
        assert words in page, words
    arabic = client.get(at("fund", "shared-fund", language="ar")).content.decode()
    assert "نقف في وجه الكراهية" in arabic
    assert "المشروع بإيجاز" in arabic


def test_a_fund_that_is_not_open_can_not_be_started(client, applicant, ngo, db):
    now = NOW().replace(microsecond=0)
    builders.round_of(builders.fund(), opens=now + timedelta(days=5), closes=now + timedelta(days=9))
    assert "Start an application" not in client.get(at("fund", "shared-fund")).content.decode()
    client.force_login(applicant)
    refused = client.post(at("start", "shared-fund"), {"organisation": ngo.pk})
    assert refused.status_code == 409
    assert "not open yet" in refused.content.decode()
    assert not Application.objects.exists()


def test_public_pages_are_kept_for_visitors_and_made_anew_after_a_change(client, open_round):
    assert "X-Cache" not in client.get(at("funds"))
    assert client.get(at("funds"))["X-Cache"] == "hit"


@pytest.mark.parametrize(("name", "args", "queries"), [("funds", [], 5), ("fund", ["shared-fund-0"], 8)])
def test_public_pages_take_the_same_queries_for_one_and_for_three(
    client, db, django_assert_num_queries, name, args, queries
):
    builders.round_of(builders.fund("shared-fund-0"))
    with django_assert_num_queries(queries):
        client.get(at(name, *args))
    for n in (1, 2):
        builders.round_of(builders.fund(f"shared-fund-{n}"))
    with django_assert_num_queries(queries):
        client.get(at(name, *args) + "?again")


# --- eligibility and starting -----------------------------------------------------------------------------------------


def test_a_no_gives_every_reason_and_other_ways(client, open_round):
    builders.round_of(builders.fund("other"), eligibility=False)
    client.post(at("eligibility", "shared-fund"), {"in_london": "no", "form": "other", "amount": "60 000"})
    page = client.get(at("eligibility_result", "shared-fund")).content.decode()
    for words in (
        "Only for London.",
        "Only for charities.",
        "At most 50,000.",
        at("fund", "other"),
        "What else you can do",
    ):
        assert words in page, words
    assert "Start an application" not in page


def test_every_eligibility_question_wants_an_answer(client, open_round):
    page = client.post(at("eligibility", "shared-fund"), {"amount": "a lot"})
    assert page.status_code == 200
    assert not EligibilityCheck.objects.exists()
    text = page.content.decode()
    assert "Error: " in text
    assert text.count("Answer “Are you in London?”") == 2
    assert 'value="a lot"' in text
    assert client.get(at("eligibility_result", "shared-fund")).url == at("eligibility", "shared-fund")


def test_who_has_not_answered_or_has_a_no_is_led_to_the_check(signed_in, ngo, open_round):
    assert signed_in.get(at("start", "shared-fund")).url == at("eligibility", "shared-fund")
    signed_in.post(at("eligibility", "shared-fund"), {**YES, "in_london": "no"})
    assert signed_in.post(at("start", "shared-fund"), {"organisation": ngo.pk}).url == at(
        "eligibility_result", "shared-fund"
    )
    assert not Application.objects.exists()


def test_who_has_no_organisation_is_led_to_register_one(client, open_round):
    client.force_login(builders.person("Sam"))
    client.post(at("eligibility", "shared-fund"), YES)
    page = client.get(at("start", "shared-fund")).content.decode()
    register = f"{reverse('people:register_organisation')}?next={at('start', 'shared-fund')}"
    assert register in page
    assert register in client.get(register).content.decode()
    registered = client.post(register, {"name": "Lamp Street", "kind": "ngo", "country": "GB"})
    assert registered.url == at("start", "shared-fund")
    assert "Lamp Street" in client.get(registered.url).content.decode()
    elsewhere = f"{reverse('people:register_organisation')}?next=https://elsewhere.example/"
    stayed = client.post(elsewhere, {"name": "Second Street", "kind": "ngo", "country": "GB"})
    assert stayed.url.startswith("/en/desk/organisations/")
    stranger = builders.organisation(slug="somebody-elses")
    answer = client.post(at("start", "shared-fund"), {"organisation": stranger.pk})
    assert "Choose one of your organisations" in answer.content.decode() or answer.status_code == 200
    assert not Application.objects.exists()


def test_a_draft_that_is_there_is_pointed_out_and_the_limit_explained(signed_in, applicant, ngo, draft):
    page = signed_in.get(at("start", "shared-fund")).content.decode()
    assert draft.get_absolute_url() in page
    signed_in.post(at("start", "shared-fund"), {"organisation": ngo.pk})
    refused = signed_in.post(at("start", "shared-fund"), {"organisation": ngo.pk})
    assert refused.status_code == 409
    assert draft.get_absolute_url() in refused.content.decode()
    assert Application.objects.count() == 2


def test_of_several_organisations_one_is_chosen(signed_in, applicant, ngo, open_round):
    other = builders.organisation(applicant, slug="second-ngo")
    signed_in.post(at("eligibility", "shared-fund"), YES)
    assert "Which organisation applies?" in signed_in.get(at("start", "shared-fund")).content.decode()
    assert signed_in.post(at("start", "shared-fund"), {}).status_code == 200
    signed_in.post(at("start", "shared-fund"), {"organisation": other.pk})
    assert Application.objects.get().organisation == other


# --- the desk ---------------------------------------------------------------------------------------------------------


def test_the_desk_names_drafts_with_their_deadline_and_what_was_sent(applicant, draft):
    assert [(one.url, one.moment, one.urgent) for one in items("due", applicant)] == [
        (draft.get_absolute_url(), draft.round.closes_at, False)
    ]
    with time_machine.travel(draft.round.closes_at - timedelta(hours=5), tick=False):
        assert items("due", applicant)[0].urgent
    with time_machine.travel(draft.round.closes_at, tick=False):
        assert items("due", applicant) == []
    builders.complete(draft, by=applicant)
    submit_application(draft, by=applicant, at=NOW())
    assert items("due", applicant) == []
    assert draft.get_absolute_url() in [one.url for one in items("doing", applicant)]
    assert items("due", builders.person("Sam")) == []
