"""Labels of networks: one that is valid, one that expires soon, one that was withdrawn and one that has expired."""

from __future__ import annotations

from network.audit.context import acting
from network.portal.demo.content import figure, read
from network.portal.demo.record import Loaded
from practices.domain.evidence import Scores, add_peer_review
from practices.domain.labels import Grounds, KindDetails, award_label, create_label_kind, withdraw_label
from practices.models import LabelKind


def give_labels(loaded: Loaded) -> None:
    """The kinds of labels by the networks' officers, and what they awarded so many days ago."""
    kinds: dict[str, LabelKind] = {}
    for told in read("labels", "kinds"):
        by = loaded.people[told["by"]]
        details = KindDetails(
            names=told["names"],
            meaning=told["meaning"],
            slug=told["key"],
            months=told["months"],
            score=figure(told["score"]),
        )
        with acting(by.pk, "demonstration"):
            kinds[told["key"]] = create_label_kind(loaded.networks[told["network"]], details, by=by)
    for told in read("labels"):
        by, practice = loaded.people[told["by"]], loaded.practices[told["practice"]]
        day = loaded.days_ago(told["awarded_days_ago"]).date()
        with acting(loaded.operator.pk, "demonstration"):
            add_peer_review(practice, Scores(**told["second_review"], reviewed_on=day), by=loaded.operator)
        with acting(by.pk, "demonstration"):
            label = award_label(
                practice, kinds[told["kind"]], Grounds(told["grounds"], told["language"]), by=by, on=day
            )
            if reason := told.get("withdrawn_because"):
                withdraw_label(label, reason=reason, by=by)
