"""The applications of a round one by one, for those who run its fund: whose, in which state, and what each still lacks.

Of what was never sent, answers stay with those who write them: neither title nor amount is shown or found. Of what is being changed
again, what was sent counts. A sealed round has no list before it has closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, prefetch_related_objects

from grants.enums import State
from grants.models import Application, Attachment, Round, Tier
from grants.models.questions import TITLE
from grants.queries.board import size_name
from grants.queries.extending import REFERENCE
from grants.queries.sent import SENT_AMOUNT, sent_answer
from grants.rules.answers import layout, problems_of
from network.languages import CODES
from network.text import ascii_digits
from network.translation.models import column

UNSENT = frozenset({State.DRAFT, State.LAPSED})


@dataclass(frozen=True)
class ListRow:
    """An application. `title`, `amount` and `size` are empty where nothing was sent; `lacking`: how much keeps a draft from being
    sent, None where it is none; `again`: it is a draft once more, and what was sent counts."""

    application: Application
    title: str
    amount: Decimal | None
    size: str
    lacking: int | None
    again: bool


def applications_in(round_: Round, *, state: str = "", typed: str = "") -> QuerySet[Application]:
    """Those of the round in that state (any: ""), found by organisation, reference or the title that was sent; the last saved first."""
    rows = round_.applications.select_related("organisation").order_by("-changed_at", "-id")
    forms = list(round_.forms.all())
    rows = rows.annotate(sent_title=sent_answer(forms, TITLE), sent_amount=F(SENT_AMOUNT))
    if state:
        rows = rows.filter(state=state)
    if match := REFERENCE.fullmatch(ascii_digits(typed).strip()):
        return rows.filter(_named(match[1]) | Q(number=int(match[1])))
    for word in typed.split():
        rows = rows.filter(_named(word))
    return rows


def _named(word: str) -> Q:
    """Those whose title, or whose organisation's name in some language, holds the word."""
    wanted = Q(sent_title__icontains=word)
    for code in CODES:
        wanted |= Q(**{f"organisation__{column('name', code)}__icontains": word})
    return wanted


def list_rows(round_: Round, applications: Sequence[Any]) -> list[ListRow]:
    """A page of them. Five queries, however many there are."""
    forms = {form.pk: form for form in round_.forms.all()}
    tiers = list(round_.tiers.order_by("minimum"))
    # What a budget lacks is asked of the sizes for each of them.
    prefetch_related_objects([round_], "tiers")
    drafts = [one for one in applications if one.state in UNSENT]
    kept = Prefetch("attachments", Attachment.objects.filter(removed_at__isnull=True), to_attr="kept_files")
    prefetch_related_objects(drafts, "answers", kept)
    rows = []
    for one in applications:
        one.round, one.form = round_, forms[one.form_id]
        amount = one.sent_amount
        rows.append(
            ListRow(
                application=one,
                title=one.sent_title,
                amount=amount,
                size=_size(amount, tiers, round_.fund.currency),
                lacking=_lacking(one) if one.state in UNSENT else None,
                again=one.state == State.DRAFT and one.current_version_id is not None,
            )
        )
    return rows


def _size(amount: Decimal | None, tiers: Iterable[Tier], currency: str) -> str:
    if amount is None:
        return ""
    return next((size_name(one, currency) for one in tiers if one.minimum <= amount <= one.maximum), "")


def _lacking(application: Any) -> int:
    answers = {row.section: row.data for row in application.answers.all()}
    files = {file.field: file for file in application.kept_files}
    return len(problems_of(layout(application.form), answers, files, application.round))
