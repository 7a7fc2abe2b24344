"""Reviews that were handed in, as their readers see them: who gave which points, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cities.models import City
from network.translation.models import Shown
from practices.enums.reviews import Criterion
from practices.models import PeerReview, Practice, PracticeVersion
from practices.queries.said import Said
from practices.rules.reviewing import QUESTIONS, reason_of

# A spread of this many points on one criterion is pointed out: the peers read it differently.
WIDE = 2


@dataclass(frozen=True)
class Given:
    """What a reviewer gave: who they are for this reader (their city, before it the name), reasons, advice and note."""

    review: PeerReview
    names: tuple[str, ...]
    reasons: tuple[Said, ...]
    note: Said

    @property
    def who(self) -> str:
        """The names in one line, where a page can't keep each apart from the text's direction."""
        return str(_(", ")).join(self.names)

    @property
    def explained(self) -> bool:
        """Whether the points come with reasons: those of old do not."""
        return any(self.reasons)

    @property
    def rows(self) -> list[tuple[str, int, Said]]:
        """Criterion, points and reason, one after the other."""
        return [
            (str(criterion.label), score, reason)
            for criterion, score, reason in zip(Criterion, self.review.scores, self.reasons, strict=True)
        ]

    @property
    def advice(self) -> str:
        """The recommendation in words; nothing of old."""
        return str(self.review.get_recommendation_display())


@dataclass(frozen=True)
class Judged:
    """A criterion side by side: each reviewer's score with its reason, their mean, and how far they are apart."""

    name: str
    question: str
    given: tuple[tuple[int, Said], ...]
    mean: Decimal
    spread: int

    @property
    def wide(self) -> bool:
        """Whether the reviewers see it so differently that a third should be asked, or they be."""
        return self.spread >= WIDE


def reviews_of(version: PracticeVersion, code: str) -> list[PeerReview]:
    """The reviews of the version as it stands, in order, with `city_name` for a reader of `code`."""
    rows = version.peer_reviews.standing().annotate(city_name=Shown(City, "name", code, "city__slug"))
    return list(rows.select_related("reviewer", "city").order_by("id"))


def public_reviews(practice: Practice, code: str) -> list[PeerReview]:
    """The reviews of the practice that everybody may read, in order, with `city_name` for a reader of `code`. One query."""
    rows = practice.peer_reviews.public().annotate(city_name=Shown(City, "name", code, "city__slug"))
    return list(rows.select_related("reviewer").order_by("reviewed_on", "id"))


def given_by(review: PeerReview, code: str, *, names: bool) -> Given:
    """A review for a reader of `code`; `names`: by the reviewer's name also where they did not agree to be named."""
    language = review.language or code
    place = vars(review)["city_name"] or _("A reviewer of the network")
    named = names or review.named
    who = (review.reviewer.display_name, place) if review.reviewer and named else (place,)
    reasons = tuple(Said(getattr(review, reason_of(criterion)), language) for criterion in Criterion.values)
    return Given(review, who, reasons, Said(review.note, language))


def judged(given: Iterable[Given]) -> list[Judged]:
    """The reviews side by side, criterion by criterion; nothing where there are none."""
    rows = list(given)
    if not rows:
        return []
    found = []
    for place, criterion in enumerate(Criterion):
        scores = [one.review.scores[place] for one in rows]
        found.append(
            Judged(
                name=str(criterion.label),
                question=str(QUESTIONS[criterion]),
                given=tuple((one.review.scores[place], one.reasons[place]) for one in rows),
                mean=round(Decimal(sum(scores)) / len(scores), 1),
                spread=max(scores) - min(scores),
            )
        )
    return found
