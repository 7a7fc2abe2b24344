"""Whom fund managers and network officers judge: organisations that sent an application to their funds, and no others."""

import pytest
from django.utils import timezone

from grants.domain.submission import submit_application
from network.doors import DomainError
from network.people.domain.roles import grant_role
from network.people.domain.verifying import verify_organisation
from network.people.enums import RoleKind
from network.people.models import Organisation
from network.people.queries.verifying import judged
from tests.grants import builders
from tests.people.signing import person, sign_in


@pytest.fixture
def manager(db, open_round):
    found = person("manager@example.org")
    grant_role(found, RoleKind.FUND_MANAGER, str(open_round.fund.uuid), by=None, reason="x")
    return found


def test_a_draft_stays_unknown_until_it_is_sent(manager, open_round, applicant, client):
    organisation = builders.organisation(applicant, slug="lamp")
    draft = builders.complete(builders.draft(applicant, open_round, organisation), by=applicant)
    assert list(judged(manager)) == []
    address = "/en/desk/verification/lamp/"
    assert sign_in(client, manager).get(address).status_code == 404
    with pytest.raises(DomainError) as refused:
        verify_organisation(organisation, by=manager)
    assert refused.value.code == "denied"
    submit_application(draft, by=applicant, at=timezone.now())
    assert list(judged(manager)) == [organisation]
    assert sign_in(client, manager).get(address).status_code == 200
    verify_organisation(organisation, by=manager)
    assert Organisation.objects.get(pk=organisation.pk).verification == "verified"


def test_a_manager_of_another_fund_sees_nothing(manager, open_round, applicant, client):
    other = person("other@example.org")
    grant_role(other, RoleKind.FUND_MANAGER, "00000000-0000-4000-8000-000000000000", by=None, reason="x")
    organisation = builders.organisation(applicant, slug="lamp")
    submit_application(
        builders.complete(builders.draft(applicant, open_round, organisation), by=applicant),
        by=applicant,
        at=timezone.now(),
    )
    assert list(judged(other)) == []
    assert sign_in(client, other).get("/en/desk/verification/lamp/").status_code == 404


def test_an_organisation_that_is_not_verified_may_apply_and_is_told(open_round, applicant, client):
    organisation = builders.organisation(applicant, slug="lamp")
    draft = builders.complete(builders.draft(applicant, open_round, organisation), by=applicant)
    submit_application(draft, by=applicant, at=timezone.now())
    draft.refresh_from_db()
    assert (draft.state, organisation.verification) == ("submitted", "unverified")
    browser = sign_in(client, applicant)
    told = "Before your organisation is given a grant, staff verify it"
    assert told in browser.get(f"/en/applications/{draft.opaque_id}/receipt/").content.decode()
    verify_organisation(organisation, by=builders.operator())
    assert told not in browser.get(f"/en/applications/{draft.opaque_id}/receipt/").content.decode()
