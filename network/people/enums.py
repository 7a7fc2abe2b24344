"""Roles, what each is tied to and demands; kinds of organisation; membership of organisations."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScopeKind(models.TextChoices):
    """What a role is tied to. The key is a UUID of that thing, a language code, or empty for the whole portal."""

    PORTAL = "portal", _("the whole portal")
    NETWORK = "network", _("a network")
    CITY = "city", _("a city")
    FUND = "fund", _("a fund")
    ROUND = "round", _("a round")
    LANGUAGE = "language", _("a language")
    COMMITTEE = "committee", _("a committee")


class RoleKind(models.TextChoices):
    """What a person may be. Never global groups: each is held for one scope, from a date, to a date."""

    OPERATOR = "operator", _("Portal operator")
    AUDITOR = "auditor", _("Auditor")
    NETWORK_OFFICER = "network_officer", _("Network officer")
    CITY_OFFICER = "city_officer", _("City officer")
    FUND_MANAGER = "fund_manager", _("Fund manager")
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
    RoleKind.FUNDER_OBSERVER: RoleTerms(ScopeKind.FUND),
    RoleKind.REVIEWER: RoleTerms(ScopeKind.ROUND, second_factor=True),
    RoleKind.TRANSLATOR: RoleTerms(ScopeKind.LANGUAGE),
    RoleKind.COMMITTEE_MEMBER: RoleTerms(ScopeKind.COMMITTEE, second_factor=True),
}
SECOND_FACTOR_ROLES = tuple(kind for kind, terms in TERMS.items() if terms.second_factor)
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
    """Registers of organisations, by their org-id.guide code."""

    GB_CHC = "GB-CHC", _("Charity Commission for England and Wales")
    GB_COH = "GB-COH", _("Companies House (United Kingdom)")
    GB_SC = "GB-SC", _("Scottish Charity Regulator")
    GB_NIC = "GB-NIC", _("Charity Commission for Northern Ireland")
    GB_LAE = "GB-LAE", _("Local authorities register for England")
    GR_GEMI = "GR-GEMI", _("General Commercial Registry (Greece)")
    SE_BLV = "SE-BLV", _("Companies Registration Office (Sweden)")
    IT_RI = "IT-RI", _("Business register (Italy)")
    DK_CVR = "DK-CVR", _("Central Business Register (Denmark)")
    NO_BRC = "NO-BRC", _("Register of business enterprises (Norway)")
    FI_PRO = "FI-PRO", _("Patent and Registration Office (Finland)")
    FR_RNA = "FR-RNA", _("National register of associations (France)")
    DE_CR = "DE-CR", _("Company register (Germany)")
    XI_LEI = "XI-LEI", _("Legal Entity Identifier")
    XI_WIKIDATA = "XI-WIKIDATA", "Wikidata"
    OTHER = "OTHER", _("Another register")
