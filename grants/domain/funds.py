"""Setting up a fund: the fund itself and what its funders pay in."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from cities.models import City
from grants.enums import FundStatus, PublishModel
from grants.models import Contribution, Fund
from grants.models.questions import Texts
from grants.rules.funds import can_manage_fund, can_set_up_fund
from network.doors import DomainError, insist
from network.membership.models import Network
from network.people.models import Organisation, User
from network.text import clean_line, clean_text
from network.translation.models import write


@dataclass(frozen=True)
class NewFund:
    """What a fund begins with. `owner` is a City or a Network; texts are {language code: text}; currency is ISO 4217."""

    slug: str
    owner: City | Network
    currency: str
    title: Texts
    purpose: Texts = field(default_factory=dict)
    who_can_apply: Texts = field(default_factory=dict)
    objectives: tuple[Texts, ...] = ()
    publish_model: str = PublishModel.LEAD
    status: str = FundStatus.OPEN
    source: str = ""
    demo: bool = False


@transaction.atomic
def create_fund(new: NewFund, *, by: User) -> Fund:
    """Create a fund without money; `add_contribution` fills it. DomainError where `by` may not, or a text is missing."""
    insist(can_set_up_fund(by, new.owner))
    if not any(new.title.values()):
        raise DomainError(_("A fund needs a title."), code="title")
    if not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper()):
        raise DomainError(_("A currency is three capital letters, as GBP."), code="currency")
    if Fund.objects.filter(slug=new.slug).exists():
        raise DomainError(_("Another fund has this address."), code="slug")
    fund = Fund(
        slug=new.slug,
        owner_city=new.owner if isinstance(new.owner, City) else None,
        owner_network=new.owner if isinstance(new.owner, Network) else None,
        currency=new.currency,
        objectives=[{code: clean_line(text) for code, text in texts.items()} for texts in new.objectives],
        publish_model=new.publish_model,
        status=new.status,
        source=new.source,
        demo=new.demo,
    )
    write(fund, "title", {code: clean_line(text) for code, text in new.title.items()})
    write(fund, "purpose", {code: clean_text(text) for code, text in new.purpose.items()})
    write(fund, "who_can_apply", {code: clean_text(text) for code, text in new.who_can_apply.items()})
    fund.save()
    return fund


@transaction.atomic
def add_contribution(
    fund: Fund, funder: Organisation, amount: Decimal, *, conditions: Texts | None = None, source: str = "", by: User
) -> Contribution:
    """Record what a funder pays in and raise the fund's budget to the new sum. One contribution per funder."""
    locked = Fund.objects.select_for_update().get(pk=fund.pk)
    insist(can_manage_fund(by, locked))
    if amount <= 0:
        raise DomainError(_("A contribution is more than nothing."), code="amount")
    there = locked.contributions.order_by()
    if there.filter(funder=funder).exists():
        raise DomainError(_("This funder already contributes to the fund."), code="twice")
    position = (there.aggregate(last=Max("position"))["last"] or 0) + 1
    contribution = Contribution(fund=locked, funder=funder, amount=amount, position=position, source=source)
    write(contribution, "conditions", {code: clean_line(text) for code, text in (conditions or {}).items()})
    contribution.save()
    fund.budget = locked.budget = there.aggregate(sum=Sum("amount"))["sum"]
    locked.save(update_fields=["budget"])
    return contribution
