"""Who stands in several tests of people."""

import pytest

from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import User
from tests.people.signing import person


@pytest.fixture
def operator(db) -> User:
    found = person("operator@example.org", "Operator")
    grant_role(found, RoleKind.OPERATOR, by=None, reason="x")
    return found
