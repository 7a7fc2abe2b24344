"""Tables of people, by subject: accounts and roles, organisations, what staff know of them, API tokens."""

from network.people.models.accounts import LANGUAGE_CHOICES, Role, User
from network.people.models.bank import BankDetails, BankReading
from network.people.models.checks import DueDiligenceCheck
from network.people.models.distinct import DistinctOrganisations
from network.people.models.organisations import (
    Invitation,
    Organisation,
    OrganisationDocument,
    OrganisationIdentifier,
    OrganisationMember,
    SecretInvitation,
)
from network.people.models.tokens import ApiToken

__all__ = [
    "LANGUAGE_CHOICES",
    "ApiToken",
    "BankDetails",
    "BankReading",
    "DistinctOrganisations",
    "DueDiligenceCheck",
    "Invitation",
    "Organisation",
    "OrganisationDocument",
    "OrganisationIdentifier",
    "OrganisationMember",
    "Role",
    "SecretInvitation",
    "User",
]
