"""Who may review a version, and who may not because they have a stake in it; what reviewers and deciders may do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.doors import Allowed, Denied, Verdict
from network.people.enums import RoleKind
from network.people.rules.roles import holds, is_operator, scopes
from network.text import tokens
from network.translation.models import texts_of
from practices.enums import OPEN, VersionState
from practices.enums.reviews import ACTIVE, REVIEWS, ReviewState, ReviewVerb
from practices.models import Practice, PracticeVersion, ReviewRequest
from practices.rules.practices import NOT_DECIDING, can_edit_practice, is_decider
from practices.rules.versions import can_view_version

# A version is reviewed by two peers; a third may be asked where they disagree, or one does not answer.
REVIEWERS = 2
MOST_REVIEWERS = 3
# How long a reviewer has where nobody says otherwise, and the most.
DAYS, MOST_DAYS = 21, 120
# Names shorter than this are not looked for in the names of partners: they are syllables of other words.
SHORTEST_NAME = 3

WRONG_STATE = {
    ReviewVerb.ACCEPT: _("You have answered this already, or it is no longer asked."),
    ReviewVerb.DECLINE: _("This review can’t be declined any more."),
    ReviewVerb.DECLARE_CONFLICT: _("This review is over for you already."),
    ReviewVerb.HAND_IN: _("This review can’t be handed in now."),
    ReviewVerb.CANCEL: _("This person is no longer asked."),
}


@dataclass(frozen=True)
class Stakes:
    """Who has a stake in a version: its city, the people who wrote it, those who declared a conflict about its practice
    before, the cities that take the practice up, and its partners and leaders by name (`words_of`)."""

    city: int
    writers: frozenset[int] = frozenset()
    conflicted: frozenset[int] = frozenset()
    adopters: frozenset[int] = frozenset()
    partners: tuple[str, ...] = ()

    def names(self, city: City) -> bool:
        """Whether a partner's name holds the name of that city, in any language, as whole words."""
        names = {*texts_of(city, "name").values(), city.native_name, *city.also_known_as}
        looked_for = [words_of(name) for name in names if len(name or "") >= SHORTEST_NAME]
        return any(name in partner for partner in self.partners for name in looked_for)


def words_of(text: str) -> str:
    """A name as it is looked for in others: normalised words between spaces."""
    return f" {' '.join(tokens(text))} "


def conflict(stakes: Stakes, person: int, cities: Iterable[City]) -> Any:
    """Why this person, an officer of these cities, can't review the version; nothing where they can."""
    own = list(cities)
    if any(city.pk == stakes.city for city in own):
        return _("is an officer of the city that wrote it")
    if person in stakes.writers:
        return _("wrote on this version")
    if person in stakes.conflicted:
        return _("declared a conflict of interest about this practice")
    if any(city.pk in stakes.adopters for city in own):
        return _("is an officer of a city that takes the practice up")
    if any(stakes.names(city) for city in own):
        return _("is an officer of a city that is a partner in the practice")
    return ""


def is_peer(user: Any, city: City | None) -> bool:
    """Whether this person may still review: an officer of the city they were asked for, or a reviewer of a network."""
    return holds(user, RoleKind.CITY_OFFICER, city.uuid) if city else bool(scopes(user, RoleKind.REVIEWER))


def can_see_versions(user: Any, _thing: object = None) -> Verdict:
    """May this person see which versions wait for a decision? Whoever decides about some city's."""
    if is_operator(user) or scopes(user, RoleKind.NETWORK_OFFICER):
        return Allowed()
    return Denied(_("Only officers of a network decide about versions of practices."))


def can_ask_reviewer(user: Any, version: PracticeVersion) -> Verdict:
    """May this person choose who reviews the version now?"""
    verdict = can_lead_review(user, version)
    if verdict and version.state not in {VersionState.SUBMITTED, VersionState.IN_REVIEW}:
        return Denied(_("Only a version that was submitted is reviewed."))
    return verdict


def can_lead_review(user: Any, version: PracticeVersion) -> Verdict:
    """May this person decide about this city's versions, now or later?"""
    if is_decider(user, version.practice.city):
        return Allowed()
    return Denied(NOT_DECIDING)


def can_cancel_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person take the reviewer off?"""
    verdict = can_lead_review(user, request.version)
    if not verdict:
        return verdict
    if request.version.state == VersionState.PUBLISHED:
        return Denied(_("This version is published: its reviews stay as they are."))
    return _if_its_turn(ReviewVerb.CANCEL, request)


def can_move_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person give the reviewer another day?"""
    verdict = can_lead_review(user, request.version)
    if verdict and request.state not in {ReviewState.INVITED, ReviewState.ACCEPTED}:
        return Denied(_("This review is not awaited any more."))
    return verdict


def can_see_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person open the page of a review? Only the reviewer: it holds what nobody else reads before it is done."""
    if user.is_authenticated and user.pk == request.reviewer_id:
        return Allowed()
    return Denied(_("Only the reviewer opens this page."))


def can_read_reviewed(user: Any, request: ReviewRequest) -> Verdict:
    """May this person read the version that they review? While they do, and as long as their role lasts."""
    verdict = can_see_review(user, request)
    if not verdict:
        return verdict
    if request.state not in ACTIVE:
        return Denied(_("You do not review this version."))
    if not is_peer(user, request.city):
        return Denied(_("You no longer hold the role for which you were asked to review."))
    return verdict


def can_accept_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person accept the review?"""
    return _reviewers(ReviewVerb.ACCEPT, user, request)


def can_decline_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person decline it?"""
    return _reviewers(ReviewVerb.DECLINE, user, request)


def can_declare_conflict(user: Any, request: ReviewRequest) -> Verdict:
    """May this person declare a conflict of interest? Until the version is decided, also after handing in."""
    verdict = _reviewers(ReviewVerb.DECLARE_CONFLICT, user, request)
    if verdict and request.version.state == VersionState.PUBLISHED:
        return Denied(_("This version is published: its reviews stay as they are."))
    return verdict


def can_write_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person write on the review? Also while the city writes on its revision."""
    verdict = can_read_reviewed(user, request)
    if verdict and request.state != ReviewState.ACCEPTED:
        return Denied(WRONG_STATE[ReviewVerb.HAND_IN])
    return verdict


def can_hand_in_review(user: Any, request: ReviewRequest) -> Verdict:
    """May this person hand the review in now?"""
    verdict = can_write_review(user, request)
    if verdict and request.version.state != VersionState.IN_REVIEW:
        return Denied(
            _("The version was sent back to its city meanwhile. What you wrote is kept; you will be asked again.")
        )
    return verdict


def can_add_review(user: Any, practice: Practice) -> Verdict:
    """May this person write down a review that was made elsewhere? Staff, not the officers of the city that gains by it."""
    if not is_decider(user, practice.city):
        return Denied(_("Only officers of a network that the city belongs to write down reviews."))
    return can_edit_practice(user, practice)


def _reviewers(verb: ReviewVerb, user: Any, request: ReviewRequest) -> Verdict:
    verdict = can_see_review(user, request)
    return _if_its_turn(verb, request) if verdict else verdict


def _if_its_turn(verb: ReviewVerb, request: ReviewRequest) -> Verdict:
    return Allowed() if verb in REVIEWS[ReviewState(request.state)] else Denied(WRONG_STATE[verb])


def can_read_version(user: Any, version: PracticeVersion) -> Verdict:
    """May this person read a version before it is public? Who writes for its city, who decides, and who reviews it."""
    verdict = can_view_version(user, version)
    if verdict or not user.is_authenticated:
        return verdict
    request = version.review_requests.active().select_related("city", "version").filter(reviewer=user).first()
    return can_read_reviewed(user, request) if request else verdict


def reviews_practice(user: Any, practice: Practice) -> bool:
    """Whether this person reviews a version of the practice that is on its way; its pictures and documents open then."""
    if not user.is_authenticated:
        return False
    rows = ReviewRequest.objects.active().filter(reviewer=user, version__practice=practice, version__state__in=OPEN)
    return any(can_read_reviewed(user, request) for request in rows.select_related("city", "version"))
