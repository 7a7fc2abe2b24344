"""A network gives its labels: says what it gives them for, awards, renews and withdraws them.

A label expires by itself, by its date. Each verb holds the practice first, so that two officers, or an award and the
withdrawal of what it renews, act one after the other.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _, ngettext

from network.audit.context import because
from network.doors import DomainError, insist
from network.languages import LANGUAGES
from network.membership.models import Network
from network.people.models import User
from network.text import clean_line, clean_text, count_words, transliterate
from network.translation.models import write
from practices.domain.holding import lock_practice
from practices.domain.search import mark_practice
from practices.enums import Maturity
from practices.enums.labels import LabelEvent, LabelState
from practices.enums.reviews import Criterion
from practices.messages.labels import send_label
from practices.models import Label, LabelKind, Practice
from practices.queries.labels import label_facts
from practices.rules.labels import (
    GROUNDS,
    LabelFacts,
    can_award_label,
    can_manage_label_kind,
    can_renew_label,
    can_withdraw_label,
    is_met,
    requirements,
)
from practices.rules.maturity import Reason, months_later

NAME, MEANING = 120, 2_000


class Unmet(DomainError):
    """The label can't be given: `reasons` are the requirements that are not met."""

    def __init__(self, reasons: tuple[Reason, ...]) -> None:
        text = ngettext(
            "The label can’t be given: %(count)d thing is missing.",
            "The label can’t be given: %(count)d things are missing.",
            len(reasons),
        )
        said = " ".join([text % {"count": len(reasons)}, *(reason.text for reason in reasons)])
        super().__init__(said, code="unmet")
        self.reasons = reasons


@dataclass(frozen=True, kw_only=True)
class KindDetails:
    """What a network gives a label for. Texts by language code; what a practice must show as `LabelKind` tells it."""

    names: Mapping[str, str]
    meaning: Mapping[str, str] = field(default_factory=dict)
    slug: str = ""
    maturity: str = Maturity.GOOD
    score: Decimal = Decimal(3)
    reviewers: int = 2
    months: int = 24


@dataclass(frozen=True)
class Grounds:
    """What the network says about its award, for everybody, in one language; empty: nothing."""

    text: str = ""
    language: str = ""


NO_GROUNDS = Grounds()


@transaction.atomic
def create_label_kind(network: Network, details: KindDetails, *, by: User) -> LabelKind:
    """Let a network give a label. DomainError: not allowed, `name` missing, `slug_taken`, or figures that can't be."""
    kind = LabelKind(network=network)
    insist(can_manage_label_kind(by, kind))
    name = details.names.get("en") or next(iter(details.names.values()), "")
    kind.slug = slugify(details.slug or transliterate(name), allow_unicode=True)[:80].strip("-")
    if not kind.slug:
        raise DomainError(_("Enter a name."), code="name")
    if LabelKind.objects.filter(slug=kind.slug).exists():
        raise DomainError(_("Another label has this address. Choose another name."), code="slug_taken")
    _fill(kind, details)
    kind.save()
    return kind


@transaction.atomic
def change_label_kind(kind: LabelKind, details: KindDetails, *, by: User) -> LabelKind:
    """Say it anew. It counts for labels to come: those that were given stay as they are. Its address stays."""
    kind = LabelKind.objects.select_for_update(of=("self",)).select_related("network").get(pk=kind.pk)
    insist(can_manage_label_kind(by, kind))
    _fill(kind, details)
    kind.save()
    return kind


@transaction.atomic
def archive_label_kind(kind: LabelKind, *, reason: str, by: User, restore: bool = False) -> LabelKind:
    """Give it no more, or again. Labels that were given stay valid until their last day."""
    kind = LabelKind.objects.select_for_update(of=("self",)).select_related("network").get(pk=kind.pk)
    insist(can_manage_label_kind(by, kind))
    because(_needed(reason))
    if bool(kind.archived_at) is not restore:
        raise DomainError(
            _("It is not in the archive.") if restore else _("It is in the archive already."), code="state"
        )
    kind.archived_at = None if restore else timezone.now()
    kind.save(update_fields=["archived_at"])
    return kind


@transaction.atomic
def award_label(
    practice: Practice, kind: LabelKind, grounds: Grounds = NO_GROUNDS, *, by: User, on: datetime.date | None = None
) -> Label:
    """Give the practice the network's label, valid from that day (today) on, with the means of its reviews.

    DomainError: not allowed, also for an officer of the city that wrote it; Unmet with what is missing; `already` where
    it holds the label: that is renewed; `language` or `too_long` of the grounds.
    """
    practice, today = lock_practice(practice.pk), on or timezone.localdate()
    kind = LabelKind.objects.select_related("network").get(pk=kind.pk)
    insist(can_award_label(by, practice, kind))
    facts = label_facts(practice, kind, today)
    if facts.holds(today):
        raise DomainError(_("The practice holds this label already. Renew it instead."), code="already")
    label = _given(practice, kind, facts, grounds, by, today)
    return _begun(label, today, months_later(today, kind.months), LabelEvent.AWARDED, by)


@transaction.atomic
def renew_label(label: Label, grounds: Grounds = NO_GROUNDS, *, by: User, on: datetime.date | None = None) -> Label:
    """Give the label anew, with the means of its new reviews: another one, which begins the day after this one ends.

    DomainError: not allowed; Unmet with what is missing; `state` where it is not valid: one that expired is awarded anew; as above.
    """
    practice, today = lock_practice(label.practice_id), on or timezone.localdate()
    label = Label.objects.select_related("kind__network").get(pk=label.pk)
    label.practice = practice
    insist(can_renew_label(by, label))
    facts = label_facts(practice, label.kind, today)
    if label.state_on(today) != LabelState.VALID:
        raise DomainError(_("Only a label that is valid is renewed. Award it anew once it has expired."), code="state")
    follower = _given(practice, label.kind, facts, grounds, by, today)
    first = label.valid_until + datetime.timedelta(days=1)
    return _begun(follower, first, months_later(label.valid_until, label.kind.months), LabelEvent.RENEWED, by)


@transaction.atomic
def withdraw_label(label: Label, *, reason: str, by: User) -> Label:
    """Take the label back from today on, and what renews it with it. It stays on record; the city is told the reason."""
    practice = lock_practice(label.practice_id)
    label = Label.objects.select_related("kind__network").get(pk=label.pk)
    label.practice = practice
    insist(can_withdraw_label(by, label))
    reason = _needed(reason)
    because(reason)
    followers = Label.objects.standing().filter(practice=practice, kind=label.kind_id, valid_from__gt=label.valid_until)
    for one in (label, *followers):
        one.withdrawn_on, one.withdrawn_by, one.withdrawn_because = timezone.localdate(), by, reason
        one.save(update_fields=["withdrawn_on", "withdrawn_by", "withdrawn_because"])
    mark_practice(practice)
    send_label(label, LabelEvent.WITHDRAWN, by=by)
    return label


def _given(
    practice: Practice, kind: LabelKind, facts: LabelFacts, grounds: Grounds, by: User, today: datetime.date
) -> Label:
    """The label with what it is given for, its days still open. Unmet where something is missing."""
    needs = requirements(kind, facts, today)
    if not is_met(needs):
        raise Unmet(tuple(reason for reason in needs if not reason.met))
    # A kind asks for one review at least.
    assert facts.reviewed_on is not None
    text = clean_text(grounds.text)
    if text and grounds.language not in LANGUAGES:
        raise DomainError(_("Choose the language you write in."), code="language")
    if count_words(text) > GROUNDS.words or len(text) > GROUNDS.characters:
        raise DomainError(
            _("At most %(limit)d words; this has %(count)d. Make it shorter.")
            % {"limit": GROUNDS.words, "count": count_words(text)},
            code="too_long",
        )
    return Label(
        practice=practice,
        kind=kind,
        awarded_on=today,
        awarded_by=by,
        maturity=facts.level,
        reviewers=facts.reviews,
        reviewed_on=facts.reviewed_on,
        grounds=text,
        language=grounds.language if text else "",
        **dict(zip(Criterion.values, facts.means, strict=True)),
    )


def _begun(label: Label, first: datetime.date, last: datetime.date, event: LabelEvent, by: User) -> Label:
    label.valid_from, label.valid_until = first, last
    label.save(force_insert=True)
    mark_practice(label.practice)
    send_label(label, event, by=by)
    return label


def _fill(kind: LabelKind, details: KindDetails) -> None:
    names = {code: clean_line(text) for code, text in details.names.items()}
    if not any(names.values()):
        raise DomainError(_("Enter a name."), code="name")
    meaning = {code: clean_text(text) for code, text in details.meaning.items()}
    if any(len(text) > NAME for text in names.values()) or any(len(text) > MEANING for text in meaning.values()):
        raise DomainError(_("This text is too long. Make it shorter."), code="too_long")
    if not Decimal(1) <= details.score <= Decimal(5):
        raise DomainError(_("Points lie between 1 and 5."), code="score")
    if not 1 <= details.reviewers <= 9:
        raise DomainError(_("Ask for 1 to 9 reviews."), code="reviewers")
    if not 1 <= details.months <= 120:
        raise DomainError(_("A label is valid for 1 to 120 months."), code="months")
    write(kind, "name", names)
    write(kind, "meaning", meaning)
    kind.maturity, kind.score = Maturity(details.maturity), details.score
    kind.reviewers, kind.months = details.reviewers, details.months


def _needed(reason: str) -> str:
    kept = clean_text(reason)[:2_000]
    if not kept:
        raise DomainError(_("Say why."), code="reason")
    return kept
