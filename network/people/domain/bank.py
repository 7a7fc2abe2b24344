"""Bank details: entered by an owner, counted once a second person has confirmed them, read by finance alone.

Whoever looked after the account until now is told at once when somebody enters another one, so that a thief with one
owner's password is noticed. The organisation's row is held, so that of two answers one is given.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _, override

from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.links import in_language
from network.languages import DEFAULT
from network.outgoing import Addressee, Message, send
from network.people import messages
from network.people.domain.organisations import locked
from network.people.domain.verifying import owners_of
from network.people.enums import BANKING, BankState, BankVerb, MemberRole
from network.people.gateways import vault
from network.people.models import BankDetails, BankReading, Organisation, User
from network.people.rules.bank import (
    bic_fault,
    can_decide_on_bank_details,
    can_enter_bank_details,
    can_read_bank_details,
    can_withdraw_bank_details,
    compact,
    iban_fault,
)
from network.people.rules.organisations import member_role
from network.text import clean_line, clean_text

LONGEST_HOLDER, LONGEST_NOTE = 140, 1_000


@dataclass(frozen=True)
class BankData:
    """What is sealed: in whose name the account is, its IBAN and BIC, and who looks after it (an e-mail address)."""

    holder: str
    iban: str
    bic: str = ""
    contact: str = ""


def _cleaned(data: BankData, by: User) -> BankData:
    holder = clean_line(data.holder)
    if not any(character.isalpha() for character in holder) or len(holder) > LONGEST_HOLDER:
        raise DomainError(_("Enter the name in which the account is held, at most 140 characters."), code="holder")
    number, code = compact(data.iban), compact(data.bic)
    if wrong := iban_fault(number):
        raise DomainError(wrong, code="iban")
    if wrong := bic_fault(code):
        raise DomainError(wrong, code="bic")
    contact = data.contact.strip().lower() or by.email
    try:
        validate_email(contact)
    except ValidationError as error:
        raise DomainError(_("Enter an e-mail address like name@example.org."), code="contact") from error
    return BankData(holder, number, code, contact)


@transaction.atomic
def enter_bank_details(organisation: Organisation, data: BankData, *, by: User) -> BankDetails:
    """Enter the account that money is to go to. It counts once a second person has confirmed it; until then the one
    before does. All owners and whoever looked after the account until now are told at once.

    DomainErrors: `denied`, `no_key`, `archived`, `pending` where one waits already, `same`; or the field that is wrong.
    """
    current = locked(organisation.pk)
    insist(can_enter_bank_details(by, current))
    if current.archived_at is not None:
        raise DomainError(_("This organisation is in the archive."), code="archived")
    if current.bank_details.filter(state=BankState.PENDING).exists():
        raise DomainError(_("Bank details wait for a second person already. Take them back first."), code="pending")
    data = _cleaned(data, by)
    standing = current.bank_details.filter(state=BankState.CONFIRMED).first()
    before = _opened(standing) if standing else None
    if before and (before.iban, before.bic, before.holder) == (data.iban, data.bic, data.holder):
        raise DomainError(_("These are the bank details that count already."), code="same")
    details = BankDetails.objects.create(
        organisation=current,
        sealed=vault.seal(asdict(data)),
        last_four=data.iban[-4:],
        country=data.iban[:2],
        asked_by=by,
    )
    _tell(messages.BANK_ASKED, details, by, before)
    return details


def _opened(details: BankDetails) -> BankData:
    return BankData(**vault.unseal(details.sealed))


def _held(details: BankDetails) -> BankDetails:
    """The details with their organisation, both rows held."""
    organisation = locked(details.organisation_id)
    details = BankDetails.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=details.pk)
    details.organisation = organisation
    return details


def _step(details: BankDetails, verb: BankVerb, *, by: User | None, note: str) -> None:
    step = BANKING[BankState(details.state)].get(verb)
    if step is None:
        raise DomainError(_("Somebody has decided about these bank details already."), code="state")
    details.state, details.decided_by, details.decided_at, details.note = step[1], by, timezone.now(), note
    if step[1] in {BankState.REFUSED, BankState.WITHDRAWN}:
        details.sealed = ""
    details.save(update_fields=["state", "decided_by", "decided_at", "note", "sealed"])


def _note(text: str, data: BankData) -> str:
    """A note as it is kept: it must not carry the account number into the history."""
    note = clean_text(text)[:LONGEST_NOTE]
    if data.iban in compact(note):
        raise DomainError(_("Leave the account number out of the note: it is kept unencrypted."), code="note")
    return note


@transaction.atomic
def confirm_bank_details(details: BankDetails, *, by: User, iban: str = "", note: str = "") -> BankDetails:
    """Say as a second person that the account is the organisation's. From now on it counts, and no other.

    Another owner types the account number anew, from a statement of the bank; finance, which sees it, says how it was
    checked. DomainErrors: `denied`, `state`, `iban` where it is another number, `note`.
    """
    details = _held(details)
    insist(can_decide_on_bank_details(by, details))
    data = _opened(details) if details.state == BankState.PENDING else BankData("", "")
    if details.state == BankState.PENDING:
        note = _note(note, data)
        if member_role(by, details.organisation) == MemberRole.OWNER:
            if compact(iban) != data.iban:
                raise DomainError(
                    _("This is not the account number that was entered. Look at a statement."), code="iban"
                )
        elif not note:
            raise DomainError(_("Say how you checked that the account is the organisation’s."), code="note")
    because(note or "Confirmed by a second person")
    standing = details.organisation.bank_details.filter(state=BankState.CONFIRMED).first()
    before = _opened(standing) if standing else None
    if standing and details.state == BankState.PENDING:
        _end(standing)
    _step(details, BankVerb.CONFIRM, by=by, note=note)
    _tell(messages.BANK_DECIDED, details, by, before)
    return details


def _end(standing: BankDetails) -> None:
    """Others count from now on; who decided about these, and when, stays."""
    standing.state = BANKING[BankState(standing.state)][BankVerb.REPLACE][1]
    standing.save(update_fields=["state"])


@transaction.atomic
def refuse_bank_details(details: BankDetails, *, by: User, reason: str) -> BankDetails:
    """Say as a second person that the account is not the organisation's. What was entered is emptied; the one before counts."""
    details = _held(details)
    insist(can_decide_on_bank_details(by, details))
    reason = _note(reason, _opened(details)) if details.state == BankState.PENDING else reason
    if not reason:
        raise DomainError(_("Say why: the owners of the organisation read it."), code="note")
    because(reason)
    _step(details, BankVerb.REFUSE, by=by, note=reason)
    _tell(messages.BANK_DECIDED, details, by, None)
    return details


@transaction.atomic
def withdraw_bank_details(details: BankDetails, *, by: User) -> BankDetails:
    """Take back what one has entered, before anybody confirms it. It is emptied."""
    details = _held(details)
    insist(can_withdraw_bank_details(by, details))
    because("Taken back by whoever entered them")
    _step(details, BankVerb.WITHDRAW, by=by, note="")
    return details


@transaction.atomic
def read_bank_details(details: BankDetails, *, by: User) -> BankData:
    """The whole account, for finance. That it was read, by whom and when, is written down first."""
    insist(can_read_bank_details(by, details))
    if not details.sealed:
        raise DomainError(_("These bank details were emptied."), code="empty")
    BankReading.objects.create(details=details, by=by)
    return _opened(details)


@transaction.atomic
def seal_all_anew() -> int:
    """Seal everything with the first key; returns how much. One that no key opens stops it, and nothing is changed."""
    number = 0
    for details in BankDetails.objects.select_for_update().exclude(sealed="").order_by("pk"):
        details.sealed = vault.seal_anew(details.sealed)
        details.save(update_fields=["sealed"])
        number += 1
    return number


def leave_behind(source: Organisation, target: Organisation) -> None:
    """When an organisation becomes a part of another, its bank details go nowhere: an owner of the other enters its own."""
    for details in BankDetails.objects.select_for_update().filter(organisation=source):
        if details.state == BankState.PENDING:
            _step(details, BankVerb.WITHDRAW, by=None, note="")
        elif details.state == BankState.CONFIRMED:
            _end(details)


def _tell(message: Message, details: BankDetails, by: User, before: BankData | None) -> None:
    """Mail the owners and whoever looked after the account until now: never the number, only how it ends."""
    organisation = details.organisation
    people = {owner.email.lower(): owner for owner in owners_of(organisation)}
    addresses = list(people)
    if before and before.contact and before.contact not in people:
        addresses.append(before.contact)
        people.update({user.email.lower(): user for user in User.objects.filter(email__iexact=before.contact)})
    for address in addresses:
        user = people.get(address)
        language = user.preferred_language if user else DEFAULT
        with override(language):
            context = {
                "path": in_language(reverse("people:bank", args=[organisation.slug]), language),
                "organisation": str(organisation),
                "who": str(by),
                "ending": details.last_four,
                "ending_before": before.iban[-4:] if before else "",
                "confirmed": details.state == BankState.CONFIRMED,
                "reason": details.note if details.state == BankState.REFUSED else "",
            }
        send(
            message,
            key=f"{message.kind}:{details.pk}:{address}",
            to=Addressee(address, language, user.display_name if user else "", user.pk if user else None),
            context=context,
        )
