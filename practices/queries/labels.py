"""Labels of practices: what their pages show, what finds them, and what staff see before they give one."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import ngettext

from network.collation import sort_key
from network.frame.moments import day_text
from network.frame.names import number_text
from network.frame.pagecache import kept
from network.membership.models import Membership, Network
from network.people.enums import RoleKind
from network.people.rules.roles import is_operator, scopes
from network.translation.models import Shown
from practices.enums import Maturity, State
from practices.enums.labels import LabelState
from practices.enums.reviews import Criterion
from practices.models import Label, LabelKind, PeerReview, Practice
from practices.queries.evidence import facts_of
from practices.queries.said import Said
from practices.rules import labels as rules
from practices.rules.maturity import Reason, counting, maturity_of


@dataclass(frozen=True)
class LabelRow:
    """A label as everybody may see it: what it is called and whose it is for the reader, its points, and its days."""

    label: Label
    state: LabelState
    name: str
    meaning: str
    network: str
    network_slug: str
    kind_slug: str
    grounds: Said
    follower: Label | None = None

    @property
    def points(self) -> list[tuple[str, Decimal]]:
        """Criterion and mean, in their order."""
        return [(str(criterion.label), score) for criterion, score in zip(Criterion, self.label.scores, strict=True)]

    @property
    def caption(self) -> str:
        """Whose points these are."""
        text = ngettext(
            "Points of 5: what %(number)s peer gave on %(day)s",
            "Points of 5: the mean of what %(number)s peers gave, the last on %(day)s",
            self.label.reviewers,
        )
        return text % {"number": number_text(self.label.reviewers), "day": day_text(self.label.reviewed_on)}

    def renewed_from(self, today: datetime.date) -> datetime.date | None:
        """The first day on which it can be renewed, where it is valid today and nothing follows it."""
        if self.state != LabelState.VALID or self.follower:
            return None
        return max(rules.renewed_from(self.label), today)

    @property
    def renewed_until(self) -> datetime.date | None:
        """The last day of the label that follows it, where it is renewed already."""
        return self.follower.valid_until if self.follower else None


def labels_of(practice: Practice, code: str) -> list[LabelRow]:
    """The labels of the practice for a reader of `code`: those that are valid first, then the latest. One query."""
    return labels_among([practice.pk], code)[practice.pk]


def labels_among(practices: Sequence[int], code: str) -> dict[int, list[LabelRow]]:
    """The same of many practices, by their ids. One query."""
    today = timezone.localdate()
    labels = list(named(Label.objects.filter(practice__in=practices), code))
    later = {
        (label.practice_id, label.kind_id): label for label in labels if label.state_on(today) == LabelState.UPCOMING
    }
    found: dict[int, list[LabelRow]] = {pk: [] for pk in practices}
    for label in sorted(labels, key=lambda label: label.state_on(today) != LabelState.VALID):
        follower = later.get((label.practice_id, label.kind_id))
        found[label.practice_id].append(label_row(label, code, today, follower))
    return found


def named(labels: QuerySet[Label], code: str) -> QuerySet[Label]:
    """The labels with what they and their networks are called to a reader of `code`, the latest first."""
    return (
        labels.annotate(
            shown_name=Shown(LabelKind, "name", code, "kind__slug"),
            shown_meaning=Shown(LabelKind, "meaning", code, "kind__slug"),
            shown_network=Shown(Network, "name", code, "kind__network__slug"),
        )
        .select_related("kind__network")
        .only(
            *(field.attname for field in Label._meta.concrete_fields),
            "kind__slug",
            "kind__network__slug",
            "kind__network__abbreviation",
        )
        .order_by("-valid_until", "-id")
    )


def label_row(label: Label, code: str, today: datetime.date, later: Label | None = None) -> LabelRow:
    """A label of `named` in words."""
    shown, network, state = vars(label), label.kind.network, label.state_on(today)
    return LabelRow(
        label=label,
        state=state,
        name=shown["shown_name"] or label.kind.slug,
        meaning=shown["shown_meaning"],
        network=shown["shown_network"] or network.abbreviation or network.slug,
        network_slug=network.slug,
        kind_slug=label.kind.slug,
        grounds=Said(label.grounds, label.language or code),
        follower=later if state == LabelState.VALID else None,
    )


def label_facts(practice: Practice, kind: LabelKind, today: datetime.date) -> rules.LabelFacts:
    """What the practice shows for a label of that kind on that day. Seven small queries."""
    reviews = counting(PeerReview.objects.public().filter(practice=practice).order_by("id"), practice.city_id)
    return rules.LabelFacts(
        published=practice.state == State.PUBLISHED,
        member=Membership.objects.of_kept_cities()
        .members_on(today)
        .filter(network=kind.network_id, city=practice.city_id)
        .exists(),
        level=Maturity(maturity_of(facts_of(practice), today)),
        reviews=len(reviews),
        means=rules.means_of(reviews),
        reviewed_on=max((review.reviewed_on for review in reviews), default=None),
        last=Label.objects.standing().filter(practice=practice, kind=kind).order_by("-valid_until").first(),
    )


@dataclass(frozen=True)
class Possible:
    """A kind of label that somebody could give the practice: what it asks for, whether all is met, and why they may not.

    held: the label of the kind that the practice holds or will hold; None: it holds none.
    """

    kind: LabelKind
    name: str
    meaning: str
    network: str
    needs: tuple[Reason, ...]
    held: Label | None
    why_not: Any

    @property
    def met(self) -> bool:
        """Whether it can be given now."""
        return not self.why_not and rules.is_met(self.needs)

    @property
    def reasons(self) -> list[dict[str, Any]]:
        """The sentences as lists of pages take them."""
        return [{"met": reason.met, "text": reason.text} for reason in self.needs]


def possible_for(user: Any, practice: Practice, code: str) -> list[Possible]:
    """Every kind of label of the person's networks that is still given, by name, with what the practice would need."""
    kinds = _named_kinds(_kinds_of(user).filter(archived_at__isnull=True), code)
    found = [_possible(user, practice, kind) for kind in kinds]
    return sorted(found, key=lambda one: (sort_key(one.network, code), sort_key(one.name, code)))


def possible_of(user: Any, practice: Practice, kind: LabelKind, code: str) -> Possible:
    """The same of one kind of label."""
    return _possible(user, practice, _named_kinds(LabelKind.objects.filter(pk=kind.pk), code).get())


def _named_kinds(kinds: QuerySet[LabelKind], code: str) -> QuerySet[LabelKind]:
    return (
        kinds.annotate(
            shown_name=Shown(LabelKind, "name", code),
            shown_meaning=Shown(LabelKind, "meaning", code),
            shown_network=Shown(Network, "name", code, "network__slug"),
        )
        .select_related("network")
        .order_by("slug")
    )


def _possible(user: Any, practice: Practice, kind: LabelKind) -> Possible:
    today = timezone.localdate()
    facts, verdict = label_facts(practice, kind, today), rules.can_award_label(user, practice, kind)
    return Possible(
        kind=kind,
        name=vars(kind)["shown_name"] or kind.slug,
        meaning=vars(kind)["shown_meaning"],
        network=vars(kind)["shown_network"] or kind.network.abbreviation or kind.network.slug,
        needs=rules.requirements(kind, facts, today),
        held=facts.last if facts.holds(today) else None,
        why_not="" if verdict else getattr(verdict, "reason", ""),
    )


def _kinds_of(user: Any) -> QuerySet[LabelKind]:
    kinds = LabelKind.objects.all()
    return kinds if is_operator(user) else kinds.filter(network__uuid__in=scopes(user, RoleKind.NETWORK_OFFICER))


@dataclass(frozen=True)
class Held:
    """A kind of label that practices hold: what it is called to the reader, and the ids of the labels."""

    name: str
    ids: tuple[int, ...]


def held_on(day: datetime.date, code: str) -> Mapping[str, Held]:
    """The labels that are valid on that day, by the slug of their kind. Kept until any changes."""
    return kept(f"practices.labels.{day}.{code}", lambda: _held_on(day, code))


def _held_on(day: datetime.date, code: str) -> dict[str, Held]:
    rows = Label.objects.valid_on(day).annotate(shown=Shown(LabelKind, "name", code, "kind__slug")).order_by("pk")
    found: dict[str, Held] = {}
    for slug, pk, name in rows.values_list("kind__slug", "pk", "shown"):
        before = found[slug].ids if slug in found else ()
        found[slug] = Held(name or slug, (*before, pk))
    return found


def lasting_labels(practices: Iterable[int], day: datetime.date) -> dict[int, list[int]]:
    """The ids of the labels that each of these practices (ids) holds on that day or will hold, in order; those without are
    left out."""
    rows = Label.objects.standing().filter(practice__in=list(practices), valid_until__gte=day)
    found: dict[int, list[int]] = {}
    for practice, label in rows.order_by("pk").values_list("practice", "pk"):
        found.setdefault(practice, []).append(label)
    return found


def label_names(code: str) -> dict[str, str]:
    """What every kind of label is called to a reader of `code`, by its slug. Kept until any changes."""
    return kept(f"practices.label_kinds.{code}", lambda: _label_names(code))


def _label_names(code: str) -> dict[str, str]:
    rows = LabelKind.objects.for_language(code, "name").order_by("pk").values_list("slug", "shown_name")
    return {slug: name or slug for slug, name in rows}
