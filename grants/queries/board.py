"""A round while it runs, in numbers: what was begun and sent, how much is asked for, by size, by theme and by the answers to lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from grants.enums import FieldKind, FormKind, Moment, State
from grants.models import Application, FormVersion, Round, Tier
from grants.models.questions import TITLE, Question, Section, say
from grants.queries.answers import answer_text, option_text
from grants.queries.board_themes import ThemeBreakdown, by_theme
from grants.queries.sent import SENT_AMOUNT, sent_answer
from grants.rules.answers import layout
from grants.rules.rounds import is_sealed, moment_of
from network.frame.moments import moment_text
from network.frame.names import money_text

Item = dict[str, Any]
# Of a form with many lists the first ones are told; each costs a query.
MOST_LISTS = 4
# Sent and still asking for money, reopened ones too: their last version counts.
ASKING = Q(number__isnull=False) & ~Q(state=State.WITHDRAWN)


@dataclass(frozen=True)
class Share:
    """One part of a breakdown: what it is called, how many, and how much they ask for."""

    name: str
    count: int
    asked: Decimal


@dataclass(frozen=True)
class Breakdown:
    """What was sent, by the answers to one question."""

    title: str
    shares: list[Share]


@dataclass(frozen=True)
class Board:
    """`sealed`: nothing but counts is told before the round closes; then `asked` is None and nothing is broken down."""

    round: Round
    moment: Moment
    sealed: bool
    begun: int
    sent: int
    drafts: int
    withdrawn: int
    lapsed: int
    asked: Decimal | None
    left: Decimal
    sizes: list[Share]
    themes: ThemeBreakdown | None
    breakdowns: list[Breakdown]


def board(round_: Round, at: datetime) -> Board:
    """The numbers of a round. Twelve queries at most, however many applications there are."""
    sealed, code = is_sealed(round_, at), get_language() or "en"
    rows = Application.objects.filter(round=round_).order_by()
    counts = rows.aggregate(
        begun=Count("pk"),
        sent=Count("pk", filter=ASKING),
        drafts=Count("pk", filter=Q(state=State.DRAFT, number__isnull=True)),
        withdrawn=Count("pk", filter=Q(state=State.WITHDRAWN)),
        lapsed=Count("pk", filter=Q(state=State.LAPSED)),
        asked=Sum(SENT_AMOUNT, filter=ASKING),
    )
    asked = counts.pop("asked") or Decimal(0)
    fund, form = round_.fund, newest_form(round_)
    return Board(
        round=round_,
        moment=moment_of(round_, at),
        sealed=sealed,
        asked=None if sealed else asked,
        left=fund.budget - fund.committed,
        sizes=[] if sealed else _sizes(round_, rows),
        themes=None if sealed else by_theme(round_, rows, form, code),
        breakdowns=[] if sealed else _breakdowns(form, rows, code),
        **counts,
    )


def _sizes(round_: Round, rows: QuerySet[Application]) -> list[Share]:
    tiers = list(round_.tiers.order_by("minimum"))
    if not tiers:
        return []
    whens = [
        When(**{f"{SENT_AMOUNT}__gte": tier.minimum, f"{SENT_AMOUNT}__lte": tier.maximum, "then": Value(place)})
        for place, tier in enumerate(tiers)
    ]
    size = Case(*whens, default=Value(len(tiers)), output_field=IntegerField())
    found = rows.filter(ASKING).annotate(size=size).values("size").annotate(n=Count("pk"), asked=Sum(SENT_AMOUNT))
    by_place: dict[int, Mapping[str, Any]] = {row["size"]: row for row in found}
    names = [*(size_name(tier, round_.fund.currency) for tier in tiers), _("None of the sizes")]
    shares = [_share(name, by_place.get(place)) for place, name in enumerate(names)]
    return [share for place, share in enumerate(shares) if share.count or place < len(tiers)]


def size_name(tier: Tier, currency: str) -> str:
    """A size in words: from and to."""
    return f"{money_text(tier.minimum, currency)} – {money_text(tier.maximum, currency)}"


def _share(name: str, row: Mapping[str, Any] | None) -> Share:
    return Share(name, row["n"] if row else 0, (row["asked"] if row else None) or Decimal(0))


def _breakdowns(form: FormVersion | None, rows: QuerySet[Application], code: str) -> list[Breakdown]:
    if form is None:
        return []
    lists = [
        (section, question)
        for section in layout(form)
        for question in section.questions
        if question.kind == FieldKind.CHOICE
    ]
    return [_breakdown(rows, section, question, code) for section, question in lists[:MOST_LISTS]]


def _breakdown(rows: QuerySet[Application], section: Section, question: Question, code: str) -> Breakdown:
    answer = KeyTextTransform(question.key, KeyTransform(section.key, F("current_version__answers")))
    found = (
        rows.filter(ASKING)
        .annotate(answer=Case(When(current_version__isnull=False, then=answer), output_field=CharField()))
        .values("answer")
        .annotate(n=Count("pk"), asked=Sum(SENT_AMOUNT))
    )
    by_answer: dict[str, Mapping[str, Any]] = {row["answer"] or "": row for row in found}
    shares = [_share(option_text(question, value, code), by_answer.pop(value, None)) for value, _t in question.options]
    if by_answer:
        rest = {"n": sum(row["n"] for row in by_answer.values()), "asked": None}
        rest["asked"] = sum((row["asked"] or Decimal(0) for row in by_answer.values()), Decimal(0))
        shares.append(_share(_("Not answered"), rest))
    return Breakdown(say(question.label, code), shares)


def board_address(round_: Round) -> str:
    """Where the board of a round stands."""
    return reverse("grants:board", args=[round_.fund.slug, round_.number])


def newest_form(round_: Round) -> FormVersion | None:
    """The published form of the highest number."""
    return round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number").first()


# --- the applications one by one --------------------------------------------------------------------------------------


def sent_rows(round_: Round) -> QuerySet[Application]:
    """What was sent to the round and not withdrawn, by number, with title and amount as they were sent last. Only for rounds
    that are not sealed any more. Two queries."""
    forms = list(round_.forms.all())
    rows = round_.applications.filter(ASKING).select_related("organisation", "current_version").order_by("number")
    return rows.annotate(sent_title=sent_answer(forms, TITLE), sent_amount=F(SENT_AMOUNT))


def sheet_heading(round_: Round) -> tuple[list[str], list[tuple[str, str]]]:
    """The heading of the sheet of all applications, and the (section, question) of each column after the fixed ones:
    questions of the newest form first, then those that only older ones ask. One query."""
    code = get_language() or "en"
    forms = round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False).order_by("-number")
    columns: dict[tuple[str, str], str] = {}
    for form in forms:
        for section in layout(form):
            for question in section.questions:
                columns.setdefault((section.key, question.key), say(question.label, code))
    fixed = [
        _("Number"),
        _("Organisation"),
        _("Title"),
        _("Amount requested"),
        _("Received"),
        _("On paper"),
        _("Version"),
    ]
    return [*fixed, *columns.values()], list(columns)


def sheet_rows(round_: Round, columns: Sequence[tuple[str, str]]) -> Iterator[list[Any]]:
    """A row for each application, as it was sent: answers in words, files by their names. In pieces of 200."""
    code, currency = get_language() or "en", round_.fund.currency
    forms = {form.pk: layout(form) for form in round_.forms.all()}
    one: Any
    for one in sent_rows(round_).iterator(chunk_size=200):
        version = one.current_version
        assert version is not None, "the database keeps that what was sent has a version"
        said: dict[tuple[str, str], str] = {}
        for section in forms[version.form_id]:
            data = version.answers.get(section.key) or {}
            for question in section.written:
                said[section.key, question.key] = answer_text(question, data.get(question.key), currency, code)
            for file in version.files:
                said.update({(section.key, q.key): file["name"] for q in section.files if q.key == file["field"]})
        yield [
            one.reference,
            str(one.organisation),
            one.sent_title,
            one.sent_amount,
            moment_text(version.received_at, round_.timezone),
            _("Yes") if one.on_paper_at else "",
            version.number,
            *(said.get(column, "") for column in columns),
        ]
