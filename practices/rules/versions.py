"""Who may write a version of a record, and who decides about it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from network.doors import Allowed, Denied, Verdict
from practices.enums import VERSIONS, WRITABLE, State, VersionState, VersionVerb
from practices.models import Practice, PracticeVersion
from practices.rules.practices import NOT_DECIDING, can_create_practice, can_edit_practice, is_decider

WRONG_STATE = {
    VersionVerb.SUBMIT: _("This version is submitted already, or its way is over."),
    VersionVerb.TAKE_BACK: _("Only a version that nobody has begun to review can be taken back."),
    VersionVerb.START_REVIEW: _("Only a submitted version goes to reviewers."),
    VersionVerb.ASK_REVISION: _("Only a version that was submitted can be sent back."),
    VersionVerb.PUBLISH: _("Only a version that was submitted can be published."),
    VersionVerb.DISCARD: _("This version can’t be discarded now."),
}


def can_view_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person read a version that is not public?"""
    return can_create_practice(user, version.practice.city)


def can_view_record(user: Any, practice: Practice) -> Verdict:
    """May this person see how the record is written: its versions and what they are told? Whoever writes for the city."""
    return can_create_practice(user, practice.city)


def can_start_version(user: Any, practice: Practice) -> Verdict:
    """May this person begin a new version of the record?"""
    return can_edit_practice(user, practice)


def can_write_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person change the version's texts now?"""
    verdict = can_edit_practice(user, version.practice)
    if verdict and version.state not in WRITABLE:
        return Denied(_("This version is submitted. Take it back, or wait for the answer, to change it."))
    return verdict


def can_submit_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person hand the version in?"""
    return _writers(VersionVerb.SUBMIT, user, version)


def can_take_back_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person take a submitted version back to write on?"""
    return _writers(VersionVerb.TAKE_BACK, user, version)


def can_discard_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person give the version up?"""
    return _writers(VersionVerb.DISCARD, user, version)


def can_publish_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person decide that the version goes public? Officers of the city's networks, and operators."""
    if version.practice.state == State.ARCHIVED:
        return Denied(_("This practice is in the archive. Take it out first."))
    return _deciders(VersionVerb.PUBLISH, user, version)


def can_ask_revision(user: Any, version: PracticeVersion) -> Verdict:
    """May this person send the version back with what must change?"""
    return _deciders(VersionVerb.ASK_REVISION, user, version)


def _writers(verb: VersionVerb, user: Any, version: PracticeVersion) -> Verdict:
    verdict = can_edit_practice(user, version.practice)
    return _if_its_turn(verb, version) if verdict else verdict


def _deciders(verb: VersionVerb, user: Any, version: PracticeVersion) -> Verdict:
    if not is_decider(user, version.practice.city):
        return Denied(NOT_DECIDING)
    return _if_its_turn(verb, version)


def _if_its_turn(verb: VersionVerb, version: PracticeVersion) -> Verdict:
    return Allowed() if verb in VERSIONS[VersionState(version.state)] else Denied(WRONG_STATE[verb])
