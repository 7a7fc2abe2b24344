"""Organisations in each state of their verification, with checks and accounts, through the verbs that people and staff use."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from network.audit.context import acting
from network.people.domain.bank import BankData, confirm_bank_details, enter_bank_details
from network.people.domain.checks import CheckData, record_check
from network.people.domain.documents import add_document
from network.people.domain.organisations import OrganisationData, add_member, update_organisation
from network.people.domain.verifying import ask_for_verification, refuse_verification, verify_organisation
from network.people.enums import MemberRole
from network.people.gateways.vault import can_seal
from network.people.models import Organisation, User
from network.portal.demo.content import read
from network.portal.demo.paper import page
from network.portal.demo.record import Loaded

VALID_YEARS = 2


def verify_organisations(loaded: Loaded) -> None:
    """One verified, one that waits, one refused, and one that looks like the first and has not asked."""
    for told in read("verifications"):
        by = loaded.people[told["by"]]
        organisation = loaded.organisations[told["organisation"]]
        if told.get("owner"):
            add_member(organisation, by, MemberRole.OWNER)
        with acting(by.pk, "demonstration"):
            _complete(organisation, told, by)
            if told["ask"]:
                ask_for_verification(organisation, by=by)
        enter_accounts(organisation, told, by, loaded)
        with acting(loaded.operator.pk, "demonstration"):
            _check(organisation, told, loaded)
            _answer(organisation, told, loaded)


def _complete(organisation: Organisation, told: dict[str, Any], by: User) -> None:
    """Its website, numbers and document, in the language its record was first written in."""
    with override("en"):
        current = Organisation.objects.get(pk=organisation.pk)
        data = OrganisationData(
            current.name,
            current.kind,
            current.country,
            told["website"],
            current.description,
            tuple((scheme, number) for scheme, number in told["numbers"]),
        )
        update_organisation(current, data, by=by, version=current.version)
    paper = told["document"]
    if paper:
        file = SimpleUploadedFile(paper["name"], page(paper["title"], paper["lines"]), "application/pdf")
        add_document(current, paper["kind"], file, by=by)


def enter_accounts(organisation: Organisation, told: dict[str, Any], by: User, loaded: Loaded) -> None:
    """Accounts that an owner entered; finance confirmed the first, the other waits. None where there is no key to seal them."""
    if not can_seal():
        return
    for one in told["accounts"]:
        with acting(by.pk, "demonstration"):
            data = BankData(one["holder"], one["iban"], "", one["contact"])
            details = enter_bank_details(organisation, data, by=by)
        if one["confirmed_by"]:
            second = loaded.people[one["confirmed_by"]]
            with acting(second.pk, "demonstration"):
                confirm_bank_details(details, by=second, note=one["note"])


def _check(organisation: Organisation, told: dict[str, Any], loaded: Loaded) -> None:
    """Checks that hold, that soon expire, and that have."""
    for one in told["checks"]:
        made = loaded.today - datetime.timedelta(days=one["days_ago"])
        ends = loaded.today + datetime.timedelta(days=one["days_left"])
        record_check(
            organisation, CheckData(one["kind"], one["result"], one["evidence"], made, ends), by=loaded.operator
        )


def _answer(organisation: Organisation, told: dict[str, Any], loaded: Loaded) -> None:
    if told["answer"] == "verify":
        until = loaded.today.replace(year=loaded.today.year + VALID_YEARS, day=min(loaded.today.day, 28))
        verify_organisation(organisation, by=loaded.operator, note=told["words"], until=until)
    elif told["answer"] == "refuse":
        refuse_verification(organisation, by=loaded.operator, reason=told["words"])
