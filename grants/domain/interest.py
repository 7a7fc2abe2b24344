"""Interest in a fund: said, confirmed from the address it names, taken back, forgotten in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grants.enums import FundStatus, InterestKind
from grants.messages import send_interest
from grants.models import Fund, Interest
from grants.rules.funds import can_manage_fund
from grants.rules.interest import KEPT, UNCONFIRMED
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.locks import hold_lock
from network.people.models import User
from network.text import clean_line, clean_text


@dataclass(frozen=True)
class NewInterest:
    """What somebody says. `language` is the one they read the page in: the mail comes in it."""

    kind: str
    name: str
    organisation: str
    email: str
    language: str
    message: str = ""


@transaction.atomic
def say_interest(fund: Fund, new: NewInterest, *, at: datetime) -> Interest:
    """Keep it and mail a link to the address; nobody sees it before the link was used.

    One interest of an address in a fund: unconfirmed it says what was typed last; confirmed it stays as it is, and the
    link is mailed again. The answer is the same either way. DomainError for a fund that is not public.
    """
    if fund.status == FundStatus.DRAFT:
        raise DomainError(_("This fund is not published."), code="draft")
    if new.kind not in InterestKind.values or new.language not in LANGUAGES:
        raise DomainError(_("Choose for whom you write."), code="kind")
    # Two clicks at once are one interest.
    hold_lock(f"grants.interest.{fund.pk}")
    interest = fund.interests.filter(email__iexact=new.email).first() or Interest(fund=fund, created_at=at)
    if interest.confirmed_at is None:
        interest.kind, interest.email, interest.language = new.kind, new.email, new.language
        interest.name, interest.organisation = clean_line(new.name)[:200], clean_line(new.organisation)[:200]
        interest.message, interest.created_at = clean_text(new.message)[:2_000], at
        interest.save()
    send_interest(interest, at)
    return interest


@transaction.atomic
def confirm_interest(interest: Interest, *, at: datetime) -> None:
    """The link was used: from now on the fund's staff see it. Twice is once. DomainError where it was deleted."""
    locked = Interest.objects.select_for_update().filter(pk=interest.pk).first()
    if locked is None:
        raise DomainError(_("It was deleted meanwhile. Write it again on the fund’s page."), code="gone")
    if locked.confirmed_at is None:
        locked.confirmed_at = at
        locked.save(update_fields=["confirmed_at"])
    interest.confirmed_at = locked.confirmed_at


@transaction.atomic
def take_back_interest(interest: Interest) -> None:
    """Whoever has the link takes it back: nothing of the person stays."""
    Interest.objects.filter(pk=interest.pk).delete()


@transaction.atomic
def remove_interest(interest: Interest, *, by: User) -> None:
    """The fund's staff erase it. DomainError where `by` may not."""
    insist(can_manage_fund(by, interest.fund))
    Interest.objects.filter(pk=interest.pk).delete()


@transaction.atomic
def forget_interests(at: datetime) -> int:
    """Erase what was not confirmed for a week, and what was confirmed two years ago; returns how many."""
    unconfirmed = Interest.objects.filter(confirmed_at__isnull=True, created_at__lt=at - UNCONFIRMED)
    old = Interest.objects.filter(confirmed_at__lt=at - KEPT)
    return unconfirmed.delete()[0] + old.delete()[0]
