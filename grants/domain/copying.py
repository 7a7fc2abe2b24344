"""Beginning a fund with another one's texts and questions, and a round with another round's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.models import City
from grants.domain.funds import NewFund, create_fund
from grants.domain.rounds import NewRound, open_round, publish_form
from grants.enums import FormKind, FundStatus
from grants.models import Fund, Round, Tier
from grants.models.questions import Texts
from grants.rules.funds import can_copy_fund, can_manage_fund
from network.doors import DomainError, insist
from network.locks import hold_lock
from network.membership.models import Network
from network.people.models import User
from network.text import transliterate
from network.translation.models import texts_of

TAKEN_OVER = ("grace_seconds", "award_min", "award_max", "max_per_organisation", "sealed", "blind")


@dataclass(frozen=True)
class Copy:
    """A copy's own: whose it is, its title in some languages, its currency; and when its round opens and closes, as clocks in its zone
    show it. Dates are never taken over."""

    owner: City | Network
    title: Texts
    currency: str
    opens: datetime
    closes: datetime
    zone: str
    source: str = ""
    demo: bool = False


@transaction.atomic
def set_up_fund(owner: City | Network, title: Texts, currency: str, *, by: User) -> Fund:
    """Set up a draft at an address made of its title. DomainError as `create_fund`."""
    hold_lock("grants.fund_address")
    words = title.get("en") or next((text for text in title.values() if text), "")
    new = NewFund(slug=free_slug([words]), owner=owner, currency=currency, title=title, status=FundStatus.DRAFT)
    return create_fund(new, by=by)


@transaction.atomic
def copy_fund(source: Fund, new: Copy, *, by: User) -> Fund:
    """Set up a draft with the texts of `source` and one round with the questions, criteria and sizes of its last.

    Money, dates, awards and whom the source belongs to are not taken over. Languages that `new.title` does not name
    keep the source's title. DomainError where `by` may not have the source or set up a fund for the new owner.
    """
    insist(can_copy_fund(by, source))
    hold_lock("grants.fund_address")
    titles = {**texts_of(source, "title"), **{code: text for code, text in new.title.items() if text}}
    copied = create_fund(
        NewFund(
            slug=free_slug([titles.get("en") or next(iter(titles.values()), ""), new.owner.slug]),
            owner=new.owner,
            currency=new.currency,
            title=titles,
            purpose=texts_of(source, "purpose"),
            who_can_apply=texts_of(source, "who_can_apply"),
            who_decides=texts_of(source, "who_decides"),
            objectives=tuple(source.objectives),
            themes=tuple(source.themes),
            languages=tuple(source.languages),
            publish_model=source.publish_model,
            status=FundStatus.DRAFT,
            source=new.source,
            demo=new.demo,
        ),
        by=by,
    )
    if like := last_round(source):
        terms = {name: getattr(like, name) for name in TAKEN_OVER}
        call = NewRound(
            title=texts_of(like, "title"),
            opens=new.opens,
            closes=new.closes,
            zone=new.zone,
            published=False,
            source=new.source,
            demo=new.demo,
            **terms,
        )
        take_over(like, open_round(copied, call, by=by), by=by)
    return copied


def last_round(fund: Fund) -> Round | None:
    """The round whose questions a copy begins with: the newest that asks any, else the newest."""
    rounds = list(fund.rounds.order_by("-closes_at", "-id"))
    asking = [one for one in rounds if one.forms.filter(kind=FormKind.APPLICATION).exists()]
    return next(iter(asking or rounds), None)


def free_slug(words: Iterable[str]) -> str:
    """An address that no fund has, made of these words. Hold `grants.fund_address` until the fund is there."""
    stem = "-".join(filter(None, (slugify(transliterate(word)) for word in words)))[:70].strip("-") or "fund"
    taken = set(Fund.objects.filter(slug__startswith=stem).values_list("slug", flat=True)) | {"new"}
    return next(one for n in range(len(taken) + 1) if (one := f"{stem}-{n + 1}" if n else stem) not in taken)


@transaction.atomic
def begin_like(fund: Fund, like: Round, new: NewRound, *, by: User) -> Round:
    """Create a round of the fund with the questions, criteria and sizes of another one of the same fund."""
    if like.fund_id != fund.pk:
        raise DomainError(_("Choose a round of this fund."), code="like")
    made = open_round(fund, new, by=by)
    take_over(like, made, by=by)
    return made


@transaction.atomic
def take_over(like: Round, into: Round, *, by: User) -> None:
    """Give a round that is not shown yet the eligibility questions, criteria, sizes and newest form of another."""
    locked = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=into.pk)
    insist(can_manage_fund(by, locked.fund))
    if locked.published or locked.criteria.exists() or locked.eligibility.exists() or locked.forms.exists():
        raise DomainError(_("The round has questions of its own already."), code="there")
    for rows in (like.eligibility, like.criteria, like.tiers):
        for row in rows.order_by("pk"):
            _again(row, locked)
    form = like.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number").first()
    if form is not None:
        publish_form(locked, form.sections, by=by)
    bounds = Tier.objects.filter(round=locked).aggregate(low=models.Min("minimum"), high=models.Max("maximum"))
    if bounds["low"] is not None:
        locked.award_min, locked.award_max = bounds["low"], bounds["high"]
        locked.save(update_fields=["award_min", "award_max"])


def _again(row: models.Model, into: Round) -> None:
    """The same row once more, in another round."""
    row.pk = None
    row._state.adding = True
    row.round = into  # type: ignore[attr-defined]
    row.save()
