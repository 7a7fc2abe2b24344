"""What becomes of applications and contributions when two organisations are merged."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, ngettext

from grants.enums import State
from grants.models import Application, Contribution
from network.people.models import Organisation
from network.people.registry import Part, register_part, simply_moved


def _same_fund(source: Organisation, target: Organisation) -> Any:
    """What each pays into a fund is one row, with what awards took of it: two can't become one."""
    funds = Contribution.objects.filter(funder=target).values("fund_id")
    both = (
        Contribution.objects.filter(funder=source, fund__in=funds).select_related("fund").order_by("fund__slug").first()
    )
    if both is None:
        return None
    return _("Both pay into the same fund: %(fund)s. Let one contribution end first.") % {"fund": both.fund}


def _sent() -> QuerySet[Application]:
    """Drafts go over as well, but staff do not hear of them."""
    return Application.objects.filter(number__isnull=False)


def _over_the_limit(source: Organisation, target: Organisation) -> Any:
    """Rounds in which the one organisation would have more applications than it may send."""
    held: dict[int, int] = {}
    rounds = {}
    live = _sent().filter(organisation__in=[source, target]).exclude(state=State.WITHDRAWN)
    for application in live.select_related("round"):
        held[application.round_id] = held.get(application.round_id, 0) + 1
        rounds[application.round_id] = application.round
    over = sum(1 for key, number in held.items() if number > rounds[key].max_per_organisation)
    if not over:
        return None
    return ngettext(
        "In %(number)d round it then has more applications than it may send. All are kept: decide about them there.",
        "In %(number)d rounds it then has more applications than it may send. All are kept: decide about them there.",
        over,
    ) % {"number": over}


def register_parts() -> None:
    """Tell the floor below. Who works on an application stays the same."""
    applications = simply_moved(Application, "organisation", _("Applications sent"))
    register_part(
        "grants.Application.organisation",
        Part(
            applications.title,
            lambda source: _sent().filter(organisation=source).count(),
            applications.move,
            note=_over_the_limit,
        ),
    )
    contributions = simply_moved(Contribution, "funder", _("Contributions to funds"))
    register_part(
        "grants.Contribution.funder",
        Part(contributions.title, contributions.count, contributions.move, hindrance=_same_fund),
    )
