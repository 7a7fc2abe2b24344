"""A version on its way: written by its city, reviewed by peers, through the same verbs as everybody's."""

from __future__ import annotations

import datetime
from typing import Any

from network.audit.context import acting
from network.people.models import User
from network.portal.demo.content import read
from network.portal.demo.record import Loaded
from practices.domain.reviewing import accept_review, hand_in_review, save_review
from practices.domain.reviews import ask_reviewer
from practices.domain.versions import save_section, start_version, submit_version
from practices.models import PracticeVersion, VersionSection
from practices.rules.writing import ROWS


def review_versions(loaded: Loaded) -> None:
    """New versions, each submitted by its city's officer; some reviews are in, others still written."""
    for told in read("reviews", "versions"):
        version = _submitted(told, loaded)
        decider = loaded.people[told["decider"]]
        for review in told["reviews"]:
            _review(version, review, loaded, decider, loaded.today + datetime.timedelta(days=told["due_in_days"]))


def _submitted(told: dict[str, Any], loaded: Loaded) -> PracticeVersion:
    by = loaded.people[told["by"]]
    with acting(by.pk, "demonstration"):
        version = start_version(loaded.practices[told["practice"]], by=by)
        for key, rows in told["rows"].items():
            stored = VersionSection.objects.get(version=version, section=key)
            said = {**stored.data, ROWS: [*stored.data[ROWS], *rows]}
            save_section(version, key, said, revision=stored.revision, by=by, at=loaded.now)
        return submit_version(version, by=by, note=told["note"])


def _review(
    version: PracticeVersion, told: dict[str, Any], loaded: Loaded, decider: User, due_on: datetime.date
) -> None:
    by = loaded.people[told["by"]]
    with acting(decider.pk, "demonstration"):
        request = ask_reviewer(version, by, city=loaded.cities[told["city"]], due_on=due_on, by=decider)
    with acting(by.pk, "demonstration"):
        request = accept_review(request, by=by)
        saved = save_review(request, told["said"], revision=request.revision, by=by, at=loaded.now)
        if not told.get("open"):
            hand_in_review(request, revision=saved.revision, by=by)
