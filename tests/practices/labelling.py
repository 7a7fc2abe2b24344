"""A town whose practice may get its network's label: published, reviewed by two peers, good."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from practices.domain import publish_version
from practices.domain.labels import KindDetails, award_label, create_label_kind
from practices.models import Label, LabelKind, PeerReview, Practice
from tests.practices.reviewing import Town, town

NAMES = {"en": "Proven practice", "ar": "ممارسة مُثبتة", "el": "Αποδεδειγμένη πρακτική"}


@dataclass
class Labelled:
    """The town, its public practice, and the kind of label of its network."""

    town: Town
    practice: Practice
    kind: LabelKind

    def award(self, **more: Any) -> Label:
        """The label, given by the network's officer."""
        return award_label(self.practice, self.kind, by=self.town.decider, **more)

    def award_ago(self, days: int) -> Label:
        """The label, given so many days ago; its reviews are a day older."""
        day = timezone.localdate() - datetime.timedelta(days=days)
        PeerReview.objects.update(reviewed_on=day - datetime.timedelta(days=1))
        return self.award(on=day)

    def award_ending_in(self, days: int) -> Label:
        """The label as if it had been given two years ago, less so many days."""
        label = self.award_ago(600)
        label.valid_until = timezone.localdate() + datetime.timedelta(days=days)
        label.save(update_fields=["valid_until"])
        return label

    def review_anew(self) -> None:
        """Peers handed in today what stands."""
        PeerReview.objects.update(reviewed_on=timezone.localdate())


def labelled(*, score: int = 4, **details: Any) -> Labelled:
    """The town with its practice and its kind of label, nothing given yet."""
    made = town()
    version = made.version()
    made.reviewed(version, athens=score, bari=score)
    practice = publish_version(version, by=made.decider)
    kind = create_label_kind(
        made.network,
        KindDetails(**{"names": NAMES, "meaning": {"en": "Peers looked at it."}, **details}),
        by=made.decider,
    )
    return Labelled(made, practice, kind)
