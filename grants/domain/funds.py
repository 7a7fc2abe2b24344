"""Setting up a fund: its texts, what its funders pay in, and whether everybody sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from cities.models import City
from grants.enums import FUND_WORKFLOW, FundStatus, FundVerb, PublishModel
from grants.models import Contribution, Fund
from grants.models.questions import Texts
from grants.registry import themes_named
from grants.rules.funds import can_manage_fund, can_set_up_fund, missing_of
from grants.rules.wording import codes_in, gaps_of
from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.names import language_name, money_text
from network.languages import DEFAULT, LANGUAGES
from network.locks import hold_lock
from network.membership.models import Network
from network.people.models import Organisation, User
from network.text import clean_line, clean_text
from network.translation.models import best_text, texts_of, write

LINES, PARAGRAPHS = ("title",), ("purpose", "who_can_apply", "who_decides")
LONGEST = {"title": 160, "purpose": 5_000, "who_can_apply": 5_000, "who_decides": 5_000}
MOST_THEMES, MOST_AIMS, LONGEST_AIM, MOST_FUNDERS = 8, 20, 300, 20
# Addresses below /funds/ that are no fund's.
RESERVED = {"new"}
NO_TITLE = gettext_lazy("A fund needs a title.")
STALE = gettext_lazy(
    "Somebody else changed this meanwhile. What you typed is still here: compare it with what stands now, then save again."
)
STILL_THERE = gettext_lazy(
    "Somebody else changed this meanwhile, so it was not taken away. Read what stands now, then decide."
)


@dataclass(frozen=True)
class NewFund:
    """What a fund begins with. `owner` is a City or a Network; texts are {language code: text}; currency is ISO 4217.

    Without `languages` it has the one its title was written in first, and English.
    """

    slug: str
    owner: City | Network
    currency: str
    title: Texts
    purpose: Texts = field(default_factory=dict)
    who_can_apply: Texts = field(default_factory=dict)
    who_decides: Texts = field(default_factory=dict)
    objectives: tuple[Texts, ...] = ()
    themes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    publish_model: str = PublishModel.LEAD
    status: str = FundStatus.OPEN
    source: str = ""
    demo: bool = False


@transaction.atomic
def create_fund(new: NewFund, *, by: User) -> Fund:
    """Create a fund without money; `set_money` fills it. DomainError where `by` may not, or a text is missing."""
    insist(can_set_up_fund(by, new.owner))
    if not any(new.title.values()):
        raise DomainError(NO_TITLE, code="title")
    if not (len(new.currency) == 3 and new.currency.isascii() and new.currency.isupper()):
        raise DomainError(_("A currency is three capital letters, as GBP."), code="currency")
    # Two funds of one name set up at once wait for each other, and the second is told.
    hold_lock("grants.fund_address")
    if new.slug in RESERVED or Fund.objects.filter(slug=new.slug).exists():
        raise DomainError(_("Another fund has this address."), code="slug")
    fund = Fund(
        slug=new.slug,
        owner_city=new.owner if isinstance(new.owner, City) else None,
        owner_network=new.owner if isinstance(new.owner, Network) else None,
        currency=new.currency,
        objectives=[{code: clean_line(text) for code, text in texts.items()} for texts in new.objectives],
        themes=_themes(new.themes),
        languages=clean_languages(new.languages or [_first(new.title), DEFAULT]),
        publish_model=new.publish_model,
        status=new.status,
        source=new.source,
        demo=new.demo,
    )
    _write(fund, {name: getattr(new, name) for name in (*LINES, *PARAGRAPHS)})
    fund.save()
    return fund


def _write(fund: Fund, texts: Mapping[str, Texts]) -> None:
    for name, by_language in texts.items():
        clean = clean_line if name in LINES else clean_text
        cleaned = {code: clean(text) for code, text in by_language.items()}
        if any(len(text) > LONGEST[name] for text in cleaned.values()):
            most = LONGEST[name]
            raise DomainError(
                ngettext(
                    "This text has more than %(most)d character.", "This text has more than %(most)d characters.", most
                )
                % {"most": most},
                code=name,
            )
        write(fund, name, cleaned)


def _themes(codes: Sequence[str]) -> list[str]:
    """The codes, successors in place of merged ones. DomainError for too many; unknown ones are left out."""
    known = [one.code for one in themes_named(dict.fromkeys(codes), "en")]
    if len(known) > MOST_THEMES:
        raise DomainError(
            ngettext("A fund names at most %(most)d theme.", "A fund names at most %(most)d themes.", MOST_THEMES)
            % {"most": MOST_THEMES},
            code="themes",
        )
    return known


def clean_languages(codes: Sequence[str]) -> list[str]:
    """The codes once each, in their order. DomainError where there is none, or one that the portal does not speak."""
    known = [code for code in dict.fromkeys(codes) if code in LANGUAGES]
    if not known or len(known) != len(set(codes)):
        raise DomainError(_("Choose at least one language of the portal."), code="languages")
    return known


def _first(texts: Texts) -> str:
    """The language in which a text was written first."""
    return next(code for code, text in texts.items() if text)


def _speak(locked: Fund, codes: Sequence[str], at: datetime) -> None:
    """Give the fund these languages, its first one first. What everybody sees already must be there in a new one."""
    chosen = clean_languages(codes)
    kept = [code for code in locked.languages if code in chosen]
    new = [code for code in chosen if code not in kept]
    for shown in locked.rounds.filter(published=True, closes_at__gt=at):
        if new and (gaps := gaps_of(shown, new)):
            names = _(", ").join(language_name(code) for code in codes_in(gaps))
            told = {"round": best_text(shown, "title", get_language() or DEFAULT)[0], "languages": names}
            raise DomainError(
                _("“%(round)s” is shown to everyone and lacks texts in %(languages)s. Write them first.") % told,
                code="languages",
            )
    locked.languages = [*kept, *new]


def _locked(fund: Fund, by: User, version: int | None = None) -> Fund:
    """The fund's row, held; DomainError where `by` may not, or it is no longer the `version` that was read."""
    locked = Fund.objects.select_for_update(of=("self",)).select_related("owner_city", "owner_network").get(pk=fund.pk)
    insist(can_manage_fund(by, locked))
    if version is not None and version != locked.version:
        raise DomainError(STALE, code="stale")
    return locked


def _keep(locked: Fund, fund: Fund) -> Fund:
    locked.version += 1
    locked.save()
    fund.version = locked.version
    return locked


@transaction.atomic
def change_texts(
    fund: Fund, texts: Mapping[str, Texts], *, aims: Mapping[str, Sequence[str]] | None = None, version: int, by: User
) -> Fund:
    """Write texts of the fund in some languages; those not named stay. `aims` are the lines of each language.

    The first line in one language is the same aim as the first line in another. DomainError where no title would be
    left, a published fund would lose what readers need, a text is too long, `by` may not, or somebody changed the fund since `version`.
    """
    locked = _locked(fund, by, version)
    lacked = missing_of(locked)
    _write(locked, texts)
    if not texts_of(locked, "title"):
        raise DomainError(NO_TITLE, code="title")
    for code, lines in (aims or {}).items():
        locked.objectives = _with_aims(locked.objectives, code, lines)
    lost = [what for what in missing_of(locked) if what not in lacked]
    if locked.status != FundStatus.DRAFT and lost:
        raise DomainError(_("A published fund needs %(what)s.") % {"what": lost[0]}, code="missing")
    return _keep(locked, fund)


@transaction.atomic
def change_record(fund: Fund, texts: Mapping[str, Texts], *, publish_model: str, source: str, by: User) -> Fund:
    """What the administration changes in one go: texts in some languages, how awards are published, the source.

    DomainError as `change_texts` and `change_terms`.
    """
    locked = change_texts(fund, texts, version=_locked(fund, by).version, by=by)
    locked.source = clean_line(source)[:300]
    locked.save(update_fields=["source"])
    return change_terms(
        fund,
        themes=locked.themes,
        publish_model=publish_model,
        currency=locked.currency,
        version=locked.version,
        by=by,
    )


def _with_aims(there: list[Texts], code: str, lines: Sequence[str]) -> list[Texts]:
    """The aims with these lines in that language; an aim that has no words left in any goes."""
    cleaned = [clean_line(line) for line in lines]
    if any(len(line) > LONGEST_AIM for line in cleaned):
        raise DomainError(
            ngettext(
                "An aim has more than %(most)d character.", "An aim has more than %(most)d characters.", LONGEST_AIM
            )
            % {"most": LONGEST_AIM},
            code="aims",
        )
    count = max(len(there), len(cleaned))
    if count > MOST_AIMS:
        raise DomainError(
            ngettext("A fund has at most %(most)d aim.", "A fund has at most %(most)d aims.", MOST_AIMS)
            % {"most": MOST_AIMS},
            code="aims",
        )
    rows = [dict(there[n]) if n < len(there) else {} for n in range(count)]
    for n, row in enumerate(rows):
        row[code] = cleaned[n] if n < len(cleaned) else ""
    return [{key: text for key, text in row.items() if text} for row in rows if any(row.values())]


@transaction.atomic
def change_terms(
    fund: Fund,
    *,
    themes: Sequence[str],
    publish_model: str,
    currency: str,
    languages: Sequence[str] | None = None,
    version: int,
    by: User,
) -> Fund:
    """Say what the fund is for, in which languages people apply, and how its awards are published.

    The currency stays once there is money or a round. Languages stay where none are given.
    """
    locked = _locked(fund, by, version)
    if currency != locked.currency:
        if locked.budget or locked.rounds.exists():
            raise DomainError(_("The currency stays: there are amounts in it already."), code="currency")
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise DomainError(_("A currency is three capital letters, as GBP."), code="currency")
    if publish_model not in PublishModel.values:
        raise DomainError(_("Choose how awards are published."), code="publish_model")
    if languages is not None:
        _speak(locked, languages, timezone.now())
    locked.themes, locked.publish_model, locked.currency = _themes(themes), publish_model, currency
    return _keep(locked, fund)


# --- money ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """What one funder pays in; `conditions` in the languages that are written, the others and the source stay as they are."""

    funder: Organisation
    amount: Decimal
    conditions: Texts = field(default_factory=dict)
    source: str | None = None


@transaction.atomic
def set_money(fund: Fund, budget: Decimal, parts: Sequence[Part], *, version: int, by: User) -> Fund:
    """Say who pays how much into the fund. The amounts add up to the budget, or nothing is changed.

    A funder that is not among `parts` leaves. DomainError where the sum is another, a funder stands there twice, an
    amount is not above nothing, or awards have taken more of a funder's money than is left of it.
    """
    locked = _locked(fund, by, version)
    if len(parts) > MOST_FUNDERS:
        raise DomainError(
            ngettext("A fund has at most %(most)d funder.", "A fund has at most %(most)d funders.", MOST_FUNDERS)
            % {"most": MOST_FUNDERS},
            code="many",
        )
    if len({part.funder.pk for part in parts}) != len(parts):
        raise DomainError(_("A funder stands here twice. Put its amounts into one line."), code="twice")
    if any(part.amount <= 0 for part in parts):
        raise DomainError(_("A contribution is more than nothing."), code="amount")
    _add_up(budget, parts, locked.currency)
    if locked.status != FundStatus.DRAFT and not parts:
        raise DomainError(_("A published fund has at least one funder."), code="missing")
    # Each contribution's row is held, in the order of their keys: awards take from them under the same locks.
    there = {row.funder_id: row for row in Contribution.objects.select_for_update().filter(fund=locked).order_by("pk")}
    kept = {part.funder.pk: part for part in parts}
    for funder_id, row in there.items():
        left = kept[funder_id].amount if funder_id in kept else Decimal(0)
        if row.committed > left:
            told = {"funder": row.funder, "amount": money_text(row.committed, locked.currency)}
            raise DomainError(
                _("Awards have taken %(amount)s of what %(funder)s pays. It can’t pay less than that.") % told,
                code="committed",
            )
    if locked.committed > budget:
        taken = money_text(locked.committed, locked.currency)
        raise DomainError(
            _("Awards have taken %(amount)s. The budget can’t be less.") % {"amount": taken}, code="committed"
        )
    for funder_id, row in there.items():
        if funder_id not in kept:
            row.delete()
    for position, part in enumerate(parts, start=1):
        row = there.get(part.funder.pk) or Contribution(fund=locked, funder=part.funder)
        row.amount, row.position = part.amount, position
        row.source = row.source if part.source is None else part.source
        write(row, "conditions", {code: clean_line(text)[:300] for code, text in part.conditions.items()})
        row.save()
    locked.budget = fund.budget = budget
    return _keep(locked, fund)


def _add_up(budget: Decimal, parts: Sequence[Part], currency: str) -> None:
    total = sum((part.amount for part in parts), Decimal(0))
    if total == budget:
        return
    told = {
        "sum": money_text(total, currency),
        "budget": money_text(budget, currency),
        "difference": money_text(abs(budget - total), currency),
    }
    if total < budget:
        text = _("The funders pay %(sum)s, the budget is %(budget)s: %(difference)s are missing.") % told
    else:
        text = _("The funders pay %(sum)s, the budget is %(budget)s: that is %(difference)s too much.") % told
    raise DomainError(text, code="sum")


@transaction.atomic
def add_contribution(
    fund: Fund, funder: Organisation, amount: Decimal, *, conditions: Texts | None = None, source: str = "", by: User
) -> Contribution:
    """Record what a funder pays in and raise the fund's budget to the new sum. One contribution per funder."""
    locked = _locked(fund, by)
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
    _keep(locked, fund)
    return contribution


# --- as a whole -------------------------------------------------------------------------------------------------------


@transaction.atomic
def move_fund(fund: Fund, verb: FundVerb, *, reason: str, by: User) -> Fund:
    """Publish, close or open a fund again, as `enums.FUND_WORKFLOW` says. Closing and opening again keep their reason.

    A closed fund takes no new applications, whatever its rounds say; drafts that were begun can still be sent.
    DomainError where something is missing, or without a reason.
    """
    locked = _locked(fund, by)
    to = FUND_WORKFLOW[FundStatus(locked.status)].get(verb)
    if to is None:
        raise DomainError(_("This can’t be done with the fund any more. Look at it again."), code="state")
    reason = clean_line(reason)[:300]
    if verb != FundVerb.PUBLISH and not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    if verb == FundVerb.PUBLISH and (missing := missing_of(locked)):
        raise DomainError(_("The fund still needs: %(what)s.") % {"what": ", ".join(missing)}, code="missing")
    if reason:
        because(reason)
    locked.status = fund.status = to
    return _keep(locked, fund)
