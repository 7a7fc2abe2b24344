"""Who enters, confirms and reads bank details, and which account numbers there can be."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum import bic, iban
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from network.doors import Allowed, Denied, Verdict
from network.people.enums import FINANCE_ROLES, MemberRole, RoleKind
from network.people.models import BankDetails, Organisation
from network.people.registry import PAYERS
from network.people.rules.organisations import member_role
from network.people.rules.roles import holds, is_operator, roles_of
from network.text import ascii_digits


def pays(user: Any, organisation: Organisation) -> bool:
    """Whether a finance role of this person's is for a fund to which the organisation applied."""
    if not any(role.kind in FINANCE_ROLES for role in roles_of(user)):
        return False
    return any(Organisation.objects.filter(pk=organisation.pk, pk__in=paid(user)).exists() for paid in PAYERS)


def can_see_bank_page(user: Any, organisation: Organisation) -> Verdict:
    """May this person see which account there is, by its last four characters? Members, finance, operators, auditors."""
    if (
        member_role(user, organisation)
        or is_operator(user)
        or holds(user, RoleKind.AUDITOR)
        or pays(user, organisation)
    ):
        return Allowed()
    return Denied(_("Only members of this organisation and those who pay it open this page."))


def can_enter_bank_details(user: Any, organisation: Organisation) -> Verdict:
    """May this person enter bank details? An owner of the organisation; nobody for it."""
    if member_role(user, organisation) == MemberRole.OWNER:
        return Allowed()
    return Denied(_("Only an owner of this organisation may do this."))


def can_decide_on_bank_details(user: Any, details: BankDetails) -> Verdict:
    """May this person confirm or refuse them? Another owner, or finance; never who entered them."""
    if details.asked_by_id == user.pk:
        return Denied(_("You entered these bank details: another owner or finance confirms them."))
    if member_role(user, details.organisation) == MemberRole.OWNER or pays(user, details.organisation):
        return Allowed()
    return Denied(_("Only another owner of this organisation, or finance, may do this."))


def can_withdraw_bank_details(user: Any, details: BankDetails) -> Verdict:
    """May this person take them back? Who entered them."""
    if details.asked_by_id == user.pk:
        return Allowed()
    return Denied(_("Only who entered these bank details takes them back."))


def can_read_bank_details(user: Any, details: BankDetails) -> Verdict:
    """May this person see the whole account number? Finance; not owners, operators or auditors."""
    if pays(user, details.organisation):
        return Allowed()
    return Denied(_("Only finance sees the whole account number."))


def compact(number: str) -> str:
    """An IBAN or BIC without spaces, in capitals and ASCII digits."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", ascii_digits(number)).upper()


def spaced(number: str) -> str:
    """A compact IBAN in groups of four, as it stands on paper."""
    return " ".join(number[n : n + 4] for n in range(0, len(number), 4))


def iban_fault(number: str) -> Any:
    """What is wrong with a compact IBAN (ISO 13616: country, two check digits modulo 97, the country's own form); None."""
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", number, re.ASCII):
        return _(
            "An IBAN begins with two letters for the country and two digits, for example GR16 0110 1250 0000 0001 2300 695."
        )
    try:
        iban.validate(number)
    except InvalidChecksum:
        return _(
            "The check digits of this IBAN do not fit: a character is wrong, or two are swapped. Copy it from the bank."
        )
    except InvalidComponent:
        return _("There is no IBAN for the country %(country)s.") % {"country": number[:2]}
    except ValidationError:
        return _("An IBAN of the country %(country)s has another length or form. Copy it from the bank.") % {
            "country": number[:2]
        }
    return None


def bic_fault(code: str) -> Any:
    """What is wrong with a compact BIC (ISO 9362: eight or eleven characters); None where nothing is or there is none."""
    if code and not bic.is_valid(code):
        return _(
            "A BIC has eight or eleven characters, for example ETHNGRAA. Copy it from the bank, or leave it empty."
        )
    return None
