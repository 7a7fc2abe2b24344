"""What those who run a fund see of it: drafts too, what is missing, who is interested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from cities.models import City
from grants.enums import FUND_WORKFLOW, FormKind, FundStatus, Moment
from grants.models import Fund, Interest, Round
from grants.models.questions import say
from grants.queries.answers import Told, told
from grants.rules import rounds as round_rules
from grants.rules.funds import can_manage_fund, can_manage_some, missing_of
from grants.rules.wording import gaps_of
from network.collation import sort_key
from network.frame.moments import moment_text
from network.frame.names import language_name, number_text
from network.languages import CODES
from network.membership.models import Network
from network.people.desk import DeskItem
from network.people.enums import RoleKind
from network.people.models import Organisation
from network.people.rules.roles import is_operator, scopes
from network.translation.models import best_text, column, texts_of

Item = dict[str, Any]
MOST_OFFERED = 500


def managed_funds(user: Any) -> QuerySet[Fund]:
    """The funds this person runs, drafts too: all for operators, else by roles for the fund, its city or network."""
    if is_operator(user):
        return Fund.objects.all()
    return Fund.objects.filter(
        Q(uuid__in=scopes(user, RoleKind.FUND_MANAGER))
        | Q(owner_city__uuid__in=scopes(user, RoleKind.CITY_OFFICER))
        | Q(owner_network__uuid__in=scopes(user, RoleKind.NETWORK_OFFICER))
    )


def get_known_fund(user: Any, slug: str) -> Fund:
    """A fund this person may know of: a public one, or one they run. Http404 for any other."""
    fund = get_object_or_404(Fund.objects.select_related("owner_city", "owner_network"), slug=slug)
    if fund.status == FundStatus.DRAFT and not can_manage_fund(user, fund):
        raise Http404
    return fund


def get_known_round(user: Any, slug: str, number: int) -> Round:
    """A round of such a fund, with its fund. Http404 for one that is not shown, to others than those who run it."""
    fund = get_known_fund(user, slug)
    round_ = get_object_or_404(Round, fund=fund, number=number)
    round_.fund = fund
    if not round_.published and not can_manage_fund(user, fund):
        raise Http404
    return round_


def owners_for(user: Any, code: str) -> list[tuple[City | Network, str]]:
    """The cities and networks for which this person may set up a fund, by name in the reader's alphabet. Two queries."""
    cities = City.objects.filter(archived_at__isnull=True)
    networks = Network.objects.filter(archived_at__isnull=True)
    if not is_operator(user):
        cities = cities.filter(uuid__in=scopes(user, RoleKind.CITY_OFFICER))
        networks = networks.filter(uuid__in=scopes(user, RoleKind.NETWORK_OFFICER))
    found: list[tuple[City | Network, str]] = [(one, owner_name(one, code)) for one in [*networks, *cities]]
    return sorted(found, key=lambda pair: sort_key(pair[1], code))


def owner_name(owner: City | Network, code: str) -> str:
    """The name of a fund's owner for a reader of that language."""
    return best_text(owner, "name", code)[0] or getattr(owner, "native_name", "") or owner.slug


def funder_named(name: str) -> list[Organisation]:
    """The kept organisations of that name in some language, or of that address on the portal; at most five."""
    kept = Organisation.objects.filter(archived_at__isnull=True).order_by("slug")
    names = Q(slug=name)
    for code in CODES:
        names |= Q(**{f"{column('name', code)}__iexact": name})
    found = list(kept.filter(names)[:5])
    return [one for one in found if one.slug == name] or found


def funder_names() -> list[str]:
    """Names to choose a funder by, in the reader's language; the first 500 by the alphabet of their addresses."""
    code = get_language() or "en"
    rows = Organisation.objects.filter(archived_at__isnull=True).order_by("slug")[:MOST_OFFERED]
    return sorted({str(one) for one in rows}, key=lambda name: sort_key(name, code))


# --- lists ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FundRow:
    """A fund in the list of those one runs."""

    fund: Fund
    title: Told
    owner: str
    rounds: int
    interested: int


def fund_rows(user: Any) -> list[FundRow]:
    """The funds this person runs, drafts first, then open ones. Three queries, however many there are."""
    code = get_language() or "en"
    funds = managed_funds(user).select_related("owner_city", "owner_network")
    counted = funds.annotate(
        round_count=Count("rounds", distinct=True),
        interest_count=Count("interests", distinct=True, filter=Q(interests__confirmed_at__isnull=False)),
    )
    order = list(FundStatus)
    rows = [
        FundRow(
            one,
            told(texts_of(one, "title"), code),
            owner_name(_owner(one), code),
            one.round_count,
            one.interest_count,
        )
        for one in counted
    ]
    return sorted(rows, key=lambda row: (order.index(FundStatus(row.fund.status)), sort_key(row.title.text, code)))


def _owner(fund: Fund) -> City | Network:
    owner = fund.owner_city or fund.owner_network
    assert owner is not None, "the database keeps that a fund has one owner"
    return owner


def my_funds(user: Any) -> list[DeskItem]:
    """The way to the funds this person runs or may set up. One query for those who have a role for it."""
    if not can_manage_some(user):
        return []
    count = managed_funds(user).count()
    note = (
        ngettext("%(count)s fund", "%(count)s funds", count) % {"count": number_text(count)}
        if count
        else _("Set up a fund and open its first round.")
    )
    return [DeskItem(title=_("Funds you run"), url=reverse("grants:own_funds"), note=note)]


# --- one fund ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FundDesk:
    """What stands on the page of those who run a fund. `lacking` are its languages in which texts are missing."""

    fund: Fund
    title: Told
    owner: str
    missing: list[str]
    acts: list[Item]
    lacking: list[Item]
    rounds: list[Item]
    interested: int


def fund_desk(fund: Fund, at: datetime) -> FundDesk:
    """The page's content. Three queries."""
    code = get_language() or "en"
    rounds = fund.rounds.order_by("-closes_at", "-id").annotate(
        applied=Count("applications", distinct=True),
        asked=Count(
            "forms",
            distinct=True,
            filter=Q(forms__kind=FormKind.APPLICATION, forms__published_at__isnull=False),
        ),
        judged=Count("criteria", distinct=True),
    )
    return FundDesk(
        fund=fund,
        title=told(texts_of(fund, "title"), code),
        owner=owner_name(_owner(fund), code),
        missing=missing_of(fund) if fund.status == FundStatus.DRAFT else [],
        acts=[{"verb": verb.value, "word": verb.label} for verb in FUND_WORKFLOW[FundStatus(fund.status)]],
        lacking=_lacking(fund),
        rounds=[_round_row(one, fund, code, at) for one in rounds],
        interested=fund.interests.filter(confirmed_at__isnull=False).count(),
    )


def _lacking(fund: Fund) -> list[Item]:
    """For each of its languages what it lacks while another language has it."""
    fields = {
        "title": _("title"),
        "purpose": _("purpose"),
        "who_can_apply": _("who can apply"),
        "who_decides": _("who decides"),
    }
    found = []
    for code in fund.languages:
        what = [str(name) for field, name in fields.items() if (texts := texts_of(fund, field)) and code not in texts]
        if any(code not in aim for aim in fund.objectives):
            what.append(_("aims"))
        if what:
            found.append({"code": code, "what": what})
    return found


def _round_row(round_: Any, fund: Fund, code: str, at: datetime) -> Item:
    round_.fund = fund
    moment = round_rules.moment_of(round_, at)
    return {
        "number": round_.number,
        "title": told(texts_of(round_, "title"), code),
        "published": round_.published,
        "moment": moment,
        "word": moment.label,
        "opens": moment_text(round_.opens_at, round_.timezone),
        "closes": moment_text(round_.closes_at, round_.timezone),
        "applied": round_.applied,
        "asked": bool(round_.asked),
        "judged": bool(round_.judged),
    }


def texts_elsewhere(fund: Fund, code: str, *, here_too: bool) -> list[Item]:
    """The fund's texts as they stand in another language, to write them by; with `here_too` in this one instead."""
    names = {
        "title": _("Title"),
        "purpose": _("Purpose"),
        "who_can_apply": _("Who can apply"),
        "who_decides": _("Who decides"),
    }
    found = []
    for field, name in names.items():
        texts = texts_of(fund, field)
        wanted = {code: texts[code]} if here_too and code in texts else {}
        others = wanted or {one: text for one, text in texts.items() if one != code and not here_too}
        if others:
            shown = told(others, code)
            found.append({"name": name, "text": shown.text, "language": shown.language})
    lines = [told(aim, code) for aim in ([one for one in fund.objectives if code not in one or here_too])]
    return found + [{"name": _("Aim"), "text": line.text, "language": line.language} for line in lines]


def money_parts(fund: Fund) -> list[Any]:
    """The contributions in their order, with their funders."""
    return list(fund.contributions.select_related("funder").order_by("position", "id"))


@dataclass(frozen=True)
class RoundDesk:
    """What stands on the page of those who run a round."""

    round: Round
    title: Told
    fund_title: Told
    moment: Moment
    opens: str
    closes: str
    missing: list[str]
    gaps: int
    languages: list[str]
    may_hide: bool
    tiers: list[Any]
    tiers_fixed: Any
    criteria: list[Item]
    questions: int
    eligibility: int
    form_number: int
    form_draft: bool


def round_desk(round_: Round, at: datetime) -> RoundDesk:
    """The page's content. Eleven queries at most."""
    code = get_language() or "en"
    forms = list(round_.forms.filter(kind=FormKind.APPLICATION).order_by("-number"))
    form = next((one for one in forms if one.published_at), None)
    return RoundDesk(
        round=round_,
        title=told(texts_of(round_, "title"), code),
        fund_title=told(texts_of(round_.fund, "title"), code),
        moment=round_rules.moment_of(round_, at),
        opens=moment_text(round_.opens_at, round_.timezone),
        closes=moment_text(round_.closes_at, round_.timezone),
        missing=[] if round_.published else round_rules.missing_of(round_),
        gaps=0 if round_.published else len(gaps_of(round_, round_.fund.languages)),
        languages=[language_name(one) for one in round_.fund.languages],
        may_hide=round_.published and at < round_.closes_at and not round_.applications.exists(),
        tiers=list(round_.tiers.order_by("minimum")),
        tiers_fixed=round_rules.fixed_of(round_, at).get("tiers", ""),
        criteria=[{"name": say(texts_of(one, "name"), code), "weight": one.weight} for one in round_.criteria.all()],
        questions=sum(len(section["fields"]) for section in form.sections) if form else 0,
        eligibility=round_.eligibility.count(),
        form_number=form.number if form else 0,
        form_draft=any(one.published_at is None for one in forms),
    )


def rounds_to_follow(fund: Fund, code: str) -> tuple[list[Round], dict[int, str]]:
    """The fund's rounds that ask something, newest first, and their titles: a new round may begin like one of them."""
    rows = fund.rounds.filter(forms__kind=FormKind.APPLICATION).distinct().order_by("-closes_at", "-id")
    rounds = list(rows)
    return rounds, {one.pk: say(texts_of(one, "title"), code) or str(one.number) for one in rounds}


# --- who is interested ------------------------------------------------------------------------------------------------


def interests_of(fund: Fund) -> QuerySet[Interest]:
    """Those who confirmed their address, newest first."""
    return fund.interests.filter(confirmed_at__isnull=False).order_by("-confirmed_at", "-id")


def interest_rows(fund: Fund) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
    """The list as a table: heading, rows. Whoever opens it runs no formula: `network.sheets` makes the cells."""
    heading = (
        _("Who"), _("City or organisation"), _("Name"), _("E-mail address"), _("Language"), _("Message"), _("Confirmed"),
    )  # fmt: skip
    rows = [
        (
            str(one.get_kind_display()),
            one.organisation,
            one.name,
            one.email,
            one.language,
            one.message,
            one.confirmed_at.date() if one.confirmed_at else None,
        )
        for one in interests_of(fund)
    ]
    return heading, rows


def get_interest(user: Any, slug: str, pk: int) -> Interest:
    """A confirmed interest in a fund. Http404 for anything else, and for those who may not know of the fund."""
    fund = get_known_fund(user, slug)
    interest = get_object_or_404(interests_of(fund), pk=pk)
    interest.fund = fund
    return interest
