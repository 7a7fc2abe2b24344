"""The applications of a round by the themes that they name: begun, sent, asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext as _

from grants.enums import FieldKind, FormKind, State
from grants.models import AnswerSection, Application, FormVersion, Round
from grants.models.questions import Question, say
from grants.queries.sent import SENT_AMOUNT, places_of
from grants.registry import themes_chosen
from grants.rules.answers import layout
from grants.rules.themes import followed, offered


@dataclass
class ThemeShare:
    """How many applications that name a theme were begun and sent, and how much those that were sent ask for."""

    name: str
    begun: int = 0
    sent: int = 0
    asked: Decimal = field(default_factory=Decimal)


@dataclass(frozen=True)
class ThemeBreakdown:
    """The question that asks for themes, and a line for each: those that it offers, others that were chosen, none."""

    title: str
    shares: list[ThemeShare]


def by_theme(
    round_: Round, applications: QuerySet[Application], form: FormVersion | None, code: str
) -> ThemeBreakdown | None:
    """The breakdown by the first question of the form that asks for themes; None where it asks for none. Three queries.

    What was sent counts by its last version, of a draft what stands in it: as a number, never whose it is. An application
    that names several themes counts under each. Merged themes count as their successors.
    """
    asks = (one for section in layout(form) for one in section.questions) if form else ()
    question = next((one for one in asks if one.kind == FieldKind.THEMES), None)
    if question is None:
        return None
    drafts = _written(applications, question)
    found: dict[str, ThemeShare] = {one.code: ThemeShare(one.label) for one in offered(round_.fund, code)}
    none = ThemeShare(_("No theme chosen"))
    labels: dict[tuple[str, ...], list[str]] = {}
    for row in _rows(round_, applications, question):
        told = row["said"] if row["version"] else drafts.get(row["pk"])
        chosen = tuple(str(one) for one in told) if isinstance(told, list) else ()
        if chosen not in labels:
            labels[chosen] = followed(chosen)
        sent = row["number"] is not None and row["state"] != State.WITHDRAWN
        for theme in labels[chosen] or [""]:
            if theme and theme not in found:
                found[theme] = ThemeShare(themes_chosen([theme], code)[0].label)
            share = found[theme] if theme else none
            share.begun += 1
            share.sent += sent
            share.asked += (row["amount"] or Decimal(0)) if sent else Decimal(0)
    return ThemeBreakdown(say(question.label, code), [*found.values(), *([none] if none.begun else [])])


def _written(applications: QuerySet[Application], question: Question) -> Mapping[int, Any]:
    """What stands in the drafts, by application."""
    rows = AnswerSection.objects.filter(
        application__in=applications.filter(current_version__isnull=True), data__has_key=question.key
    )
    return dict(rows.order_by().values_list("application_id", KeyTransform(question.key, "data")))


def _rows(round_: Round, applications: QuerySet[Application], question: Question) -> Iterable[dict[str, Any]]:
    """Each application with what its last version says; the question may have moved between sections since."""
    forms = round_.forms.filter(kind=FormKind.APPLICATION, published_at__isnull=False)
    said = {
        f"said_{n}": KeyTransform(question.key, KeyTransform(place, F("current_version__answers")))
        for n, place in enumerate(places_of(forms, question.key))
    }
    plain = {"version": F("current_version_id"), "amount": F(SENT_AMOUNT)}
    for row in applications.order_by().values("pk", "number", "state", **plain, **said):
        told: dict[str, Any] = dict(row)
        yield told | {"said": next((told[name] for name in said if told[name]), None)}
