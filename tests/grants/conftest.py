"""An open round, an applicant and a draft; a fund and who runs it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cities.models import City
from grants.models import Fund
from network.people.enums import RoleKind
from tests.admin.conftest import staff
from tests.grants import builders
from tests.people.signing import sign_in


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


# --- those who run a fund; files that set up funds of their own define these names anew ------------------------------


@pytest.fixture
def london(db):
    """A city that runs a fund."""
    return City.objects.create(
        slug="london", name_en="London", name_ar="لندن", native_name="London", country="GB", region="europe"
    )


@pytest.fixture
def officer(london):
    """Who runs its funds."""
    return staff(RoleKind.CITY_OFFICER, london.uuid, email="officer@london.example", name="Officer")


@pytest.fixture
def staff_client(client, officer):
    """The officer's browser."""
    return sign_in(client, officer)


@pytest.fixture
def fund(officer):
    """A fund of that city, loaded anew."""
    return Fund.objects.get(pk=builders.fund().pk)


@pytest.fixture
def hidden(fund):
    """A round of it that is still to come and shown to nobody."""
    now = timezone.now()
    return builders.round_of(fund, opens=now + timedelta(days=30), closes=now + timedelta(days=60), published=False)


@pytest.fixture
def here(hidden):
    """The addresses' part that names the file's `hidden` round, which nobody sees yet."""
    return hidden.fund.slug, hidden.number


@pytest.fixture
def manager(client, hidden):
    """A browser of somebody who runs the fund of the file's `hidden` round."""
    return sign_in(client, staff(RoleKind.FUND_MANAGER, hidden.fund.uuid, email="manager@fund.example", name="Manager"))
