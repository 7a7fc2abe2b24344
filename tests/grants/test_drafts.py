"""Starting and writing drafts: nothing is overwritten unseen, and nobody starts more than they may."""

from datetime import timedelta

import pytest
from django.utils import timezone

from grants.domain import drafts as verbs
from grants.domain.drafts import save_section, start_application
from grants.domain.eligibility import check_eligibility
from grants.domain.people import add_member
from grants.models import AnswerSection, Application
from network.doors import DomainError
from network.sections import StaleSection
from tests.grants import builders
from tests.threads import in_threads

NOW = timezone.now


def refusal(act, *args, **kwargs) -> str:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert str(error.value)
    return error.value.code


def test_a_draft_has_every_section_and_its_organisations_people(applicant, open_round):
    editor, viewer = builders.person("Bilal"), builders.person("Chloe")
    ngo = builders.organisation(applicant)
    ngo.memberships.create(user=editor, role="editor")
    ngo.memberships.create(user=viewer, role="viewer")
    draft = builders.draft(editor, open_round, ngo)
    assert set(draft.answers.values_list("section", flat=True)) == {"project", "budget", "papers", "declaration"}
    roles = dict(draft.members.values_list("user__display_name", "role"))
    assert roles == {"Amina": "owner", "Bilal": "owner", "Chloe": "viewer"}


def test_only_owners_and_editors_with_a_confirmed_address_start(applicant, ngo, open_round):
    viewer, stranger, unconfirmed = (builders.person(name) for name in ("Vera", "Sam", "Uma"))
    ngo.memberships.create(user=viewer, role="viewer")
    ngo.memberships.create(user=unconfirmed, role="owner")
    unconfirmed.emailaddress_set.update(verified=False)
    for nobody in (viewer, stranger, unconfirmed):
        assert refusal(builders.draft, nobody, open_round, ngo) == "denied"
    assert builders.draft(applicant, open_round, ngo).state == "draft"


def test_a_draft_begins_only_while_the_round_is_open(applicant, ngo, open_round):
    closes = open_round.closes_at
    assert refusal(builders.draft, applicant, open_round, ngo, closes) == "closed"
    assert refusal(builders.draft, applicant, open_round, ngo, open_round.opens_at - timedelta(seconds=1)) == "closed"
    assert builders.draft(applicant, open_round, ngo, closes - timedelta(seconds=1))


def test_a_draft_needs_an_eligibility_check_that_passed_for_this_round(applicant, ngo, open_round):
    no = check_eligibility(open_round, {"in_london": False, "form": "charity", "amount": "1"}, by=applicant)
    start = {"by": applicant, "at": NOW()}
    assert (no.eligible, no.failed) == (False, ["in_london"])
    assert refusal(start_application, open_round, ngo, eligibility=no, **start) == "ineligible"
    assert refusal(start_application, open_round, ngo, **start) == "eligibility"
    yes = builders.yes(open_round, applicant)
    assert start_application(open_round, ngo, eligibility=yes, **start).eligibility == yes


def test_a_round_without_a_form_can_not_be_begun(applicant, ngo):
    bare = builders.round_of(builders.fund(), form=False, eligibility=False)
    assert refusal(start_application, bare, ngo, by=applicant, at=NOW()) == "form"


@pytest.mark.django_db(transaction=True)
def test_parallel_starts_never_pass_the_limit_of_an_organisation(applicant, ngo, open_round):
    checks = [builders.yes(open_round, applicant) for _n in range(6)]
    results = in_threads(6, lambda n: start_application(open_round, ngo, by=applicant, at=NOW(), eligibility=checks[n]))
    started = [one for one in results if isinstance(one, Application)]
    assert len(started) == open_round.max_per_organisation == Application.objects.count() == 2
    assert {one.code for one in results if isinstance(one, DomainError)} == {"max_per_organisation"}


def test_a_draft_needs_nothing_and_keeps_too_many_words(applicant, draft):
    long = "word " * 40
    saved = builders.write(draft, "project", {"title": "", "summary": long}, by=applicant)
    assert saved.data["summary"] == long.strip()
    assert (saved.revision, draft.answers.get(section="project").revision) == (2, 2)


def test_title_and_amount_stand_in_lists(applicant, draft):
    builders.write(draft, "project", {"title": "Tables"}, by=applicant)
    builders.write(draft, "budget", {"amount_requested": "١٢٬٥٠٠"}, by=applicant)
    draft.refresh_from_db()
    assert (draft.title, draft.amount_requested) == ("Tables", 12500)
    builders.write(draft, "budget", {"amount_requested": "a lot"}, by=applicant)
    draft.refresh_from_db()
    assert draft.amount_requested is None


def test_a_stale_text_overwrites_nothing_and_brings_both(applicant, ngo, draft):
    editor = builders.person("Bilal")
    add_member(draft, editor, "editor")
    save_section(draft, "project", {"title": "Hers"}, revision=1, by=applicant, at=NOW())
    with pytest.raises(StaleSection) as conflict:
        save_section(draft, "project", {"title": "His"}, revision=1, by=editor, at=NOW())
    assert conflict.value.theirs.data["title"] == "Hers"
    assert (conflict.value.theirs.revision, conflict.value.by_name) == (2, "Amina")
    assert draft.answers.get(section="project").data["title"] == "Hers"


def test_the_same_text_again_is_no_conflict(applicant, draft):
    first = save_section(draft, "project", {"title": "One"}, revision=1, by=applicant, at=NOW())
    again = save_section(draft, "project", {"title": "One"}, revision=1, by=applicant, at=NOW())
    assert first.revision == again.revision == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_the_same_moment_one_is_asked(applicant, ngo, draft):
    editor = builders.person("Bilal")
    add_member(draft, editor, "editor")
    people = [applicant, editor]
    results = in_threads(
        2, lambda n: save_section(draft, "project", {"title": f"Text {n}"}, revision=1, by=people[n], at=NOW())
    )
    stale = [one for one in results if isinstance(one, StaleSection)]
    kept = AnswerSection.objects.get(application=draft, section="project")
    assert len(stale) == 1
    assert kept.revision == 2
    assert stale[0].theirs.data["title"] == kept.data["title"]


def test_viewers_and_strangers_do_not_write(applicant, draft):
    viewer = builders.person("Vera")
    add_member(draft, viewer, "viewer")
    for nobody in (viewer, builders.person("Sam")):
        assert refusal(builders.write, draft, "project", {"title": "x"}, by=nobody) == "denied"
    assert builders.write(draft, "project", {"title": "x"}, by=applicant).revision == 2


def test_drafts_are_written_until_the_end_of_the_grace(applicant, draft):
    draft.round.grace_seconds = 180
    draft.round.save()
    closes = draft.round.closes_at
    builders.write(draft, "project", {"title": "in grace"}, by=applicant, at=closes + timedelta(seconds=179))
    late = closes + timedelta(seconds=180)
    assert refusal(builders.write, draft, "project", {"title": "late"}, by=applicant, at=late) == "closed"


def test_a_text_no_person_typed_is_refused(applicant, draft):
    long = "x" * (verbs.MAX_CHARACTERS + 1)
    assert refusal(builders.write, draft, "project", {"summary": long}, by=applicant) == "too_long"
    assert refusal(save_section, draft, "nowhere", {}, revision=1, by=applicant, at=NOW()) == "section"
