"""Locks of the versions' verbs, always in one order: concepts, the version, its practice, what belongs to them."""

from __future__ import annotations

from practices.enums import VERSIONS, VersionState, VersionVerb
from practices.models import Practice, PracticeVersion, ReviewRequest


def lock_practice(pk: int) -> Practice:
    """The practice's row with its city, locked for the rest of the transaction."""
    return Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=pk)


def lock_version(version: PracticeVersion) -> PracticeVersion:
    """The version's row and then its practice's, locked for the rest of the transaction."""
    locked = PracticeVersion.objects.select_for_update().get(pk=version.pk)
    locked.practice = lock_practice(locked.practice_id)
    return locked


def lock_request(request: ReviewRequest) -> ReviewRequest:
    """The request for a review, its version and practice before it, locked for the rest of the transaction."""
    version = lock_version(request.version)
    rows = ReviewRequest.objects.select_for_update(of=("self",)).select_related("reviewer", "city", "asked_by")
    locked = rows.get(pk=request.pk)
    locked.version = version
    return locked


def moved(version: PracticeVersion, verb: VersionVerb) -> PracticeVersion:
    """The locked version in its next state, unsaved."""
    version.state = VERSIONS[VersionState(version.state)][verb]
    return version
