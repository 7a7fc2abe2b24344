"""What the public pages of funds show, each in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, gettext as _

from cities.models import City
from grants.enums import FormKind, Moment
from grants.models import Contribution, Criterion, EligibilityCheck, EligibilityCriterion, Fund, Round
from grants.models.funds import FundQuerySet
from grants.models.questions import say
from grants.queries.answers import Told, told
from grants.queries.forms import readable
from grants.registry import Theme, themes_named
from grants.rules.eligibility import fit_of
from grants.rules.rounds import moment_of, standing_of, startable
from network.frame.moments import day_text, moment_text, zone_of
from network.frame.names import money_text
from network.languages import CODES, native_name
from network.membership.models import Network
from network.people.models import Organisation
from network.translation.models import column, texts_of

Item = dict[str, Any]
PAST_SHOWN = 50


@dataclass(frozen=True)
class FundsPage:
    """The list of funds: rounds by where they stand, each with its fund."""

    open: list[Round]
    upcoming: list[Round]
    past: list[Round]

    @property
    def empty(self) -> bool:
        return not (self.open or self.upcoming or self.past)


def shown_rounds(user: Any, code: str) -> QuerySet[Round]:
    """Published rounds of public funds, with what a card of a fund needs. Five queries, however many there are."""
    funds = (
        Fund.objects.visible_to(user)
        .for_language(code)
        .prefetch_related(
            Prefetch("owner_city", City.objects.for_language(code)),
            Prefetch("owner_network", Network.objects.for_language(code)),
            _contributions(),
        )
    )
    return (
        Round.objects.filter(published=True, fund__in=Fund.objects.visible_to(user))
        .for_language(code)
        .prefetch_related(Prefetch("fund", funds))
        .order_by("closes_at", "id")
    )


def _contributions() -> Prefetch:
    funders = Organisation.objects.only("id", "slug", *(column("name", code) for code in CODES))
    return Prefetch(
        "contributions",
        Contribution.objects.prefetch_related(Prefetch("funder", funders)).order_by("position", "id"),
    )


def funds_page(user: Any, at: datetime) -> FundsPage:
    """The list of funds at a moment: open ones by their deadline, upcoming by their opening, past ones newest first."""
    page = FundsPage([], [], [])
    for round_ in shown_rounds(user, get_language() or "en"):
        round_.fund.parts = pot_parts(round_.fund)
        match standing_of(round_, at):
            case Moment.OPEN:
                page.open.append(round_)
            case Moment.UPCOMING:
                page.upcoming.append(round_)
            case _:
                page.past.append(round_)
    page.upcoming.sort(key=lambda one: one.opens_at)
    page.past.reverse()
    del page.past[PAST_SHOWN:]
    return page


def calls(user: Any, at: datetime) -> list[tuple[Round, Moment]]:
    """The rounds that are open at a moment, then those that open later, each with its standing; the next date first."""
    page = funds_page(user, at)
    return [(one, Moment.OPEN) for one in page.open] + [(one, Moment.UPCOMING) for one in page.upcoming]


def open_rounds(user: Any, at: datetime) -> list[Round]:
    """Rounds open at a moment with their funds' titles, the next deadline first; for the home page and for those whom
    another fund refused. Two queries."""
    code = get_language() or "en"
    rounds = (
        Round.objects.filter(startable(at))
        .for_language(code)
        .prefetch_related(Prefetch("fund", Fund.objects.visible_to(user).for_language(code, "title")))
        .order_by("closes_at", "id")
    )
    return list(rounds)


def rounds_that_fit(user: Any, check: EligibilityCheck, at: datetime) -> list[Item]:
    """Other open rounds that refuse none of the answers of a check, those with the fewest questions left first.

    Dicts round, left (questions it asks besides). Three queries, however many there are.
    """
    kinds = dict(EligibilityCriterion.objects.filter(round=check.round_id).values_list("key", "kind"))
    answers = {key: (kinds[key], answer) for key, answer in check.answers.items() if key in kinds}
    others = [one for one in open_rounds(user, at) if one.pk != check.round_id]
    asked: dict[int, list[EligibilityCriterion]] = {one.pk: [] for one in others}
    for criterion in EligibilityCriterion.objects.filter(round__in=others).order_by("position", "id"):
        asked[criterion.round_id].append(criterion)
    fitting = [(fit, one) for one in others if (fit := fit_of(asked[one.pk], answers)) is not None]
    return [{"round": one, "left": fit.left} for fit, one in sorted(fitting, key=lambda pair: pair[0].left)]


def pot_parts(fund: Fund) -> list[Item]:
    """The pot by funder, as the piece `pot_bar` takes it."""
    return [
        {
            "name": str(part.funder),
            "amount": part.amount,
            "committed": part.committed,
            "reserved": Decimal(0),
            "paid": Decimal(0),
        }
        for part in fund.contributions.all()
    ]


def get_fund(user: Any, slug: str) -> Fund:
    """A public fund with its owner, funders and published rounds (newest first). Http404 where there is none."""
    return get_object_or_404(_whole(Fund.objects.visible_to(user), Round.objects.filter(published=True)), slug=slug)


def get_any_fund(fund: Fund) -> Fund:
    """The same of a fund that may be a draft, with rounds that are not shown yet, for those who run it."""
    return _whole(Fund.objects.filter(pk=fund.pk), Round.objects.all()).get()


def _whole(funds: FundQuerySet, rounds: QuerySet[Round]) -> QuerySet[Fund]:
    newest_first = Prefetch("rounds", rounds.order_by("-closes_at", "-id"), to_attr="shown_rounds")
    return funds.select_related("owner_city", "owner_network").prefetch_related(_contributions(), newest_first)


def leading_round(fund: Fund, at: datetime) -> Round | None:
    """The round a fund's page is about: the open one, or the next to open, or the last. Rounds of a fund never overlap.

    `fund` comes from `get_fund`.
    """
    rounds: list[Round] = fund.shown_rounds
    for round_ in rounds:
        round_.fund = fund
    standing = [(moment_of(one, at), one) for one in rounds]
    for wanted in (Moment.OPEN, Moment.GRACE):
        if found := [one for moment, one in standing if moment == wanted]:
            return found[0]
    if upcoming := [one for moment, one in standing if moment == Moment.UPCOMING]:
        return upcoming[-1]
    return rounds[0] if rounds else None


def get_leading_round(user: Any, slug: str, at: datetime) -> Round:
    """The round behind a fund's eligibility check and start button. Http404 where the fund has none."""
    round_ = leading_round(get_fund(user, slug), at)
    if round_ is None:
        raise Http404
    return round_


@dataclass(frozen=True)
class FundPage:
    """A fund's page; texts with the language they are in."""

    fund: Fund
    title: Told
    purpose: Told
    who_can_apply: Told
    who_decides: Told
    objectives: list[Told]
    themes: list[Theme]
    owner: Told
    owner_url: str
    parts: list[Item]
    funders: list[Item]
    round: Round | None
    round_title: str
    moment: str
    facts: list[Item]
    timetable: list[Item]
    tiers: list[Item]
    criteria: list[Item]
    form: list[Item]
    has_eligibility: bool
    past: list[Item]


def fund_page(user: Any, slug: str, at: datetime) -> FundPage:
    """Everything a fund's page shows. Http404 where this person may not know of the fund."""
    return fund_page_of(get_fund(user, slug), at)


def fund_page_of(fund: Fund, at: datetime) -> FundPage:
    """Everything the page of this fund shows; it comes from `get_fund` or `get_any_fund`."""
    code = get_language() or "en"
    round_ = leading_round(fund, at)
    owner = fund.owner_city or fund.owner_network
    assert owner is not None, "the database keeps that a fund has one owner"
    moment = standing_of(round_, at) if round_ else Moment.CLOSED
    return FundPage(
        fund=fund,
        title=told(texts_of(fund, "title"), code),
        purpose=told(texts_of(fund, "purpose"), code),
        who_can_apply=told(texts_of(fund, "who_can_apply"), code),
        who_decides=told(texts_of(fund, "who_decides"), code),
        objectives=[told(texts, code) for texts in fund.objectives],
        themes=themes_named(fund.themes, code),
        owner=told(texts_of(owner, "name"), code),
        owner_url=owner.get_absolute_url(),
        parts=pot_parts(fund),
        funders=_funders(fund, code),
        round=round_,
        round_title=say(texts_of(round_, "title"), code) if round_ else "",
        moment=moment.value,
        facts=_facts(fund, round_),
        timetable=_timetable(round_, at) if round_ else [],
        tiers=_tiers(round_, fund) if round_ else [],
        criteria=_criteria(round_, code) if round_ else [],
        form=_form(round_, code) if round_ else [],
        has_eligibility=bool(round_ and round_.eligibility.exists()),
        past=[_past(one, fund, code) for one in fund.shown_rounds if moment_of(one, at) == Moment.CLOSED],
    )


def _funders(fund: Fund, code: str) -> list[Item]:
    return [
        {
            "name": str(part.funder),
            "amount": part.amount,
            "conditions": told(texts_of(part, "conditions"), code),
        }
        for part in fund.contributions.all()
    ]


def _facts(fund: Fund, round_: Round | None) -> list[Item]:
    rows = [{"name": _("The whole pot"), "value": money_text(fund.budget, fund.currency) if fund.budget else ""}]
    if round_ is None:
        return rows
    low, high = round_.award_min, round_.award_max
    if low and high:
        size = _("%(low)s to %(high)s") % {
            "low": money_text(low, fund.currency),
            "high": money_text(high, fund.currency),
        }
        rows.append({"name": _("Size of a grant"), "value": size})
    elif high:
        rows.append({"name": _("Largest grant"), "value": money_text(high, fund.currency)})
    rows.append({"name": _("Applications per organisation"), "value": str(round_.max_per_organisation)})
    spoken = _(", ").join(native_name(one) for one in fund.languages)
    rows.append({"name": _("Languages in which people can apply"), "value": spoken})
    return rows


def _told_moment(moment: datetime, zone: str, hour_known: bool) -> str:
    return moment_text(moment, zone) if hour_known else day_text(moment.astimezone(zone_of(zone)))


def _timetable(round_: Round, at: datetime) -> list[Item]:
    moments = (
        (_("Opens"), round_.opens_at, round_.opens_hour_known),
        (_("Closes"), round_.closes_at, round_.closes_hour_known),
    )
    return [
        {
            "what": what,
            "when": _told_moment(moment, round_.timezone, known),
            "state": "ended" if moment <= at else "",
        }
        for what, moment, known in moments
    ]


def _past(round_: Round, fund: Fund, code: str) -> Item:
    return {
        "title": say(texts_of(round_, "title"), code),
        "opened": day_text(round_.opens_at.astimezone(zone_of(round_.timezone))),
        "closed": day_text(round_.closes_at.astimezone(zone_of(round_.timezone))),
        "awarded": round_.awarded,
        "projects": round_.projects,
        "currency": fund.currency,
    }


def _tiers(round_: Round, fund: Fund) -> list[Item]:
    """The sizes of grants: from, to, what the applicant brings as a share of the grant, and how much that is at the top."""
    return [
        {
            "low": money_text(one.minimum, fund.currency),
            "high": money_text(one.maximum, fund.currency),
            "match": Decimal(one.match) / 100,
            "own": money_text(one.maximum * one.match / 100, fund.currency) if one.match else "",
        }
        for one in round_.tiers.order_by("minimum")
    ]


def _criteria(round_: Round, code: str) -> list[Item]:
    rows = Criterion.objects.filter(round=round_).for_language(code).order_by("position", "id")
    return [
        {
            "name": one.shown_name,
            "guidance": one.shown_guidance,
            "weight": Decimal(one.weight) / 100,
            "minimum": one.minimum,
            "maximum": one.maximum,
        }
        for one in rows
    ]


def _form(round_: Round, code: str) -> list[Item]:
    form = round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number").first()
    return readable(form, round_.fund, code) if form else []


def shown_title(thing: Fund | Round) -> Told:
    """The title of a fund or round in the reader's language, with the language it is in."""
    return told(texts_of(thing, "title"), get_language() or "en")
