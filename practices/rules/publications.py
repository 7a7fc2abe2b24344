"""Who may have a publication made, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from network.people.rules.organisations import has_verified_address
from network.people.rules.roles import is_operator
from practices.enums import MAKING, MakingState, MakingVerb
from practices.models import Publication, PublicationVersion
from practices.rules.collections import WRITERS, collection_role

# Waiting at once for one person, ordered in an hour, versions of one publication.
MOST_WAITING, MOST_AN_HOUR, MOST_VERSIONS = 3, 30, 500
# Words and characters at most.
LINE, FOREWORD, COVER_NOTE = 200, (1_000, 10_000), (80, 600)

WRONG_STATE = {
    MakingVerb.CANCEL: _("This version is no longer being made."),
    MakingVerb.RETRY: _("Only a version that failed or was cancelled can be tried again."),
}


def can_order_publication(user: Any, _nothing: object = None) -> Verdict:
    """May this person have a publication made? Everyone whose address is confirmed: it takes the portal seconds of work."""
    if has_verified_address(user):
        return Allowed()
    return Denied(_("Confirm your e-mail address first: open the link in the mail we sent you."))


def can_manage_publication(user: Any, publication: Publication) -> Verdict:
    """May this person order further versions, cancel, try again and keep? Who made it, who writes the collection, operators."""
    if user.is_authenticated:
        if publication.made_by_id == user.pk or is_operator(user):
            return Allowed()
        if publication.collection and collection_role(user, publication.collection) in WRITERS:
            return Allowed()
    return Denied(_("Only who made this publication, or writes its collection, may do this."))


def can_see_publication(user: Any, publication: Publication) -> Verdict:
    """May this person open it? Everyone who has the link, once a version is made; before that whoever manages it."""
    if publication.versions.filter(state__in=[MakingState.READY, MakingState.REMOVED]).exists():
        return Allowed()
    return can_manage_publication(user, publication)


def can_manage_publication_version(user: Any, version: PublicationVersion) -> Verdict:
    """The publication's rule, asked for one of its versions."""
    return can_manage_publication(user, version.publication)


def can_read_publication_version(user: Any, version: PublicationVersion) -> Verdict:
    """May this person open that version? Everyone who has the link once it is made; before that whoever manages it."""
    if version.state in {MakingState.READY, MakingState.REMOVED}:
        return Allowed()
    return can_manage_publication(user, version.publication)


def _can(verb: MakingVerb, user: Any, version: PublicationVersion) -> Verdict:
    verdict = can_manage_publication(user, version.publication)
    if verdict and verb not in MAKING[MakingState(version.state)]:
        return Denied(WRONG_STATE[verb])
    return verdict


def can_cancel_publication(user: Any, version: PublicationVersion) -> Verdict:
    """May this person stop its being made?"""
    return _can(MakingVerb.CANCEL, user, version)


def can_retry_publication(user: Any, version: PublicationVersion) -> Verdict:
    """May this person have it made once more?"""
    return _can(MakingVerb.RETRY, user, version)
