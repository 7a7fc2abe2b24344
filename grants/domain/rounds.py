"""Setting up a round: its moments, criteria, eligibility questions and form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _, ngettext

from grants.domain.walls import at_local, closing_at
from grants.enums import FieldKind, FormKind, QuestionKind
from grants.models import Criterion, EligibilityCriterion, FormVersion, Fund, Round
from grants.models.questions import DECIDING, Section, Texts, say
from grants.rules.funds import can_manage_fund
from grants.rules.rounds import fixed_of
from grants.rules.wording import gaps_of
from network.audit.context import because
from network.doors import DomainError, insist
from network.frame.names import language_name
from network.jobs import enqueue
from network.languages import DEFAULT
from network.people.models import User
from network.text import clean_line, clean_text
from network.translation.models import write

MAX_GRACE_SECONDS, LONGEST_TITLE = 300, 160
MAX_FIELDS = 400


@dataclass(frozen=True)
class NewRound:
    """What a round begins with. `opens` and `closes` are wall times in `zone`; amounts are in the fund's currency."""

    title: Texts
    opens: datetime
    closes: datetime
    zone: str
    number: int | None = None
    grace_seconds: int = 0
    award_min: Decimal | None = None
    award_max: Decimal | None = None
    max_per_organisation: int = 1
    sealed: bool = False
    blind: bool = False
    published: bool = True
    opens_hour_known: bool = True
    closes_hour_known: bool = True
    awarded: Decimal | None = None
    projects: int | None = None
    source: str = ""
    demo: bool = False


@transaction.atomic
def open_round(fund: Fund, new: NewRound, *, by: User) -> Round:
    """Create a round of the fund. DomainError for wall times that do not exist or occur twice, for a grace above 300 s,

    for an end before the beginning, and where it would overlap another round of the same fund.
    """
    locked = Fund.objects.select_for_update().get(pk=fund.pk)
    insist(can_manage_fund(by, locked))
    opens_at, closes_at = at_local(new.opens, new.zone), closing_at(new.closes, new.zone)
    check_terms(new, opens_at, closes_at)
    others = locked.rounds.order_by()
    check_alone(others, opens_at, closes_at)
    number = new.number or (others.aggregate(last=Max("number"))["last"] or 0) + 1
    if others.filter(number=number).exists():
        raise DomainError(_("Another round of this fund has this number."), code="number")
    round_ = Round(
        fund=locked,
        number=number,
        opens_at=opens_at,
        closes_at=closes_at,
        timezone=new.zone,
        **{name: getattr(new, name) for name in _AS_GIVEN},
    )
    write(round_, "title", clean_title(new.title))
    round_.save()
    return round_


def clean_title(typed: Texts) -> Texts:
    """A round's title as it is kept. DomainError where it is too long in a language."""
    texts = {code: clean_line(text) for code, text in typed.items()}
    if any(len(text) > LONGEST_TITLE for text in texts.values()):
        raise DomainError(
            ngettext(
                "A title has at most %(most)d character.", "A title has at most %(most)d characters.", LONGEST_TITLE
            )
            % {"most": LONGEST_TITLE},
            code="title",
        )
    return texts


def check_terms(terms: Any, opens_at: datetime, closes_at: datetime) -> None:
    """DomainError where a round's terms (a NewRound, or a Round) make no sense beside these moments."""
    if closes_at <= opens_at:
        raise DomainError(_("A round closes after it opens."), code="order")
    if not 0 <= terms.grace_seconds <= MAX_GRACE_SECONDS:
        raise DomainError(_("The grace is at most 300 seconds."), code="grace")
    if terms.max_per_organisation < 1:
        raise DomainError(_("An organisation may apply at least once."), code="max")
    if terms.award_min and terms.award_max and terms.award_min > terms.award_max:
        raise DomainError(_("The smallest grant is larger than the largest."), code="sizes")


def check_alone(others: QuerySet[Round], opens_at: datetime, closes_at: datetime) -> None:
    """DomainError where another round of the fund is open at some moment between these. Hold the fund's row."""
    if others.filter(opens_at__lt=closes_at, closes_at__gt=opens_at).exists():
        raise DomainError(_("Another round of this fund is open in that time."), code="overlap")


_AS_GIVEN = (
    "grace_seconds", "award_min", "award_max", "max_per_organisation", "sealed", "blind", "published",
    "opens_hour_known", "closes_hour_known", "awarded", "projects", "source", "demo",
)  # fmt: skip


@transaction.atomic
def move_closing(round_: Round, closes: datetime, *, reason: str, by: User, seen: datetime | None = None) -> Round:
    """Let a round close at another time: `closes` is a wall time in the round's own zone. The reason is kept.

    Reminders follow by themselves; everybody with a draft or a sent application is told once, by the planner who was
    reminded of the old time, the others by `extending.tell_rescheduled`. `seen` is the closing time that `by` saw, by
    default the one of `round_`. DomainError where `by` may not, without a reason, for wall times as `open_round`, for
    a time that is past or before the opening, the time it has already, a round that has closed (its drafts lapse in
    that minute), an overlap with another round of the fund, and where somebody else moved it meanwhile.
    """
    seen = seen or round_.closes_at
    # The fund's lock, as `open_round` takes it: two rounds can't be moved into each other.
    fund = Fund.objects.select_for_update().get(pk=round_.fund_id)
    locked = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    insist(can_manage_fund(by, fund))
    reason = clean_line(reason)[:300]
    if not reason:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    now = timezone.now()
    if now >= locked.closes_at:
        raise DomainError(_("This round has closed. Drafts have lapsed, so open a new round instead."), code="closed")
    if locked.closes_at != seen:
        raise DomainError(_("Somebody moved the closing time meanwhile. Look at it again."), code="stale")
    closes_at = closing_at(closes, locked.timezone)
    if closes_at == locked.closes_at:
        raise DomainError(_("The round closes at this time already."), code="same")
    if closes_at <= now:
        raise DomainError(_("This time has passed. Choose one to come."), code="past")
    if closes_at <= locked.opens_at:
        raise DomainError(_("A round closes after it opens."), code="order")
    check_alone(fund.rounds.order_by().exclude(pk=locked.pk), locked.opens_at, closes_at)
    because(reason)
    locked.moved_from = locked.moved_from or locked.closes_at
    locked.closes_at, locked.closes_hour_known = closes_at, True
    locked.version += 1
    # Not `update`: pages that show the old time are made anew by the signal.
    locked.save(update_fields=["closes_at", "closes_hour_known", "moved_from", "version"])
    enqueue("grants.tell_rescheduled", round_id=locked.pk)
    return locked


HELD = ("opens_at", "closes_at", "grace_seconds", "published", "max_per_organisation", "award_min", "award_max")


def hold_with_fund(round_: Round, *, by: User) -> Round:
    """The round and its fund, both held, the fund first as everywhere. DomainError where `by` may not run it."""
    fund = Fund.objects.select_for_update().get(pk=round_.fund_id)
    insist(can_manage_fund(by, fund))
    # Not against those who hold the closing (FOR SHARE would wait): a change waits for those who send at this moment.
    locked = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    locked.fund = fund
    return locked


def hold_round(round_: Round, part: str, *, by: User, at: datetime) -> Round:
    """The same, to change a part of it. DomainError also where that part stays as it is (`rules.rounds.fixed_of`)."""
    locked = hold_with_fund(round_, by=by)
    if reason := fixed_of(locked, at).get(part):
        raise DomainError(reason, code="fixed")
    return locked


def place_earlier(rows: list[Any], pk: int) -> None:
    """Put one of the rows, which stand in their order and are held by their round, one place earlier; the first stays the first."""
    place = next((n for n, one in enumerate(rows) if one.pk == pk), 0)
    if place:
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])


def hold_closing(round_: Round) -> None:
    """Read anew when the round closes and by which terms, and keep that as it is until the running transaction ends.

    Waits for a move that is under way: whoever judges an arrival by the old time would judge it wrongly. Any number of
    transactions may hold it at once (FOR SHARE).
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(HELD)} FROM grants_round WHERE id = %s FOR SHARE", [round_.pk])  # noqa: S608
        for name, value in zip(HELD, cursor.fetchone(), strict=True):
            setattr(round_, name, value)


TOLD_GAPS = 3


def insist_complete(round_: Round) -> None:
    """DomainError where a text of the round's criteria, eligibility questions or form lacks one of the fund's languages."""
    gaps = gaps_of(round_, round_.fund.languages)
    if not gaps:
        return
    code = get_language() or DEFAULT
    comma = str(_(", "))
    # Each name is kept apart from the direction of the sentence (Unicode UAX #9): it may be of another one.
    quoted = [str(_("“%(answer)s”")) % {"answer": f"\u2068{say(gap.name, code) or '–'}\u2069"} for gap in gaps]
    told = [
        f"{name} ({comma.join(map(language_name, gap.codes))})"
        for name, gap in zip(quoted[:TOLD_GAPS], gaps, strict=False)
    ]
    more = len(gaps) - len(told)
    names = comma.join(told)
    if more:
        names = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more) % {
            "names": names,
            "more": more,
        }
    raise DomainError(_("Not written in every language of the fund: %(names)s.") % {"names": names}, code="incomplete")


@dataclass(frozen=True)
class NewCriterion:
    """A criterion: its weight in per cent, scores from `minimum` to `maximum`."""

    name: Texts
    guidance: Texts = field(default_factory=dict)
    weight: int = 20
    minimum: int = 0
    maximum: int = 5


@transaction.atomic
def add_criterion(round_: Round, new: NewCriterion, *, by: User) -> Criterion:
    """Add a criterion at the end."""
    insist(can_manage_fund(by, round_.fund))
    if new.minimum >= new.maximum:
        raise DomainError(_("The highest score is above the lowest."), code="scores")
    criterion = Criterion(
        round=round_,
        weight=new.weight,
        minimum=new.minimum,
        maximum=new.maximum,
        position=_next(round_.criteria.all()),
    )
    write(criterion, "name", {code: clean_line(text) for code, text in new.name.items()})
    write(criterion, "guidance", {code: clean_text(text) for code, text in new.guidance.items()})
    criterion.save()
    return criterion


@dataclass(frozen=True)
class NewQuestion:
    """A question of the eligibility check; `accepted` and `options` as `EligibilityCriterion` tells."""

    key: str
    question: Texts
    kind: str = QuestionKind.YES_NO
    help: Texts = field(default_factory=dict)
    refusal: Texts = field(default_factory=dict)
    accepted: dict[str, Any] = field(default_factory=dict)
    options: list[dict[str, Any]] = field(default_factory=list)
    blocking: bool = True


@transaction.atomic
def add_eligibility(round_: Round, new: NewQuestion, *, by: User) -> EligibilityCriterion:
    """Add an eligibility question at the end. DomainError for a list without options, or a key that is there already."""
    insist(can_manage_fund(by, round_.fund))
    if new.kind == QuestionKind.CHOICE and not new.options:
        raise DomainError(_("A question with a list needs its options."), code="options")
    if round_.eligibility.filter(key=new.key).exists():
        raise DomainError(_("The round has a question of this name."), code="key")
    question = EligibilityCriterion(
        round=round_,
        key=new.key,
        kind=new.kind,
        accepted=new.accepted,
        options=new.options,
        blocking=new.blocking,
        position=_next(round_.eligibility.all()),
    )
    write(question, "question", {code: clean_line(text) for code, text in new.question.items()})
    write(question, "help", {code: clean_text(text) for code, text in new.help.items()})
    write(question, "refusal", {code: clean_text(text) for code, text in new.refusal.items()})
    question.save()
    return question


def _next(rows) -> int:
    return (rows.order_by().aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def publish_form(
    round_: Round, sections: list[dict[str, Any]], *, kind: str = FormKind.APPLICATION, by: User
) -> FormVersion:
    """Publish a new version of the round's form. Applications that were begun keep the version they began with."""
    locked = Round.objects.select_for_update(of=("self",)).select_related("fund").get(pk=round_.pk)
    insist(can_manage_fund(by, locked.fund))
    check_sections(sections)
    last = locked.forms.filter(kind=kind).order_by().aggregate(last=Max("number"))["last"] or 0
    form = FormVersion(round=locked, kind=kind, number=last + 1, sections=sections, published_at=timezone.now())
    form.save()
    return form


def check_sections(sections: list[dict[str, Any]]) -> None:
    """DomainError where these can't be published: something can't be read, is empty, or stands there twice."""
    try:
        read = [Section.read(raw) for raw in sections]
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise DomainError(_("The form has a section or question that can’t be read."), code="shape") from error
    questions = [question for section in read for question in section.questions]
    if not questions or not all(section.questions for section in read):
        raise DomainError(_("Each section of a form asks at least one question."), code="empty")
    if len(questions) > MAX_FIELDS:
        raise DomainError(_("A form has at most 400 questions."), code="many")
    keys = [section.key for section in read]
    names = [question.key for question in questions]
    if len(set(keys)) != len(keys) or len(set(names)) != len(names):
        raise DomainError(_("Two sections or questions of the form have the same name."), code="key")
    for question in questions:
        if not any(question.label.values()):
            raise DomainError(_("Each question of a form needs a text."), code="label")
        if question.kind in {FieldKind.CHOICE, FieldKind.CHOICES} and not question.options:
            raise DomainError(_("A question with a list needs its options."), code="options")
        if question.kind == FieldKind.TABLE and not question.columns:
            raise DomainError(_("A table needs its columns."), code="columns")
    deciding: set[str] = set()
    for question in questions:
        if question.when and question.when.field not in deciding:
            raise DomainError(_("A condition hangs on an earlier question with a list or a declaration."), code="when")
        if question.kind in DECIDING:
            deciding.add(question.key)
