"""Who gives a network's labels, and what a practice must show to get one.

`requirements` is the only place that decides whether a label can be given or renewed; the page that awards it and the
refusal say the same sentences.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from network.doors import Allowed, Denied, Verdict
from network.frame.moments import day_text
from network.frame.names import number_text
from network.membership.rules import can_run_network
from network.people.enums import RoleKind
from network.people.rules.roles import holds, is_operator, scopes
from practices.enums import Maturity
from practices.enums.labels import LabelState
from practices.enums.reviews import Criterion
from practices.models import Label, LabelKind, PeerReview, Practice
from practices.rules.completeness import Limit
from practices.rules.maturity import Reason
from practices.rules.practices import is_decider

# A label is renewed in its last months: whoever looks at the practice again, looks at it as it is then.
RENEWED_WITHIN = datetime.timedelta(days=183)
# When a label's end is near: staff are shown it.
NEAR = datetime.timedelta(days=60)
GROUNDS = Limit(150, 2_000)
HUNDREDTH = Decimal("0.01")
LEVELS = list(Maturity)
NOT_GIVING = gettext_lazy("Only officers of this network give its labels.")


@dataclass(frozen=True)
class LabelFacts:
    """What a label is given by: what a practice shows on a day.

    member: its city is a member of the network on that day; level: its maturity; means: the mean of each criterion over
    the `reviews` that count, cut to hundredths, in their order, nothing where there are none; reviewed_on: the day of the
    newest. last: the label of the kind that it holds, will hold, or held last, None where it never did.
    """

    published: bool
    member: bool
    level: Maturity
    reviews: int
    means: tuple[Decimal, ...]
    reviewed_on: datetime.date | None
    last: Label | None

    def holds(self, today: datetime.date) -> bool:
        """Whether it has the label, or will have it."""
        return self.last is not None and self.last.state_on(today) in {LabelState.VALID, LabelState.UPCOMING}


def means_of(reviews: Iterable[PeerReview]) -> tuple[Decimal, ...]:
    """The mean of each criterion, cut to hundredths: 2.996 is not 3. Nothing where there are no reviews."""
    rows = [review.scores for review in reviews]
    return tuple(
        (Decimal(sum(scores)) / len(rows)).quantize(HUNDREDTH, ROUND_DOWN) for scores in zip(*rows, strict=True)
    )


def requirements(kind: LabelKind, facts: LabelFacts, today: datetime.date) -> tuple[Reason, ...]:
    """What the kind of label asks for, sentence by sentence, and whether the practice shows it on that day.

    A label can be given, or renewed, where all of it is met. In the active language:

    1. the practice is published;
    2. its city is a member of the network on that day;
    3. its maturity is the kind's least level or above;
    4. as many peers reviewed it as the kind asks for (`rules.maturity.counting`: finished, from elsewhere, the newest);
    5. each criterion has the kind's least mean or more;
    6. where it had this label before: its newest review is younger than that award;
    7. it does not hold the label, or holds it for at most `RENEWED_WITHIN` more, and was not renewed yet.
    """
    found = [
        Reason(facts.published, _("It is published.") if facts.published else _("It is not published.")),
        Reason(
            facts.member,
            _("Its city is a member of the network.")
            if facts.member
            else _("Its city is no member of the network today."),
        ),
        _level(kind, facts),
        _reviews(kind, facts),
        *(_mean(kind, facts, place, criterion) for place, criterion in enumerate(Criterion)),
    ]
    if facts.last is not None:
        found += [_anew(facts, facts.last), *_free(facts, facts.last, today)]
    return tuple(found)


def _level(kind: LabelKind, facts: LabelFacts) -> Reason:
    told = {"level": facts.level.label, "least": Maturity(kind.maturity).label}
    if LEVELS.index(facts.level) >= LEVELS.index(Maturity(kind.maturity)):
        return Reason(True, _("Its maturity is “%(level)s”; asked for: at least “%(least)s”.") % told)
    return Reason(False, _("Its maturity is “%(level)s”; it needs at least “%(least)s”.") % told)


def _reviews(kind: LabelKind, facts: LabelFacts) -> Reason:
    text = ngettext(
        "%(count)d finished review counts; asked for: %(least)d.",
        "%(count)d finished reviews count; asked for: %(least)d.",
        facts.reviews,
    )
    return Reason(facts.reviews >= kind.reviewers, text % {"count": facts.reviews, "least": kind.reviewers})


def _mean(kind: LabelKind, facts: LabelFacts, place: int, criterion: Criterion) -> Reason:
    told = {"criterion": criterion.label, "least": number_text(kind.score)}
    if not facts.means:
        return Reason(False, _("%(criterion)s: no points yet; it needs %(least)s of 5.") % told)
    told["mean"] = number_text(facts.means[place])
    if facts.means[place] >= kind.score:
        return Reason(True, _("%(criterion)s: %(mean)s of 5 points on average; asked for: %(least)s.") % told)
    return Reason(False, _("%(criterion)s: %(mean)s of 5 points on average; it needs %(least)s.") % told)


def _anew(facts: LabelFacts, last: Label) -> Reason:
    award = {"day": day_text(last.awarded_on)}
    if facts.reviewed_on is not None and facts.reviewed_on > last.awarded_on:
        return Reason(True, _("Peers reviewed it anew since the award of %(day)s.") % award)
    return Reason(False, _("It needs a review that is newer than the award of %(day)s.") % award)


def renewed_from(label: Label) -> datetime.date:
    """The first day on which the label can be renewed."""
    return label.valid_until - RENEWED_WITHIN


def _free(facts: LabelFacts, last: Label, today: datetime.date) -> list[Reason]:
    if not facts.holds(today):
        return []
    told = {"day": day_text(last.valid_until), "from": day_text(renewed_from(last))}
    if last.state_on(today) == LabelState.UPCOMING:
        return [Reason(False, _("It is renewed already, until %(day)s.") % told)]
    if today < renewed_from(last):
        return [Reason(False, _("It holds this label until %(day)s; it can be renewed from %(from)s on.") % told)]
    return [Reason(True, _("It holds this label until %(day)s: it can be renewed.") % told)]


def is_met(found: Iterable[Reason]) -> bool:
    """Whether nothing is missing."""
    return all(reason.met for reason in found)


def can_see_label_desk(user: Any, practice: Practice) -> Verdict:
    """May this person see what the practice would need for the labels of their networks? Officers of its networks."""
    if is_decider(user, practice.city):
        return Allowed()
    return Denied(_("Only officers of a network that the city belongs to give labels."))


def can_see_labels(user: Any, _thing: object = None) -> Verdict:
    """May this person see the lists of labels at all?"""
    if is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(NOT_GIVING)


def can_manage_label_kind(user: Any, kind: LabelKind) -> Verdict:
    """May this person say what the network gives labels for? Its officers, and operators."""
    return can_run_network(user, kind.network)


def can_award_label(user: Any, practice: Practice, kind: LabelKind) -> Verdict:
    """May this person give the practice that label? Officers of the network, but never one of the city that wrote it."""
    if not can_run_network(user, kind.network):
        return Denied(NOT_GIVING)
    if holds(user, RoleKind.CITY_OFFICER, practice.city.uuid):
        return Denied(_("You are an officer of the city that wrote it. Somebody else of the network gives the label."))
    if kind.archived_at:
        return Denied(_("This label is not given any more."))
    return Allowed()


def can_renew_label(user: Any, label: Label) -> Verdict:
    """May this person renew the label? Whoever may award it, while it was not withdrawn."""
    if label.withdrawn_on is not None:
        return Denied(_("This label was withdrawn. Award it anew."))
    return can_award_label(user, label.practice, label.kind)


def can_withdraw_label(user: Any, label: Label) -> Verdict:
    """May this person withdraw the label? Officers of the network, also of a kind that is not given any more."""
    if not can_run_network(user, label.kind.network):
        return Denied(NOT_GIVING)
    if label.withdrawn_on is not None:
        return Denied(_("This label was withdrawn already."))
    return Allowed()
