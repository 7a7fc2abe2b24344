"""Roles, what each is tied to and demands; kinds of organisation; membership of organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class ScopeKind(models.TextChoices):
    """What a role is tied to. The key is a UUID of that thing, a language code, or empty for the whole portal."""

    PORTAL = "portal", _("the whole portal")
    NETWORK = "network", _("a network")
    CITY = "city", _("a city")
    FUND = "fund", _("a fund")
    ROUND = "round", _("a round")
    LANGUAGE = "language", _("a language")
    COMMITTEE = "committee", _("a committee")
    ORGANISATION = "organisation", _("an organisation")


class RoleKind(models.TextChoices):
    """What a person may be. Never global groups: each is held for one scope, from a date, to a date."""

    OPERATOR = "operator", _("Portal operator")
    AUDITOR = "auditor", _("Auditor")
    NETWORK_OFFICER = "network_officer", _("Network officer")
    CITY_OFFICER = "city_officer", _("City officer")
    FUND_MANAGER = "fund_manager", _("Fund manager")
    FINANCE_PREPARER = "finance_preparer", _("Finance: prepares payments")
    FINANCE_APPROVER = "finance_approver", _("Finance: approves payments")
    FUNDER_OBSERVER = "funder_observer", _("Funder observer")
    REVIEWER = "reviewer", _("Reviewer")
    TRANSLATOR = "translator", _("Translator")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")


@dataclass(frozen=True)
class RoleTerms:
    """What a kind of role is tied to, whether it opens the admin, and whether it demands a second factor."""

    scope: ScopeKind
    staff: bool = False
    second_factor: bool = False


TERMS: dict[str, RoleTerms] = {
    RoleKind.OPERATOR: RoleTerms(ScopeKind.PORTAL, staff=True, second_factor=True),
    RoleKind.AUDITOR: RoleTerms(ScopeKind.PORTAL, staff=True, second_factor=True),
    RoleKind.NETWORK_OFFICER: RoleTerms(ScopeKind.NETWORK, staff=True, second_factor=True),
    RoleKind.CITY_OFFICER: RoleTerms(ScopeKind.CITY),
    RoleKind.FUND_MANAGER: RoleTerms(ScopeKind.FUND, staff=True, second_factor=True),
    RoleKind.FINANCE_PREPARER: RoleTerms(ScopeKind.FUND, second_factor=True),
    RoleKind.FINANCE_APPROVER: RoleTerms(ScopeKind.FUND, second_factor=True),
    RoleKind.FUNDER_OBSERVER: RoleTerms(ScopeKind.FUND),
    RoleKind.REVIEWER: RoleTerms(ScopeKind.ROUND, second_factor=True),
    RoleKind.TRANSLATOR: RoleTerms(ScopeKind.LANGUAGE),
    RoleKind.COMMITTEE_MEMBER: RoleTerms(ScopeKind.COMMITTEE, second_factor=True),
}
SECOND_FACTOR_ROLES = tuple(kind for kind, terms in TERMS.items() if terms.second_factor)
# Who may read account numbers, for the organisations that apply to their fund.
FINANCE_ROLES = (RoleKind.FINANCE_PREPARER, RoleKind.FINANCE_APPROVER)
STAFF_ROLES = tuple(kind for kind, terms in TERMS.items() if terms.staff)


class TokenRight(models.TextChoices):
    """What a program may do with an API token, within the token's scope."""

    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class OrganisationKind(models.TextChoices):
    """Legal or functional kind of an organisation."""

    NGO = "ngo", _("Non-governmental organisation")
    CHARITY = "charity", _("Registered charity")
    COMMUNITY_GROUP = "community_group", _("Community group")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    COMPANY = "company", _("Company")
    FOUNDATION = "foundation", _("Foundation")
    CITY_GOVERNMENT = "city_government", _("City government")
    PUBLIC_BODY = "public_body", _("Public body")
    INTERNATIONAL = "international", _("International organisation")
    UNIVERSITY = "university", _("University or research institute")
    NETWORK = "network", _("Network")
    OTHER = "other", _("Other")


class MemberRole(models.TextChoices):
    """What a person may do in an organisation: owners manage members, editors write, viewers read."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class IdentifierScheme(models.TextChoices):
    """Registers of organisations, by their org-id.guide code; where that list has none, country and usual name of the number.

    How each writes its numbers stands in `rules.numbers`.
    """

    GB_CHC = "GB-CHC", _("Charity Commission for England and Wales")
    GB_COH = "GB-COH", _("Companies House (United Kingdom)")
    GB_SC = "GB-SC", _("Scottish Charity Regulator")
    GB_NIC = "GB-NIC", _("Charity Commission for Northern Ireland")
    GB_LAE = "GB-LAE", _("Local authorities register for England")
    GR_GEMI = "GR-GEMI", _("General Commercial Registry (Greece)")
    GR_AFM = "GR-AFM", _("Tax number (Greece)")
    SE_ON = "SE-ON", _("Organisation number (Sweden)")
    SE_BLV = "SE-BLV", _("Companies Registration Office (Sweden)")
    IT_RI = "IT-RI", _("Business register (Italy)")
    IT_CF = "IT-CF", _("Tax code (Italy)")
    IT_PIVA = "IT-PIVA", _("VAT number (Italy)")
    DK_CVR = "DK-CVR", _("Central Business Register (Denmark)")
    NO_BRC = "NO-BRC", _("Register of business enterprises (Norway)")
    FI_PRO = "FI-PRO", _("Patent and Registration Office (Finland)")
    IS_RSK = "IS-RSK", _("Register of enterprises (Iceland)")
    FR_SIREN = "FR-SIREN", _("SIREN register (France)")
    FR_RNA = "FR-RNA", _("National register of associations (France)")
    ES_NIF = "ES-NIF", _("Tax number (Spain)")
    DE_CR = "DE-CR", _("Company register (Germany)")
    NL_KVK = "NL-KVK", _("Chamber of Commerce (Netherlands)")
    BE_BCE_KBO = "BE-BCE_KBO", _("Crossroads Bank for Enterprises (Belgium)")
    XI_LEI = "XI-LEI", _("Legal Entity Identifier")
    XI_WIKIDATA = "XI-WIKIDATA", "Wikidata"
    OTHER = "OTHER", _("Another register")


class DocumentKind(models.TextChoices):
    """What a document of an organisation shows."""

    EXTRACT = "extract", _("Extract from the register")
    STATUTES = "statutes", _("Statutes or founding document")
    ACCOUNTS = "accounts", _("Accounts or annual report")
    BOARD = "board", _("Who may sign for the organisation")
    OTHER = "other", _("Another document")


class CheckKind(models.TextChoices):
    """What staff look into before money goes to an organisation."""

    LEGAL = "legal", _("Registration and legal form")
    SANCTIONS = "sanctions", _("Sanctions lists")
    GOVERNANCE = "governance", _("Board and statutes")
    FINANCES = "finances", _("Accounts and reserves")
    SAFEGUARDING = "safeguarding", _("Safeguarding")
    REFERENCES = "references", _("References")


class CheckResult(models.TextChoices):
    """What came of a check."""

    PASSED = "passed", pgettext_lazy("check", "No concerns")
    CONCERNS = "concerns", pgettext_lazy("check", "Concerns")
    FAILED = "failed", pgettext_lazy("check", "Not passed")


class Verification(models.TextChoices):
    """What staff have said of an organisation: that it is what it says it is, or not."""

    UNVERIFIED = "unverified", pgettext_lazy("organisation", "Not verified")
    SUBMITTED = "submitted", pgettext_lazy("organisation", "Being verified")
    VERIFIED = "verified", pgettext_lazy("organisation", "Verified")
    REFUSED = "refused", pgettext_lazy("organisation", "Refused")


class Verifying(models.TextChoices):
    """What can happen to an organisation's verification."""

    ASK = "ask", _("Ask for verification")
    VERIFY = "verify", _("Verify the organisation")
    REFUSE = "refuse", _("Refuse the verification")
    CHANGE = "change", _("Change what was verified")


@dataclass(frozen=True)
class VerifyingStep:
    """One line of the workflow: who does it, and the state it leads to."""

    who: str
    to: Verification


_DECIDED = {
    Verifying.VERIFY: VerifyingStep("staff", Verification.VERIFIED),
    Verifying.REFUSE: VerifyingStep("staff", Verification.REFUSED),
}
_ASKED = {Verifying.ASK: VerifyingStep("owner", Verification.SUBMITTED)}
VERIFYING: dict[Verification, dict[Verifying, VerifyingStep]] = {
    Verification.UNVERIFIED: {**_ASKED, **_DECIDED},
    Verification.SUBMITTED: _DECIDED,
    Verification.VERIFIED: {
        **_DECIDED,
        Verifying.ASK: VerifyingStep("owner, once it is over", Verification.SUBMITTED),
        # Name, country or numbers are other than staff saw them: they look again.
        Verifying.CHANGE: VerifyingStep("owner or editor", Verification.SUBMITTED),
    },
    Verification.REFUSED: {**_ASKED, **_DECIDED},
}


class BankState(models.TextChoices):
    """Where an organisation's bank details stand. Money goes only to confirmed ones."""

    PENDING = "pending", pgettext_lazy("bank details", "Wait for a second person")
    CONFIRMED = "confirmed", pgettext_lazy("bank details", "Confirmed")
    REPLACED = "replaced", pgettext_lazy("bank details", "Replaced")
    REFUSED = "refused", pgettext_lazy("bank details", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("bank details", "Taken back")


class BankVerb(models.TextChoices):
    """What can happen to bank details."""

    CONFIRM = "confirm", _("Confirm the bank details")
    REFUSE = "refuse", _("Refuse the bank details")
    WITHDRAW = "withdraw", _("Take the bank details back")
    REPLACE = "replace", _("Replace the bank details")


BANKING: dict[BankState, dict[BankVerb, tuple[str, BankState]]] = {
    BankState.PENDING: {
        BankVerb.CONFIRM: ("second person", BankState.CONFIRMED),
        BankVerb.REFUSE: ("second person", BankState.REFUSED),
        BankVerb.WITHDRAW: ("who entered them", BankState.WITHDRAWN),
    },
    # By other ones that are confirmed, or because the organisation became a part of another.
    BankState.CONFIRMED: {BankVerb.REPLACE: ("system", BankState.REPLACED)},
    BankState.REPLACED: {},
    BankState.REFUSED: {},
    BankState.WITHDRAWN: {},
}
