"""An open round, an applicant and a draft."""

import pytest

from tests.grants import builders


@pytest.fixture
def applicant(db):
    """Somebody who may apply for an organisation."""
    return builders.person("Amina", time_zone="Asia/Beirut")


@pytest.fixture
def ngo(applicant):
    """The applicant's organisation."""
    return builders.organisation(applicant)


@pytest.fixture
def open_round(db):
    """A round that is open now."""
    return builders.round_of(builders.fund(), max_per_organisation=2)


@pytest.fixture
def draft(applicant, ngo, open_round):
    """A draft just begun."""
    return builders.draft(applicant, open_round, ngo)


@pytest.fixture
def ready(applicant, draft):
    """A draft that can be sent."""
    return builders.complete(draft, by=applicant)


@pytest.fixture
def signed_in(client, applicant):
    """The applicant's browser."""
    client.force_login(applicant)
    return client
