"""A city's contacts, and the letters visitors write to them. No address of either side is ever shown on a page."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.enums import ContactKind
from cities.messages import CONTACT
from cities.models import City, CityContact
from cities.queries.contacts import authors_of, recipients_of
from cities.rules import can_edit_city
from network.doors import DomainError, insist
from network.frame.links import in_language
from network.languages import CODES, DEFAULT
from network.outgoing import send
from network.text import clean_line, clean_text
from network.translation.models import best_text, write

AS_OF = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)?")
MESSAGE_MAX = 5000


@dataclass(frozen=True, kw_only=True)
class ContactDetails:
    """A person or office of a city. Roles by language code; `as_of` is a year, a year-month or a date."""

    name: str
    kind: str = ContactKind.GENERAL
    roles: dict[str, str] = field(default_factory=dict)
    email: str = ""
    phone: str = ""
    public: bool = False
    as_of: str = ""
    source: str = ""


@dataclass(frozen=True)
class About:
    """What of the city a letter is about: its title, the language of that, and the path of its page."""

    title: str
    language: str
    path: str


@dataclass(frozen=True, kw_only=True)
class ContactLetter:
    """What somebody writes. `language` is the one the page was read in."""

    name: str
    email: str
    message: str
    language: str = DEFAULT
    about: About | None = None


@transaction.atomic
def add_contact(city: City, details: ContactDetails, *, by: Any) -> CityContact:
    """Put a contact on record. Shown to everyone only where `public`; the address and telephone never are."""
    insist(can_edit_city(by, city))
    contact = CityContact(city=city)
    _fill(contact, details)
    contact.save()
    return contact


@transaction.atomic
def change_contact(contact: CityContact, details: ContactDetails, *, by: Any) -> CityContact:
    """Replace what is known of a contact; refuses what `add_contact` refuses."""
    insist(can_edit_city(by, contact.city))
    contact = CityContact.objects.select_for_update().get(pk=contact.pk)
    _fill(contact, details)
    contact.save()
    return contact


def _fill(contact: CityContact, details: ContactDetails) -> None:
    contact.name = clean_line(details.name)[:200]
    if not contact.name:
        raise DomainError(_("Enter a name."), code="name")
    if details.kind not in ContactKind:
        raise DomainError(_("Choose a kind of the list."), code="choice")
    if not AS_OF.fullmatch(details.as_of):
        raise DomainError(_("Say as of when: a year, year-month or date."), code="as_of")
    contact.kind, contact.public, contact.as_of = details.kind, details.public, details.as_of
    contact.email = _address(details.email) if details.email else ""
    contact.phone = clean_line(details.phone)[:40]
    contact.source = clean_line(details.source)[:300]
    write(contact, "role", {code: clean_line(text)[:200] for code, text in details.roles.items() if code in CODES})


@transaction.atomic
def remove_contact(contact: CityContact, *, by: Any) -> None:
    """Take a contact off the record; the history keeps that it was there."""
    insist(can_edit_city(by, contact.city))
    contact.delete()


@transaction.atomic
def write_to_city(city: City, letter: ContactLetter, *, to: CityContact | None = None) -> int:
    """Send a letter to the city, with the writer's address to answer to; returns how many get it.

    Goes to `to`, else to the city's best contact, else to its officers or those of its networks; a letter about something
    the city wrote goes to its officers first. The same letter on the same day goes out once. Nothing of it is kept after
    sending.
    """
    if city.archived_at:
        raise DomainError(_("This city is archived."), code="state")
    name, message = clean_line(letter.name)[:200], clean_text(letter.message)
    address = _address(letter.email)
    if not name:
        raise DomainError(_("Enter your name."), code="name")
    if not message:
        raise DomainError(_("Write your message."), code="message")
    if len(message) > MESSAGE_MAX:
        raise DomainError(_("The message is longer than 5,000 characters."), code="too_long")
    recipients = authors_of(city) if letter.about else recipients_of(city, to)
    if not recipients:
        raise DomainError(_("No contact is recorded for this city yet."), code="nobody")
    about = letter.about or About("", "", "")
    told = hashlib.sha256(f"{city.pk}|{address.lower()}|{message}{about.path}".encode()).hexdigest()[:32]
    for recipient in recipients:
        reader = hashlib.sha256(recipient.email.lower().encode()).hexdigest()[:12]
        send(
            CONTACT,
            key=f"cities.contact:{timezone.localdate():%Y%m%d}:{told}:{reader}",
            to=recipient,
            context={
                "city_name": best_text(city, "name", recipient.language)[0] or city.native_name,
                "name": name,
                "email": address,
                "message": message,
                "about": about.title,
                "about_language": about.language,
                "about_path": in_language(about.path, recipient.language) if about.path else "",
                "written_in": letter.language if letter.language in CODES else DEFAULT,
            },
            reply_to=address,
        )
    return len(recipients)


def _address(address: str) -> str:
    address = clean_line(address)
    try:
        validate_email(address)
    except ValidationError as error:
        raise DomainError(_("Enter an e-mail address such as name@example.org."), code="email") from error
    return address
