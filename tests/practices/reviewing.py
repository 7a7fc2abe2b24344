"""A version on its way with a town around it: writers, deciders, peers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

import pytest
from django.utils import timezone

from cities.models import City
from network.doors import DomainError
from network.mail.models import OutgoingMail
from network.membership.domain import Admission, NetworkDetails, admit_member, create_network
from network.membership.models import Network
from network.people.domain.roles import grant_role
from network.people.enums import RoleKind
from network.people.models import User
from practices.domain import (
    NewRecord,
    accept_review,
    ask_reviewer,
    hand_in_review,
    save_review,
    save_section,
    start_practice,
    submit_version,
)
from practices.enums.reviews import Criterion
from practices.models import PeerReview, PracticeVersion, ReviewRequest, VersionSection
from tests.practices import builders as build

WHOLE = {
    "about": {"title": "Broar", "running": "running", "started_on": "9 2019", "settings_count": "2"},
    "classification": {"themes": ["peace"]},
    "summary": {"summary": "Vad det är."},
    "story": {name: f"Om {name}." for name in ("challenge", "goals", "actions", "participation")},
    "results": {"rows": [{"indicator": "Tillit", "unit": "procent", "baseline": "31", "value": "58"}]},
}
SAID = {
    **dict.fromkeys(Criterion.values, "4"),
    **{f"{criterion}_reason": f"Because of its {criterion}." for criterion in Criterion.values},
    "recommendation": "publish",
    "note": "Say more about the money.",
    "language": "en",
}


@dataclass
class Town:
    """Malmö wrote a practice; Athens, Bari and Cork are in its network, and so is its officer who decides."""

    operator: User
    network: Network
    city: City
    writer: User
    decider: User
    peers: dict[str, User] = field(default_factory=dict)
    cities: dict[str, City] = field(default_factory=dict)

    def version(self, **changed: dict) -> PracticeVersion:
        """A whole version, submitted."""
        version = start_practice(NewRecord(self.city, "sv", "Broar"), by=self.writer)
        write(version, {**WHOLE, **changed}, self.writer)
        return submit_version(version, by=self.writer, note="Första.")

    def ask(self, version: PracticeVersion, name: str, days: int = 14) -> ReviewRequest:
        """Ask that city's officer."""
        due = timezone.localdate() + datetime.timedelta(days=days)
        return ask_reviewer(version, self.peers[name], city=self.cities[name], due_on=due, by=self.decider)

    def reviewed(self, version: PracticeVersion, **scores: int) -> list[PeerReview]:
        """Both reviews of the version, the same points for all criteria: `athens=4, bari=5`."""
        return [self.review(version, name, score) for name, score in (scores or {"athens": 4, "bari": 4}).items()]

    def review(self, version: PracticeVersion, name: str, score: int = 4, **said: object) -> PeerReview:
        """Asked, accepted, written and handed in."""
        return give(accept_review(self.ask(version, name), by=self.peers[name]), score, **said)


def give(request: ReviewRequest, score: int = 4, **said: object) -> PeerReview:
    """Write the accepted review and hand it in."""
    by = request.reviewer
    typed = {**SAID, **dict.fromkeys(Criterion.values, str(score)), **said}
    request.refresh_from_db()
    saved = save_review(request, typed, revision=request.revision, by=by, at=timezone.now())
    return hand_in_review(request, revision=saved.revision, by=by)


def town() -> Town:
    """The town, without any version."""
    operator = build.operator()
    build.theme("peace", operator)
    network = create_network(NetworkDetails(names={"en": "Bridges"}, kind="global"), by=operator)
    city = build.city("malmo", sv="Malmö")
    made = Town(operator, network, city, build.officer(city, "Åsa"), build.person("Grace"))
    grant_role(made.decider, RoleKind.NETWORK_OFFICER, network.uuid, reason="Named.", by=operator)
    for slug, country, name in (("athens", "GR", "Nikos"), ("bari", "IT", "Elena"), ("cork", "IE", "Aoife")):
        made.cities[slug] = build.city(slug, country=country)
        made.peers[slug] = build.officer(made.cities[slug], name)
    for one in (city, *made.cities.values()):
        admit_member(network, one, Admission(), by=operator)
    return made


def write(version: PracticeVersion, said: dict, by: User) -> None:
    """Save these sections over what stands there."""
    for key, typed in said.items():
        row = VersionSection.objects.get(version=version, section=key)
        save_section(version, key, {**row.data, **typed}, revision=row.revision, by=by, at=timezone.now())


def refusal(code: str):
    """Whoever is refused with that code."""
    return pytest.raises(DomainError, check=lambda error: error.code == code)


def state_of(thing) -> str:
    """Its state as the database has it now."""
    return type(thing).objects.get(pk=thing.pk).state


def letters(kind: str) -> list[str]:
    """The addressees of that kind of mail, in order."""
    rows = OutgoingMail.objects.filter(kind=f"practices.{kind}").order_by("id")
    return [row.to_name for row in rows]
